//! Sending to an address that the operator set: once, within bounds, and into a private network only where that is
//! allowed. What cannot be known is said: whether a request whose answer did not come was taken.

use super::client::builder;
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use url::{Host, Url};

/// A longer answer is not read.
const MAX_BODY: usize = 256 << 10;
const WHOLE: Duration = Duration::from_secs(30);

/// How it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// `POST`.
    #[default]
    Post,
    /// `PUT`.
    Put,
}

/// A request to be sent once.
#[derive(Clone)]
pub struct Outgoing {
    /// How.
    pub method: Method,
    /// The address, `http` or `https`.
    pub address: String,
    /// Headers, among them what lets it in.
    pub headers: Vec<(String, String)>,
    /// JSON.
    pub body: String,
    /// Whether the address may be of this machine or a private network.
    pub allow_private: bool,
}

/// What came of it. Its words hold neither the address nor what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// An answer came.
    Answered {
        /// The status.
        status: u16,
        /// The body.
        body: Vec<u8>,
        /// How long the other side asks to stay away.
        retry_after: Option<Duration>,
    },
    /// It must not be sent to this address.
    Refused(String),
    /// It was not sent: no connection.
    NotSent(String),
    /// It may have been taken: it was sent, and no whole answer came.
    Unknown(String),
}

/// Sends it.
pub async fn send(request: Outgoing) -> Sent {
    send_within(request, WHOLE).await
}

/// Sends it, and waits no longer than `whole` for the end of the answer.
pub async fn send_within(request: Outgoing, whole: Duration) -> Sent {
    match tokio::time::timeout(whole, sent(request)).await {
        Ok(sent) => sent,
        Err(_) => Sent::Unknown(format!("no whole answer in {} s", whole.as_secs())),
    }
}

async fn sent(request: Outgoing) -> Sent {
    let (url, addresses) = match resolved(&request).await {
        Ok(found) => found,
        Err(sent) => return sent,
    };
    let client = builder().map(|b| match url.domain() {
        // What was looked at is what is connected to.
        Some(name) => b.resolve_to_addrs(name, &addresses),
        None => b,
    });
    let client = match client.map(reqwest::ClientBuilder::build) {
        Ok(Ok(client)) => client,
        _ => return Sent::NotSent("no HTTP client could be made".to_owned()),
    };
    let method = match request.method {
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
    };
    let mut builder = client
        .request(method, url)
        .header(CONTENT_TYPE, "application/json");
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let mut response = match builder.body(request.body).send().await {
        Ok(response) => response,
        Err(e) if e.is_connect() => return Sent::NotSent("no connection".to_owned()),
        Err(e) if e.is_builder() => {
            return Sent::Refused("a header or the address cannot be used".to_owned());
        }
        Err(_) => return Sent::Unknown("the connection broke before an answer came".to_owned()),
    };
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok());
    let retry_after = retry_after
        .and_then(|v| v.trim().parse().ok())
        .map(Duration::from_secs);
    let status = response.status();
    if status.is_redirection() && response.headers().contains_key(LOCATION) {
        return Sent::Refused(format!("it answered {}, leading elsewhere", status.as_u16()));
    }
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_BODY => body.extend_from_slice(&chunk),
            // The status alone says that it was taken.
            Ok(Some(_)) => body.clear(),
            Ok(None) => break,
            Err(_) if status.is_success() => break,
            Err(_) => return Sent::Unknown("the answer broke off".to_owned()),
        }
        if body.is_empty() {
            break;
        }
    }
    Sent::Answered {
        status: status.as_u16(),
        body,
        retry_after,
    }
}

/// The address, with where its name leads to, if all of that may be asked.
async fn resolved(request: &Outgoing) -> Result<(Url, Vec<SocketAddr>), Sent> {
    let url = check(&request.address).map_err(Sent::Refused)?;
    let port = url.port_or_known_default().unwrap_or(443);
    let addresses: Vec<SocketAddr> = match url.host() {
        Some(Host::Ipv4(ip)) => vec![(IpAddr::V4(ip), port).into()],
        Some(Host::Ipv6(ip)) => vec![(IpAddr::V6(ip), port).into()],
        Some(Host::Domain(name)) => match tokio::net::lookup_host((name, port)).await {
            Ok(found) => found.collect(),
            Err(_) => return Err(Sent::NotSent("its name cannot be looked up".to_owned())),
        },
        None => Vec::new(),
    };
    if addresses.is_empty() {
        return Err(Sent::NotSent("its name leads nowhere".to_owned()));
    }
    if !request.allow_private && addresses.iter().any(|a| is_private(a.ip())) {
        return Err(Sent::Refused(
            "its address is of this machine or a private network, which is not allowed".to_owned(),
        ));
    }
    Ok((url, addresses))
}

/// Reads an address that is to be posted to; in words what is wrong with it.
pub fn check(address: &str) -> Result<Url, String> {
    let url = Url::parse(address.trim()).map_err(|_| "the address is none".to_owned())?;
    match url.scheme() {
        "http" | "https" if url.username().is_empty() && url.password().is_none() => Ok(url),
        "http" | "https" => {
            Err("the address holds a user or a password: they are secrets, say them apart".to_owned())
        }
        _ => Err("the address is neither http:// nor https://".to_owned()),
    }
}

/// Whether a URL names this machine by its loopback address or as `localhost`.
pub fn is_of_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether an address is of this machine, of a private network, or of none at all.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            // 100.64/10 is shared address space (RFC 6598).
            let shared = a == 100 && (64..128).contains(&b);
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified() || shared
        }
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local()
            }
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_and_of_private_networks_are_private() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fc00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["1.1.1.1", "100.128.0.1", "2606:4700::1", "::ffff:8.8.8.8"] {
            assert!(!is_private(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn addresses_with_passwords_and_other_schemes_are_refused() {
        assert!(check("https://desk.example/api/v2/tickets").is_ok());
        assert!(
            check("https://ana:pw@desk.example/")
                .unwrap_err()
                .contains("secrets")
        );
        assert!(check("file:///etc/passwd").unwrap_err().contains("neither"));
        assert!(check("desk").is_err());
    }

    #[tokio::test]
    async fn a_private_address_is_not_asked() {
        let request = Outgoing {
            method: Method::Post,
            address: "http://127.0.0.1:9/".to_owned(),
            headers: Vec::new(),
            body: String::new(),
            allow_private: false,
        };
        assert!(matches!(send(request.clone()).await, Sent::Refused(_)));
        let named = Outgoing {
            address: "http://localhost:9/".to_owned(),
            ..request
        };
        assert!(matches!(send(named).await, Sent::Refused(_)));
    }
}
