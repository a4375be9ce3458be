//! What may be done: the letters of `cruds`.

use std::fmt;

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u8);

/// The letters in the order in which a scope has them.
const LETTERS: [char; 5] = ['c', 'r', 'u', 'd', 's'];

impl Permissions {
    /// `r`: read, vread and history of a resource.
    pub const READ: Self = Self(1 << 1);
    /// `s`: search, and history of a type.
    pub const SEARCH: Self = Self(1 << 4);
    /// `rs`
    pub const READ_AND_SEARCH: Self = Self(Self::READ.0 | Self::SEARCH.0);
    /// `cud`: what version 1 calls `write`.
    pub const WRITE: Self = Self(1 | 1 << 2 | 1 << 3);
    /// `cruds`
    pub const ALL: Self = Self(0b1_1111);

    /// Reads letters; `None` when there are none, others, or another order, which scopes do not have.
    #[must_use]
    pub fn parse(letters: &str) -> Option<Self> {
        let mut all = 0;
        let mut expected = LETTERS.iter().enumerate();
        for letter in letters.chars() {
            let (bit, _) = expected.find(|(_, known)| **known == letter)?;
            all |= 1 << bit;
        }
        (all != 0).then_some(Self(all))
    }

    /// Whether all of the other's are among these.
    #[must_use]
    pub const fn contain(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// What both have; `None` for nothing.
    #[must_use]
    pub const fn and(self, other: Self) -> Option<Self> {
        match self.0 & other.0 {
            0 => None,
            both => Some(Self(both)),
        }
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has = |bit: &usize| self.0 & 1 << bit != 0;
        let letters = LETTERS.iter().enumerate().filter(|(bit, _)| has(bit));
        letters.map(|(_, letter)| *letter).collect::<String>().fmt(f)
    }
}
