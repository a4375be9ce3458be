"""What the journal of loads costs: journal.py BEFORE AFTER, two builds of chartgate, the first without journal.

Each build loads a generated delivery into an empty database, then the same again, then one with every tenth row changed. Seconds
of processor time, the program's and those of PostgreSQL's processes, which other work on the machine hardly moves, and seconds by
the clock; of several rounds the least. The builds take turns.
  VENDORS="healthjump practice-fusion mychart healow"
  DATABASES="sqlite postgres"   PostgreSQL is the one that TEST_POSTGRES_URL names (.ci/with-postgres makes one)
  PATIENTS=30000                patients of each vendor, about ten rows each
  ROUNDS=2
"""
import csv
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "bench"
LOADS = ["first", "same again", "a tenth changed"]
# Cells with one of these in the name of their column are texts that may say anything; the first that a file has is changed.
TEXTS = ["city", "reason", "description", "complaint", "comments", "cmt", "specify", "condition", "diagnosis", "name"]
NO_TEXTS = ("id", "guid", "_c_name")


def text_column(columns):
    usual = [column for column in columns if not column.lower().endswith(NO_TEXTS)]
    return next((column for text in TEXTS for column in usual if text in column.lower()), None)


def amended(rows, column):
    for n, row in enumerate(rows):
        if n % 10 == 0 and row.get(column):
            row[column] += " (amended)"
        yield row


def amend(source, target):
    if source.suffix == ".json":
        page = json.loads(source.read_text())
        columns = list(page["data"][0]) if page["data"] else []
        page["data"] = list(amended(page["data"], text_column(columns)))
        target.write_text(json.dumps(page))
        return
    form = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if source.suffix == ".tsv" else {}
    with source.open(newline="") as old, target.open("w", newline="") as new:
        rows = csv.DictReader(old, **form)
        out = csv.DictWriter(new, rows.fieldnames, lineterminator="\n", **form)
        out.writeheader()
        out.writerows(amended(rows, text_column(rows.fieldnames)))


def deliveries(vendor, patients):
    first, changed = (WORK / f"journal-{vendor}-{patients}-{name}" for name in ["first", "changed"])
    for folder in [first, changed]:
        shutil.rmtree(folder, ignore_errors=True)
    generate = [ROOT / "target/release/generate", "--vendor", vendor, "--patients", str(patients), first]
    rows = int(subprocess.run(generate, check=True, capture_output=True, text=True).stdout)
    for source in sorted(path for path in first.rglob("*") if path.is_file()):
        target = changed / source.relative_to(first)
        target.parent.mkdir(parents=True, exist_ok=True)
        amend(source, target)
    return rows, [first, first, changed]


def psql(text):
    command = ["psql", "-qtA", os.environ["TEST_POSTGRES_URL"], "-c", text]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def fresh(database):
    if database == "sqlite":
        for file in WORK.glob("journal.sqlite*"):
            file.unlink()
        return f"sqlite://{WORK}/journal.sqlite"
    psql("drop schema if exists journal cascade")
    psql("create schema journal")
    return os.environ["TEST_POSTGRES_URL"] + "?options=-csearch_path%3Djournal"


def processor(database, postmaster):
    """Of programs that have ended, and of PostgreSQL's processes that have."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime
    if database == "postgres":
        fields = pathlib.Path(f"/proc/{postmaster}/stat").read_text().rsplit(")", 1)[1].split()
        seconds += (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    return seconds


def load(build, config, source, folder, database, postmaster):
    before, began = processor(database, postmaster), time.monotonic()
    command = [build, "load", "--config", config, "--source", source, folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    took = time.monotonic() - began
    # PostgreSQL's process ends a little later than its client.
    time.sleep(0.5)
    return processor(database, postmaster) - before, took


def kept_rows(database):
    if database == "postgres":
        return psql("select sum(kept_rows) from journal.cg_delivery").strip()
    import sqlite3

    with sqlite3.connect(WORK / "journal.sqlite") as open_database:
        return open_database.execute("select sum(kept_rows) from cg_delivery").fetchone()[0]


def measure(vendor, database, builds, patients, rounds):
    rows, folders = deliveries(vendor, patients)
    postmaster = psql("select pg_read_file('postmaster.pid')").split()[0] if database == "postgres" else None
    config, source = WORK / "journal.toml", vendor.replace("-", "")
    least = {}
    for round_ in range(rounds):
        for build in builds if round_ % 2 == 0 else reversed(builds):
            url = fresh(database)
            config.write_text(
                f'[[source]]\nname = "{source}"\nvendor = "{vendor}"\nurl = "{url}"\nzone = "America/New_York"\n'
            )
            for name, folder in zip(LOADS, folders):
                figures = load(build, config, source, folder, database, postmaster)
                known = least.get((build, name), figures)
                least[build, name] = tuple(map(min, known, figures))
            if build == builds[1]:
                kept = kept_rows(database)
    print(f"{vendor}, {database}: {rows} rows, {kept} kept at the end")
    for name in LOADS:
        old, new = (least[build, name] for build in builds)
        share = [f"{a:8.2f} -> {b:8.2f} s  {100 * (b / a - 1):+6.1f} %" for a, b in zip(old, new)]
        print(f"  {name:16} processor {share[0]}   clock {share[1]}", flush=True)


def main():
    builds = [pathlib.Path(path).resolve() for path in sys.argv[1:3]]
    WORK.mkdir(parents=True, exist_ok=True)
    patients, rounds = int(os.environ.get("PATIENTS", "30000")), int(os.environ.get("ROUNDS", "2"))
    for vendor in os.environ.get("VENDORS", "healthjump practice-fusion mychart healow").split():
        for database in os.environ.get("DATABASES", "sqlite postgres").split():
            measure(vendor, database, builds, patients, rounds)


main()
