//! Date parameters: R4 search prefixes over half-open intervals (R4, section 3.1.1.4.6).

use chrono::{NaiveDateTime, TimeDelta};
use fhir::search::{Date, ParamType, Prefix, Values};

use super::{Context, Param, fixed};
use crate::sql::{Filter, IntoTime, Op, SortColumn, TimeColumn};
use crate::time::to_utc;

/// Two timestamp columns that hold an element's interval: from (inclusive) and to (exclusive), UTC.
pub struct Interval<QS> {
    lo: TimeColumn<QS>,
    hi: TimeColumn<QS>,
    /// Whether the element has a zone. `birthDate` has none: its day is compared as written.
    zoned: bool,
}

impl<QS> Interval<QS> {
    /// An interval of instants, as of `dateTime` and `Period`.
    pub fn new(lo: impl IntoTime<QS>, hi: impl IntoTime<QS>) -> Self {
        Self {
            lo: lo.into_time(),
            hi: hi.into_time(),
            zoned: true,
        }
    }

    /// An interval of calendar days, as of `date`.
    pub fn civil(lo: impl IntoTime<QS>, hi: impl IntoTime<QS>) -> Self {
        Self {
            zoned: false,
            ..Self::new(lo, hi)
        }
    }
}

/// A date parameter over an interval.
pub fn date<QS: 'static>(name: &'static str, interval: Interval<QS>) -> Param<QS> {
    let Interval { lo, hi, zoned } = interval;
    let present = Filter::no_time(lo.clone()).negate();
    let sort = SortColumn::time(lo.clone(), true);
    let build = move |values: &Values, context: Context<'_>| {
        any_date(values, |value| {
            let (from, to) = bounds(value, zoned, context);
            range(&lo, &hi, value.prefix, from, to, context.now)
        })
    };
    Param {
        sort: Some(sort),
        ..Param::new(name, ParamType::Date, fixed(present), Box::new(build))
    }
}

/// A date parameter over one instant that every row has, such as `_lastUpdated`.
pub fn instant<QS: 'static>(name: &'static str, column: impl IntoTime<QS>) -> Param<QS> {
    let at = column.into_time();
    let sort = SortColumn::time(at.clone(), false);
    let build = move |values: &Values, context: Context<'_>| {
        any_date(values, |value| {
            let (from, to) = bounds(value, true, context);
            point(&at, value.prefix, from, to, context.now)
        })
    };
    Param {
        sort: Some(sort),
        ..Param::new(name, ParamType::Date, fixed(Filter::always()), Box::new(build))
    }
}

/// A date parameter over one instant that stands in a row of another table: `reach` turns a condition on that row into one on
/// ours. Rows of ours that `own` matches have none there and show their own column.
pub(crate) fn instant_there<QS: 'static, C: 'static>(
    name: &'static str,
    there: impl IntoTime<C>,
    reach: impl Fn(Filter<C>) -> Filter<QS> + Send + Sync + 'static,
    own: (Filter<QS>, TimeColumn<QS>),
) -> Param<QS> {
    let (there, here) = (instant::<C>(name, there), instant::<QS>(name, own.1));
    let build = move |values: &Values, context: Context<'_>| {
        Filter::any([
            reach((there.build)(values, context)),
            own.0.clone().and((here.build)(values, context)),
        ])
    };
    Param::new(name, ParamType::Date, fixed(Filter::always()), Box::new(build))
}

fn any_date<QS>(values: &Values, one: impl Fn(&Date) -> Filter<QS>) -> Filter<QS> {
    let Values::Date(dates) = values else {
        return Filter::never();
    };
    Filter::any(dates.iter().map(one))
}

/// The searched interval in UTC. A value without offset means the source's own wall clock.
fn bounds(value: &Date, zoned: bool, context: Context<'_>) -> (NaiveDateTime, NaiveDateTime) {
    if zoned {
        value.to_utc(&|local| to_utc(local, context.site.zone()))
    } else {
        (value.lo, value.hi)
    }
}

/// The nine prefixes. `[lo, hi)` is the element's interval and `[from, to)` the searched one.
fn range<QS>(
    lo: &TimeColumn<QS>,
    hi: &TimeColumn<QS>,
    prefix: Prefix,
    from: NaiveDateTime,
    to: NaiveDateTime,
    now: NaiveDateTime,
) -> Filter<QS> {
    let lo = |op, t| Filter::time(lo.clone(), op, t);
    let hi = |op, t| Filter::time(hi.clone(), op, t);
    // What ends by `to` begins by then: said, because an index knows only where intervals begin.
    let within = || lo(Op::Ge, from).and(lo(Op::Le, to)).and(hi(Op::Le, to));
    match prefix {
        Prefix::Eq => within(),
        Prefix::Ne => Filter::any([lo(Op::Lt, from), hi(Op::Gt, to)]),
        Prefix::Gt => hi(Op::Gt, to),
        Prefix::Lt => lo(Op::Lt, from),
        Prefix::Ge => Filter::any([hi(Op::Gt, to), within()]),
        Prefix::Le => Filter::any([lo(Op::Lt, from), within()]),
        Prefix::Sa => lo(Op::Ge, to),
        Prefix::Eb => hi(Op::Le, from),
        Prefix::Ap => {
            let (from, to) = widen(from, to, now);
            lo(Op::Lt, to).and(hi(Op::Gt, from))
        }
    }
}

/// The same for an element that is one point in time.
fn point<QS>(
    at: &TimeColumn<QS>,
    prefix: Prefix,
    from: NaiveDateTime,
    to: NaiveDateTime,
    now: NaiveDateTime,
) -> Filter<QS> {
    let at = |op, t| Filter::time(at.clone(), op, t);
    match prefix {
        Prefix::Eq => at(Op::Ge, from).and(at(Op::Lt, to)),
        Prefix::Ne => Filter::any([at(Op::Lt, from), at(Op::Ge, to)]),
        Prefix::Gt | Prefix::Sa => at(Op::Ge, to),
        Prefix::Lt | Prefix::Eb => at(Op::Lt, from),
        Prefix::Ge => at(Op::Ge, from),
        Prefix::Le => at(Op::Lt, to),
        Prefix::Ap => {
            let (from, to) = widen(from, to, now);
            at(Op::Ge, from).and(at(Op::Lt, to))
        }
    }
}

/// `ap`: a tenth of the distance between now and the value on either side, as the specification recommends.
fn widen(from: NaiveDateTime, to: NaiveDateTime, now: NaiveDateTime) -> (NaiveDateTime, NaiveDateTime) {
    let distance = if now < from {
        from - now
    } else if now > to {
        now - to
    } else {
        TimeDelta::zero()
    };
    let margin = distance / 10;
    // What is not within years of four digits does not compare as text.
    let within = |moment: Option<NaiveDateTime>, otherwise: NaiveDateTime| {
        moment.unwrap_or(otherwise).clamp(Date::MIN, Date::MAX)
    };
    (
        within(from.checked_sub_signed(margin), from),
        within(to.checked_add_signed(margin), to),
    )
}
