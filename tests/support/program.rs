//! The real program, `chartgate`, as another process.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::database::Database;
use super::setup::config_entry;
use super::source::SOURCE;

/// The program, built if it is not up to date.
#[must_use]
pub fn chartgate() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "server",
                "--bin",
                "chartgate",
                "--message-format",
                "json",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(built.status.success(), "chartgate does not build");
        let lines = String::from_utf8(built.stdout).unwrap();
        let artifacts = lines
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let path = artifacts
            .filter_map(|a| a["executable"].as_str().map(PathBuf::from))
            .next_back();
        path.expect("cargo says where the program is")
    })
}

/// Writes a configuration with one source into the database's folder.
#[must_use]
pub fn configure(db: &Database) -> PathBuf {
    configure_with(db, "")
}

/// The same with settings before the source.
#[must_use]
pub fn configure_with(db: &Database, settings: &str) -> PathBuf {
    let path = db.folder.path().join("chartgate.toml");
    let entry = config_entry(SOURCE, &db.url());
    std::fs::write(&path, format!("{settings}{entry}")).unwrap();
    path
}

/// `chartgate load` of this folder, not yet started.
#[must_use]
pub fn load(config: &Path, folder: &Path) -> Command {
    let mut command = Command::new(chartgate());
    command
        .args(["load", "--source", SOURCE, "--config"])
        .arg(config)
        .arg(folder);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs a command with the configuration of a database, to its end.
#[must_use]
pub fn run(db: &Database, arguments: &[&str]) -> Output {
    let config = configure(db);
    let mut command = Command::new(chartgate());
    command
        .arg(arguments[0])
        .arg("--config")
        .arg(config)
        .args(&arguments[1..]);
    command
        .current_dir(db.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// `chartgate serve` on a free port; it ends when this is dropped.
pub struct Serving {
    child: std::process::Child,
    address: String,
    log: PathBuf,
}

impl Serving {
    /// Starts it and waits until it listens.
    #[must_use]
    pub fn start(db: &Database, arguments: &[&str]) -> Self {
        Self::start_with(db, "", arguments)
    }

    /// The same with settings before the source.
    #[must_use]
    pub fn start_with(db: &Database, settings: &str, arguments: &[&str]) -> Self {
        let log = db.folder.path().join("serve.log");
        let greeting = db.folder.path().join("serve.out");
        let file = |path: &Path| std::fs::File::create(path).unwrap();
        let child = Command::new(chartgate())
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(configure_with(db, settings))
            .args(arguments)
            .current_dir(db.folder.path())
            .stdin(Stdio::null())
            .stdout(file(&greeting))
            .stderr(file(&log))
            .spawn()
            .unwrap();
        let mut serving = Self {
            child,
            address: String::new(),
            log,
        };
        serving.address = serving.wait_for_address(&greeting);
        serving
    }

    fn wait_for_address(&mut self, greeting: &Path) -> String {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) {
            let text = std::fs::read_to_string(greeting).unwrap();
            let told = text
                .split_once("FHIR R4 at http")
                .and_then(|(_, rest)| rest.split_once("://"));
            if let Some((_, rest)) = told {
                return rest.split_once('/').unwrap().0.to_owned();
            }
            assert!(
                self.child.try_wait().unwrap().is_none(),
                "chartgate ended: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("chartgate does not listen: {}", self.log());
    }

    /// Host and port.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Sends a request as it stands and gives the answer as it stands.
    #[must_use]
    pub fn exchange(&self, head: &str, body: &str) -> String {
        self.exchange_with(head, &[], body)
    }

    /// The same with further headers.
    #[must_use]
    pub fn exchange_with(&self, head: &str, headers: &[(&str, &str)], body: &str) -> String {
        let headers: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = vec![];
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Tells it to stop, as service managers do, and waits for its end.
    pub fn stop(&mut self) -> std::process::ExitStatus {
        let told = Command::new("kill")
            .arg("-TERM")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(told.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
