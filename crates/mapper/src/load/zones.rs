//! Zones of places that the vendor's own rows tell.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use diesel::sql_types::Text;

use super::statement::{Statement, quoted};
use super::writer::Writer;
use super::{LoadError, Schema};
use crate::Site;
use crate::db::AnyConnection;

/// The zone's name of every place that the database knows one of, by the place's id.
pub(crate) fn known(conn: &mut AnyConnection, vendor: &Schema) -> Result<BTreeMap<String, String>, LoadError> {
    let Some(zones) = vendor.zones else {
        return Ok(BTreeMap::new());
    };
    let (id, zone) = (quoted(zones.id), quoted(zones.zone));
    let sql = format!(
        "SELECT CAST({id} AS text), CAST({zone} AS text) FROM {} WHERE {id} IS NOT NULL AND {zone} IS NOT NULL",
        quoted(zones.table)
    );
    let rows = Statement::new(sql).rows::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().collect())
}

/// The site with the zones of its places. Names that are no zones, and zones that changed, are warned of.
pub(super) fn applied(
    writer: &mut Writer<'_>,
    vendor: &Schema,
    site: &Site,
    before: &BTreeMap<String, String>,
) -> Result<Site, LoadError> {
    let mut zones: BTreeMap<String, Tz> = BTreeMap::new();
    for (place, name) in known(writer.conn, vendor)? {
        match name.parse() {
            Ok(zone) => {
                zones.insert(place.clone(), zone);
            }
            Err(_) => writer.report().warnings.push(format!(
                "place {place}: its zone is none that is known; its times are read in {}",
                site.zone()
            )),
        }
        if before.get(&place).is_some_and(|old| *old != name) {
            writer.report().warnings.push(format!(
                "place {place}: its zone has changed to {name}; rows that are not delivered again keep their times"
            ));
        }
    }
    Ok(site.with_zones(zones))
}
