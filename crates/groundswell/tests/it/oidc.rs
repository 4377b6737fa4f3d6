//! Single sign-on against an issuer of our own on this machine.

use crate::people::Browser;
use crate::server::Server;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// What the issuer will put into its next token.
#[derive(Default)]
struct Next {
    nonce: String,
    challenge: String,
    change: Value,
    algorithm: Option<&'static str>,
    broken: bool,
}

struct Issuer {
    url: String,
    next: Arc<Mutex<Next>>,
}

fn new_key() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap()
}

impl Issuer {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let next = Arc::new(Mutex::new(Next::default()));
        let (own, shared) = (url.clone(), next.clone());
        std::thread::spawn(move || {
            let key = new_key();
            for stream in listener.incoming() {
                answer(stream.unwrap(), &own, &key, &shared);
            }
        });
        Self { url, next }
    }

    /// The address a browser is led to, read as the provider's page does; gives `state`.
    fn visit(&self, url: &str, change: Value) -> String {
        let query = url.strip_prefix(&format!("{}/authorize?", self.url)).expect(url);
        let asked: HashMap<&str, &str> = query.split('&').filter_map(|p| p.split_once('=')).collect();
        assert_eq!(
            (asked["response_type"], asked["client_id"]),
            ("code", "groundswell")
        );
        assert_eq!(
            (asked["code_challenge_method"], asked["scope"]),
            ("S256", "openid%20email%20profile")
        );
        let mut next = self.next.lock().unwrap();
        *next = Next {
            nonce: asked["nonce"].to_owned(),
            challenge: asked["code_challenge"].to_owned(),
            change,
            ..Next::default()
        };
        asked["state"].to_owned()
    }
}

fn answer(stream: TcpStream, issuer: &str, key: &EcdsaKeyPair, next: &Mutex<Next>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    while reader.read_line(&mut head).unwrap() > 2 {
        let last = head.lines().last().unwrap().to_lowercase();
        if let Some(value) = last.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let point = key.public_key().as_ref();
    let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let answer = match path.as_str() {
        "/.well-known/openid-configuration" => json!({"issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys")}),
        "/keys" => json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig",
            "x": b64(&point[1..33]), "y": b64(&point[33..])}]}),
        "/token" => {
            let next = next.lock().unwrap();
            // basic("groundswell", "shh")
            assert!(head.contains("Basic Z3JvdW5kc3dlbGw6c2ho"), "{head}");
            let form = String::from_utf8(body).unwrap();
            let verifier = form
                .split('&')
                .find_map(|p| p.strip_prefix("code_verifier="))
                .unwrap();
            let challenge = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
            assert_eq!(b64(challenge.as_ref()), next.challenge, "PKCE");
            json!({"access_token": "a", "token_type": "Bearer", "id_token": token(issuer, key, &next)})
        }
        other => panic!("{other}"),
    };
    let text = answer.to_string();
    let mut stream = stream;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}", text.len()).unwrap();
}

fn token(issuer: &str, key: &EcdsaKeyPair, next: &Next) -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let mut claims = json!({"iss": issuer, "aud": "groundswell", "sub": "7", "email": "ana@acme.example",
        "email_verified": true, "name": "Ana", "groups": ["brand-team"], "iat": now, "exp": now + 300, "nonce": next.nonce});
    for (name, value) in next.change.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    let header = json!({"alg": next.algorithm.unwrap_or("ES256"), "kid": "1"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims));
    let signer = if next.broken { &new_key() } else { key };
    let signature = match next.algorithm {
        Some("none") => String::new(),
        _ => URL_SAFE_NO_PAD.encode(signer.sign(&SystemRandom::new(), signed.as_bytes()).unwrap()),
    };
    format!("{signed}.{signature}")
}

fn start(folder: &Path, issuer: &Issuer) -> Server {
    std::fs::write(folder.join("secret"), "shh").unwrap();
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[data]\npath = \"data\"\n[access.oidc]\nname = \"Acme\"\nissuer = \"{}\"\n\
         client_id = \"groundswell\"\nclient_secret = \"file:secret\"\n[access.oidc.groups]\n\
         brand-team = {{ project = \"default\", role = \"analyst\" }}\nit-admins = \"admin\"\n",
        issuer.url
    );
    let path = folder.join("groundswell.toml");
    std::fs::write(&path, text).unwrap();
    Server::run(&path)
}

fn header(answer: &str, name: &str) -> String {
    let found = answer.lines().find_map(|l| l.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("{name}: {answer}")).to_owned()
}

/// Goes through a sign-in; the answer to the browser that comes back.
fn round(server: &Server, issuer: &Issuer, change: Value, tamper: impl FnOnce(&mut Next)) -> String {
    let going = server.raw("GET", "/api/v1/sign-in/oidc", "", &[]);
    let state = issuer.visit(&header(&going, "location"), change);
    tamper(&mut issuer.next.lock().unwrap());
    let cookie = header(&going, "set-cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let back = format!("/api/v1/sign-in/oidc/callback?state={state}&code=abc");
    server.raw("GET", &back, "", &[("Cookie", cookie)])
}

#[test]
fn the_providers_groups_say_what_somebody_may_do() {
    let (folder, issuer) = (tempfile::tempdir().unwrap(), Issuer::start());
    let server = start(folder.path(), &issuer);
    // Nobody is let in for using the machine.
    assert_eq!(server.request("GET", "/api/v1/status", "", &[]).0, 401);
    assert_eq!(server.get("/api/v1/sign-in")["single_sign_on"], "Acme");
    let answer = round(&server, &issuer, json!({}), |_| ());
    assert!(
        answer.starts_with("HTTP/1.1 303") && header(&answer, "location") == "/",
        "{answer}"
    );
    let cookie = header(&answer, "set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let (status, me) = server.request("GET", "/api/v1/session", "", &[("Cookie", &cookie)]);
    let me: Value = serde_json::from_str(&me).unwrap();
    assert_eq!(status, 200);
    assert_eq!(me["projects"], json!({"default": "analyst"}));
    let ana = Browser {
        cookie,
        csrf: me["csrf"].as_str().unwrap().to_owned(),
    };
    let monitor = json!({"name": "kettle", "query": "kettle"}).to_string();
    assert_eq!(
        ana.ask(&server, "POST", "/api/v1/projects/default/monitors", &monitor)
            .0,
        201
    );
    assert_eq!(ana.ask(&server, "GET", "/api/v1/users", "").0, 403);
    // The groups of the next sign-in count.
    let answer = round(&server, &issuer, json!({"groups": ["it-admins"]}), |_| ());
    let cookie = header(&answer, "set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let (status, users) = server.request("GET", "/api/v1/users", "", &[("Cookie", &cookie)]);
    assert_eq!(status, 200);
    assert_eq!(
        serde_json::from_str::<Value>(&users)
            .unwrap()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_token_that_does_not_hold_lets_nobody_in() {
    let (folder, issuer) = (tempfile::tempdir().unwrap(), Issuer::start());
    let server = start(folder.path(), &issuer);
    let refused = |change: Value, code: &str, tamper: fn(&mut Next)| {
        let answer = round(&server, &issuer, change.clone(), tamper);
        assert_eq!(
            header(&answer, "location"),
            format!("/sign-in?error={code}"),
            "{change}"
        );
        assert!(!answer.contains("gss_"), "{answer}");
    };
    refused(json!({"nonce": "another"}), "token", |_| ());
    refused(json!({"aud": "another"}), "token", |_| ());
    refused(json!({"iss": "https://evil.example"}), "token", |_| ());
    refused(json!({"exp": 1_000, "iat": 900}), "token", |_| ());
    refused(json!({}), "token", |next| next.broken = true);
    refused(json!({}), "token", |next| next.algorithm = Some("none"));
    refused(json!({}), "token", |next| next.algorithm = Some("HS256"));
    refused(json!({"groups": ["others"]}), "no_role", |_| ());
    // A sign-in that another browser began.
    let going = server.raw("GET", "/api/v1/sign-in/oidc", "", &[]);
    let state = issuer.visit(&header(&going, "location"), json!({}));
    let answer = server.raw(
        "GET",
        &format!("/api/v1/sign-in/oidc/callback?state={state}&code=abc"),
        "",
        &[],
    );
    assert_eq!(header(&answer, "location"), "/sign-in?error=state");
    assert_eq!(server.request("GET", "/api/v1/session", "", &[]).0, 401);
}
