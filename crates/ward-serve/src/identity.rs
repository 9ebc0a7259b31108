//! Who asks, and what they may do.
//!
//! A caller is known by an API key, by a token of the configured issuer, or by the certificate of its connection.
//! What a handler needs stands in its signature as [`Allowed`]; there is no other way to a [`Caller`], and no
//! caller who is nobody.

pub mod oidc;

use std::{marker::PhantomData, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use ward_guard::{Code, Refusal};
use ward_seal::apikey::{KeyRecord, KeyRefusal};

use crate::{
    app::{App, Live, Shared},
    journal::{Journal, ReceiptId},
    openai::error::Refused,
    routes,
    turned_away::Whose,
    watch::Signal,
};

/// What a caller is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A person who treats patients.
    Clinician,
    /// A program that asks on behalf of others.
    Service,
    /// A person who reads what happened, never content.
    Auditor,
    /// A person who runs Ward.
    Administrator,
    /// A person in an emergency: made with a reason, for a short time, and every use raises an alert.
    BreakGlass,
}

/// Something a handler may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// To be known at all.
    Known,
    /// To list models.
    ReadModels,
    /// To have a question answered.
    Infer,
    /// To have values put back for an agent, which then sees who a record is about. A key must name it.
    Reid,
    /// To read the ledger's checkpoint.
    ReadLedger,
    /// To read metrics and health.
    ReadMetrics,
}

impl Scope {
    /// The scopes a key can be made for.
    pub const GIVEN: [Scope; 5] = [
        Scope::ReadModels,
        Scope::Infer,
        Scope::Reid,
        Scope::ReadLedger,
        Scope::ReadMetrics,
    ];

    /// The scope's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Scope::Known => "known",
            Scope::ReadModels => "models",
            Scope::Infer => "ask",
            Scope::Reid => "reid",
            Scope::ReadLedger => "ledger",
            Scope::ReadMetrics => "metrics",
        }
    }

    /// The scope of that word, if a key can be made for it.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::GIVEN.into_iter().find(|scope| scope.word() == word)
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 5] = [
        Role::Clinician,
        Role::Service,
        Role::Auditor,
        Role::Administrator,
        Role::BreakGlass,
    ];

    /// The role's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::Clinician => "clinician",
            Role::Service => "service",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
            Role::BreakGlass => "break-glass",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// What the role may do. Administrators do not see patients' data by being administrators.
    #[must_use]
    pub fn may(self, scope: Scope) -> bool {
        match scope {
            Scope::Known => true,
            Scope::ReadModels => self != Role::Auditor,
            Scope::Infer => matches!(self, Role::Clinician | Role::Service | Role::BreakGlass),
            Scope::Reid => matches!(self, Role::Clinician | Role::BreakGlass),
            Scope::ReadLedger | Scope::ReadMetrics => matches!(self, Role::Auditor | Role::Administrator),
        }
    }
}

/// Who asks. There is no anonymous caller: one is made from a verified key, token or certificate, or is the person at this
/// machine who runs `ward ask`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// How the caller stands on the ledger: a key's id, `oidc:` and a subject, `cert:` and a name, or `local`.
    pub key: String,
    /// The role's word.
    pub role: &'static str,
    /// How the caller is known: `key`, `token`, `certificate` or `local`.
    pub via: &'static str,
    /// What the request is for, when it says so.
    pub purpose: Option<String>,
}

impl Caller {
    /// The person at this machine, who can read the record's file anyway.
    #[must_use]
    pub fn local() -> Self {
        Self {
            key: "local".to_owned(),
            role: "local",
            via: "local",
            purpose: None,
        }
    }

    fn by_token(issuer: &str, subject: &str, role: Role) -> Self {
        Self {
            key: oidc::name(issuer, subject),
            role: role.word(),
            via: "token",
            purpose: None,
        }
    }
}

/// A client certificate that is somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The name that stands on the ledger: 1 to 32 lower-case letters, digits or `-`.
    pub name: String,
    /// SHA-256 of the public key (SPKI) of the certificate.
    pub spki: [u8; 32],
    /// In which role.
    pub role: Role,
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// SHA-256 of the public key of its certificate, which was verified against the configured authority.
    pub spki: Option<[u8; 32]>,
}

/// A scope as a type, so that a handler says in its signature what it needs.
pub trait Needs {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! needs {
    ($($name:ident $scope:ident $doc:literal;)*) => {
        $(#[doc = $doc] pub struct $name; impl Needs for $name { const SCOPE: Scope = Scope::$scope; })*
    };
}

needs! {
    Known Known "The handler needs a caller it knows.";
    ReadModels ReadModels "The handler lists models.";
    Infer Infer "The handler answers a question.";
    ReadLedger ReadLedger "The handler reads the ledger's checkpoint.";
    ReadMetrics ReadMetrics "The handler reads metrics or health.";
}

/// Proof that the caller is known and may do what `N` needs. Only extraction makes one.
pub struct Allowed<N> {
    /// Who.
    pub caller: Caller,
    /// The settings the caller was judged by; the rest of the request is judged by the same.
    pub live: std::sync::Arc<Live>,
    role: Role,
    scopes: Vec<String>,
    needs: PhantomData<fn() -> N>,
}

/// A caller who is known, and what they may do of what their role may.
struct Proved {
    caller: Caller,
    role: Role,
    /// Empty is all.
    scopes: Vec<String>,
    /// Empty is any.
    purposes: Vec<String>,
}

impl<N> Allowed<N> {
    /// Whether the caller was given this scope by name, beside what the handler needs: a key without a list has none so.
    #[must_use]
    pub fn was_given(&self, scope: Scope) -> bool {
        self.role.may(scope) && self.scopes.iter().any(|word| word == scope.word())
    }
}

impl<N: Needs> FromRequestParts<Shared> for Allowed<N> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Refused> {
        let live = app.live();
        // A request that came by no connection of the listener's is nobody's.
        let peer = *parts
            .extensions
            .get::<Peer>()
            .ok_or(Code::Internal)
            .map_err(Refused::from)?;
        let whose = parts.extensions.get::<Whose>().cloned().unwrap_or_default();
        let known = match identify(app, &live, &parts.headers, &peer, &whose).await {
            Ok(known) => known,
            Err(refusal) => {
                app.watch.seen(Signal::NotKnown { from: peer.address });
                return Err(refusal.into());
            }
        };
        let Proved {
            mut caller,
            role,
            scopes,
            purposes,
        } = known;
        whose.is(&caller.key, caller.role);
        app.watch.came(&caller);
        let judged = judge::<N>(app, &live, parts, &mut caller, role, &scopes, &purposes);
        if let Err(refusal) = judged {
            app.watch.refused(&caller, refusal.code());
            return Err(match refusal.code() {
                // Of these there may be as many as somebody likes to send; they are counted for an entry and not each recorded.
                Code::RateLimited | Code::Overloaded => refusal.into(),
                _ => recorded(app, &caller, parts, refusal).await,
            });
        }
        Ok(Self {
            caller,
            live,
            role,
            scopes,
            needs: PhantomData,
        })
    }
}

/// What a known caller must fulfil beside being known.
fn judge<N: Needs>(
    app: &App,
    live: &Live,
    parts: &Parts,
    caller: &mut Caller,
    role: Role,
    scopes: &[String],
    purposes: &[String],
) -> Result<(), Refusal> {
    app.meter.request(&caller.key, &live.quotas)?;
    if !live.answers_to(parts) {
        return Err(Code::Misdirected.into());
    }
    let given = N::SCOPE == Scope::Known || scopes.is_empty() || scopes.iter().any(|word| word == N::SCOPE.word());
    if !role.may(N::SCOPE) || !given {
        return Err(Code::Forbidden.into());
    }
    caller.purpose = purpose(live, &parts.headers, purposes)?;
    // A key for several purposes is taken for one of them at a time.
    let must_say = live.purpose_required || !purposes.is_empty();
    if N::SCOPE == Scope::Infer && caller.purpose.is_none() && must_say {
        return Err(Code::PurposeNeeded.into());
    }
    Ok(())
}

/// Who this is. One proof counts: the `Authorization` header where there is one, else the certificate of the connection.
async fn identify(app: &App, live: &Live, headers: &HeaderMap, peer: &Peer, whose: &Whose) -> Result<Proved, Refusal> {
    let presented = match bearer(headers) {
        Ok(presented) => presented,
        Err(refusal) if refusal.code() == Code::MissingKey && !headers.contains_key(header::AUTHORIZATION) => {
            return by_certificate(live, peer).ok_or(refusal);
        }
        Err(refusal) => return Err(refusal),
    };
    if let Some(oidc) = live.oidc.as_ref().filter(|_| presented.starts_with("eyJ")) {
        let caller = oidc.verify(presented, crate::app::now()).await?;
        let role = Role::from_word(caller.role).ok_or(Code::Forbidden)?;
        return Ok(Proved {
            caller,
            role,
            scopes: Vec::new(),
            purposes: Vec::new(),
        });
    }
    let record = app.keys.holder(presented).map_err(|refusal| refusal_of(&refusal))?;
    // Also a key that does not stand any more, or not here, is somebody's.
    whose.is(&record.id, Role::from_word(&record.role).map_or("", Role::word));
    let stands = record.stands(crate::app::now());
    stands.map_err(|refusal| refusal_of(&refusal))?;
    by_key(live, record)
}

/// The refusal for a key that does not stand.
pub(crate) fn refusal_of(refusal: &KeyRefusal) -> Refusal {
    Refusal::new(match refusal {
        KeyRefusal::Revoked => Code::RevokedKey,
        KeyRefusal::Expired => Code::ExpiredKey,
        _ => Code::InvalidKey,
    })
}

fn by_key(live: &Live, record: KeyRecord) -> Result<Proved, Refusal> {
    if record.environment.is_some() && record.environment != live.environment {
        return Err(Code::WrongEnvironment.into());
    }
    let role = Role::from_word(&record.role).ok_or(Code::Forbidden)?;
    Ok(Proved {
        caller: Caller {
            key: record.id,
            role: role.word(),
            via: "key",
            purpose: None,
        },
        role,
        scopes: record.scopes,
        purposes: record.purposes,
    })
}

fn by_certificate(live: &Live, peer: &Peer) -> Option<Proved> {
    let spki = peer.spki?;
    let client = live.clients.iter().find(|client| client.spki == spki)?;
    Some(Proved {
        caller: Caller {
            key: format!("cert:{}", client.name),
            role: client.role.word(),
            via: "certificate",
            purpose: None,
        },
        role: client.role,
        scopes: Vec::new(),
        purposes: Vec::new(),
    })
}

/// The header that says what a request is for.
pub const PURPOSE_HEADER: &str = "ward-purpose";

/// What the request is for: what its header says, else the one purpose of its key.
fn purpose(live: &Live, headers: &HeaderMap, of_key: &[String]) -> Result<Option<String>, Refusal> {
    let mut values = headers.get_all(PURPOSE_HEADER).iter();
    let among = |words: &[String], word: &str| words.is_empty() || words.iter().any(|one| one == word);
    let Some(value) = values.next() else {
        return match of_key {
            [one] if among(&live.purposes, one) => Ok(Some(one.clone())),
            [_] => Err(Code::PurposeRefused.into()),
            _ => Ok(None),
        };
    };
    let word = value.to_str().ok().filter(|word| {
        (1..=32).contains(&word.len())
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    });
    let (Some(word), None) = (word, values.next()) else {
        return Err(Refusal::new(Code::InvalidValue).at(PURPOSE_HEADER));
    };
    if !among(of_key, word) || !among(&live.purposes, word) {
        return Err(Code::PurposeRefused.into());
    }
    Ok(Some(word.to_owned()))
}

/// A caller who is known and may not: recorded like every refusal of one.
async fn recorded(app: &Shared, caller: &Caller, parts: &Parts, refusal: Refusal) -> Refused {
    let route = routes::name_of(parts.uri.path());
    match ReceiptId::draw() {
        Err(failed) => failed.into(),
        Ok(receipt) => {
            let recorded = Journal::new(&app.ledger, receipt.clone(), caller, route)
                .refused(&refusal)
                .await;
            Refused::from(recorded.err().unwrap_or(refusal)).with_receipt(&receipt)
        }
    }
}

/// The key of an `Authorization: Bearer` header. Exactly one header counts; no other place does.
fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(Code::MissingKey)?;
    if values.next().is_some() {
        return Err(Code::InvalidKey.into());
    }
    let (scheme, key) = value
        .to_str()
        .ok()
        .and_then(|v| v.split_once(' '))
        .ok_or(Code::InvalidKey)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Code::MissingKey.into());
    }
    Ok(key.trim())
}
