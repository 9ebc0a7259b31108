//! Tokens of an identity provider: JSON Web Tokens (RFC 7519) of one issuer, signed with its published keys (RFC 7517).
//!
//! Only signatures with public keys are taken, of the algorithms that were configured; what a token says about keys or
//! algorithms of its own (`jku`, `x5u`, `jwk`, `crit`, `none`) is never obeyed. Source of the rules: RFC 8725.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Validation,
    jwk::{JwkSet, PublicKeyUse},
};
use serde_json::{Map, Value};
use ward_guard::{Code, Refusal};
use ward_seal::hash;

use super::{Caller, Role};
use crate::{
    error::{StartError, StartErrorKind},
    fetch,
};

/// Longest token, in bytes.
const MAX_TOKEN: usize = 16 << 10;
/// Largest set of keys, in bytes.
const MAX_JWKS: u64 = 512 << 10;
/// Most keys of a set.
const MAX_KEYS: usize = 64;
/// How long a set is believed without asking again.
const FRESH: Duration = Duration::from_secs(600);
/// How long a set is used when it cannot be read again.
const STALE: Duration = Duration::from_secs(24 * 3600);

/// Where an issuer publishes its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file on this machine.
    File(PathBuf),
    /// An address: `https`, or `http` on this machine.
    Url(String),
}

/// An issuer of tokens and what is taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// The issuer, as in the claim `iss`.
    pub issuer: String,
    /// Who the tokens must be for, as in `aud`: at least one of these.
    pub audiences: Vec<String>,
    /// Its keys.
    pub keys: KeySource,
    /// The algorithms taken, as in `alg`.
    pub algorithms: Vec<Algorithm>,
    /// The claim that tells the role; dots lead into objects.
    pub role_claim: String,
    /// Which value of the claim means which role; the first that is there counts.
    pub roles: Vec<(String, Role)>,
    /// What the token may say it is, in the field `typ` of its header. With none named, an access token (RFC 9068) or nothing
    /// in particular.
    pub types: Vec<String>,
    /// How strong the sign-in behind it must have been, as in `acr`: one of these, if there are any.
    pub acr: Vec<String>,
    /// By what the holder must have signed in, as in `amr` (RFC 8176): one of these, if there are any.
    pub amr: Vec<String>,
    /// How long ago the holder may have signed in, as in `auth_time`, in seconds.
    pub max_age_s: Option<u64>,
    /// Seconds by which clocks may differ.
    pub leeway_s: u64,
    /// How soon the keys may be read again for a token that names an unknown one.
    pub reread: Duration,
}

/// The algorithm of this name, if it is one with a public key.
#[must_use]
pub fn algorithm(name: &str) -> Option<Algorithm> {
    let algorithm: Algorithm = name.parse().ok()?;
    (algorithm.family() != AlgorithmFamily::Hmac).then_some(algorithm)
}

struct PublishedKey {
    id: Option<String>,
    /// The one algorithm it is for, when the issuer says so.
    algorithm: Option<String>,
    key: DecodingKey,
}

struct Published {
    read: Instant,
    keys: Vec<PublishedKey>,
}

/// An issuer, with its keys as last read.
pub struct Oidc {
    settings: OidcSettings,
    published: RwLock<Option<Arc<Published>>>,
    /// One reading at a time; when the last one was.
    reading: tokio::sync::Mutex<Option<Instant>>,
}

impl Oidc {
    /// An issuer. A file of keys is read now, an address when the first token comes.
    ///
    /// # Errors
    /// When the file cannot be read or holds no usable key.
    pub fn new(settings: OidcSettings) -> Result<Self, StartError> {
        let published = match &settings.keys {
            KeySource::Url(_) => None,
            KeySource::File(file) => {
                let bytes = std::fs::read(file).ok().filter(|bytes| bytes.len() as u64 <= MAX_JWKS);
                let keys = bytes.and_then(|bytes| read_keys(&bytes));
                let keys = keys.ok_or_else(|| {
                    let what = "serve.oidc.keys: this file cannot be read, or holds no key that Ward can use.";
                    StartError::new(StartErrorKind::Setting, what)
                })?;
                Some(Arc::new(Published {
                    read: Instant::now(),
                    keys,
                }))
            }
        };
        Ok(Self {
            settings,
            published: RwLock::new(published),
            reading: tokio::sync::Mutex::new(None),
        })
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &OidcSettings {
        &self.settings
    }

    /// Whose token this is.
    ///
    /// # Errors
    /// `InvalidToken` for whatever is wrong with it, `WeakSignIn` when its holder signed in too weakly or too long ago,
    /// `Forbidden` when no role is given to its holder, `IdentityUnavailable` when the issuer's keys cannot be read.
    pub async fn verify(&self, token: &str, now_unix_ms: u64) -> Result<Caller, Refusal> {
        if token.len() > MAX_TOKEN {
            return Err(Code::InvalidToken.into());
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| Code::InvalidToken)?;
        if !self.settings.algorithms.contains(&header.alg) || header.crit.is_some() {
            return Err(Code::InvalidToken.into());
        }
        let published = self.keys(header.kid.as_deref()).await?;
        let mut validation = Validation::new(header.alg);
        // Times are compared below with the clock that everything else here is compared with.
        validation.validate_exp = false;
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_audience(&self.settings.audiences);
        let claims = published
            .keys
            .iter()
            .filter(|key| match (&header.kid, &key.id) {
                (Some(wanted), Some(id)) => wanted == id,
                // A token that names no key may be of any; a key without a name is for tokens that name none.
                (None, _) => true,
                (Some(_), None) => false,
            })
            .filter(|key| key.key.family() == header.alg.family())
            .filter(|key| {
                key.algorithm
                    .as_deref()
                    .is_none_or(|name| algorithm(name) == Some(header.alg))
            })
            .find_map(|key| jsonwebtoken::decode::<Map<String, Value>>(token, &key.key, &validation).ok())
            .ok_or(Code::InvalidToken)?
            .claims;
        if !self.is_for_access(header.typ.as_deref(), &claims) {
            return Err(Code::InvalidToken.into());
        }
        self.in_time(&claims, now_unix_ms / 1000)?;
        if !self.is_strong(&claims, now_unix_ms / 1000) {
            return Err(Code::WeakSignIn.into());
        }
        let subject = claims
            .get("sub")
            .and_then(Value::as_str)
            .filter(|subject| !subject.is_empty())
            .ok_or(Code::InvalidToken)?;
        let role = self.role(&claims).ok_or(Code::Forbidden)?;
        Ok(Caller::by_token(&self.settings.issuer, subject, role))
    }

    /// Whether it is a token to be let in by, and not another of the same issuer's, such as one that tells a client who signed in
    /// (an ID token), one to get others with, or one that ends a session. RFC 8725, section 3.11.
    fn is_for_access(&self, kind: Option<&str>, claims: &Map<String, Value>) -> bool {
        let plain = |kind: &str| {
            let kind = kind.to_ascii_lowercase();
            kind.strip_prefix("application/").unwrap_or(&kind).to_owned()
        };
        let kind = kind.map(plain);
        if !self.settings.types.is_empty() {
            return kind.is_some_and(|kind| self.settings.types.iter().any(|wanted| plain(wanted) == kind));
        }
        // What only ID tokens have (OpenID Connect Core, sections 2 and 3.3.2.11), and what some issuers call their tokens.
        let is_id = ["nonce", "at_hash", "c_hash"]
            .iter()
            .any(|name| claims.contains_key(*name));
        let called = ["typ", "token_use"]
            .iter()
            .filter_map(|name| claims.get(*name)?.as_str());
        let is_other = called
            .map(str::to_ascii_lowercase)
            .any(|word| !matches!(word.as_str(), "bearer" | "access" | "jwt" | "at+jwt"));
        matches!(kind.as_deref(), None | Some("jwt" | "at+jwt")) && !is_id && !is_other
    }

    /// Whether the holder signed in as strongly, and as lately, as is asked for. What the token does not say is not so.
    fn is_strong(&self, claims: &Map<String, Value>, now_s: u64) -> bool {
        let has = |name: &str, wanted: &[String]| {
            let one = |value: &Value| {
                value
                    .as_str()
                    .is_some_and(|value| wanted.iter().any(|wanted| wanted == value))
            };
            wanted.is_empty()
                || match claims.get(name) {
                    Some(Value::Array(values)) => values.iter().any(one),
                    Some(value) => one(value),
                    None => false,
                }
        };
        let is_late = |most: u64| {
            let at = claims.get("auth_time").and_then(Value::as_f64);
            let (now, most, leeway) = (now_s as f64, most as f64, self.settings.leeway_s as f64);
            at.is_none_or(|at| at > now + leeway || now - at > most + leeway)
        };
        has("acr", &self.settings.acr)
            && has("amr", &self.settings.amr)
            && !self.settings.max_age_s.is_some_and(is_late)
    }

    /// Whether now is within `nbf` and `exp`, and the token was not issued in the future.
    fn in_time(&self, claims: &Map<String, Value>, now_s: u64) -> Result<(), Refusal> {
        let seconds = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or(Code::InvalidToken),
        };
        let (now, leeway) = (now_s as f64, self.settings.leeway_s as f64);
        let ends = seconds("exp")?.ok_or(Code::InvalidToken)?;
        let begins = seconds("nbf")?.unwrap_or(0.0).max(seconds("iat")?.unwrap_or(0.0));
        if now < ends + leeway && begins <= now + leeway {
            return Ok(());
        }
        Err(Code::InvalidToken.into())
    }

    fn role(&self, claims: &Map<String, Value>) -> Option<Role> {
        // A name with dots may be the claim's own, as some providers have it.
        let claim = claims.get(&self.settings.role_claim).or_else(|| {
            let mut parts = self.settings.role_claim.split('.');
            let first = claims.get(parts.next()?)?;
            parts.try_fold(first, |value, part| value.get(part))
        })?;
        let has = |wanted: &str| match claim {
            Value::String(value) => value == wanted,
            Value::Array(values) => values.iter().any(|value| value.as_str() == Some(wanted)),
            _ => false,
        };
        let found = self.settings.roles.iter().find(|(value, _)| has(value));
        found.map(|(_, role)| *role)
    }

    /// The issuer's keys: as last read, or read now when they are old or do not hold the key that is asked for.
    async fn keys(&self, wanted: Option<&str>) -> Result<Arc<Published>, Refusal> {
        let known = self.published.read().unwrap_or_else(PoisonError::into_inner).clone();
        let suits = |published: &Arc<Published>| {
            let holds = wanted.is_none_or(|wanted| published.keys.iter().any(|key| key.id.as_deref() == Some(wanted)));
            holds && published.read.elapsed() < FRESH
        };
        if let Some(published) = known.as_ref().filter(|published| suits(published)) {
            return Ok(Arc::clone(published));
        }
        // One reads, the others wait for what it read.
        let mut last = self.reading.lock().await;
        let known = self.published.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(published) = known.as_ref().filter(|published| suits(published)) {
            return Ok(Arc::clone(published));
        }
        if last.is_none_or(|last| last.elapsed() >= self.settings.reread) {
            let keys = self.read().await;
            *last = Some(Instant::now());
            if let Some(keys) = keys {
                let published = Arc::new(Published {
                    read: Instant::now(),
                    keys,
                });
                *self.published.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&published));
                return Ok(published);
            }
        }
        known
            .filter(|published| published.read.elapsed() < STALE)
            .ok_or_else(|| Refusal::new(Code::IdentityUnavailable).retry_after(30))
    }

    async fn read(&self) -> Option<Vec<PublishedKey>> {
        let bytes = match &self.settings.keys {
            KeySource::File(file) => {
                let file = file.clone();
                let read = tokio::task::spawn_blocking(move || std::fs::read(file));
                read.await.ok()?.ok().filter(|bytes| bytes.len() as u64 <= MAX_JWKS)?
            }
            KeySource::Url(url) => {
                let limits = fetch::Limits {
                    bytes: MAX_JWKS,
                    silence: Duration::from_secs(10),
                };
                fetch::whole(url, limits).await.ok()?
            }
        };
        read_keys(&bytes)
    }
}

/// The usable keys of a set; none when there is no usable one.
fn read_keys(bytes: &[u8]) -> Option<Vec<PublishedKey>> {
    let set: JwkSet = serde_json::from_slice(bytes).ok()?;
    let keys: Vec<PublishedKey> = set
        .keys
        .iter()
        .filter(|jwk| jwk.common.public_key_use != Some(PublicKeyUse::Encryption))
        .filter_map(|jwk| {
            let key = DecodingKey::from_jwk(jwk).ok()?;
            // A shared secret in a published set is a mistake of the issuer's, and worth nothing.
            (key.family() != AlgorithmFamily::Hmac).then(|| PublishedKey {
                id: jwk.common.key_id.clone(),
                algorithm: jwk.common.key_algorithm.map(|algorithm| algorithm.to_string()),
                key,
            })
        })
        .take(MAX_KEYS)
        .collect();
    (!keys.is_empty()).then_some(keys)
}

/// How a holder of a token stands on the ledger: by the issuer's own name for them where that is plain, else by a hash.
pub(super) fn name(issuer: &str, subject: &str) -> String {
    let plain = subject.len() <= 64
        && subject
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'@' | b'|'));
    if plain {
        return format!("oidc:{subject}");
    }
    let digest = hash::sha256(&[issuer.as_bytes(), &[0], subject.as_bytes()].concat());
    format!("oidc:#{}", hash::hex(digest.get(..16).unwrap_or(&digest)))
}
