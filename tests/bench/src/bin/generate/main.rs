//! Writes a delivery in a vendor's own file form, for as many invented patients as asked: about ten rows per patient, most of them served.
//! The same arguments write the same bytes. It prints the number of rows.

mod files;
mod healow;
mod healthjump;
mod invented;
mod mychart;
mod practice_fusion;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

#[derive(Parser)]
#[command(about = "Writes a vendor's delivery of invented patients")]
struct Arguments {
    /// Whose files.
    #[arg(long)]
    vendor: Vendor,
    /// How many patients.
    #[arg(long, default_value_t = 100_000)]
    patients: u64,
    /// The folder to write; it must not exist yet.
    folder: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Vendor {
    Healthjump,
    PracticeFusion,
    Mychart,
    Healow,
}

fn main() -> io::Result<()> {
    let Arguments {
        vendor,
        patients,
        folder,
    } = Arguments::parse();
    fs::create_dir(&folder)?;
    let rows = match vendor {
        Vendor::Healthjump => healthjump::write(patients, &folder)?,
        Vendor::PracticeFusion => practice_fusion::write(patients, &folder)?,
        Vendor::Mychart => mychart::write(patients, &folder)?,
        Vendor::Healow => healow::write(patients, &folder)?,
    };
    writeln!(io::stdout(), "{rows}")
}
