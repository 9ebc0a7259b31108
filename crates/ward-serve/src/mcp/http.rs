//! `/mcp`: the protocol over HTTP ("streamable HTTP"), for callers with keys.
//!
//! A client posts one message at a time and gets its reply as JSON; there are no messages that the server begins, so a `GET` for
//! a stream of them is answered 405, as the specification allows. `initialize` opens a session, which belongs to its
//! caller, holds what stands for what, and ends after half an hour without a message or with `DELETE`. Every message is
//! judged anew: key, role, address, quota, policy; every use of a tool leaves an entry on the ledger.
//!
//! Which records a caller may see: those below `callers/ID` for the caller's own id and below `roles/ROLE` for its role, in the
//! folder that `ward serve --records` names. Nothing else, and nothing by default.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use ward_guard::{Code, Policy, Refusal};

use super::{Fault, Session, Terms, list, session};
use crate::{
    app::{Live, Shared},
    handlers::{RECEIPT_HEADER, body, confirms, declared_length},
    identity::{Allowed, Caller, Infer, Scope},
    journal::{Journal, ReceiptId},
    openai::error::Refused,
    origin,
    policy::{DataClass, Question},
};

/// The address.
pub(crate) const ROUTE: &str = "/mcp";

/// What policies call what answers here.
const MODEL: &str = "ward-mcp";

/// Names a session in requests and in the reply that opens it.
const SESSION_HEADER: &str = "mcp-session-id";

/// Names the revision of the protocol in requests after the first.
const REVISION_HEADER: &str = "mcp-protocol-version";

/// Sessions of one caller; the one that was silent longest gives way.
const MOST_OF_ONE: usize = 8;

/// Sessions of all callers.
const MOST: usize = 512;

/// Bytes that a session de-identifies.
const MOST_BYTES: usize = 64 << 20;

/// How long a session may be silent.
const SILENCE: Duration = Duration::from_secs(30 * 60);

/// The sessions of a server.
pub(crate) struct Sessions {
    records: Option<PathBuf>,
    open: Mutex<HashMap<String, Open>>,
}

struct Open {
    /// Whose it is, as on the ledger.
    caller: String,
    last: Instant,
    session: Arc<Mutex<Session>>,
}

impl Sessions {
    /// None yet, over a folder of records.
    pub(crate) fn new(records: Option<PathBuf>) -> Self {
        Self {
            records,
            open: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a session for a caller, and says what it is called.
    fn keep(&self, caller: &str, session: Session) -> Result<String, Refusal> {
        let bytes: [u8; 20] = ward_seal::random::bytes().map_err(|_| Code::Internal)?;
        let id = data_encoding::BASE32_NOPAD.encode(&bytes).to_ascii_lowercase();
        let mut open = self.lock();
        open.retain(|_, one| one.last.elapsed() < SILENCE);
        let own = open.iter().filter(|(_, one)| one.caller == caller);
        if own.clone().count() >= MOST_OF_ONE {
            let oldest = own.min_by_key(|(_, one)| one.last).map(|(id, _)| id.clone());
            oldest.map(|id| open.remove(&id));
        }
        if open.len() >= MOST {
            return Err(Refusal::new(Code::Overloaded).retry_after(60));
        }
        let kept = Open {
            caller: caller.to_owned(),
            last: Instant::now(),
            session: Arc::new(Mutex::new(session)),
        };
        open.insert(id.clone(), kept);
        Ok(id)
    }

    /// The session of that name, if it is this caller's.
    fn find(&self, caller: &str, id: &str) -> Option<Arc<Mutex<Session>>> {
        let mut open = self.lock();
        let one = open
            .get_mut(id)
            .filter(|one| one.caller == caller && one.last.elapsed() < SILENCE)?;
        one.last = Instant::now();
        Some(Arc::clone(&one.session))
    }

    /// Forgets a session, if it is this caller's.
    fn end(&self, caller: &str, id: &str) -> bool {
        let mut open = self.lock();
        let is_own = open.get(id).is_some_and(|one| one.caller == caller);
        is_own && open.remove(id).is_some()
    }
}

/// `POST /mcp`: one message.
pub(crate) async fn post(State(app): State<Shared>, allowed: Allowed<Infer>, http: Request) -> Response {
    match message(&app, &allowed, http).await {
        Ok(response) => response,
        Err(Failed { refusal, receipt }) => {
            app.watch.refused(&allowed.caller, refusal.code());
            let refused = Refused::from(refusal);
            match receipt {
                Some(receipt) => refused.with_receipt(&receipt).into_response(),
                None => refused.into_response(),
            }
        }
    }
}

/// `DELETE /mcp`: the end of a session.
pub(crate) async fn delete(State(app): State<Shared>, allowed: Allowed<Infer>, http: Request) -> Response {
    if !origin::is_own(http.headers(), http.uri()) {
        return Refused::from(Code::ForeignPage).into_response();
    }
    match text(http.headers(), SESSION_HEADER) {
        None => status(StatusCode::BAD_REQUEST),
        Some(id) if app.agents.end(&allowed.caller.key, id) => status(StatusCode::NO_CONTENT),
        Some(_) => status(StatusCode::NOT_FOUND),
    }
}

/// A message that was not taken.
struct Failed {
    refusal: Refusal,
    /// Its place on the ledger, when it has one.
    receipt: Option<ReceiptId>,
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, receipt: None }
    }
}

impl From<Code> for Failed {
    fn from(code: Code) -> Self {
        Refusal::new(code).into()
    }
}

async fn message(app: &Shared, allowed: &Allowed<Infer>, http: Request) -> Result<Response, Failed> {
    let caller = &allowed.caller;
    if !origin::is_own(http.headers(), http.uri()) {
        return Err(Code::ForeignPage.into());
    }
    let _spending = app.meter.enter(&caller.key, allowed.live.quotas)?;
    let length = declared_length(http.headers()).unwrap_or(app.max_body as u64);
    let _place = app
        .place(usize::try_from(length).unwrap_or(usize::MAX).min(app.max_body))
        .await?;
    let named = text(http.headers(), SESSION_HEADER).map(str::to_owned);
    let revision = text(http.headers(), REVISION_HEADER).map(str::to_owned);
    let confirmed = confirms(http.headers());
    let bytes = body(app, http).await?;
    let Ok(message) = serde_json::from_slice::<Value>(&bytes) else {
        let wrong =
            json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32700, "message": "the message is no JSON"}});
        return Ok((StatusCode::BAD_REQUEST, Json(wrong)).into_response());
    };
    let method = session::method(&message).unwrap_or_default().to_owned();
    let begins = method == "initialize";
    let (session, kept) = if begins {
        let folders = folders(app.agents.records.as_deref(), caller);
        let records = blocking(move || list(&folders, false))
            .await?
            .map_err(|_| Code::Internal)?;
        let session = Session::new(records, MOST_BYTES).map_err(|_| Code::Internal)?;
        (Arc::new(Mutex::new(session)), None)
    } else {
        let Some(id) = named else {
            return Ok(refused(
                StatusCode::BAD_REQUEST,
                "a session is needed: send initialize first",
            ));
        };
        let Some(session) = app.agents.find(&caller.key, &id) else {
            return Ok(refused(
                StatusCode::NOT_FOUND,
                "there is no such session; send initialize again",
            ));
        };
        (session, Some(id))
    };
    let receipt = ReceiptId::draw()?;
    if let Err(refusal) = decide(&allowed.live, caller, &method, &message) {
        let journal = Journal::new(&app.ledger, receipt.clone(), caller, ROUTE);
        let refusal = journal.refused(&refusal).await.err().unwrap_or(refusal);
        return Err(Failed {
            refusal,
            receipt: Some(receipt),
        });
    }
    let may_reid = allowed.was_given(Scope::Reid);
    let mut policy = Policy::clone(allowed.live.policy(ROUTE));
    policy.confirmed = confirmed;
    let work = {
        let (app, caller, receipt) = (Arc::clone(app), caller.clone(), receipt.clone());
        let session = Arc::clone(&session);
        move || {
            let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
            if let (Some(named), Some(agreed)) = (&revision, session.revision())
                && named != agreed
                && !begins
            {
                return Err("the revision of the protocol is not the one that was agreed on");
            }
            let note = |fields: Value| note(&app, &caller, &receipt, fields);
            let tokenizer = app.engines.tokenizer();
            let terms = Terms {
                may_reid,
                tokenizer: tokenizer.as_deref(),
                policy: &policy,
                note: &note,
            };
            Ok(session.reply(&message, &terms))
        }
    };
    let reply = match blocking(work).await? {
        Ok(reply) => reply,
        Err(why) => return Ok(refused(StatusCode::BAD_REQUEST, why)),
    };
    let mut response = match reply {
        Some(reply) => {
            let is_result = reply.get("result").is_some();
            let mut response = Json(reply).into_response();
            if begins && is_result {
                let session = Arc::into_inner(session).and_then(|held| held.into_inner().ok());
                let id = app.agents.keep(&caller.key, session.ok_or(Code::Internal)?)?;
                put(&mut response, SESSION_HEADER, &id);
            }
            response
        }
        None => status(StatusCode::ACCEPTED),
    };
    if let Some(id) = kept {
        put(&mut response, SESSION_HEADER, &id);
    }
    put(&mut response, RECEIPT_HEADER, receipt.as_str());
    Ok(response)
}

/// Whether policies let a caller do what a message asks for. What shows nothing of a record needs no policy.
fn decide(live: &Live, caller: &Caller, method: &str, message: &Value) -> Result<(), Refusal> {
    let data = match method {
        "resources/read" => DataClass::Record,
        "tools/call" if message.pointer("/params/name").and_then(Value::as_str) == Some("reid") => {
            DataClass::Identified
        }
        "tools/call" => DataClass::Record,
        _ => return Ok(()),
    };
    let question = Question {
        caller: &caller.key,
        role: caller.role,
        via: caller.via,
        purpose: caller.purpose.as_deref(),
        model: MODEL,
        built_in: true,
        data,
        environment: live.environment.as_deref(),
    };
    live.policies.decide(&question).map(drop)
}

/// Writes who used which tool on the ledger, and waits until it is durable.
fn note(app: &Shared, caller: &Caller, receipt: &ReceiptId, fields: Value) -> Result<(), Fault> {
    let mut entry = json!({
        "event": "mcp",
        "receipt": receipt.as_str(),
        "key": caller.key,
        "role": caller.role,
        "route": ROUTE,
        "via": caller.via,
        "purpose": caller.purpose,
    });
    if let (Value::Object(entry), Value::Object(fields)) = (&mut entry, fields) {
        entry.extend(fields);
    }
    let written = app.ledger.append_wait(entry.to_string().into_bytes());
    written
        .map(drop)
        .map_err(|_| Fault::new("the ledger cannot be written, and what is not recorded is not done"))
}

/// The folders of records that a caller may see.
fn folders(records: Option<&Path>, caller: &Caller) -> Vec<PathBuf> {
    let Some(records) = records else { return Vec::new() };
    // A name of one folder, and none of a folder elsewhere.
    let plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:@".contains(&byte))
    };
    [("callers", caller.key.as_str()), ("roles", caller.role)]
        .into_iter()
        .filter(|(_, name)| plain(name))
        .map(|(of, name)| records.join(of).join(name))
        .collect()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn put(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn status(code: StatusCode) -> Response {
    code.into_response()
}

/// A message that does not fit its session.
fn refused(code: StatusCode, why: &str) -> Response {
    let wrong = json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32600, "message": why}});
    (code, Json(wrong)).into_response()
}

/// Work that takes a thread for itself.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failed> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Code::Internal.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(key: &str, role: &'static str) -> Caller {
        Caller {
            key: key.to_owned(),
            role,
            ..Caller::local()
        }
    }

    #[test]
    fn a_caller_sees_its_own_records_and_those_of_its_role() {
        let root = Path::new("records");
        let check = |key: &str, expect: &[&str]| {
            let expect: Vec<PathBuf> = expect.iter().map(|name| root.join(name)).collect();
            assert_eq!(folders(Some(root), &caller(key, "clinician")), expect, "{key}");
        };
        check("k1", &["callers/k1", "roles/clinician"]);
        check("oidc:u-17@x", &["callers/oidc:u-17@x", "roles/clinician"]);
        for odd in ["", "..", ".", "../x", "a/b", "a\\b", "/etc", "a\0b", "ü"] {
            check(odd, &["roles/clinician"]);
        }
        assert!(folders(None, &caller("k1", "clinician")).is_empty());
    }

    #[test]
    fn sessions_belong_to_their_callers_and_are_not_kept_without_end() {
        let sessions = Sessions::new(None);
        let new = || Session::new(Vec::new(), 0).unwrap();
        let first = sessions.keep("k1", new()).unwrap();
        assert!(sessions.find("k1", &first).is_some());
        assert!(sessions.find("k2", &first).is_none());
        assert!(!sessions.end("k2", &first));
        for _ in 0..MOST_OF_ONE {
            sessions.keep("k1", new()).unwrap();
        }
        assert!(sessions.find("k1", &first).is_none(), "the oldest gives way");
        assert_eq!(sessions.lock().len(), MOST_OF_ONE);
        let other = sessions.keep("k2", new()).unwrap();
        assert!(sessions.end("k2", &other) && sessions.find("k2", &other).is_none());
    }
}
