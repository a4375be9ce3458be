//! Files that only the server's user may read.

use std::path::Path;

use mapper::db::Url;

fn prepare_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

/// Makes the file of an embedded database, and its folder, so that only its owner can read it.
///
/// # Errors
/// A sentence with the file and the operating system's reason.
pub(crate) fn prepare(database: &Url) -> Result<(), String> {
    let Some(path) = database.sqlite_path() else {
        return Ok(());
    };
    prepare_file(path).map_err(|error| format!("{}: {error}", path.display()))
}
