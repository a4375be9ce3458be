//! The shapes of codes. Every function takes a token in upper case without trailing points and gives the code in
//! its normal spelling, or `None` when the token has another shape.

/// ICD-10-CM: a letter, a digit, a digit or A or B, then up to four letters or digits behind an optional point.
///
/// The placeholder X stands between other characters (`T36.0X1A`). No code ends with it, so such a tail is a mask.
pub(super) fn icd10(token: &str) -> Option<String> {
    let (head, tail) = split(token, 3)?;
    let fits = match head.as_bytes() {
        [letter, digit, third] => {
            letter.is_ascii_uppercase() && digit.is_ascii_digit() && (third.is_ascii_digit() || b"AB".contains(third))
        }
        _ => false,
    };
    let tail_fits =
        tail.len() <= 4 && tail.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) && !tail.ends_with('X');
    (fits && tail_fits).then(|| join(head, tail))
}

/// ICD-9-CM diagnosis: three digits, or V and two digits, then up to two digits; E and three digits, then up to one.
pub(super) fn icd9(token: &str) -> Option<String> {
    let external = token.starts_with('E');
    let (head, tail) = split(token, if external { 4 } else { 3 })?;
    let number = head.strip_prefix(['E', 'V']).unwrap_or(head);
    let fits = number.bytes().all(|b| b.is_ascii_digit())
        && tail.len() <= if external { 1 } else { 2 }
        && tail.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| join(head, tail))
}

/// SNOMED CT concept: 6 to 18 digits, a partition of concepts (00 or 10) and a valid check digit.
pub(super) fn snomed(token: &str) -> Option<String> {
    let digits = (6..=18).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_digit());
    let mut from_end = token.bytes().rev().skip(1);
    let partition = (from_end.next(), from_end.next());
    let concept = matches!(partition, (Some(b'0'), Some(b'0' | b'1'))) && !token.starts_with('0');
    (digits && concept && verhoeff(token)).then(|| token.to_owned())
}

/// CPT: category I (anaesthesia 00100-01999, the others from 10000), category II ending in F, category III in T,
/// proprietary laboratory analyses in U, multianalyte assays in M, immunisation administration in A.
pub(super) fn cpt(token: &str) -> Option<String> {
    let (number, last) = token.split_at_checked(4)?;
    let number_fits = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    let fits = match last.as_bytes() {
        [b'0'..=b'9'] => ("0010".."0200").contains(&number) || number >= "1000",
        [b'F' | b'T' | b'U' | b'M' | b'A'] => true,
        _ => false,
    };
    (number_fits && fits).then(|| token.to_owned())
}

/// HCPCS level II: a letter A to V and four digits. D is left out: those are dental codes of another system (CDT).
pub(super) fn hcpcs(token: &str) -> Option<String> {
    let fits = match token.as_bytes() {
        [letter, number @ ..] => {
            (b'A'..=b'V').contains(letter)
                && *letter != b'D'
                && number.len() == 4
                && number.iter().all(u8::is_ascii_digit)
        }
        [] => false,
    };
    fits.then(|| token.to_owned())
}

/// A modifier of CPT or HCPCS: two digits from 22 on, or two characters with a letter among them.
pub(super) fn modifier(token: &str) -> bool {
    match token.as_bytes() {
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => token >= "22",
        [a, b] => [a, b].into_iter().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()),
        _ => false,
    }
}

/// A cell that was masked: nothing but X (at least two), with or without separators.
pub(super) fn masked(token: &str) -> bool {
    let crosses = token.bytes().filter(|b| b.eq_ignore_ascii_case(&b'x')).count();
    crosses >= 2 && token.chars().all(|c| matches!(c, 'x' | 'X' | '.' | '-' | '*' | ' '))
}

fn split(token: &str, at: usize) -> Option<(&str, &str)> {
    let (head, tail) = token.split_at_checked(at)?;
    let tail = match tail.strip_prefix('.') {
        Some("") => return None,
        Some(tail) => tail,
        None => tail,
    };
    Some((head, tail))
}

fn join(head: &str, tail: &str) -> String {
    if tail.is_empty() {
        head.to_owned()
    } else {
        format!("{head}.{tail}")
    }
}

/// The check digit of SNOMED identifiers (Verhoeff), computed over the dihedral group of ten elements instead of
/// from printed tables: elements 0-4 are rotations, 5-9 reflections.
fn verhoeff(digits: &str) -> bool {
    fn times(a: u8, b: u8) -> u8 {
        match (a < 5, b < 5) {
            (true, true) => (a + b) % 5,
            (true, false) => (a + b - 5) % 5 + 5,
            (false, true) => (a - 5 + 5 - b) % 5 + 5,
            (false, false) => (a + 5 - b) % 5,
        }
    }
    // The permutation that is applied once more for each place from the right.
    fn permute(digit: u8) -> u8 {
        match digit {
            0 => 1,
            1 => 5,
            2 => 7,
            3 => 6,
            4 => 2,
            5 => 8,
            6 => 3,
            7 => 0,
            8 => 9,
            _ => 4,
        }
    }
    let sum = digits.bytes().rev().zip(0_u8..).fold(0, |sum, (byte, place)| {
        let digit = (0..place % 8).fold(byte.wrapping_sub(b'0') % 10, |digit, _| permute(digit));
        times(sum, digit)
    });
    sum == 0
}
