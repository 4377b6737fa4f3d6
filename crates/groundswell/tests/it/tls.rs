//! TLS by certificate files, and the cookies and headers that come with it.

use crate::server::{Server, config};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tokio_rustls::rustls;

fn write_pair(folder: &Path) -> rustls::pki_types::CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    made.cert.der().clone()
}

fn ask(
    address: &str,
    root: &rustls::pki_types::CertificateDer<'static>,
    request: &str,
) -> Result<String, String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(root.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let settings = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let mut client = rustls::ClientConnection::new(Arc::new(settings), name).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let mut tls = rustls::Stream::new(&mut client, &mut stream);
    tls.write_all(request.as_bytes()).map_err(|e| e.to_string())?;
    let mut answer = Vec::new();
    // Not every server says good-bye.
    let _ = tls.read_to_end(&mut answer);
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn certificates_from_files_are_spoken_and_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let old = write_pair(folder.path());
    std::fs::write(folder.path().join("secret"), "open sesame").unwrap();
    let path = config(folder.path(), "");
    let text = std::fs::read_to_string(&path).unwrap().replace(
        "[data]",
        "password = \"file:secret\"\n[server.tls]\ncert = \"cert.pem\"\nkey = \"key.pem\"\n[data]",
    );
    std::fs::write(&path, text).unwrap();
    let server = Server::start(
        Command::new(crate::server::BINARY)
            .args(["run", "--config"])
            .arg(&path),
        "Groundswell is on https://",
    );
    let body = r#"{"password":"open sesame"}"#;
    let request = format!(
        "POST /api/v1/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = ask(&server.address, &old, &request).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("set-cookie: __Host-groundswell=gss_") && answer.contains("; Secure"),
        "{answer}"
    );
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    // Plain HTTP is not answered.
    assert_eq!(server.request("GET", "/health", "", &[]).0, 0);

    let new = write_pair(folder.path());
    server.signal("HUP");
    let health = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let renewed = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        ask(&server.address, &new, health).is_ok_and(|a| a.starts_with("HTTP/1.1 200"))
    });
    assert!(renewed, "the new certificate is not spoken");
    assert!(ask(&server.address, &old, health).is_err());

    // The command line knows the server of its folder by the certificate in force.
    let purge = Command::new(crate::server::BINARY)
        .args(["erase", "--now", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&purge.stdout);
    assert!(said.starts_with("off the disk: "), "{said}{:?}", purge);
    // And believes no other: here one whose fingerprint is not the one in the folder.
    let file = folder.path().join("data/server.address");
    let text = std::fs::read_to_string(&file).unwrap();
    let (_, address) = text.rsplit_once(' ').unwrap();
    std::fs::write(&file, format!("tls {} {address}", "0".repeat(64))).unwrap();
    let refused = Command::new(crate::server::BINARY)
        .args(["erase", "--now", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(!refused.status.success());
}
