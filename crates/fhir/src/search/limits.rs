//! How much one request may ask for.

/// Parameters in one request. US Core's and Inferno's requests have fewer than ten.
pub const MAX_PARAMETERS: usize = 64;
/// Comma-separated values of one parameter.
pub const MAX_VALUES: usize = 256;
/// Values of all parameters together.
pub const MAX_VALUES_IN_ALL: usize = 1024;
/// Bytes of one value, before its escapes are undone. A logical id has 64 and a canonical URL seldom over 200.
pub const MAX_VALUE_LENGTH: usize = 1024;
/// Bytes of a `_cursor`, which this server made itself.
pub const MAX_CURSOR_LENGTH: usize = 4096;
/// References that one chained condition may follow.
pub const MAX_CHAIN: usize = 4;
/// Keys of `_sort`.
pub const MAX_SORT: usize = 8;
/// Resources in one page.
pub const MAX_COUNT: u32 = 1000;

/// How much one request may ask for; the default is the constants of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Parameters in one request; more is refused.
    pub parameters: usize,
    /// Values of one parameter; more is refused.
    pub values: usize,
    /// Bytes of one value; longer is refused.
    pub value_length: usize,
    /// Resources in one page; a larger `_count` is lowered to it.
    pub count: u32,
    /// Whether `_explain` is answered.
    pub explain: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            parameters: MAX_PARAMETERS,
            values: MAX_VALUES,
            value_length: MAX_VALUE_LENGTH,
            count: MAX_COUNT,
            explain: false,
        }
    }
}
