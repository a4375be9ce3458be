//! A server that asks who is there: its clients and people, and how tests get access.

pub mod browser;
pub mod flow;
pub mod keys;
pub mod page;

use std::cell::Cell;
use std::ops::Deref;
use std::path::Path;
use std::sync::OnceLock;

use chrono::{NaiveDateTime, TimeDelta};

use super::database::{Database, Kind};
use super::server::{Server, now};
use super::setup::Setup;

/// The patient of `pat`.
pub const PATIENT: &str = "healthjump.pt.700102";
/// The children of `mother`, at two clinics.
pub const CHILDREN: [&str; 2] = ["healthjump.pt.720304", "healow.pt.5003"];
/// The mother herself, who is a patient too, though not one whose records she may see.
pub const MOTHER: &str = "healthjump.pt.710201";
/// A patient whom nobody but `ada` and some clinicians may see.
pub const STRANGER: &str = "healthjump.pt.700101";
/// Whom `sam` sees.
pub const SEEN_BY_SAM: &str = "_has:Encounter:patient:practitioner=healthjump.prov.3001";
/// Whom the service `ward` sees.
pub const SEEN_BY_WARD: &str = "_id=practicefusion.pt.7d3e0c5a-1111-4222-8333-000000000001,mychart.pt.Z1000002";

/// Where codes of the clients go.
pub const BACK: &str = "https://app.example.org/back";
/// The secret of the clients that have one. It has what encodings would change.
pub const SECRET: &str = "s3cret+of the%20site";

/// Everybody's password.
pub const PASSWORD: &str = "correct horse";

const ACCOUNTS: &str = r#"
[[account]]
login = "pat"
name = "Pat Example"
role = "patient"
person = "Patient/healthjump.pt.700102"
patients = ["healthjump.pt.700102"]

[[account]]
login = "mother"
name = "Mother Example"
role = "patient"
person = "Patient/healthjump.pt.710201"
patients = ["healthjump.pt.720304", "healow.pt.5003"]

[[account]]
login = "nobody"
name = "Nobody's Example"
role = "patient"

[[account]]
login = "sam"
name = "Sam Example"
role = "practitioner"
person = "Practitioner/healthjump.prov.3001"
sees = "_has:Encounter:patient:practitioner=healthjump.prov.3001"

[[account]]
login = "ada"
name = "Ada Example"
role = "administrator"
sees = ""
"#;

const ALL: &str =
    "openid fhirUser launch launch/patient launch/encounter online_access offline_access patient/*.cruds user/*.cruds";

/// The state of the authorization server, its clients and its people; servers that share it are one.
pub struct Smart {
    db: Database,
    settings: String,
}

/// A server in this process that asks who is there.
pub struct Site {
    server: Server,
    /// What it is started from.
    pub smart: Smart,
}

impl Deref for Site {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl Smart {
    /// With the clients and people of all tests.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self::with(kind, "")
    }

    /// The same with more lines in `[smart]`.
    #[must_use]
    pub fn with(kind: Kind, more: &str) -> Self {
        Self::of(kind, more, &clients(""))
    }

    /// The same with other clients: the text of their file.
    #[must_use]
    pub fn of(kind: Kind, more: &str, clients: &str) -> Self {
        let db = Database::new(kind);
        let folder = db.folder.path();
        std::fs::create_dir(folder.join("clients")).unwrap();
        std::fs::write(folder.join("clients/all.toml"), clients).unwrap();
        std::fs::write(folder.join("accounts.toml"), accounts()).unwrap();
        let path = |name: &str| format!("{:?}", folder.join(name));
        let settings = format!(
            "[smart]\ndatabase = {:?}\nclients = {}\naccounts = {}\n{more}\n",
            db.url(),
            path("clients"),
            path("accounts.toml"),
        );
        Self { db, settings }
    }

    /// The `[smart]` of a configuration.
    #[must_use]
    pub fn settings(&self) -> &str {
        &self.settings
    }

    /// The folder of its files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.db.folder.path()
    }

    /// A server over these sources with this state.
    pub async fn serve(&self, setup: Setup) -> Server {
        setup.with(&self.settings).start().await
    }

    /// The state's database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.db
    }
}

/// A server over all samples.
pub async fn site(kind: Kind) -> Site {
    site_with(kind, "").await
}

/// A server over all samples that lets statements take their time: for tests that ask much of a machine that others use, too.
pub async fn patient_site(kind: Kind) -> Site {
    let smart = Smart::new(kind);
    let settings = format!("[limits]\nstatement_seconds = 60\n{}", smart.settings());
    let server = Setup::all(kind).clock(clock).with(&settings).start().await;
    Site { server, smart }
}

/// A server over all samples with more lines in `[smart]`.
pub async fn site_with(kind: Kind, more: &str) -> Site {
    let smart = Smart::with(kind, more);
    let server = smart.serve(Setup::all(kind).clock(clock)).await;
    Site { server, smart }
}

/// A server with clients of the test's own beside the usual ones.
pub async fn site_and(kind: Kind, more_clients: &str) -> Site {
    let smart = Smart::of(kind, "", &clients(more_clients));
    let server = smart.serve(Setup::all(kind).clock(clock)).await;
    Site { server, smart }
}

thread_local! {
    static LATER: Cell<i64> = const { Cell::new(0) };
}

/// The time of the servers of this test.
#[must_use]
pub fn clock() -> NaiveDateTime {
    now() + TimeDelta::seconds(LATER.get())
}

/// Lets time pass for the servers of this test.
pub fn wait(seconds: i64) {
    LATER.set(LATER.get() + seconds);
}

/// The people, with hashes of their password.
fn accounts() -> String {
    let line = format!("password_hash = {:?}\n", hash(PASSWORD));
    ACCOUNTS.replace("role =", &format!("{line}role ="))
}

/// The clients: `app` is public, `site` and `looker` have a secret, `old` may do without PKCE, `signer`, `service` and `ward` sign.
#[must_use]
pub fn clients(more: &str) -> String {
    let secret = format!("{{ secret_hash = {:?} }}", hash(SECRET));
    let jwks = format!("{{ jwks = {} }}", keys::toml(&keys::jwks()));
    let client = |id: &str, proof: &str, scopes: &str, more: &str| {
        format!(
            "[[client]]\nid = {id:?}\nname = \"The {id}\"\nproof = {proof}\nscopes = {scopes:?}\nredirect_uris = [{BACK:?}]\n\
             launch_uri = \"https://app.example.org/launch\"\n{more}\n"
        )
    };
    let sees = format!("patients = {SEEN_BY_WARD:?}");
    [
        client("app", "\"public\"", ALL, ""),
        client(
            "small",
            "\"public\"",
            "openid patient/Condition.rs patient/Patient.r",
            "",
        ),
        client("site", &secret, ALL, ""),
        client("old", &secret, ALL, "without_pkce = true"),
        client("looker", &secret, "openid", "introspects = true"),
        client("signer", &jwks, ALL, ""),
        client("service", &jwks, "system/*.cruds", "patients = \"\""),
        client("ward", &jwks, "system/*.rs", &sees),
        more.to_owned(),
    ]
    .concat()
}

/// The hash of a password; made once, for it takes its time.
#[must_use]
pub fn hash(password: &str) -> String {
    static HASHES: OnceLock<[String; 2]> = OnceLock::new();
    let known = HASHES.get_or_init(|| [PASSWORD, SECRET].map(|password| smart::password::hash(password).unwrap()));
    if password == PASSWORD { &known[0] } else { &known[1] }.clone()
}
