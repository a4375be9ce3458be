//! Query strings and form bodies: names and values, percent-encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::problem::{Problem, ProblemKind};

/// What is encoded in a canonical query: all but letters, digits, RFC 3986's unreserved marks, and `: / ,`, which a query may hold and which make
/// references, dates and lists readable.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b',');

/// The names and values of a query string or an `application/x-www-form-urlencoded` body, in order. `+` is a blank; a name without `=` has an empty value.
///
/// # Errors
/// When a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
pub fn parse_query_string(text: &str) -> Result<Vec<(String, String)>, Problem> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // A name that cannot be decoded is not repeated; its value's problem is told by name.
            let name = decode(name, "")?;
            let value = decode(value, &name)?;
            Ok((name, value))
        })
        .collect()
}

fn decode(text: &str, parameter: &str) -> Result<String, Problem> {
    let problem = |message: &str| Problem::new(ProblemKind::Syntax, parameter, message);
    let hex = |part: &str| {
        part.get(..2)
            .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if !text.split('%').skip(1).all(hex) {
        return Err(problem("A % in the query must be followed by two hexadecimal digits"));
    }
    let text = text.replace('+', " ");
    match percent_decode_str(&text).decode_utf8() {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(problem("The query is not UTF-8")),
    }
}

/// A name or value as it stands in a query.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_in_order() {
        let pairs = parse_query_string("name=a%20b+c&&x&code=http://l|1&name=%C3%A9=").unwrap();
        let expected = [("name", "a b c"), ("x", ""), ("code", "http://l|1"), ("name", "é=")];
        assert_eq!(pairs, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn what_cannot_be_decoded_is_an_error() {
        for (text, parameter) in [
            ("a=%ff", "a"),
            ("a=%4", "a"),
            ("a=%zz", "a"),
            ("%ff=1", ""),
            ("a=%é", "a"),
        ] {
            let problem = parse_query_string(text).unwrap_err();
            assert_eq!(
                (problem.kind, problem.parameter.as_str()),
                (ProblemKind::Syntax, parameter)
            );
        }
    }
}
