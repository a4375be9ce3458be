//! A state for tests.

use std::time::Duration;

use mapper::db::{Access, Manager, Url};

use super::{Seconds, Store};

/// A moment.
pub(crate) const NOW: Seconds = 1_750_000_000;

/// Opens connections to the state in a folder.
pub(crate) fn manager(folder: &tempfile::TempDir) -> Manager {
    let url = Url::parse(&format!("sqlite://{}", folder.path().join("smart.db").display())).unwrap();
    Manager::new(url, Access::Load, Duration::from_secs(5))
}

/// A state in a folder that goes with it.
pub(crate) async fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(manager(&folder), mapper::Limits::default()).await.unwrap();
    (store, folder)
}
