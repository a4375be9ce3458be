//! Opening files: decompression, byte-order mark, counting, and a limit to what one row may hold.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};

use flate2::read::MultiGzDecoder;

use super::delivery::Delivered;
use super::{LONGEST_ROW, LoadError, Problem};

/// A file's text, with the bytes of the file that were read for it.
pub(super) struct Input {
    pub text: Box<dyn Read + Send>,
    pub read: Arc<AtomicU64>,
}

/// Opens a delivered file.
pub(super) fn open(file: &Delivered) -> Result<Input, LoadError> {
    let failed = |e| LoadError::io(&file.path, e);
    let read = Arc::new(AtomicU64::new(0));
    let raw = Counted { inner: File::open(&file.path).map_err(failed)?, read: Arc::clone(&read) };
    let text: Box<dyn Read + Send> = if file.gz { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
    let text = without_mark(text).map_err(|e| read_error(&file.path, file.gz, 1, 0, e))?;
    Ok(Input { text, read })
}

/// The error of a failed read: damaged gzip data is a matter of the content, the rest of the machine.
pub(super) fn read_error(path: &Path, gz: bool, line: u64, column: u64, error: io::Error) -> LoadError {
    let damaged = matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
    );
    if gz && damaged {
        LoadError::content(path, line, column, None, Problem::Gzip)
    } else {
        LoadError::io(path, error)
    }
}

/// The text behind a UTF-8 byte-order mark.
fn without_mark(mut text: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::with_capacity(3);
    text.by_ref().take(3).read_to_end(&mut start)?;
    if start == b"\xef\xbb\xbf" {
        start.clear();
    }
    Ok(Box::new(Cursor::new(start).chain(text)))
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.read.fetch_add(n as u64, Relaxed);
        Ok(n)
    }
}

/// Watches a text for what no parser should meet: bytes that are not UTF-8, and rows without end.
pub(super) struct Watched<R> {
    inner: R,
    watch: Watch,
    /// The bytes of a character that the last read cut in two.
    cut: Vec<u8>,
}

/// What a [`Watched`] text found, and where; shared with the parser.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Found>);

#[derive(Default)]
struct Found {
    since_row: AtomicUsize,
    misencoded: AtomicBool,
    line: AtomicU64,
    column: AtomicU64,
}

impl Watch {
    /// A row has ended; the next may again be as long as is allowed.
    pub fn row_ended(&self) {
        self.0.since_row.store(0, Relaxed);
    }

    /// Whether a row was too long.
    pub fn too_long(&self) -> bool {
        self.0.since_row.load(Relaxed) > LONGEST_ROW
    }

    /// Line and column of the first byte that is not UTF-8.
    pub fn misencoded(&self) -> Option<(u64, u64)> {
        let place = (self.0.line.load(Relaxed) + 1, self.0.column.load(Relaxed) + 1);
        self.0.misencoded.load(Relaxed).then_some(place)
    }

    /// The text, watched.
    pub fn over<R: Read>(&self, inner: R) -> Watched<R> {
        Watched { inner, watch: self.clone(), cut: Vec::new() }
    }

    /// Moves the place behind `bytes`.
    fn pass(&self, bytes: &[u8]) {
        let lines = bytes.iter().filter(|b| **b == b'\n').count() as u64;
        let behind = bytes.iter().rev().take_while(|b| **b != b'\n').count() as u64;
        if lines > 0 {
            self.0.line.fetch_add(lines, Relaxed);
            self.0.column.store(behind, Relaxed);
        } else {
            self.0.column.fetch_add(behind, Relaxed);
        }
    }
}

impl<R> Watched<R> {
    fn check(&mut self, new: &[u8]) -> io::Result<()> {
        let mut joined = std::mem::take(&mut self.cut);
        let bytes = if joined.is_empty() {
            new
        } else {
            joined.extend_from_slice(new);
            &joined
        };
        let Err(error) = std::str::from_utf8(bytes) else {
            self.watch.pass(bytes);
            return Ok(());
        };
        let (valid, rest) = bytes.split_at(error.valid_up_to());
        self.watch.pass(valid);
        // At the end of the text a cut character is an error too; the parsers find the text incomplete then.
        if error.error_len().is_some() {
            self.watch.0.misencoded.store(true, Relaxed);
            return Err(io::Error::other("not UTF-8"));
        }
        self.cut = rest.to_vec();
        Ok(())
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if self.watch.0.since_row.fetch_add(n, Relaxed) + n > LONGEST_ROW {
            return Err(io::Error::other("row too long"));
        }
        self.check(buffer.get(..n).unwrap_or_default())?;
        Ok(n)
    }
}
