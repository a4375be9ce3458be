use super::*;

const SOURCE: &str =
    "[[source]]\nname = \"hj\"\nvendor = \"healthjump\"\nurl = \"postgres://u:s3cret@h/d\"\nzone = \"UTC\"\n";

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("conf/chartgate.toml"))
}

fn message(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn the_documented_default_is_valid_and_says_the_defaults() {
    let written = parse(DEFAULT).unwrap();
    let mut uncommented = String::new();
    for line in DEFAULT.lines() {
        // `# key = value` and `# [table]` show a default; prose has no such shape
        let setting = line.strip_prefix("# ").filter(|l| {
            (l.starts_with('[') && l.ends_with(']')) || l.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '))
        });
        let own = |l: &&str| {
            !["profile", "workers", "sources", "clients", "accounts ="]
                .iter()
                .any(|key| l.starts_with(key))
        };
        uncommented.push_str(setting.filter(own).unwrap_or(line));
        uncommented.push('\n');
    }
    let spelled = parse(&uncommented).unwrap();
    let secret = PathBuf::from("chartgate.secret");
    assert_eq!(
        (spelled.server.secret_file, written.server.secret_file),
        (Some(secret), None)
    );
    assert_eq!(
        (spelled.server.base_url, written.server.base_url),
        (Some("http://127.0.0.1:8080".to_owned()), None)
    );
    assert_eq!(spelled.server.listen, written.server.listen);
    assert_eq!(spelled.server.max_body, written.server.max_body);
    assert_eq!(spelled.server.cors_origin, written.server.cors_origin);
    assert_eq!(format!("{:?}", spelled.limits), format!("{:?}", written.limits));
    assert_eq!(written.sources.len(), 1);
}

#[test]
fn mistakes_are_told_with_line_and_column() {
    let at = |line: usize, column: usize| format!("conf/chartgate.toml, line {line}, column {column}: ");
    let two = format!("{SOURCE}{SOURCE}");
    let cases = [
        ("[server]\nport = 1\n".to_owned(), at(2, 1) + "unknown field `port`"),
        (
            "[server]\nlisten = \"here\"\n".to_owned(),
            at(2, 10) + "expected an address and a port",
        ),
        ("[limits]\nthreads = 0\n".to_owned(), at(2, 11) + "invalid value"),
        (
            "[server]\nbase_url = \"ftp://h\"\n".to_owned(),
            at(2, 12) + "expected an address such as",
        ),
        (
            "[limits]\ndefault_count = 2000\n".to_owned(),
            at(2, 1) + "default_count is more than max_count",
        ),
        (
            SOURCE.replace("\"healthjump\"", "\"epic\""),
            at(3, 10) + "unknown vendor `epic`; there is: healthjump",
        ),
        (
            SOURCE.replace("postgres", "mysql"),
            at(4, 7) + "database address: `mysql://` is not supported",
        ),
        (
            SOURCE.replace("UTC", "Mars/Base"),
            at(5, 8) + "unknown time zone `Mars/Base`",
        ),
        (
            SOURCE.replace("\"hj\"", "\"fhir\""),
            at(2, 8) + "a source cannot be named `fhir`",
        ),
        (
            SOURCE.replace("zone = \"UTC\"\n", ""),
            at(2, 8) + "source `hj` has no zone, and its profile names none",
        ),
        (
            format!("{SOURCE}live = true\n"),
            at(2, 8) + "the tables of vendor `healthjump` cannot be served live",
        ),
        (two, at(7, 8) + "two sources are named `hj`"),
        (String::new(), at(1, 1) + "there is no [[source]]"),
        ("[[source]\n".to_owned(), at(1, 10) + "unclosed array table"),
    ];
    for (text, expected) in cases {
        let message = message(&text);
        assert!(message.starts_with(&expected), "{message}\nexpected\n{expected}");
    }
}

#[test]
fn passwords_are_never_shown() {
    let config = parse(SOURCE).unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
    for broken in [
        SOURCE.replace("d\"\n", "d\n"),
        SOURCE.replace("postgres", "pg"),
        SOURCE.replace("url", "uri"),
    ] {
        assert!(!message(&broken).contains("s3cret"), "{}", message(&broken));
    }
}

#[test]
fn the_secret_is_beside_the_first_embedded_database_else_beside_the_file() {
    assert_eq!(parse(SOURCE).unwrap().secret_file(), Path::new("conf/chartgate.secret"));
    let embedded = SOURCE.replace("postgres://u:s3cret@h/d", "sqlite://data/hj.db");
    assert_eq!(
        parse(&embedded).unwrap().secret_file(),
        Path::new("data/chartgate.secret")
    );
    let named = format!("[server]\nsecret_file = \"key\"\n{embedded}");
    assert_eq!(parse(&named).unwrap().secret_file(), Path::new("conf/key"));
}

#[test]
fn a_missing_file_is_told_apart_from_a_missing_default() {
    let named = Config::read(Some(Path::new("no/such/file.toml"))).unwrap_err();
    assert!(matches!(named, ConfigError::Io { .. }), "{named}");
}

#[test]
fn addresses_may_say_localhost() {
    assert_eq!(
        listen_address("localhost:80").unwrap(),
        listen_address("127.0.0.1:80").unwrap()
    );
    assert!(listen_address("[::1]:80").is_ok());
    assert!(listen_address("8080").is_err());
}

/// A folder with a configuration, a folder of sources, and a profile.
fn folder(profile: &str, sources: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("more")).unwrap();
    write("chartgate.toml", "[server]\nsources = \"more\"\n");
    write("site.toml", profile);
    for (name, text) in sources {
        write(&format!("more/{name}"), text);
    }
    folder
}

fn read(folder: &tempfile::TempDir) -> Result<Config, String> {
    let path = folder.path().join("chartgate.toml");
    let at = format!("{}/", folder.path().display());
    Config::read(Some(&path)).map_err(|e| e.to_string().replace(&at, ""))
}

#[test]
fn sources_may_be_in_files_of_their_own() {
    let source = |name: &str| {
        SOURCE
            .replace("\"hj\"", &format!("\"{name}\""))
            .replace("zone = \"UTC\"", "profile = \"../site.toml\"")
    };
    let profile = "zone = \"America/Denver\"\nclient_id = \"P1\"\n";
    let (b, a) = (source("b"), source("a"));
    let config = read(&folder(profile, &[("2.toml", &b), ("1.toml", &a), ("notes.txt", "?")])).unwrap();
    let names: Vec<&str> = config.sources.iter().map(|s| s.site.name()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(config.sources[0].site.zone(), chrono_tz::America::Denver);
    assert_eq!(config.sources[0].site.profile().client_id.as_deref(), Some("P1"));

    let twice = read(&folder(profile, &[("1.toml", &a), ("2.toml", &a)])).unwrap_err();
    assert_eq!(twice, "more/2.toml, line 2, column 8: two sources are named `a`");
    assert_eq!(
        read(&folder(profile, &[])).unwrap_err(),
        "chartgate.toml, line 3, column 1: there is no [[source]]"
    );
}

#[test]
fn a_wrong_profile_is_told_with_its_place() {
    let source = SOURCE.replace("zone = \"UTC\"", "zone = \"UTC\"\nprofile = \"../site.toml\"");
    let wrong = |profile: &str| {
        let told = read(&folder(profile, &[("hj.toml", &source)])).unwrap_err();
        told.replace("more/../", "")
    };
    let cases = [
        (
            "[columns.encounter]\nnothing = \"x\"\n",
            "profile of `hj`: [columns.encounter]: `encounter` has no column `nothing`; it has ",
        ),
        (
            "[columns.nothing]\na = \"x\"\n",
            "profile of `hj`: [columns.nothing]: no entity `nothing`; there are demographic",
        ),
        (
            "[ids]\nencounter = \"nothing\"\n",
            "profile of `hj`: [ids]: `encounter` has no column `nothing`",
        ),
        (
            "[codes.colour]\na = \"x\"\n",
            "profile of `hj`: [codes.colour]: no such code map; there are gender",
        ),
        (
            "[codes.gender]\na = \"x\"\n",
            "profile of `hj`: [codes.gender]: `x` is not one of its codes, which are female, male",
        ),
        ("[zones]\n12 = \"Mars/Base\"\n", "TOML parse error at line 2, column 6"),
        ("zone = \"Mars/Base\"\n", "TOML parse error at line 1, column 8"),
        ("colour = 1\n", "TOML parse error at line 1, column 1"),
    ];
    for (profile, expected) in cases {
        let told = wrong(profile);
        assert!(told.starts_with("site.toml: "), "{told}");
        assert!(told.contains(expected), "{told}\nexpected\n{expected}");
    }
}
