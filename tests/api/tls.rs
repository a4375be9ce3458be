//! TLS of the server's own: versions, certificates that change, and what is refused without.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned, SupportedProtocolVersion, version,
};
use tests::support::clinic;
use tests::support::database::{Database, Kind};
use tests::support::program::{Serving, chartgate, configure_with};
use tests::support::recorded::Recorded;
use tests::support::source::SOURCE;

/// Writes a new certificate and its key.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    let names = vec!["localhost".to_owned()];
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
    std::fs::write(folder.join("server.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("server.key"), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

fn settings(folder: &Path) -> String {
    let file = |name: &str| folder.join(name);
    format!(
        "[server]\ntls = {{ certificate = {:?}, key = {:?} }}\n",
        file("server.pem"),
        file("server.key")
    )
}

type Connection = StreamOwned<ClientConnection, TcpStream>;

/// A connection of a client that knows one certificate.
fn connect(
    address: &str,
    known: &CertificateDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
) -> std::io::Result<Connection> {
    let mut roots = RootCertStore::empty();
    roots.add(known.clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let config = builder
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let tls = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut connection = StreamOwned::new(tls, TcpStream::connect(address)?);
    connection.sock.set_read_timeout(Some(Duration::from_secs(10)))?;
    while connection.conn.is_handshaking() {
        connection.conn.complete_io(&mut connection.sock)?;
    }
    Ok(connection)
}

/// The answer to a GET.
fn get(mut connection: Connection, address: &str) -> String {
    let request = format!("GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![];
    // Some end a connection without a word.
    let _ = connection.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn rows() -> Database {
    let db = Database::new(Kind::Sqlite);
    clinic::load(&db, SOURCE);
    db
}

/// The first message of a client that knows no version after this one, `3` for TLS 1.2, `2` for 1.1, `1` for 1.0.
fn hello(minor: u8) -> Vec<u8> {
    let suites: [u8; 8] = [0xc0, 0x2b, 0xc0, 0x09, 0xc0, 0x0a, 0x00, 0x2f];
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.push(0);
    body.extend([0, u8::try_from(suites.len()).unwrap()]);
    body.extend(suites);
    body.extend([1, 0]);
    // supported_groups, ec_point_formats, signature_algorithms: what a client of TLS 1.2 has to say.
    let extensions: [&[u8]; 3] = [
        &[0, 10, 0, 4, 0, 2, 0, 23],
        &[0, 11, 0, 2, 1, 0],
        &[0, 13, 0, 6, 0, 4, 4, 3, 4, 1],
    ];
    let extensions = extensions.concat();
    body.extend([0, u8::try_from(extensions.len()).unwrap()]);
    body.extend(extensions);
    let length = u8::try_from(body.len()).unwrap();
    let message = [&[1, 0, 0, length][..], &body].concat();
    [&[22, 3, 1, 0, u8::try_from(message.len()).unwrap()][..], &message].concat()
}

#[test]
fn versions_before_1_2_are_refused() {
    let db = rows();
    let known = certificate(db.folder.path());
    let serving = Serving::start_with(&db, &settings(db.folder.path()), &[]);
    for (versions, expected) in [
        (&[&version::TLS12][..], ProtocolVersion::TLSv1_2),
        (&[&version::TLS13][..], ProtocolVersion::TLSv1_3),
    ] {
        let connection = connect(serving.address(), &known, versions).unwrap();
        assert_eq!(connection.conn.protocol_version(), Some(expected));
        let answer = get(connection, "/fhir/Patient/healthjump.pt.1");
        assert!(
            answer.starts_with("HTTP/1.1 200") && answer.contains("\"Patient\""),
            "{answer}"
        );
    }
    for (minor, refused) in [(1, true), (2, true), (3, false)] {
        let mut stream = TcpStream::connect(serving.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(&hello(minor)).unwrap();
        let mut answer = [0; 7];
        stream.read_exact(&mut answer).unwrap();
        // An alert, protocol_version; or the handshake goes on.
        let told = (answer[0], answer[6]);
        assert_eq!(told == (21, 70), refused, "{minor}: {answer:?}");
        assert_eq!(answer[0] == 22, !refused, "{minor}: {answer:?}");
    }
    // Who does not speak TLS gets no answer of HTTP.
    let mut stream = TcpStream::connect(serving.address()).unwrap();
    stream
        .write_all(b"GET /fhir/metadata HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = vec![];
    let _ = stream.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP"));
}

#[test]
fn addresses_and_cookies_are_of_https() {
    let (db, recorded) = (rows(), Recorded::new(Kind::Sqlite));
    let folder = recorded.db.folder.path();
    let known = certificate(folder);
    let settings = format!("{}{}", settings(folder), recorded.settings());
    let serving = Serving::start_with(&db, &settings, &[]);
    let ask = |address: &str| get(connect(serving.address(), &known, &[&version::TLS13]).unwrap(), address);
    let login = ask("/auth/login");
    let cookie = login.lines().find(|line| line.starts_with("set-cookie: ")).unwrap();
    assert!(cookie.contains("__Host-") && cookie.contains("; Secure"), "{cookie}");
    let configuration = ask("/fhir/.well-known/smart-configuration");
    let issuer = format!("\"issuer\":\"https://{}\"", serving.address());
    assert!(configuration.replace(": ", ":").contains(&issuer), "{configuration}");
}

#[test]
fn a_new_certificate_is_shown_without_a_restart() {
    let db = rows();
    let folder = db.folder.path();
    let first = certificate(folder);
    let serving = Serving::start_with(&db, &settings(folder), &[]);
    let shows = |known: &CertificateDer<'static>| connect(serving.address(), known, &[&version::TLS13]).is_ok();
    assert!(shows(&first));
    // What cannot be used changes nothing.
    std::fs::write(folder.join("server.pem"), "nonsense").unwrap();
    std::thread::sleep(Duration::from_secs(7));
    assert!(shows(&first));
    let second = certificate(folder);
    let begun = Instant::now();
    while !shows(&second) {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the new certificate is not shown"
        );
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(!shows(&first));
}

/// A server that must not start: its last words.
fn refused(db: &Database, settings: &str, arguments: &[&str]) -> String {
    let config = configure_with(db, settings);
    let mut command = Command::new("timeout");
    command
        .arg("30")
        .arg(chartgate())
        .arg("serve")
        .args(arguments)
        .arg("--config")
        .arg(config);
    let output: Output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_others_could_read_is_refused_at_the_start() {
    let (db, recorded) = (rows(), Recorded::new(Kind::Sqlite));
    let folder = recorded.db.folder.path();
    let all = ["--listen", "0.0.0.0:0"];
    let smart = recorded.settings();
    let plain = refused(&db, &smart, &all);
    assert!(plain.contains("plain HTTP") && plain.contains("tls ="), "{plain}");
    let proxied = refused(&db, &format!("[server]\nbehind_proxy = true\n{smart}"), &all);
    assert!(proxied.contains("base_url"), "{proxied}");
    certificate(folder);
    let here = ["--listen", "127.0.0.1:0"];
    let with = |more: &str| format!("{}{more}", settings(folder));
    let http = refused(&db, &with("base_url = \"http://fhir.example.org\"\n"), &here);
    assert!(http.contains("base_url") && http.contains("https"), "{http}");
    // TLS is no authentication.
    assert!(refused(&db, &with(""), &all).contains("--insecure-no-auth"));
    for (file, content, expected) in [
        ("server.key", "nonsense", "server.key"),
        ("server.pem", "nonsense", "server.pem"),
    ] {
        certificate(folder);
        std::fs::write(folder.join(file), content).unwrap();
        let said = refused(&db, &with(""), &here);
        assert!(said.contains(expected), "{said}");
    }
    certificate(folder);
    let key = std::fs::read(folder.join("server.key")).unwrap();
    certificate(folder);
    std::fs::write(folder.join("server.key"), key).unwrap();
    let said = refused(&db, &with(""), &here);
    assert!(said.contains("does not belong to the certificate"), "{said}");
    for wrong in ["proxies = [\"10.0.0\"]", "proxy_header = \"via\""] {
        let said = refused(&db, &format!("[server]\n{wrong}\n"), &here);
        assert!(said.contains("line 2"), "{said}");
    }
}
