//! Reports of vulnerabilities from whoever finds one: `POST /ward/v1/reports`, and `GET /.well-known/security.txt`.
//!
//! Nobody needs a key for it, so it is shut until somebody opens it (`ward disclose door open`), takes little from each
//! address and in all, and keeps what it takes sealed for the team's public keys: this service cannot read it again.
//!
//! ```text
//! DATA/intake/recipients     public keys, age1..., one a line
//! DATA/intake/open           there while the door is open
//! DATA/intake/security.txt   what is served, if anything
//! DATA/intake/<time>-<receipt>.age
//! ```
//!
//! The files are looked at for every report, so that opening, shutting and new keys need no restart. A sealed file holds one
//! line of JSON (`received_unix_ms`, `kind`, `receipt`) and the body as it came. The ledger gets the receipt, the kind and
//! the length. No address of a sender is kept anywhere.

use std::{
    collections::HashMap,
    fs,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Extension, Json, Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http_body_util::{BodyExt as _, Limited};
use serde_json::{Value, json};
use ward_guard::Code;
use ward_seal::{
    age::{self, Recipient},
    store::DataDir,
};

use crate::{
    app::{Shared, now},
    handlers::{self, unread},
    journal::ReceiptId,
    openai::error::Refused,
    origin,
};

/// Where reports are posted.
pub const REPORTS: &str = "/ward/v1/reports";
/// Where security.txt is (RFC 9116, section 3).
pub const SECURITY_TXT: &str = "/.well-known/security.txt";
/// The folder in the data folder.
pub const FOLDER: &str = "intake";

/// Largest report, in bytes.
pub const MAX_REPORT: usize = 8 << 20;
/// Most reports that wait to be opened; one more is refused until the team has looked.
pub const MAX_WAITING: usize = 1_000;
/// Reports that one address may send at once, and one more for each [`REFILL_ADDRESS_MS`].
const BURST_ADDRESS: u64 = 5;
const REFILL_ADDRESS_MS: u64 = 12 * 60_000;
/// Reports that all addresses may send at once, and one more for each [`REFILL_ALL_MS`].
const BURST_ALL: u64 = 60;
const REFILL_ALL_MS: u64 = 60_000;
/// Most addresses that are remembered at a time.
const MAX_ADDRESSES: usize = 16_384;
/// How long a report may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most reports that arrive at a time: what they hold of the memory is this many bodies.
const AT_ONCE: usize = 4;
/// Largest security.txt that is served, in bytes.
const MAX_SECURITY_TXT: usize = 64 << 10;

/// The address of the other side, put into each connection's requests by the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// Writes an entry to the ledger; false when it cannot. Durable when it returns.
type Record = dyn Fn(Vec<u8>) -> bool + Send + Sync;
/// Whether a request is for this server.
type Ours = dyn Fn(&Parts) -> bool + Send + Sync;

/// The door.
pub struct Intake {
    data: DataDir,
    record: Box<Record>,
    ours: Box<Ours>,
    limits: Mutex<Limits>,
    room: tokio::sync::Semaphore,
}

/// Why a report is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shut {
    /// The door is shut, or nobody could open what is taken.
    Closed,
    /// Too many from there, or in all: try again after so many seconds.
    Slow(u64),
    /// Too many wait, or arrive at this moment.
    Full,
    /// Larger than a report may be.
    Large,
    /// Neither text, JSON nor an e-mail.
    Kind,
    /// Nothing in it.
    Empty,
    /// It did not arrive in time, or not whole.
    Broken,
    /// What every request is refused with alike.
    Refused(Code),
    /// It cannot be kept.
    Failed,
}

impl IntoResponse for Shut {
    fn into_response(self) -> Response {
        let (status, code, message) = match self {
            // As any address that is none, to a caller without a key.
            Self::Closed => return Refused::from(Code::MissingKey).into_response(),
            Self::Refused(code) => return Refused::from(code).into_response(),
            Self::Slow(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_reports",
                "Too many reports at once. Try again later, or write to the address in security.txt.",
            ),
            Self::Full => (
                StatusCode::SERVICE_UNAVAILABLE,
                "intake_full",
                "More reports wait than this service keeps. Write to the address in security.txt.",
            ),
            Self::Large => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "report_too_large",
                "A report has at most 8 MiB. Send less, or write to the address in security.txt.",
            ),
            Self::Kind => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "Send text/plain, application/json or message/rfc822, not compressed.",
            ),
            Self::Empty => (
                StatusCode::BAD_REQUEST,
                "empty_report",
                "The report says nothing. Send text, or a JSON object whose member `text` says what you found.",
            ),
            Self::Broken => (
                StatusCode::REQUEST_TIMEOUT,
                "report_cut",
                "The report did not arrive whole in time. Send it again.",
            ),
            Self::Failed => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "not_kept",
                "The report could not be kept. Write to the address in security.txt.",
            ),
        };
        let mut response = (status, Json(json!({"error": {"code": code, "message": message}}))).into_response();
        let wait = match self {
            Self::Slow(seconds) => Some(seconds),
            Self::Full => Some(3_600),
            _ => None,
        };
        if let Some(seconds) = wait {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The two addresses, for merging with the service's own.
pub fn router(app: Shared, data: DataDir) -> Router {
    let (record, watch) = (app.clone(), app.clone());
    let intake = Intake {
        data,
        record: Box::new(move |entry| record.ledger.append_wait(entry).is_ok()),
        ours: Box::new(move |parts| app.live().answers_to(parts)),
        limits: Mutex::new(Limits::default()),
        room: tokio::sync::Semaphore::new(AT_ONCE),
    };
    Router::new()
        .route(REPORTS, post(report).fallback(other_method))
        .route(SECURITY_TXT, get(security_txt).fallback(other_method))
        .layer(axum::middleware::from_fn_with_state(watch, handlers::seen))
        .with_state(Arc::new(intake))
}

/// Any other method: there is something here for those who may know of it.
async fn other_method(State(intake): State<Arc<Intake>>, parts: Parts) -> Response {
    let open = match parts.uri.path() {
        REPORTS => intake.recipients().is_ok(),
        _ => intake.security_txt().is_some(),
    };
    let shut = match (intake.admit(&parts), open) {
        (Err(shut), _) => shut,
        (Ok(()), true) => Shut::Refused(Code::MethodNotAllowed),
        (Ok(()), false) => Shut::Closed,
    };
    shut.into_response()
}

/// `GET /.well-known/security.txt`.
async fn security_txt(State(intake): State<Arc<Intake>>, parts: Parts) -> Response {
    if let Err(shut) = intake.admit(&parts) {
        return shut.into_response();
    }
    match intake.security_txt() {
        Some(text) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        None => Shut::Closed.into_response(),
    }
}

/// `POST /ward/v1/reports`.
async fn report(State(intake): State<Arc<Intake>>, peer: Option<Extension<Peer>>, http: Request) -> Response {
    match take(&intake, peer.map(|Extension(Peer(address))| address.ip()), http).await {
        Ok(receipt) => {
            let message = "Thank you. Your report is sealed for the team, who will read it. Name this receipt when you write again.";
            (
                StatusCode::ACCEPTED,
                Json(json!({"receipt": receipt.as_str(), "message": message})),
            )
                .into_response()
        }
        Err(shut) => shut.into_response(),
    }
}

async fn take(intake: &Arc<Intake>, from: Option<IpAddr>, http: Request) -> Result<ReceiptId, Shut> {
    // Cheap things first: a flood costs a look at a file.
    let recipients = intake.recipients()?;
    let (parts, body) = http.into_parts();
    intake.admit(&parts)?;
    let http = Request::from_parts(parts, body);
    let kind = kind(http.headers()).ok_or(Shut::Kind)?;
    let declared = http
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > MAX_REPORT as u64) {
        return Err(Shut::Large);
    }
    intake
        .limits
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .enter(from, now())
        .map_err(Shut::Slow)?;
    let _room = intake.room.try_acquire().map_err(|_| Shut::Full)?;
    if intake.waiting() >= MAX_WAITING {
        return Err(Shut::Full);
    }
    let body = Limited::new(http.into_body(), MAX_REPORT);
    let bytes = match tokio::time::timeout(PATIENCE, body.collect()).await {
        Err(_) => return Err(Shut::Broken),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => return Err(Shut::Large),
        Ok(Err(error)) => {
            return Err(match unread(&*error) {
                Code::BrokenBody => Shut::Refused(Code::BrokenBody),
                _ => Shut::Broken,
            });
        }
        Ok(Ok(collected)) => collected.to_bytes(),
    };
    if !says_something(kind, &bytes) {
        return Err(Shut::Empty);
    }
    let receipt = ReceiptId::draw().map_err(|_| Shut::Failed)?;
    let kept = intake.clone();
    let name = receipt.clone();
    // Sealing 8 MiB and writing it takes a while: not on a thread that answers others.
    tokio::task::spawn_blocking(move || kept.keep(&recipients, kind, &bytes, &name, now()))
        .await
        .map_err(|_| Shut::Failed)??;
    Ok(receipt)
}

/// Whether there is a word in it: in a form, one that is not only a heading or a name.
fn says_something(kind: &str, bytes: &[u8]) -> bool {
    let has_word = |text: &str| text.chars().any(char::is_alphanumeric);
    if kind != "json" {
        return has_word(&String::from_utf8_lossy(bytes));
    }
    let Ok(Value::Object(form)) = serde_json::from_slice(bytes) else {
        return false;
    };
    let content = form
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "title" | "name" | "contact" | "ai"));
    content.filter_map(|(_, value)| value.as_str()).any(has_word)
}

impl Intake {
    /// Whether a request is for this server, and not one that a page of somebody else's made a browser send.
    fn admit(&self, parts: &Parts) -> Result<(), Shut> {
        match (self.ours)(parts) {
            true if origin::is_own(&parts.headers, &parts.uri) => Ok(()),
            true => Err(Shut::Refused(Code::ForeignPage)),
            false => Err(Shut::Refused(Code::Misdirected)),
        }
    }

    /// What is served as security.txt, if anything.
    fn security_txt(&self) -> Option<Vec<u8>> {
        let text = self.data.read(&format!("{FOLDER}/security.txt")).ok().flatten();
        text.filter(|text| text.len() <= MAX_SECURITY_TXT)
    }

    /// Who can open what is taken. None of them, or the door shut: nothing is taken.
    fn recipients(&self) -> Result<Vec<Recipient>, Shut> {
        let read = |name: &str| self.data.read(&format!("{FOLDER}/{name}")).ok().flatten();
        read("open").ok_or(Shut::Closed)?;
        let text = read("recipients")
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or(Shut::Closed)?;
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        // One that cannot be read may be the only one who looks: better nothing is taken than taken for nobody.
        let recipients: Vec<Recipient> = lines
            .map(Recipient::from_text)
            .collect::<Result<_, _>>()
            .map_err(|_| Shut::Closed)?;
        if recipients.is_empty() {
            Err(Shut::Closed)
        } else {
            Ok(recipients)
        }
    }

    /// How many reports wait.
    fn waiting(&self) -> usize {
        let names = fs::read_dir(self.data.path().join(FOLDER))
            .into_iter()
            .flatten()
            .flatten();
        names
            .filter(|entry| entry.file_name().to_string_lossy().ends_with(".age"))
            .count()
    }

    /// Seals a report, writes it, and says so on the ledger. Durable when it returns.
    fn keep(
        &self,
        recipients: &[Recipient],
        kind: &str,
        body: &[u8],
        receipt: &ReceiptId,
        now_ms: u64,
    ) -> Result<(), Shut> {
        let mut plain = json!({"received_unix_ms": now_ms, "kind": kind, "receipt": receipt.as_str()})
            .to_string()
            .into_bytes();
        plain.push(b'\n');
        plain.extend_from_slice(body);
        let sealed = age::encrypt(&plain, recipients).map_err(|_| Shut::Failed)?;
        let name = format!("{FOLDER}/{now_ms:015}-{}.age", receipt.as_str());
        self.data.write_private(&name, &sealed).map_err(|_| Shut::Failed)?;
        let entry = json!({
            "event": "report", "receipt": receipt.as_str(), "key": "-", "role": "reporter", "route": REPORTS,
            "kind": kind, "bytes": body.len(),
        });
        // It is kept; without its entry it is taken back, so that nothing is there that is not recorded.
        if !(self.record)(entry.to_string().into_bytes()) {
            let _ = fs::remove_file(self.data.path().join(&name));
            return Err(Shut::Failed);
        }
        Ok(())
    }
}

/// What a body says it is. A compressed one could grow past its limit.
fn kind(headers: &HeaderMap) -> Option<&'static str> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        return None;
    }
    let content = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("text/plain");
    match content
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
        .as_str()
    {
        "text/plain" | "text/markdown" => Some("text"),
        "application/json" => Some("json"),
        "message/rfc822" => Some("mail"),
        _ => None,
    }
}

/// How fast reports come. Tokens that fill up again with time; in thousandths, so that slow filling loses nothing.
struct Limits {
    all: Bucket,
    addresses: HashMap<IpAddr, Bucket>,
}

#[derive(Clone, Copy)]
struct Bucket {
    thousandths: u64,
    at_ms: u64,
}

impl Bucket {
    fn full(burst: u64, now_ms: u64) -> Self {
        Self {
            thousandths: burst * 1_000,
            at_ms: now_ms,
        }
    }

    fn refill(&mut self, burst: u64, refill_ms: u64, now_ms: u64) {
        // A clock that goes back fills nothing and takes nothing.
        let passed = now_ms.saturating_sub(self.at_ms);
        let more = passed.saturating_mul(1_000) / refill_ms;
        if more > 0 {
            self.thousandths = self.thousandths.saturating_add(more).min(burst * 1_000);
            self.at_ms = now_ms;
        }
    }

    /// Seconds until there is a whole token.
    fn wait(&self, refill_ms: u64) -> u64 {
        (1_000_u64.saturating_sub(self.thousandths).saturating_mul(refill_ms) / 1_000_000).max(1)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            all: Bucket::full(BURST_ALL, 0),
            addresses: HashMap::new(),
        }
    }
}

impl Limits {
    /// Lets a report in, or says after how many seconds to try again.
    fn enter(&mut self, from: Option<IpAddr>, now_ms: u64) -> Result<(), u64> {
        self.all.refill(BURST_ALL, REFILL_ALL_MS, now_ms);
        if let Some(from) = from.map(network) {
            if self.addresses.len() >= MAX_ADDRESSES && !self.addresses.contains_key(&from) {
                self.addresses.retain(|_, bucket| {
                    bucket.refill(BURST_ADDRESS, REFILL_ADDRESS_MS, now_ms);
                    bucket.thousandths < BURST_ADDRESS * 1_000
                });
                if self.addresses.len() >= MAX_ADDRESSES {
                    return Err(REFILL_ALL_MS / 1_000);
                }
            }
            let bucket = self
                .addresses
                .entry(from)
                .or_insert_with(|| Bucket::full(BURST_ADDRESS, now_ms));
            bucket.refill(BURST_ADDRESS, REFILL_ADDRESS_MS, now_ms);
            if bucket.thousandths < 1_000 {
                return Err(bucket.wait(REFILL_ADDRESS_MS));
            }
            if self.all.thousandths < 1_000 {
                return Err(self.all.wait(REFILL_ALL_MS));
            }
            bucket.thousandths -= 1_000;
        }
        if self.all.thousandths < 1_000 {
            return Err(self.all.wait(REFILL_ALL_MS));
        }
        self.all.thousandths -= 1_000;
        Ok(())
    }
}

/// An address of version 6 counts with the other 2^64 of its network, which one machine can have all of.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_795_348_800_000;

    #[test]
    fn a_flood_is_slowed_and_others_get_through() {
        let mut limits = Limits::default();
        limits.all.at_ms = NOW;
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        for _ in 0..BURST_ADDRESS {
            assert_eq!(limits.enter(Some(one), NOW), Ok(()));
        }
        assert_eq!(limits.enter(Some(one), NOW), Err(REFILL_ADDRESS_MS / 1_000));
        assert_eq!(limits.enter(Some("192.0.2.2".parse().unwrap()), NOW), Ok(()));
        assert_eq!(limits.enter(Some(one), NOW + REFILL_ADDRESS_MS), Ok(()));
        // One network of version 6 is one address; a mapped one is that of version 4.
        for last in 1..=BURST_ADDRESS {
            assert_eq!(
                limits.enter(Some(format!("2001:db8::{last}").parse().unwrap()), NOW),
                Ok(())
            );
        }
        assert!(limits.enter(Some("2001:db8::ffff:1".parse().unwrap()), NOW).is_err());
        assert_eq!(network("::ffff:192.0.2.1".parse().unwrap()), one);
        // In all, whoever sends.
        let mut limits = Limits::default();
        limits.all.at_ms = NOW;
        let taken = (0..1_000_u32)
            .filter(|i| limits.enter(Some(IpAddr::from(i.to_be_bytes())), NOW).is_ok())
            .count();
        assert_eq!(taken as u64, BURST_ALL);
        // A clock that goes back opens nothing.
        assert!(limits.enter(Some(one), NOW - 10_000_000).is_err());
    }

    #[test]
    fn what_is_kept_can_be_opened_by_the_team_alone() {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        let entries = Arc::new(Mutex::new(Vec::new()));
        let written = entries.clone();
        let record = move |entry| {
            written.lock().unwrap().push(entry);
            true
        };
        let intake = Intake {
            data: data.clone(),
            record: Box::new(record),
            ours: Box::new(|_| true),
            limits: Mutex::default(),
            room: tokio::sync::Semaphore::new(1),
        };
        assert_eq!(intake.recipients().map(drop), Err(Shut::Closed));
        let folder = data.path().join(FOLDER);
        fs::create_dir(&folder).unwrap();
        let identity = age::Identity::generate().unwrap();
        fs::write(folder.join("recipients"), format!("# team\n{}\n", identity.recipient())).unwrap();
        assert_eq!(intake.recipients().map(drop), Err(Shut::Closed), "the door is shut");
        fs::write(folder.join("open"), "").unwrap();
        let recipients = intake.recipients().unwrap();
        let receipt = ReceiptId::draw().unwrap();
        intake
            .keep(&recipients, "text", b"PLANTED report", &receipt, NOW)
            .unwrap();
        assert_eq!(intake.waiting(), 1);
        let file = fs::read_dir(&folder)
            .unwrap()
            .flatten()
            .find(|entry| entry.file_name().to_string_lossy().ends_with(".age"))
            .unwrap();
        let sealed = fs::read(file.path()).unwrap();
        assert!(!sealed.windows(7).any(|window| window == b"PLANTED"));
        let plain = age::decrypt(&sealed, &[identity]).unwrap();
        assert!(plain.ends_with(b"\nPLANTED report"));
        let entry = String::from_utf8(entries.lock().unwrap().concat()).unwrap();
        assert!(entry.contains(receipt.as_str()) && !entry.contains("PLANTED"));
        let broken = Intake {
            data,
            record: Box::new(|_| false),
            ours: Box::new(|_| true),
            limits: Mutex::default(),
            room: tokio::sync::Semaphore::new(1),
        };
        let lost = broken.keep(&recipients, "text", b"x", &ReceiptId::draw().unwrap(), NOW);
        assert_eq!(
            (lost, broken.waiting()),
            (Err(Shut::Failed), 1),
            "what is not recorded is not kept"
        );
        fs::write(folder.join("recipients"), "age1broken\n").unwrap();
        assert_eq!(intake.recipients().map(drop), Err(Shut::Closed));
    }

    #[test]
    fn a_report_says_something() {
        for (kind, body, expect) in [
            ("text", "there is a hole", true),
            ("text", " \n\u{feff}--", false),
            ("mail", "Subject: x", true),
            ("json", r#"{"text":"a hole"}"#, true),
            ("json", r#"{"impact":"all of it"}"#, true),
            ("json", "{}", false),
            ("json", r#"{"title":"x","name":"y","contact":"z"}"#, false),
            ("json", r#"{"text":" ","proof":7}"#, false),
            ("json", "[\"text\"]", false),
            ("json", "no JSON", false),
        ] {
            assert_eq!(says_something(kind, body.as_bytes()), expect, "{kind} {body}");
        }
    }

    #[test]
    fn kinds_of_bodies() {
        for (content, encoding, expect) in [
            (None, None, Some("text")),
            (Some("text/plain; charset=utf-8"), None, Some("text")),
            (Some("Application/JSON"), None, Some("json")),
            (Some("message/rfc822"), None, Some("mail")),
            (Some("text/html"), None, None),
            (Some("text/plain"), Some("gzip"), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(content) = content {
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content));
            }
            if let Some(encoding) = encoding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            assert_eq!(kind(&headers), expect, "{content:?}");
        }
    }
}
