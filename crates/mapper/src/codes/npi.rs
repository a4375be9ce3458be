//! Check digits after Luhn, and National Provider Identifiers, which have one.

/// The Luhn check digit of a row of digits, 0 to 9.
pub fn luhn(digits: impl DoubleEndedIterator<Item = u8>) -> u32 {
    let values = digits.rev().zip(0_u32..).map(|(byte, place)| {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        let doubled = digit * 2;
        if place % 2 == 0 {
            doubled / 10 + doubled % 10
        } else {
            digit
        }
    });
    (10 - values.sum::<u32>() % 10) % 10
}

/// Whether `text` is a well-formed NPI: ten digits whose last one is the Luhn check digit over `80840` and the nine
/// before it. Says nothing about whether it was ever issued.
#[must_use]
pub fn valid_npi(text: &str) -> bool {
    if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let Some((number, [check])) = text.as_bytes().split_last_chunk::<1>() else {
        return false;
    };
    luhn(b"80840".iter().chain(number).copied()) == u32::from(check.wrapping_sub(b'0'))
}
