//! What the functions on PostgreSQL must know of Unicode to say the same as this crate: PostgreSQL's own letters and blanks depend
//! on its locale. Texts for regular expressions (`[\u0300-\u036f…]`) and for `translate`.

use std::fmt::Write;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::cells::literal;

struct Sets {
    marks: String,
    spaces: String,
    gaps: String,
    letters: String,
    blanks: String,
    capitals: String,
    smalls: String,
    zones: String,
}

static SETS: LazyLock<Sets> = LazyLock::new(|| {
    let (capitals, smalls): (String, String) = chars().filter_map(|c| Some((c, small(c)?))).unzip();
    let zones: Vec<String> = chrono_tz::TZ_VARIANTS.iter().map(|z| literal(z.name())).collect();
    Sets {
        marks: class(is_combining_mark),
        spaces: class(char::is_whitespace),
        gaps: class(|c| c.is_whitespace() || c.is_control()),
        letters: class(char::is_alphanumeric),
        blanks: literal(&chars().filter(|c| c.is_whitespace()).collect::<String>()),
        capitals: literal(&capitals),
        smalls: literal(&smalls),
        zones: zones.join(", "),
    }
});

/// The text that a placeholder of this name stands for.
pub(super) fn set(name: &str) -> Option<String> {
    let sets = &*SETS;
    let found = match name {
        // Classes of characters, to stand in a regular expression
        "marks" => &sets.marks,
        "spaces" => &sets.spaces,
        "gaps" => &sets.gaps,
        "letters" => &sets.letters,
        // Texts: what is trimmed; letters beyond ASCII that decomposing leaves, large and small
        "blanks" => &sets.blanks,
        "capitals" => &sets.capitals,
        "smalls" => &sets.smalls,
        // Texts with commas: the names of zones
        "zonenames" => &sets.zones,
        _ => return None,
    };
    Some(found.clone())
}

/// Every character that a text of PostgreSQL may have.
fn chars() -> impl Iterator<Item = char> {
    ('\u{1}'..=char::MAX).filter(|c| *c != '\u{0}')
}

/// The small letter of a large one that is left when a text is decomposed.
fn small(c: char) -> Option<char> {
    let mut lower = c.to_lowercase();
    let to = lower.next().filter(|to| *to != c && lower.next().is_none())?;
    (!c.is_ascii() && std::iter::once(c).nfkd().eq(std::iter::once(c))).then_some(to)
}

/// The characters of which something is true, in brackets.
fn class(is: impl Fn(char) -> bool) -> String {
    let mut out = "[".to_owned();
    let mut run: Option<(u32, u32)> = None;
    // Writing to a String cannot fail.
    let put = |out: &mut String, (from, to): (u32, u32)| {
        let _ = write!(out, "\\U{from:08x}-\\U{to:08x}");
    };
    for c in chars().filter(|c| is(*c)) {
        let c = u32::from(c);
        run = match run {
            Some((from, to)) if to + 1 == c => Some((from, c)),
            other => {
                if let Some(run) = other {
                    put(&mut out, run);
                }
                Some((c, c))
            }
        };
    }
    if let Some(run) = run {
        put(&mut out, run);
    }
    out.push(']');
    out
}
