//! The strict scanner under every [`Format`](super::Format): a layout is a list of [`Part`]s, and a text either
//! fits all of them to its last character or does not fit.

use super::DateError;

/// One piece of a layout. The number of digits is exact unless the part says otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// Exactly this text.
    Text(&'static str),
    /// Four digits.
    Year,
    /// At least this many digits, at most two.
    Month(usize),
    /// English month name of three letters, in any case.
    MonthName,
    /// At least this many digits, at most two.
    Day(usize),
    /// Hour 0-23, two digits.
    Hour,
    /// Hour 1-12, one or two digits; needs a [`Part::Meridiem`].
    Hour12,
    /// Two digits.
    Minute,
    /// Two digits.
    Second,
    /// Exactly six digits: microseconds.
    Micros,
    /// Nothing, or a point and one to nine digits.
    OptionalFraction,
    /// `AM` or `PM`, in any case.
    Meridiem,
    /// `Z`, or a sign with `hh:mm` of at most 14 hours.
    Offset,
}

/// What a text said, unchecked: a month may be 13.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields {
    pub year: Option<u32>,
    pub month: Option<u32>,
    pub day: Option<u32>,
    pub hour: Option<u32>,
    pub minute: Option<u32>,
    pub second: Option<u32>,
    /// Nanoseconds and the number of digits written.
    pub fraction: Option<(u32, u8)>,
    /// The hour is on the twelve-hour clock.
    pub twelve: bool,
    pub afternoon: bool,
    /// Seconds east of UTC.
    pub offset: Option<i32>,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads `text` by `layout`.
///
/// # Errors
/// [`DateError::UnknownForm`] when a part does not fit or text is left over, [`DateError::OutOfRange`] for an
/// offset that no place has.
pub(super) fn scan(text: &str, layout: &[Part]) -> Result<Fields, DateError> {
    let mut fields = Fields::default();
    let mut rest = text;
    for part in layout {
        rest = step(rest, *part, &mut fields)?;
    }
    if rest.is_empty() {
        Ok(fields)
    } else {
        Err(DateError::UnknownForm)
    }
}

fn step<'t>(text: &'t str, part: Part, fields: &mut Fields) -> Result<&'t str, DateError> {
    let (slot, min, max) = match part {
        Part::Year => (&mut fields.year, 4, 4),
        Part::Month(min) => (&mut fields.month, min, 2),
        Part::Day(min) => (&mut fields.day, min, 2),
        Part::Hour => (&mut fields.hour, 2, 2),
        Part::Hour12 => {
            fields.twelve = true;
            (&mut fields.hour, 1, 2)
        }
        Part::Minute => (&mut fields.minute, 2, 2),
        Part::Second => (&mut fields.second, 2, 2),
        Part::Text(literal) => return text.strip_prefix(literal).ok_or(DateError::UnknownForm),
        Part::MonthName => return month_name(text, fields),
        Part::Micros => return fraction(text, 6, 6, fields),
        Part::OptionalFraction => {
            return text
                .strip_prefix('.')
                .map_or(Ok(text), |digits| fraction(digits, 1, 9, fields));
        }
        Part::Meridiem => return meridiem(text, fields),
        Part::Offset => return offset(text, fields),
    };
    let (number, _, rest) = digits(text, min, max)?;
    *slot = Some(number);
    Ok(rest)
}

/// The leading digits as a number with their count; as many as there are up to `max`, no fewer than `min`.
fn digits(text: &str, min: usize, max: usize) -> Result<(u32, usize, &str), DateError> {
    let count = text.bytes().take(max).take_while(u8::is_ascii_digit).count();
    if count < min {
        return Err(DateError::UnknownForm);
    }
    let (number, rest) = text.split_at_checked(count).ok_or(DateError::UnknownForm)?;
    // Nine digits at most, so this cannot overflow; an empty text cannot come here because `min` is not 0.
    let number = number.parse().or(Err(DateError::UnknownForm))?;
    Ok((number, count, rest))
}

fn fraction<'t>(text: &'t str, min: usize, max: usize, fields: &mut Fields) -> Result<&'t str, DateError> {
    let (mut nanos, count, rest) = digits(text, min, max)?;
    for _ in count..9 {
        nanos = nanos.saturating_mul(10);
    }
    fields.fraction = Some((nanos, u8::try_from(count).unwrap_or(9)));
    Ok(rest)
}

fn month_name<'t>(text: &'t str, fields: &mut Fields) -> Result<&'t str, DateError> {
    let (name, rest) = text.split_at_checked(3).ok_or(DateError::UnknownForm)?;
    let month = (1..).zip(MONTHS).find(|(_, known)| name.eq_ignore_ascii_case(known));
    fields.month = Some(month.ok_or(DateError::UnknownForm)?.0);
    Ok(rest)
}

fn meridiem<'t>(text: &'t str, fields: &mut Fields) -> Result<&'t str, DateError> {
    let (half, rest) = text.split_at_checked(2).ok_or(DateError::UnknownForm)?;
    fields.afternoon = half.eq_ignore_ascii_case("pm");
    if fields.afternoon || half.eq_ignore_ascii_case("am") {
        Ok(rest)
    } else {
        Err(DateError::UnknownForm)
    }
}

fn offset<'t>(text: &'t str, fields: &mut Fields) -> Result<&'t str, DateError> {
    if let Some(rest) = text.strip_prefix('Z') {
        fields.offset = Some(0);
        return Ok(rest);
    }
    let (sign, text) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(text), _) => (1, text),
        (None, Some(text)) => (-1, text),
        (None, None) => return Err(DateError::UnknownForm),
    };
    let (hours, _, text) = digits(text, 2, 2)?;
    let text = text.strip_prefix(':').ok_or(DateError::UnknownForm)?;
    let (minutes, _, rest) = digits(text, 2, 2)?;
    let seconds = i32::try_from(hours * 3600 + minutes * 60).unwrap_or(i32::MAX);
    if minutes > 59 || seconds > 14 * 3600 {
        return Err(DateError::OutOfRange);
    }
    fields.offset = Some(sign * seconds);
    Ok(rest)
}
