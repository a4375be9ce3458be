//! "Did you mean": the known name nearest to an unknown one.

/// The most edits between a name and its suggestion.
const FARTHEST: usize = 2;

/// The candidate with the fewest edits, ignoring case, unless all are too far or the name is too short to tell.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    let allowed = FARTHEST.min(name.chars().count() / 2);
    candidates
        .map(|candidate| (distance(&name, &candidate.to_ascii_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in characters, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let edits = (diagonal + usize::from(x != y)).min(*cell + 1).min(left + 1);
            diagonal = *cell;
            *cell = edits;
            left = edits;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let names = ["birthdate", "name", "family", "_id"];
        let near = |name| nearest(name, names.into_iter());
        assert_eq!(near("birthDate"), Some("birthdate"));
        assert_eq!(near("nmae"), Some("name"));
        assert_eq!(near("birth-date"), Some("birthdate"));
        assert_eq!(near("id"), Some("_id"));
        assert_eq!(near("x"), None);
        assert_eq!(near("postcode"), None);
    }

    #[test]
    fn distances() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
