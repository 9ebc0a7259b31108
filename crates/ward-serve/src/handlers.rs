//! What each address does. A handler's signature says what it needs of its caller.

use std::{sync::Arc, time::Instant};

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use ward_guard::{Code, Phi, Policy, Refusal};

use crate::{
    app::Shared,
    exchange::{self, Asked, Terms},
    identity::{Allowed, Infer, Known, Peer, ReadLedger, ReadModels},
    journal::{Journal, ReceiptId},
    log::{Field, Line},
    openai::{error::Refused, reply, request},
    routes,
    turned_away::Whose,
};

/// The header by which a sender confirms that text which reads like instructions is meant as it stands: `instructions`.
pub const CONFIRM_HEADER: &str = "ward-confirm";

/// The header that names a reply's entries in the ledger.
pub const RECEIPT_HEADER: &str = "ward-receipt";

/// `POST /v1/chat/completions`: answers a conversation, whole or streamed.
pub async fn chat_completions(State(app): State<Shared>, allowed: Allowed<Infer>, http: Request) -> Response {
    const ROUTE: &str = "/v1/chat/completions";
    let receipt = match ReceiptId::draw() {
        Ok(receipt) => receipt,
        Err(refusal) => return Refused::from(refusal).into_response(),
    };
    let refuse = async |refusal: Refusal| {
        app.watch.refused(&allowed.caller, refusal.code());
        Refused::from(refusal).into_response()
    };
    let spending = match app.meter.enter(&allowed.caller.key, allowed.live.quotas) {
        Ok(spending) => spending,
        Err(refusal) => return refuse(refusal).await,
    };
    // A body of unknown length may be as large as any.
    let length = declared_length(http.headers()).unwrap_or(app.max_body as u64);
    let place = app.place(usize::try_from(length).unwrap_or(usize::MAX).min(app.max_body));
    let place = match place.await {
        Ok(place) => place,
        Err(refusal) => return refuse(refusal).await,
    };
    let confirmed = confirms(http.headers());
    let read = match body(&app, http).await {
        Ok(bytes) => request::chat(&bytes, crate::app::now()),
        Err(refusal) => Err(refusal),
    };
    let chat = match read {
        Ok(chat) => chat,
        Err(refusal) => {
            let journal = Journal::new(&app.ledger, receipt.clone(), &allowed.caller, ROUTE);
            let refusal = journal.refused(&refusal).await.err().unwrap_or(refusal);
            return Refused::from(refusal).with_receipt(&receipt).into_response();
        }
    };
    let request::Chat { request, shape, tools } = chat;
    let policy = match policy_for(allowed.live.policy(ROUTE), confirmed, &tools) {
        Ok(policy) => policy,
        Err(refusal) => {
            let journal = Journal::new(&app.ledger, receipt.clone(), &allowed.caller, ROUTE);
            let refusal = journal.refused(&refusal).await.err().unwrap_or(refusal);
            return Refused::from(refusal).with_receipt(&receipt).into_response();
        }
    };
    let asked = Asked {
        caller: allowed.caller,
        route: ROUTE,
        request: Phi::new(request),
        receipt: receipt.clone(),
        place,
        terms: Some(Terms {
            live: allowed.live,
            spending,
        }),
        policy,
    };
    let events = exchange::start(app.clone(), asked);
    let mut response = if shape.stream {
        reply::streamed(events, shape, &receipt).await
    } else {
        reply::whole(events, shape, &receipt).await
    };
    if let Ok(value) = HeaderValue::from_str(receipt.as_str()) {
        response.headers_mut().insert(RECEIPT_HEADER, value);
    }
    response
}

/// Whether the sender has confirmed that the request is meant as it stands.
pub(crate) fn confirms(headers: &HeaderMap) -> bool {
    headers
        .get(CONFIRM_HEADER)
        .is_some_and(|value| value.as_bytes() == b"instructions")
}

/// The policy of a request: its route's, with what the sender confirms, and of the tools those that the request offers.
fn policy_for(route: &Arc<Policy>, confirmed: bool, offered: &[String]) -> Result<Arc<Policy>, Refusal> {
    let unknown = |name: &&String| !route.tools.iter().any(|tool| tool.name() == name.as_str());
    if let Some(index) = offered.iter().position(|name| unknown(&name)) {
        let place = format!("tools[{index}].function.name");
        return Err(Refusal::new(Code::UnsupportedValue)
            .at(&place)
            .note("who runs this server has not listed this tool"));
    }
    if !confirmed && offered.len() == route.tools.len() {
        return Ok(Arc::clone(route));
    }
    let mut policy = Policy::clone(route);
    policy.confirmed = confirmed;
    policy
        .tools
        .retain(|tool| offered.iter().any(|name| name == tool.name()));
    Ok(Arc::new(policy))
}

/// `GET /v1/models`.
pub async fn list_models(State(app): State<Shared>, _: Allowed<ReadModels>) -> Response {
    reply::models(&app.engines.models().await)
}

/// `GET /v1/models/{model}`.
pub async fn retrieve_model(State(app): State<Shared>, _: Allowed<ReadModels>, Path(model): Path<String>) -> Response {
    match app.engines.models().await.iter().find(|offered| **offered == model) {
        Some(model) => reply::model(model),
        None => Refused::from(Refusal::new(Code::ModelNotFound).at("model")).into_response(),
    }
}

/// `GET /ward/v1/ledger/checkpoint`: the latest signed checkpoint, to be kept elsewhere.
pub async fn checkpoint(State(app): State<Shared>, _: Allowed<ReadLedger>) -> Response {
    match std::fs::read(&app.checkpoint) {
        Ok(note) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note).into_response(),
        Err(_) => Refused::from(Code::LedgerUnavailable).into_response(),
    }
}

/// What every reply says to a browser, should one ask: to keep nothing, show nothing, tell nobody, and come by TLS.
pub(crate) const FOR_BROWSERS: [(header::HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
];

/// Most bytes of names and values in the header of a request. HTTP/2 counts the same way.
pub(crate) const MAX_HEADER: u32 = 32 << 10;

fn header_bytes(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum()
}

/// Counts and logs every request of a listener, and says what its reply may not be used for.
///
/// A refusal that has no receipt has no entry of its own: it is counted for one, by who asked.
pub async fn seen(State(app): State<Shared>, mut http: Request, next: Next) -> Response {
    let whose = Whose::default();
    http.extensions_mut().insert(whose.clone());
    let peer = http.extensions().get::<Peer>().copied();
    let route = routes::name_of(http.uri().path());
    app.watch.metrics.request(route);
    let began = Instant::now();
    let mut response = if header_bytes(http.headers()) > MAX_HEADER as usize {
        Refused::from(Code::HeadersTooLarge).into_response()
    } else {
        next.run(http).await
    };
    let refusal = response.extensions().get::<Code>().copied();
    if let Some(code) = refusal {
        app.watch.metrics.refusal(code);
        if !response.headers().contains_key(RECEIPT_HEADER) {
            match (whose.known(), peer) {
                (Some(known), _) => app.turned_away.known(known, route, code),
                (None, Some(peer)) => app.turned_away.stranger(peer.address, code),
                (None, None) => {}
            }
        }
    }
    let headers = response.headers_mut();
    for (name, value) in FOR_BROWSERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    app.watch.tell(
        &Line::now("request")
            .with("route", Field::Word(route))
            .with("status", Field::Number(u64::from(response.status().as_u16())))
            .with("refusal", Field::Word(refusal.map_or("", |code| code.row().word)))
            .with(
                "took_ms",
                Field::Number(u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)),
            ),
    );
    response
}

/// Anything else, to a caller with a key.
pub async fn not_found(_: Allowed<Known>) -> Response {
    Refused::from(Code::NotFound).into_response()
}

/// A wrong method, to a caller with a key.
pub async fn method_not_allowed(_: Allowed<Known>) -> Response {
    Refused::from(Code::MethodNotAllowed).into_response()
}

/// The body of a request, within the limits of size and time.
pub(crate) async fn body(app: &Shared, http: Request) -> Result<Vec<u8>, Refusal> {
    is_json(http.headers())?;
    let declared = declared_length(http.headers());
    let too_large = || Refusal::new(Code::BodyTooLarge).limit(app.max_body);
    if declared.is_some_and(|length| length > app.max_body as u64) {
        return Err(too_large());
    }
    let limited: Limited<Body> = Limited::new(http.into_body(), app.max_body);
    match tokio::time::timeout(app.timeouts.body, limited.collect()).await {
        Err(_) => Err(Code::RequestTimeout.into()),
        Ok(Ok(collected)) => Ok(collected.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => Err(unread(&*error).into()),
    }
}

/// Why a body did not come whole: it is no body, or its sender went away.
pub(crate) fn unread(error: &(dyn std::error::Error + 'static)) -> Code {
    let mut next = Some(error);
    while let Some(error) = next {
        let kind = error.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        if let Some(std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData) = kind {
            return Code::BrokenBody;
        }
        next = error.source();
    }
    Code::ClientGone
}

/// The length that a request declares.
pub(crate) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// JSON, in plain. A compressed body could grow past its limit.
fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    // JSON is UTF-8 (RFC 8259, section 8.1): a parameter that says something else is not passed over.
    let in_utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if !media_type.eq_ignore_ascii_case("application/json")
        || !in_utf8
        || headers.get_all(header::CONTENT_TYPE).iter().count() > 1
        || headers.contains_key(header::CONTENT_ENCODING)
    {
        return Err(Code::UnsupportedMediaType.into());
    }
    Ok(())
}

/// The status of a refusal.
pub(crate) fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
