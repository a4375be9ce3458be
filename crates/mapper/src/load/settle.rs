//! A vendor's statements ([`Schema::holds`](super::Schema::holds), [`Schema::copies`](super::Schema::copies)) one by one.

/// One statement: `UPDATE table …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settling {
    /// The table that it changes.
    pub table: String,
    /// The statement.
    pub sql: String,
    /// The comment above it.
    pub about: String,
}

/// The statements of a text, in order. A comment is about the statements below it, up to a blank line.
pub(crate) fn statements(text: &str) -> Vec<Settling> {
    let mut found = vec![];
    let (mut about, mut sql) = (String::new(), String::new());
    let mut commented = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix("--") {
            // Within a statement a comment is about a part of it.
            if !sql.is_empty() {
                continue;
            }
            if !std::mem::replace(&mut commented, true) {
                about.clear();
            } else {
                about.push(' ');
            }
            about.push_str(comment.trim());
            continue;
        }
        commented = false;
        if line.is_empty() && sql.is_empty() {
            about.clear();
        }
        sql.push_str(line);
        // No text in these statements holds a semicolon.
        if let Some(whole) = sql.strip_suffix(';') {
            let table = whole.split_whitespace().nth(1).unwrap_or_default().to_owned();
            found.push(Settling {
                table,
                sql: whole.to_owned(),
                about: about.clone(),
            });
            sql.clear();
        } else if !sql.is_empty() {
            sql.push('\n');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn a_statement_has_the_comment_above_it() {
        let text = "-- About the file; and more.\n\n-- Both\n-- lines.\nupdate a set b = 1\nwhere c;\nupdate d set e = 2;\n\nUPDATE f SET g = 3;\n";
        let found = statements(text);
        let told: Vec<(&str, &str)> = found.iter().map(|s| (s.table.as_str(), s.about.as_str())).collect();
        assert_eq!(told, [("a", "Both lines."), ("d", "Both lines."), ("f", "")]);
        assert_eq!(
            found.first().map(|s| s.sql.as_str()),
            Some("update a set b = 1\nwhere c")
        );
        assert!(statements("").is_empty());
    }
}
