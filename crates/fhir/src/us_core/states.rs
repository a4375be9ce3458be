//! States and territories of the United States (the value set that US Core binds `Address.state` to).

/// The codes of the United States Postal Service, with the names that rows may have in their place.
#[rustfmt::skip]
const STATES: [(&str, &str); 59] = [
    ("AK", "Alaska"), ("AL", "Alabama"), ("AR", "Arkansas"), ("AS", "American Samoa"), ("AZ", "Arizona"),
    ("CA", "California"), ("CO", "Colorado"), ("CT", "Connecticut"), ("DC", "District of Columbia"),
    ("DE", "Delaware"), ("FL", "Florida"), ("FM", "Federated States of Micronesia"), ("GA", "Georgia"),
    ("GU", "Guam"), ("HI", "Hawaii"), ("IA", "Iowa"), ("ID", "Idaho"), ("IL", "Illinois"), ("IN", "Indiana"),
    ("KS", "Kansas"), ("KY", "Kentucky"), ("LA", "Louisiana"), ("MA", "Massachusetts"), ("MD", "Maryland"),
    ("ME", "Maine"), ("MH", "Marshall Islands"), ("MI", "Michigan"), ("MN", "Minnesota"), ("MO", "Missouri"),
    ("MP", "Northern Mariana Islands"), ("MS", "Mississippi"), ("MT", "Montana"), ("NC", "North Carolina"),
    ("ND", "North Dakota"), ("NE", "Nebraska"), ("NH", "New Hampshire"), ("NJ", "New Jersey"), ("NM", "New Mexico"),
    ("NV", "Nevada"), ("NY", "New York"), ("OH", "Ohio"), ("OK", "Oklahoma"), ("OR", "Oregon"),
    ("PA", "Pennsylvania"), ("PR", "Puerto Rico"), ("PW", "Palau"), ("RI", "Rhode Island"), ("SC", "South Carolina"),
    ("SD", "South Dakota"), ("TN", "Tennessee"), ("TX", "Texas"), ("UT", "Utah"), ("VA", "Virginia"),
    ("VI", "Virgin Islands"), ("VT", "Vermont"), ("WA", "Washington"), ("WI", "Wisconsin"), ("WV", "West Virginia"),
    ("WY", "Wyoming"),
];

/// The codes of all states, each with its name.
pub fn states() -> impl Iterator<Item = (&'static str, &'static str)> {
    STATES.iter().copied()
}

/// The code of a state (`IL`) that is written by its name or code, whatever the letters' case; nothing for a word that is none.
#[must_use]
pub fn state(text: &str) -> Option<&'static str> {
    let word = text.trim();
    let is = |name: &str| name.eq_ignore_ascii_case(word);
    STATES
        .iter()
        .find(|(code, name)| is(code) || is(name))
        .map(|(code, _)| *code)
}
