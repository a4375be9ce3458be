//! National Provider Identifiers.

/// Whether `text` is a well-formed NPI: ten digits whose last one is the Luhn check digit over `80840` and the nine
/// before it. Says nothing about whether it was ever issued.
#[must_use]
pub fn valid_npi(text: &str) -> bool {
    if text.len() != 10 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = text
        .bytes()
        .rev()
        .zip(0_u32..)
        .map(|(byte, place)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            let doubled = digit * 2;
            if place % 2 == 0 {
                digit
            } else {
                doubled / 10 + doubled % 10
            }
        })
        .sum();
    // 24 is what the constant prefix 80840 adds.
    (sum + 24).is_multiple_of(10)
}
