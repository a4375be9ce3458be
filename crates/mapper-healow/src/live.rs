//! A practice's own database, served where it is.

use mapper::db::Live;

/// The views, and what there must be to make them.
pub static LIVE: Live = Live {
    views: include_str!("../../../schema/healow-live.sql"),
    required: &["users", "enc"],
    absent: &["NULL", "\\N"],
};

#[cfg(test)]
mod tests {
    use super::LIVE;
    use crate::cells;

    #[test]
    fn cells_are_read_as_those_of_a_delivery() {
        assert_eq!(cells::DAYS, mapper::live::DAYS);
        assert_eq!(cells::CLOCKS, mapper::live::CLOCKS);
        assert!(LIVE.absent.iter().all(|cell| cells::absent(cell)));
    }

    /// Views name their columns: whatever else is in the vendor's tables is not read.
    #[test]
    fn no_view_has_all_columns_of_a_table() {
        assert!(!LIVE.views.contains(" * ") && !LIVE.views.contains(".*"));
    }
}
