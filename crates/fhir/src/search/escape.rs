//! Escapes of values: `\,` `\|` `\$` and `\\` (<http://hl7.org/fhir/R4/search.html#escaping>).

/// What is wrong with a value; a static text, so that it cannot hold the value.
pub(super) type Bad = &'static str;

const ESCAPE: char = '\\';

/// The parts of a value between separators that are not escaped. The parts keep their escapes.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut escaped = false;
    text.split(|c: char| {
        let cut = c == separator && !escaped;
        escaped = c == ESCAPE && !escaped;
        cut
    })
    .collect()
}

/// A part without its escapes.
pub(super) fn unescape(text: &str) -> Result<String, Bad> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != ESCAPE {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some(c @ (',' | '|' | '$' | ESCAPE)) => out.push(c),
            _ => return Err(r"a backslash must be followed by one of , | $ \"),
        }
    }
    Ok(out)
}

/// The text with escapes, so that it is one part again.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ',' | '|' | '$' | ESCAPE) {
            out.push(ESCAPE);
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_split_unless_escaped() {
        assert_eq!(split(r"a,b\,c,\\,d", ','), ["a", r"b\,c", r"\\", "d"]);
        assert_eq!(split(r"\\\,x", ','), [r"\\\,x"]);
        assert_eq!(split("", ','), [""]);
    }

    #[test]
    fn the_four_escapes_and_no_others() {
        assert_eq!(unescape(r"\,\|\$\\").unwrap(), r",|$\");
        assert!(unescape(r"a\b").is_err());
        assert!(unescape(r"a\").is_err());
        assert_eq!(escape(r",|$\a"), r"\,\|\$\\a");
    }
}
