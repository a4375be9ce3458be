//! How a [`Mapping`] becomes a [`Provider`]: criteria to one filter, a page to statements, rows to resources.

mod rows;

use fhir::search::{Clause, Criterion, Sort, Step};

use crate::db::AnyConnection;
use crate::explain::{self, Purpose};
use crate::mapping::{Columns, Mapping};
use crate::param::{Context, Param, Target, instant, logical_id};
use crate::provenance::Provenances;
use crate::provider::{Declared, Found, Hit, Plan, Provider, Refers, Review};
use crate::sql::{Direction, Filter, Keyset, Order, Select, SortTerm, count, count_by};
use crate::{Error, Site, Trace};

use rows::{REVIEW_PAGE, affordable, watched};

/// A mapping with its declarations built once.
struct Bound<M: Mapping> {
    /// Where its rows come from; of nothing that itself says so.
    provenance: Option<fn() -> Box<dyn Provider>>,
    params: Vec<Param<M::Table>>,
    links: Vec<Param<M::Table>>,
    columns: Columns<M::Table>,
}

/// A mapping as a provider.
#[must_use]
pub fn provider<M: Mapping>() -> Box<dyn Provider> {
    bound::<M>(Some(|| bound::<Provenances<M>>(None)))
}

fn bound<M: Mapping>(provenance: Option<fn() -> Box<dyn Provider>>) -> Box<dyn Provider> {
    let columns = M::columns();
    let mut params = vec![
        logical_id(M::TARGET.kind, columns.key.clone()),
        instant("_lastUpdated", columns.updated.clone()),
    ];
    params.extend(M::params());
    Box::new(Bound::<M> {
        provenance,
        params,
        links: M::links(),
        columns,
    })
}

/// The first reference that a chained criterion follows, and what remains of it.
fn followed(criterion: &Criterion) -> Option<(&Step, Criterion)> {
    let (first, path) = criterion.path.split_first()?;
    let rest = Criterion {
        path: path.to_vec(),
        ..criterion.clone()
    };
    Some((first, rest))
}

impl<M: Mapping> Bound<M> {
    fn param(&self, name: &str) -> Option<&Param<M::Table>> {
        self.params.iter().find(|p| p.name() == name)
    }

    /// The rows that are served at all.
    fn served(&self) -> Filter<M::Table> {
        Filter::is_null(self.columns.hold.clone()).and(self.columns.only.clone())
    }

    /// Those of them that whoever asks may see. Every statement of a request begins with it.
    fn visible(&self, context: Context<'_>) -> Filter<M::Table> {
        self.served().and(self.allowed(context))
    }

    /// What whoever asks may see, served or not.
    fn allowed(&self, context: Context<'_>) -> Filter<M::Table> {
        let Some(access) = context.access else {
            return Filter::all([]);
        };
        // The conditions themselves lead through all rows: a patient's clinician need not be one that the patient may see.
        let open = Context {
            access: None,
            ..context
        };
        access
            .of(M::TARGET.ty)
            .map_or_else(Filter::never, |clause| self.clause(clause, open))
    }

    fn matching(&self, criteria: &[Criterion], context: Context<'_>) -> Filter<M::Table> {
        let criteria = criteria.iter().map(|c| self.condition(c, context));
        Filter::all(criteria.chain(std::iter::once(self.visible(context))))
    }

    /// The rows of a plan, on whatever page.
    fn planned(&self, plan: Plan<'_>, context: Context<'_>) -> Filter<M::Table> {
        let confined = plan
            .confined
            .iter()
            .map(|clause| self.by_key(self.clause(clause, context)));
        confined.fold(self.matching(plan.criteria, context), Filter::and)
    }

    fn clause(&self, clause: &Clause, context: Context<'_>) -> Filter<M::Table> {
        match clause {
            Clause::Is(criterion) => self.condition(criterion, context),
            Clause::Any(clauses) => Filter::any(clauses.iter().map(|c| self.clause(c, context))),
            Clause::All(clauses) => Filter::all(clauses.iter().map(|c| self.clause(c, context))),
        }
    }

    /// One criterion. The request was checked against what all mappings of the type declare; a parameter that this one
    /// does not have matches nothing.
    fn condition(&self, criterion: &Criterion, context: Context<'_>) -> Filter<M::Table> {
        self.by_key(self.meaning(criterion, context))
    }

    fn by_key(&self, filter: Filter<M::Table>) -> Filter<M::Table> {
        filter.by_key(&self.columns.key, M::table())
    }

    fn meaning(&self, criterion: &Criterion, context: Context<'_>) -> Filter<M::Table> {
        let Some((step, rest)) = followed(criterion) else {
            let param = self.param(&criterion.name);
            return param.map_or_else(Filter::never, |p| p.filter(criterion, context));
        };
        match step {
            Step::To { param, targets, .. } => self
                .param(param)
                .map_or_else(Filter::never, |p| p.leading(targets, &rest, context)),
            Step::From { source, param } => {
                let keys = context.follow.from(*source, param, M::TARGET, &rest, context);
                Filter::any(
                    keys.into_iter()
                        .map(|k| Filter::keyed(&self.columns.key, &M::table(), k)),
                )
            }
        }
    }

    /// Tells a request that wants to know what statements are about to be for, and what its parameters mean here.
    fn tell(&self, conn: &AnyConnection, purpose: Purpose, criteria: &[Criterion], context: Context<'_>) {
        if !explain::is_recording() {
            return;
        }
        explain::at(purpose, M::TARGET.kind);
        for criterion in criteria {
            let filter = self.condition(criterion, context);
            explain::note(|source| {
                explain::Step::Condition(explain::Condition {
                    source,
                    mapping: M::TARGET.kind,
                    table: M::TABLE,
                    parameter: criterion.full_name(),
                    sql: (!filter.is_never()).then(|| explain::sql_of(&filter, conn.dialect())),
                })
            });
        }
    }

    fn order(&self, sort: &[Sort]) -> Order<M::Table> {
        let terms = sort.iter().filter_map(|s| {
            let column = self.param(&s.name)?.sort()?.clone();
            let direction = if s.descending {
                Direction::Descending
            } else {
                Direction::Ascending
            };
            Some(SortTerm { column, direction })
        });
        Order::new(terms.collect(), self.columns.key.clone())
    }
}

impl<M: Mapping> Provider for Bound<M> {
    fn target(&self) -> Target {
        M::TARGET
    }

    fn table(&self) -> &'static str {
        M::TABLE
    }

    fn provenance(&self) -> Option<Box<dyn Provider>> {
        self.provenance.map(|make| make())
    }

    fn declared(&self) -> Vec<Declared> {
        let declare = |p: &Param<M::Table>| Declared {
            name: p.name(),
            kind: p.kind(),
            modifiers: p.modifiers(),
            targets: p.targets().collect(),
            sortable: p.sort().is_some(),
        };
        self.params.iter().map(declare).collect()
    }

    fn references(&self) -> Vec<Refers> {
        let refers = |p: &Param<M::Table>| Refers {
            by: p.name(),
            to: p.targets().collect(),
        };
        let all = self.params.iter().chain(&self.links).map(refers);
        all.filter(|reference| !reference.to.is_empty()).collect()
    }

    fn page(&self, conn: &mut AnyConnection, plan: Plan<'_>, context: Context<'_>) -> Result<Vec<Hit>, Error> {
        self.tell(conn, Purpose::Match, plan.criteria, context);
        let filter = self.planned(plan, context);
        let order = self.order(plan.sort);
        let mut hits = vec![];
        for phase in order.phases(plan.place) {
            let missing = plan.limit - hits.len().min(plan.limit);
            hits.extend(self.load(conn, filter.clone().and(phase), &order, missing, context)?);
        }
        Ok(hits)
    }

    fn touch(&self, conn: &mut AnyConnection, plan: Plan<'_>, context: Context<'_>) -> Result<usize, Error> {
        let filter = self.planned(plan, context);
        let order = self.order(plan.sort);
        let mut rows = 0;
        for phase in order.phases(plan.place) {
            let filter = watched(conn, filter.clone().and(phase));
            rows += self.rows(conn, filter, &order, plan.limit.saturating_sub(rows))?.len();
        }
        Ok(rows)
    }

    fn count(&self, conn: &mut AnyConnection, plan: Plan<'_>, context: Context<'_>) -> Result<u64, Error> {
        self.tell(conn, Purpose::Count, plan.criteria, context);
        let filter = self.planned(plan, context);
        if filter.is_never() {
            return Ok(0);
        }
        affordable(&filter)?;
        let filter = watched(conn, filter);
        count(conn, M::table(), filter).map_err(Error::Query)
    }

    fn among(
        &self,
        conn: &mut AnyConnection,
        keys: Vec<Select>,
        limit: usize,
        context: Context<'_>,
    ) -> Result<Vec<Hit>, Error> {
        self.tell(conn, Purpose::Include, &[], context);
        let among = Filter::any(keys.into_iter().map(|s| Filter::within(self.columns.key.clone(), s)));
        let among = self.by_key(among);
        self.load(conn, among.and(self.visible(context)), &self.order(&[]), limit, context)
    }

    fn refers_to(&self, param: Option<&str>, keys: &[String]) -> Vec<(Target, Select)> {
        let rows = Filter::one_of(self.columns.key.clone(), keys.iter().cloned());
        let params = self.params.iter().filter(|p| param.is_none_or(|name| p.name() == name));
        params.flat_map(|p| p.include(&rows)).collect()
    }

    fn referring(
        &self,
        conn: &mut AnyConnection,
        param: Option<&str>,
        target: Target,
        keys: &[String],
        limit: usize,
        context: Context<'_>,
    ) -> Result<Vec<Hit>, Error> {
        self.tell(conn, Purpose::Include, &[], context);
        let params = self.params.iter().filter(|p| param.is_none_or(|name| p.name() == name));
        let refers = self.by_key(Filter::any(params.map(|p| p.referring(target, keys))));
        self.load(
            conn,
            refers.and(self.visible(context)),
            &self.order(&[]),
            limit,
            context,
        )
    }

    fn keys(&self, rest: &Criterion, context: Context<'_>) -> Select {
        Select::new(
            &self.columns.key,
            M::table(),
            self.matching(std::slice::from_ref(rest), context),
        )
    }

    fn referred(&self, param: &str, target: Target, rest: &Criterion, context: Context<'_>) -> Vec<Select> {
        let link = || self.links.iter().find(|link| link.name() == param);
        let Some(param) = self.param(param).or_else(link) else {
            return vec![];
        };
        let rows = self.matching(std::slice::from_ref(rest), context);
        let to_target = param.include(&rows).filter(|(to, _)| *to == target);
        to_target.map(|(_, keys)| keys).collect()
    }

    fn read(&self, conn: &mut AnyConnection, key: &str, context: Context<'_>) -> Result<Found, Error> {
        let this = Filter::one_of(self.columns.key.clone(), [key]);
        let found = self.load(
            conn,
            this.clone().and(self.visible(context)),
            &self.order(&[]),
            1,
            context,
        )?;
        if let Some(hit) = found.into_iter().next() {
            return Ok(Found::Resource(Box::new(hit)));
        }
        let held = this.and(self.columns.only.clone()).and(self.allowed(context));
        let held = count_by(conn, M::table(), &self.columns.hold, held).map_err(Error::Query)?;
        Ok(held
            .into_iter()
            .find_map(|(reason, _)| reason)
            .map_or(Found::Nothing, Found::Held))
    }

    fn traced(&self, conn: &mut AnyConnection, key: &str, context: Context<'_>) -> Result<Option<(Hit, Trace)>, Error> {
        let this = Filter::one_of(self.columns.key.clone(), [key]).and(self.visible(context));
        let mut trace = Trace::collecting();
        let found = self.load_noting(conn, this, &self.order(&[]), 1, context, &mut trace)?;
        Ok(found.into_iter().next().map(|hit| (hit, trace)))
    }

    fn sql(&self, plan: Plan<'_>, context: Context<'_>) -> Vec<(String, String)> {
        let filter = self.planned(plan, context);
        let phases = self.order(plan.sort).phases(plan.place);
        phases
            .into_iter()
            .map(|p| crate::sql::golden(&filter.clone().and(p)))
            .collect()
    }

    fn review(&self, conn: &mut AnyConnection, site: &Site) -> Result<Review, Error> {
        let order = self.order(&[]);
        let mut review = Review::default();
        let mut place: Option<Keyset> = None;
        loop {
            let page: Filter<M::Table> = Filter::all(order.phases(place.as_ref()));
            let rows = self.rows(conn, self.served().and(page), &order, REVIEW_PAGE)?;
            let full = rows.len() == REVIEW_PAGE;
            let last = rows.last().map(|(row, _)| M::key(row).to_owned());
            for (row, _) in rows {
                review.add::<M>(row, site)?;
            }
            match last {
                Some(key) if full => place = Some(Keyset::After(vec![], key)),
                _ => return Ok(review),
            }
        }
    }
}
