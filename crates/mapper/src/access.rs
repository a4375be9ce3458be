//! What whoever asks may see, as conditions that become part of every statement.

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use fhir::r4::ResourceType;
use fhir::search::Clause;

/// What somebody may see: of each type the rows that meet a clause, of a type without clause none.
///
/// Every statement that leads to rows of a type holds its clause: reads, searches, counts, the far ends of chains and `_has`, includes,
/// history and lineage. The clauses themselves are about all rows, so that they can follow references which the one who asks may not.
/// A clause is made when the first statement needs it.
pub struct Access {
    who: String,
    decide: Box<Decide>,
    known: HashMap<ResourceType, OnceLock<Option<Clause>>>,
}

/// What resources of a type must meet; `None`: none of them is to be seen.
type Decide = dyn Fn(ResourceType) -> Option<Clause> + Send + Sync;

impl Access {
    /// Somebody who may see what `decide` says of these types, and nothing of others. `who` tells them from others, and page links are
    /// bound to it.
    #[must_use]
    pub fn new(
        who: String,
        types: impl IntoIterator<Item = ResourceType>,
        decide: impl Fn(ResourceType) -> Option<Clause> + Send + Sync + 'static,
    ) -> Self {
        Self {
            who,
            decide: Box::new(decide),
            known: types.into_iter().map(|ty| (ty, OnceLock::new())).collect(),
        }
    }

    /// What resources of a type must meet; `None`: they may see none.
    #[must_use]
    pub fn of(&self, ty: ResourceType) -> Option<&Clause> {
        let decided = self.known.get(&ty)?;
        decided.get_or_init(|| (self.decide)(ty)).as_ref()
    }

    /// Who they are.
    #[must_use]
    pub fn who(&self) -> &str {
        &self.who
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("who", &self.who).finish_non_exhaustive()
    }
}
