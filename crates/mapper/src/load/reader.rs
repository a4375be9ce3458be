//! The file side of a load: a thread that reads files into batches of rows, while this one stores them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::columns::{Filling, Names};
use super::delivery::{Delivered, Format};
use super::json::{self, Sink};
use super::pages::Pages;
use super::prepare::{Prepared, prepare};
use super::writer::Writer;
use super::{Headed, LoadError, Progress, headed, input, pipe};
use crate::Site;

/// Rows of a batch, unless they are large; as many as pages have.
const ROWS: usize = 1000;
/// About as much memory may a batch take.
const BYTES: usize = 1 << 20;

/// What the reading thread tells.
enum Message {
    /// A file begins.
    File(usize),
    /// Rows of the file, and bytes read of it since the last ones.
    Rows(Vec<Prepared>, u64),
    /// The file has ended; its rows.
    End(u64),
}

/// What is known when all files are read.
#[derive(Default)]
struct Read {
    lost: Vec<(&'static str, BTreeMap<String, u64>)>,
    pages: Pages,
}

/// Reads all files and stores their rows.
pub(super) fn read(
    writer: &mut Writer<'_>,
    site: &Site,
    form: Option<Headed>,
    files: &[Delivered],
    progress: &mut dyn Progress,
) -> Result<(), LoadError> {
    let (tell, told) = sync_channel(1);
    let read = std::thread::scope(|threads| {
        let reader = threads.spawn(move || read_files(site, form, files, &tell));
        // A failure here drops the channel, which ends the reader.
        let stored = store(writer, files, told, progress);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        stored.and(read)
    })?;
    let report = writer.report();
    for (entity, lost) in read.lost {
        report.counts(entity).columns_not_read = lost;
    }
    report.warnings.extend(read.pages.warnings());
    Ok(())
}

fn store(
    writer: &mut Writer<'_>,
    files: &[Delivered],
    told: Receiver<Message>,
    progress: &mut dyn Progress,
) -> Result<(), LoadError> {
    let mut current = None;
    for message in told {
        match (message, current) {
            (Message::File(at), _) => {
                if let Some(file) = files.get(at) {
                    progress.file(&file.path, file.bytes, file.entity.name);
                    current = Some((file, writer.begin_file()));
                }
            }
            (Message::Rows(rows, bytes), Some((file, id))) => {
                let n = rows.len() as u64;
                writer.write(file.entity, id, rows)?;
                progress.advance(n, bytes);
            }
            (Message::End(rows), Some((file, id))) => {
                writer.report().counts(file.entity.name);
                writer.end_file(id, file.entity, Some((file.path.clone(), file.label.clone())), rows)?;
            }
            (Message::Rows(..) | Message::End(_), None) => {}
        }
    }
    Ok(())
}

fn read_files(
    site: &Site,
    form: Option<Headed>,
    files: &[Delivered],
    tell: &SyncSender<Message>,
) -> Result<Read, LoadError> {
    let mut names: HashMap<&'static str, Names<'_>> = HashMap::new();
    let mut read = Read::default();
    for (at, file) in files.iter().enumerate() {
        send(tell, Message::File(at))?;
        let names = names
            .entry(file.entity.name)
            .or_insert_with(|| Names::new(file.entity, site));
        let input = input::open(file)?;
        let mut batch = Batch {
            file,
            site,
            tell,
            read: input.read,
            told: 0,
            size: 0,
            all: 0,
            rows: vec![],
        };
        match file.format {
            Format::Json => {
                let page = json::read(&file.path, file.gz, input.text, names, &mut batch)?;
                read.pages.add(file, &page);
            }
            Format::Pipe => {
                pipe::read(file, input.text, names, &mut batch)?;
            }
            Format::Tabs | Format::Commas => {
                // Only vendors that say how such files are written have any.
                if let Some(form) = form {
                    headed::read(file, form, input.text, names, &mut batch)?;
                }
            }
        }
        batch.send()?;
        let rows = batch.all;
        send(tell, Message::End(rows))?;
    }
    read.lost = names
        .into_iter()
        .map(|(entity, names)| (entity, names.into_lost()))
        .collect();
    Ok(read)
}

/// Rows of a file that are not yet sent.
struct Batch<'b> {
    file: &'b Delivered,
    site: &'b Site,
    tell: &'b SyncSender<Message>,
    read: Arc<AtomicU64>,
    told: u64,
    size: usize,
    all: u64,
    rows: Vec<Prepared>,
}

impl Sink for Batch<'_> {
    fn row(&mut self, row: Filling) -> Result<(), LoadError> {
        let row = prepare(self.file.entity, self.site, row.into_values())?;
        self.size += row.size();
        self.all += 1;
        self.rows.push(row);
        if self.rows.len() >= ROWS || self.size >= BYTES {
            self.send()
        } else {
            Ok(())
        }
    }
}

impl Batch<'_> {
    fn send(&mut self) -> Result<(), LoadError> {
        let rows = std::mem::take(&mut self.rows);
        let read = self.read.load(Ordering::Relaxed);
        let bytes = read - std::mem::replace(&mut self.told, read);
        self.size = 0;
        send(self.tell, Message::Rows(rows, bytes))
    }
}

/// Without a listener the storing thread has failed, and its error is the one that is told.
fn send(tell: &SyncSender<Message>, message: Message) -> Result<(), LoadError> {
    tell.send(message)
        .map_err(|_closed| LoadError::Database(diesel::result::Error::RollbackTransaction))
}
