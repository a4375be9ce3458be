//! What cells look like: the guard against files whose columns are in another order.

/// The look of a column's cells in a file without header. Deliberately loose: it tells a date from a name, not a valid
/// date from an invalid one.
#[derive(Debug, Clone, Copy)]
pub enum Pattern {
    /// Anything; says nothing about the order of columns.
    Any,
    /// ASCII digits only: `700123`.
    Digits,
    /// A decimal number: `-36.8`.
    Number,
    /// A day, with or without a time of day after it: `20260115`, `01/15/2026`, `2026-01-15 10:00:00.000000`.
    Date,
    /// A time of day: `09:30`, `09:30:00`, `0930`, `9:30 AM`.
    Time,
    /// One short word that holds a digit, as codes do: `E11.9`, `99213-25`, `ICD10:I10.`. Text may follow a blank.
    Code,
    /// Letters, without digits: a first name, `Female`.
    Letters,
    /// One of these words; letter case does not matter.
    OneOf(&'static [&'static str]),
    /// Whatever the function accepts.
    Fits(fn(&str) -> bool),
}

impl Pattern {
    /// Whether a trimmed, non-empty cell looks right.
    #[must_use]
    pub fn fits(&self, cell: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Digits => cell.bytes().all(|b| b.is_ascii_digit()),
            Self::Number => is_number(cell),
            Self::Date => is_date(cell),
            Self::Time => is_time(cell),
            Self::Code => is_code(cell),
            Self::Letters => cell.chars().any(char::is_alphabetic) && !cell.bytes().any(|b| b.is_ascii_digit()),
            Self::OneOf(words) => words.iter().any(|w| w.eq_ignore_ascii_case(cell)),
            Self::Fits(check) => check(cell),
        }
    }

    /// What the pattern asks for, in words.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Digits => "digits",
            Self::Number => "a number",
            Self::Date => "a date",
            Self::Time => "a time of day",
            Self::Code => "a code",
            Self::Letters => "words",
            Self::OneOf(_) => "one of a few known words",
            Self::Fits(_) => "another form",
        }
    }
}

/// The cell with every digit as `0`.
fn shape(cell: &str) -> String {
    cell.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

fn is_number(cell: &str) -> bool {
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    unsigned.bytes().any(|b| b.is_ascii_digit())
        && unsigned.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && unsigned.bytes().filter(|b| *b == b'.').count() <= 1
}

fn is_date(cell: &str) -> bool {
    let (day, time) = match cell.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time)),
        None => (cell, None),
    };
    let day_fits = match shape(day).as_str() {
        // Eight digits are also a common form of ids: a century tells them apart.
        "00000000" => plausible_compact(day),
        "0/0/0000" | "00/0/0000" | "0/00/0000" | "00/00/0000" | "0000-00-00" | "0000/00/00" => true,
        _ => false,
    };
    day_fits && time.is_none_or(|t| t.starts_with(|c: char| c.is_ascii_digit()) && t.contains(':'))
}

fn plausible_compact(day: &str) -> bool {
    let number = |range: std::ops::Range<usize>| day.get(range).and_then(|d| d.parse::<u16>().ok()).unwrap_or(0);
    let (year, month, of_month) = (number(0..4), number(4..6), number(6..8));
    // All-zero dates are a usual filler.
    day == "00000000" || ((1800..=2200).contains(&year) && month <= 12 && of_month <= 31)
}

fn is_time(cell: &str) -> bool {
    let upper = cell.to_ascii_uppercase();
    let clock = upper
        .strip_suffix("AM")
        .or_else(|| upper.strip_suffix("PM"))
        .unwrap_or(&upper)
        .trim_end();
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let whole_fits = matches!(
        shape(whole).as_str(),
        "0:00" | "00:00" | "0:00:00" | "00:00:00" | "0000" | "000000"
    );
    whole_fits && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn is_code(cell: &str) -> bool {
    let word = cell.split_whitespace().next().unwrap_or("");
    word.len() <= 24
        && word.bytes().any(|b| b.is_ascii_digit())
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b','))
        && !is_date(word)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_tell_kinds_of_cells_apart() {
        let fits = |pattern: Pattern, yes: &[&str], no: &[&str]| {
            for cell in yes {
                assert!(pattern.fits(cell), "{pattern:?} should accept {cell}");
            }
            for cell in no {
                assert!(!pattern.fits(cell), "{pattern:?} should refuse {cell}");
            }
        };
        fits(Pattern::Digits, &["0", "700123"], &["E-99", "1.0", "7 0"]);
        fits(
            Pattern::Number,
            &["36.8", "-1", "120", ".5"],
            &["1.2.3", "-", "tall", "1e3"],
        );
        fits(
            Pattern::Date,
            &[
                "20260115",
                "1/5/2026",
                "2026-01-15",
                "2026-01-15 10:00:00.000000",
                "20260115 10:00:00:000000",
                "00000000",
            ],
            &["70012345", "99213", "Ada", "15.01.2026", "20260115 noon", "20261399"],
        );
        fits(
            Pattern::Time,
            &["09:30", "9:30 am", "09:30:00.000", "0930"],
            &["930 Main St", "20260115", "9:3"],
        );
        fits(
            Pattern::Code,
            &["E11.9", "99213-25", "ICD10:I10.", "I10 Hypertension"],
            &["Hypertension", "20260115"],
        );
        fits(
            Pattern::Letters,
            &["Ada", "Not Hispanic", "O'Brien"],
            &["700123", "12 Main St", "-"],
        );
        fits(Pattern::OneOf(&["M", "F"]), &["m", "F"], &["1980"]);
        fits(Pattern::Fits(|c| c.len() == 2), &["VA"], &["Virginia"]);
    }
}
