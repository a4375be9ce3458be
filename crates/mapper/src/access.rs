//! What whoever asks may see, as conditions that become part of every statement.

use std::collections::HashMap;

use fhir::r4::ResourceType;
use fhir::search::Clause;

/// What somebody may see: of each type the rows that meet a clause, of a type without clause none.
///
/// Every statement that leads to rows of a type holds its clause: reads, searches, counts, the far ends of chains and `_has`, includes,
/// history and lineage. The clauses themselves are about all rows, so that they can follow references which the one who asks may not.
#[derive(Debug, Clone)]
pub struct Access {
    who: String,
    clauses: HashMap<ResourceType, Clause>,
}

impl Access {
    /// Somebody who may see nothing yet; `who` tells them from others, and page links are bound to it.
    #[must_use]
    pub fn nothing(who: String) -> Self {
        Self {
            who,
            clauses: HashMap::new(),
        }
    }

    /// Lets them see the resources of a type that meet this clause, in place of what was allowed of it before.
    pub fn allow(&mut self, ty: ResourceType, clause: Clause) {
        self.clauses.insert(ty, clause);
    }

    /// What resources of a type must meet; `None`: they may see none.
    #[must_use]
    pub fn of(&self, ty: ResourceType) -> Option<&Clause> {
        self.clauses.get(&ty)
    }

    /// Who they are.
    #[must_use]
    pub fn who(&self) -> &str {
        &self.who
    }
}
