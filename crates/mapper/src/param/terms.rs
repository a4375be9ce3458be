//! Parameters over a table of terms, in which rows have several of something: see [`load::Terms`](crate::load::Terms).

use diesel::Table;
use fhir::system::{NULL_FLAVOR, RACE_AND_ETHNICITY};
use fhir::us_core;

use super::token::{self, Codes};
use super::{Param, Words, string, uncoded};
use crate::sql::{Filter, Fragment, IntoText, TextColumn};

/// The terms of the rows of `T` in a table `C`: whose, what, as it goes out, and folded.
pub struct Terms<T, C> {
    key: TextColumn<T>,
    table: C,
    owner: TextColumn<C>,
    what: TextColumn<C>,
    raw: TextColumn<C>,
    folded: TextColumn<C>,
}

/// Declares a table of terms for Diesel, and a function `of` that joins it to a key: `terms_table!(patient_terms)`.
#[macro_export]
macro_rules! terms_table {
    ($name:ident) => {
        diesel::table! {
            /// Terms: see `mapper::param::Terms`.
            $name (owner, what, raw) {
                owner -> Text,
                what -> Text,
                raw -> Text,
                folded -> Nullable<Text>,
            }
        }

        impl $name::table {
            /// The terms of the rows with this key.
            pub fn of<T: 'static>(key: impl $crate::sql::IntoText<T>) -> $crate::param::Terms<T, $name::table> {
                use $name as t;
                $crate::param::Terms::new(key, t::table, (t::owner, t::what, t::raw, t::folded))
            }
        }
    };
}

impl<T: 'static, C: Table + Fragment + Copy + 'static> Terms<T, C> {
    /// The terms of the rows with this key. The columns: owner, what, raw, folded.
    pub fn new(
        key: impl IntoText<T>,
        table: C,
        (owner, what, raw, folded): (impl IntoText<C>, impl IntoText<C>, impl IntoText<C>, impl IntoText<C>),
    ) -> Self {
        Self {
            key: key.into_text(),
            table,
            owner: owner.into_text(),
            what: what.into_text(),
            raw: raw.into_text(),
            folded: folded.into_text(),
        }
    }

    fn is(&self, what: &[&'static str]) -> Filter<C> {
        Filter::one_of(self.what.clone(), what.iter().copied())
    }

    /// The texts of this name.
    #[must_use]
    pub fn words(&self, what: &'static str) -> Words<T> {
        self.some_of(&[what])
    }

    /// The texts of these names: one sub-query for all of them.
    #[must_use]
    pub fn some_of(&self, what: &[&'static str]) -> Words<T> {
        Words::new(self.raw.clone(), self.folded.clone())
            .where_(self.is(what))
            .through(self.key.clone(), self.table, self.owner.clone())
    }

    /// The texts of this name as codes of a system; of none when it is empty.
    #[must_use]
    pub fn codes(&self, what: &'static str, system: &'static str) -> Codes<T> {
        let codes = token::when(self.is(&[what]), token::ids(self.raw.clone(), system));
        token::through(self.key.clone(), self.table, self.owner.clone(), codes)
    }

    /// The parameters of addresses.
    #[must_use]
    pub fn address(&self) -> Vec<Param<T>> {
        vec![
            string("address", [self.some_of(&ADDRESS)]),
            string("address-city", [self.words("city")]),
            string("address-state", [self.words("state")]),
            string("address-postalcode", [self.words("postalcode")]),
            string("address-country", [self.words("country")]),
            super::token("address-use", self.codes("use", fhir::system::ADDRESS_USE)),
        ]
    }

    /// The parameters of telephone numbers and mail addresses.
    #[must_use]
    pub fn telecom(&self) -> Vec<Param<T>> {
        let contact = |what| self.codes(what, "");
        vec![
            uncoded("phone", contact("phone")),
            uncoded("email", contact("email")),
            uncoded("telecom", token::any_of(vec![contact("phone"), contact("email")])),
        ]
    }

    /// US Core's parameters of race and ethnicity.
    #[must_use]
    pub fn origin(&self) -> Vec<Param<T>> {
        let codes = |real, none| {
            let codes = vec![self.codes(real, RACE_AND_ETHNICITY), self.codes(none, NULL_FLAVOR)];
            token::any_of(codes).shown(us_core::DISPLAYS)
        };
        vec![
            super::token("race", codes("race", "race-none")),
            super::token("ethnicity", codes("ethnicity", "ethnicity-none")),
        ]
    }
}

/// The parameters of addresses, of rows that have none.
#[must_use]
pub fn no_address<T: 'static>() -> Vec<Param<T>> {
    let texts = [
        "address",
        "address-city",
        "address-state",
        "address-postalcode",
        "address-country",
    ];
    let mut all: Vec<Param<T>> = texts.map(|name| string(name, [])).into();
    all.push(super::token("address-use", token::none()));
    all
}

/// The parameters of telephone numbers and mail addresses, of rows that have none.
#[must_use]
pub fn no_telecom<T: 'static>() -> Vec<Param<T>> {
    ["phone", "email", "telecom"]
        .map(|name| uncoded(name, token::none()))
        .into()
}

/// What the parameter `address` looks at.
pub const ADDRESS: [&str; 6] = ["line", "city", "district", "state", "postalcode", "country"];
