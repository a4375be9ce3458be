//! What a cell could say instead.

use crate::{CodeMap, Mapped, Site, Trace};

/// Other contents of a cell: none; a text of the same form; and words with other codes, where a code map knows the cell's, or the
/// mapping asked one for it.
pub(super) fn instead(
    column: &str,
    text: &str,
    maps: &[&'static CodeMap],
    site: &Site,
    trace: &Trace,
) -> Vec<Option<String>> {
    let mut all = vec![None, Some(altered(text))];
    let known = codes(text, maps, site).into_iter().map(|(map, code)| (map, Some(code)));
    let asked = trace
        .coded
        .iter()
        .filter(|note| note.column == column && note.word == text);
    let asked = asked.filter_map(|note| Some((*maps.iter().find(|map| map.name == note.map)?, note.code)));
    let mut seen = vec![];
    for (map, code) in known.chain(asked) {
        if seen.contains(&map.name) {
            continue;
        }
        seen.push(map.name);
        let words = site.all_texts(map);
        let other = words
            .into_iter()
            .find(|(word, other)| Some(*other) != code && !word.is_empty());
        all.extend(other.map(|(word, _)| Some(word)));
    }
    all.truncate(MOST);
    all
}

/// Contents that are tried at most.
const MOST: usize = 5;

/// The code maps that know a text, with the code that they give.
pub(super) fn codes(text: &str, maps: &[&'static CodeMap], site: &Site) -> Vec<(&'static CodeMap, &'static str)> {
    let known = |map: &&'static CodeMap| match site.code(map, Some(text)) {
        Mapped::Known(code) => Some((*map, code)),
        Mapped::Unmapped(_) | Mapped::Missing(_) => None,
    };
    maps.iter().filter_map(known).collect()
}

/// The text with its last letter or digit turned into the next: a number stays a number, a date usually a date.
pub(super) fn altered(text: &str) -> String {
    let turned = text.char_indices().rev().find_map(|(at, c)| {
        let next = match c {
            '9' => '0',
            'z' => 'a',
            'Z' => 'A',
            c if c.is_ascii_alphanumeric() => char::from(u8::try_from(c).ok()?.wrapping_add(1)),
            _ => return None,
        };
        Some((at, c.len_utf8(), next))
    });
    match turned {
        Some((at, length, next)) => {
            let mut altered = text.to_owned();
            altered.replace_range(at..at + length, &next.to_string());
            altered
        }
        None => format!("{text}x"),
    }
}

#[cfg(test)]
mod tests {
    use super::altered;

    #[test]
    fn an_altered_text_has_the_same_form() {
        for (text, other) in [
            ("2024-03-05", "2024-03-06"),
            ("1999", "1990"),
            ("Zoë", "Zpë"),
            ("Z.", "A."),
            ("é", "éx"),
        ] {
            assert_eq!(altered(text), other);
        }
    }
}
