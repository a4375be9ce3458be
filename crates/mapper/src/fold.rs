//! Text as string searches compare it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` without case, accents, repeated blanks and control characters: what FHIR's string search compares (R4, section 3.1.1.4.8).
///
/// Done here and not by the database: SQLite folds ASCII only, PostgreSQL by locale.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    // Lower case can bring new marks (`İ`), so they are taken out once more.
    let mut folded = String::with_capacity(plain.len());
    let blank = |c: char| c.is_whitespace() || c.is_control();
    for word in plain.split(blank).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().filter(|c| !is_combining_mark(*c)));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_blanks_do_not_count() {
        assert_eq!(fold("  José   GARCÍA "), "jose garcia");
        assert_eq!(fold("O'Brien-Ñúñez"), "o'brien-nunez");
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("Ⅻ ﬁne"), "xii fine");
        assert_eq!(fold(" "), "");
        assert_eq!(fold("\u{1f}a\u{1e}\u{0}b"), "a b");
    }
}
