//! Who asks, and what they may do.

use std::marker::PhantomData;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use ward_guard::{Code, Refusal};
use ward_seal::apikey::KeyRefusal;

use crate::{
    app::Shared,
    journal::{Journal, ReceiptId},
    openai::error::Refused,
    routes::ROUTES,
};

/// What a key's holder is.
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
    /// To read the ledger's checkpoint.
    ReadLedger,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 4] = [Role::Clinician, Role::Service, Role::Auditor, Role::Administrator];

    /// The role's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::Clinician => "clinician",
            Role::Service => "service",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
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
            Scope::Infer => matches!(self, Role::Clinician | Role::Service),
            Scope::ReadLedger => matches!(self, Role::Auditor | Role::Administrator),
        }
    }
}

/// Who asks. There is no anonymous caller: one is made from a verified key, or is the person at this
/// machine who runs `ward ask`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key's id, or `local`.
    pub key: String,
    /// The role's word.
    pub role: &'static str,
}

impl Caller {
    /// The person at this machine, who can read the record's file anyway.
    #[must_use]
    pub fn local() -> Self {
        Self {
            key: "local".to_owned(),
            role: "local",
        }
    }
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
}

/// Proof that the caller holds a key whose role may do what `N` needs. Only extraction makes one.
pub struct Allowed<N> {
    /// Who.
    pub caller: Caller,
    needs: PhantomData<fn() -> N>,
}

impl<N: Needs> FromRequestParts<Shared> for Allowed<N> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Refused> {
        let presented = bearer(&parts.headers).map_err(Refused::from)?;
        let record = app.keys.verify(presented, crate::app::now()).map_err(|refusal| {
            Refused::from(Refusal::new(match refusal {
                KeyRefusal::Revoked => Code::RevokedKey,
                KeyRefusal::Expired => Code::ExpiredKey,
                _ => Code::InvalidKey,
            }))
        })?;
        let role = Role::from_word(&record.role)
            .ok_or(Code::Forbidden)
            .map_err(Refused::from)?;
        let caller = Caller {
            key: record.id,
            role: role.word(),
        };
        if !role.may(N::SCOPE) {
            return Err(forbidden(app, &caller, parts).await);
        }
        Ok(Self {
            caller,
            needs: PhantomData,
        })
    }
}

/// A caller who is known and may not: recorded like every refusal of one.
async fn forbidden(app: &Shared, caller: &Caller, parts: &Parts) -> Refused {
    let refusal = Refusal::new(Code::Forbidden);
    let route = ROUTES
        .iter()
        .find(|route| route.path == parts.uri.path())
        .map_or("other", |route| route.path);
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
