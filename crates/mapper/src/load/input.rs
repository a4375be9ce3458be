//! Opening files: decompression, byte-order mark, counting, and a limit to what one row may hold.

use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use flate2::read::MultiGzDecoder;

use super::delivery::Delivered;
use super::{LONGEST_ROW, LoadError, Problem};

/// Bytes of a text that are looked at together.
const BUFFER: usize = 32 << 10;

/// A file's text, with the bytes of the file that were read for it.
pub(super) struct Input {
    pub text: Box<dyn Read + Send>,
    pub read: Arc<AtomicU64>,
}

/// Opens a delivered file.
pub(super) fn open(file: &Delivered) -> Result<Input, LoadError> {
    let failed = |e| LoadError::io(&file.path, e);
    let read = Arc::new(AtomicU64::new(0));
    let raw = Counted {
        inner: File::open(&file.path).map_err(failed)?,
        read: Arc::clone(&read),
    };
    let text: Box<dyn Read + Send> = if file.gz {
        Box::new(MultiGzDecoder::new(raw))
    } else {
        Box::new(raw)
    };
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

/// A text that knows how far it was read, and ends with an error where it is not UTF-8 or a row does not end.
///
/// Meant to be read byte by byte; it has a buffer of its own.
pub(super) struct Watched<R> {
    inner: R,
    buffer: Vec<u8>,
    /// The length of the buffer's valid part.
    valid: usize,
    /// Whether the valid part is followed by bytes that are no text.
    broken: bool,
    watch: Watch,
}

/// The place up to which a [`Watched`] text was read; shared with the parser's visitors.
#[derive(Clone, Default)]
pub(super) struct Watch(Rc<Place>);

#[derive(Default)]
struct Place {
    /// How much of the buffer was given away.
    next: Cell<usize>,
    /// Where its lines end.
    ends: RefCell<Vec<usize>>,
    /// Lines and the bytes of the last one before the buffer, and all bytes.
    lines: Cell<usize>,
    column: Cell<usize>,
    offset: Cell<usize>,
    /// Where the last row ended.
    row: Cell<usize>,
    misencoded: Cell<bool>,
    endless: Cell<bool>,
}

impl Watch {
    /// The text, watched.
    pub fn over<R: Read>(&self, inner: R) -> Watched<R> {
        Watched {
            inner,
            buffer: vec![],
            valid: 0,
            broken: false,
            watch: self.clone(),
        }
    }

    /// Line and column of the last byte that was read, from 1.
    pub fn place(&self) -> (u64, u64) {
        let (next, ends) = (self.0.next.get(), self.0.ends.borrow());
        let passed = ends.partition_point(|end| *end < next);
        let last = passed.checked_sub(1).and_then(|at| ends.get(at));
        let column = last.map_or(self.0.column.get() + next, |end| next - end - 1);
        ((self.0.lines.get() + passed) as u64 + 1, column as u64)
    }

    /// A row has ended; the next may again be as long as is allowed.
    pub fn row_ended(&self) {
        self.0.row.set(self.0.offset.get() + self.0.next.get());
    }

    /// Why the text ended early, if it did.
    pub fn problem(&self) -> Option<Problem> {
        let early = (self.0.misencoded.get(), Problem::Encoding);
        [early, (self.0.endless.get(), Problem::Long)]
            .into_iter()
            .find(|(is, _)| *is)
            .map(|(_, problem)| problem)
    }

    /// The buffer is given away and starts anew with `text`.
    fn turn(&self, text: &[u8]) {
        let (line, column) = self.place();
        self.0.lines.set(usize::try_from(line).unwrap_or(usize::MAX) - 1);
        self.0.column.set(usize::try_from(column).unwrap_or(usize::MAX));
        self.0.offset.set(self.0.offset.get() + self.0.next.replace(0));
        let ends = text
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .map(|(at, _)| at);
        let mut known = self.0.ends.borrow_mut();
        known.clear();
        known.extend(ends);
    }
}

impl<R: Read> Watched<R> {
    /// Reads until there is something valid to give away, or the end.
    fn refill(&mut self) -> io::Result<()> {
        // A character that the last read cut in two goes to the front.
        self.buffer.drain(..self.valid);
        self.valid = 0;
        let mut held = self.buffer.len();
        while self.valid == 0 && !self.broken {
            self.buffer.resize(BUFFER, 0);
            let read = self.inner.read(self.buffer.get_mut(held..).unwrap_or_default());
            held += read.as_ref().copied().unwrap_or(0);
            self.buffer.truncate(held);
            match std::str::from_utf8(&self.buffer) {
                Ok(_) => self.valid = held,
                Err(error) => {
                    self.valid = error.valid_up_to();
                    self.broken = error.error_len().is_some() || matches!(read, Ok(0));
                }
            }
            if read? == 0 {
                break;
            }
        }
        self.watch.turn(self.buffer.get(..self.valid).unwrap_or_default());
        Ok(())
    }

    /// A read that finds the buffer given away.
    #[cold]
    fn read_on(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let place = Rc::clone(&self.watch.0);
        if place.next.get() == self.valid && !self.broken {
            self.refill()?;
        }
        if place.offset.get() + place.next.get() - place.row.get() > LONGEST_ROW {
            place.endless.set(true);
            return Err(io::Error::other("row too long"));
        }
        let next = place.next.get();
        let ready = self.buffer.get(next..self.valid).unwrap_or_default();
        if ready.is_empty() && self.broken {
            place.misencoded.set(true);
            return Err(io::Error::other("not UTF-8"));
        }
        let n = ready.len().min(out.len());
        out.iter_mut().zip(ready).for_each(|(to, from)| *to = *from);
        place.next.set(next + n);
        Ok(n)
    }
}

impl<R: Read> Read for Watched<R> {
    #[inline]
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let next = self.watch.0.next.get();
        match (out, self.buffer.get(next)) {
            ([one], Some(byte)) if next < self.valid => {
                *one = *byte;
                self.watch.0.next.set(next + 1);
                Ok(1)
            }
            (out, _) => self.read_on(out),
        }
    }
}
