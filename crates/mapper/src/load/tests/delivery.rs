//! Which files are read, and what is said about the rest.

use super::*;

fn not_read(report: &Report) -> Vec<String> {
    let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
    report
        .not_read
        .iter()
        .map(|n| format!("{}: {}", name(&n.path), n.reason))
        .collect()
}

#[test]
fn the_nearest_name_says_what_a_file_holds() {
    on_each(|db| {
        let row = |id: u32| format!(r#"[{{"id":{id}}}]"#);
        let files = Files::of("visit/2026/01/page-1.json", row(1))
            .with("visit/person-20260101.json", row(2))
            .with("VISITS_20260115.JSON", row(3))
            .with("visit.v3.json", row(4))
            .with("person/visit/x.json", row(5))
            .with("visitors.json", row(6))
            .with("medication.json", row(7))
            .with("visit.xlsx", "PK")
            .with("visit.psv", "1|2")
            .with(".visit.json", row(8))
            .with(".git/visit.json", row(9));
        let report = db.load(&files).unwrap();
        assert_eq!(db.texts("SELECT key FROM visit ORDER BY key"), ["1", "3", "4", "5"]);
        assert_eq!(db.texts("SELECT key FROM person ORDER BY key"), ["2"]);
        let nothing = "neither the file nor a folder above it is named like something the vendor delivers";
        assert_eq!(
            not_read(&report),
            [
                format!("medication.json: {nothing}"),
                "visit.psv: no column order of files without header is known for `visit`".into(),
                "visit.xlsx: not a format that is read: .json, .psv, .txt, .csv, .dat, each also with .gz".into(),
                format!("visitors.json: {nothing}"),
            ]
        );
    });
}

#[test]
fn a_delivery_of_unknown_files_is_no_delivery() {
    on_each(|db| {
        let error = db.load(&Files::of("medication.json", "[]")).unwrap_err().to_string();
        assert!(error.starts_with("nothing to load: none of 1 files"), "{error}");
        assert_eq!(
            db.load(&Files::new()).unwrap_err().to_string(),
            "nothing to load: there are no files"
        );
        assert!(!db.has_tables());
    });
}

#[test]
fn links_in_circles_end_and_no_file_is_read_twice() {
    let files = Files::of("a/visit.json", r#"[{"id":1}]"#);
    let root = files.path();
    std::os::unix::fs::symlink(&root, root.join("a/again")).unwrap();
    std::os::unix::fs::symlink(root.join("a/visit.json"), root.join("visit-link.json")).unwrap();
    std::os::unix::fs::symlink(root.join("gone"), root.join("visit-gone.json")).unwrap();
    let paths = [root.clone(), root.join("a"), root.join("a/visit.json")];
    on_each(|db| {
        let now = time("2026-02-01 00:00:00");
        let report = load(&mut db.conn, &vendor::SCHEMA, &vendor::site(""), &paths, now, &mut ()).unwrap();
        assert_eq!(report.files.len(), 1);
        assert_eq!(not_read(&report), ["visit-gone.json: a link to nowhere"]);
    });
}

#[test]
fn a_folder_given_by_name_names_its_files() {
    let files = Files::of("visit/page-1.json", r#"[{"id":1}]"#);
    for path in ["visit", "visit/page-1.json"] {
        on_each(|db| {
            let paths = [files.path().join(path)];
            let now = time("2026-02-01 00:00:00");
            let report = load(&mut db.conn, &vendor::SCHEMA, &vendor::site(""), &paths, now, &mut ()).unwrap();
            assert_eq!(report.files.len(), 1);
            assert_eq!(db.texts("SELECT path FROM cg_file"), ["visit/page-1.json"]);
        });
    }
}

#[test]
fn missing_pages_are_noticed() {
    on_each(|db| {
        let page = |n: u32, last: u32| {
            let next = if n < last {
                format!("\"https://x/?page={}\"", n + 1)
            } else {
                "null".into()
            };
            format!(
                r#"{{"last_page":{last},"data":[{{"id":{n}}}],"current_page":"{n}","total":{last},"next_page_url":{next}}}"#
            )
        };
        let files = Files::of("visit/1.json", page(1, 7))
            .with("visit/4.json", page(4, 7))
            .with("person/1.json", page(1, 1));
        let report = db.load(&files).unwrap();
        assert_eq!(report.warnings.len(), 1);
        assert!(
            report.warnings[0].ends_with("visit: pages 2-3, 5-7 of 7 are missing"),
            "{:?}",
            report.warnings
        );
        let open = r#"{"current_page":3,"data":[],"next_page_url":"https://x"}"#;
        let warnings = db.load(&Files::of("visit/3.json", open)).unwrap().warnings;
        assert!(warnings[0].ends_with("more pages follow page 3"), "{warnings:?}");
        let short = r#"{"current_page":1,"data":[{"id":1}],"last_page":1,"total":3}"#;
        let warnings = db.load(&Files::of("visit/3.json", short)).unwrap().warnings;
        assert!(
            warnings[0].ends_with("1 rows where the pages announce 3"),
            "{warnings:?}"
        );
    });
}
