//! `ward key`.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_seal::{
    apikey::{KeyRecord, KeyStore, KeyTerms, NewKey},
    store::DataDir,
};
use ward_serve::{Role, Scope, app::now, phrases::Phrases};

use crate::{
    audit::Audit,
    cli::{self, Key},
    exit::Exit,
    folder, terminal,
};

const MINUTE_MS: u64 = 60 * 1000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;
/// How long an emergency key works when nobody says, and at most.
const BREAK_GLASS_MS: (u64, u64) = (HOUR_MS, 12 * HOUR_MS);

/// Makes, lists, rotates or revokes keys.
///
/// # Errors
/// When the data folder cannot be used, or there is no such role or key.
pub fn run(args: Key) -> Result<Exit> {
    match args {
        Key::New(args) => new(*args)?,
        Key::Rotate {
            id,
            overlap,
            data,
            json,
        } => {
            let overlap = milliseconds(&overlap).context("--overlap is a number with m, h or d, such as 7d")?;
            let data = DataDir::open_existing(&folder::data(data.data)?)?;
            let audit = Audit::open(&data, "ward key rotate")?;
            let keys = KeyStore::open(&data)?;
            audit.write("key_rotating", json!({"id": id, "overlap_ms": overlap}))?;
            let (record, key) = keys.rotate(&id, overlap, now())?;
            audit.write("key_made", made(&record))?;
            show(&record, &key, json)?;
        }
        Key::List { data, json } => {
            let keys = KeyStore::open(&DataDir::open_existing(&folder::data(data.data)?)?)?;
            let mut records = keys.list();
            records.sort_by_key(|record| record.created_unix_ms);
            if json {
                terminal::json(&json!({"keys": records.iter().map(about).collect::<Vec<_>>()}))?;
            } else {
                let lines: String = records.iter().map(line).collect();
                terminal::result(&format!("ID        ROLE           STATE    OWNER\n{lines}"))?;
            }
        }
        Key::Canary { id, data, json } => {
            let data = DataDir::open_existing(&folder::data(data.data)?)?;
            if !KeyStore::open(&data)?.list().iter().any(|key| key.id == id) {
                bail!("there is no key of that id; `ward key list` shows them");
            }
            let phrase = Phrases::open(&data)?.of_key(&id);
            if json {
                terminal::json(&json!({"id": id, "phrase": phrase}))?;
            } else {
                terminal::result(&format!("{phrase}\n"))?;
            }
        }
        Key::Revoke { id, data, json } => {
            let data = DataDir::open_existing(&folder::data(data.data)?)?;
            // First what matters: a ledger that cannot be written keeps nobody from revoking.
            let record = KeyStore::open(&data)?.revoke(&id, now())?;
            Audit::open(&data, "ward key revoke")
                .and_then(|audit| audit.write("key_revoked", json!({"id": record.id})))
                .context("the key is revoked, but that is not on the ledger")?;
            if json {
                terminal::json(&about(&record))?;
            } else {
                terminal::result(&format!("revoked {}\n", record.id))?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn new(args: cli::NewKey) -> Result<()> {
    let Some(role) = Role::from_word(&args.role) else {
        let words = Role::ALL.map(Role::word).join(", ");
        bail!("there is no such role; choose one of {words}");
    };
    for scope in &args.scopes {
        let Some(scope) = Scope::from_word(scope) else {
            let words = Scope::GIVEN.map(Scope::word).join(", ");
            bail!("there is no such scope; choose of {words}");
        };
        if !role.may(scope) {
            bail!("the role {} may not use the scope {}", role.word(), scope.word());
        }
    }
    let mut lifetime = args
        .expires
        .as_deref()
        .map(|text| {
            milliseconds(text).context("--expires is a number of days, or a number with m, h or d, such as 90d")
        })
        .transpose()?;
    if lifetime == Some(0) {
        bail!("--expires must lie in the future");
    }
    if role == Role::BreakGlass {
        if args.reason.is_none() {
            bail!("a break-glass key needs --reason \"why\"; it stands in `ward key list`, so name no patient");
        }
        let (usual, most) = BREAK_GLASS_MS;
        let chosen = *lifetime.get_or_insert(usual);
        if chosen > most {
            bail!("a break-glass key works for {} hours at most", most / HOUR_MS);
        }
    }
    let data = DataDir::open(&folder::data(args.data.data)?)?;
    let audit = Audit::open(&data, "ward key new")?;
    let terms = KeyTerms {
        expires_unix_ms: lifetime.map(|lifetime| now().saturating_add(lifetime)),
        environment: args.environment,
        scopes: args.scopes,
        purposes: args.purposes,
        reason: args.reason,
        ..KeyTerms::new(role.word(), &args.owner)
    };
    let keys = KeyStore::open(&data)?;
    let (record, key) = keys.create_on(&terms, now())?;
    // Who has not seen a key cannot use it: it is shown only when it stands on the ledger.
    if let Err(error) = audit.write("key_made", made(&record)) {
        keys.revoke(&record.id, now())?;
        return Err(error.context("the key was revoked again"));
    }
    show(&record, &key, args.json)
}

fn show(record: &KeyRecord, key: &NewKey, json: bool) -> Result<()> {
    if json {
        let mut object = about(record);
        object["key"] = json!(key.expose());
        return terminal::json(&object);
    }
    terminal::result(&format!("{}\n", key.expose()))?;
    terminal::note(&format!(
        "key {} ({}): shown this once; only a keyed hash is kept",
        record.id, record.role
    ));
    Ok(())
}

/// What the ledger holds about a new key: everything but the key, its owner and its reason, which may name people.
fn made(record: &KeyRecord) -> Value {
    json!({
        "id": record.id,
        "key_role": record.role,
        "expires_unix_ms": record.expires_unix_ms,
        "environment": record.environment,
        "scopes": record.scopes,
        "purposes": record.purposes,
        "replaces": record.replaces,
    })
}

/// A time such as `30m`, `12h`, `7d`, or a number of days.
fn milliseconds(text: &str) -> Option<u64> {
    let (number, unit) = match text.char_indices().last()? {
        (at, 'm') => (text.get(..at)?, MINUTE_MS),
        (at, 'h') => (text.get(..at)?, HOUR_MS),
        (at, 'd') => (text.get(..at)?, DAY_MS),
        _ => (text, DAY_MS),
    };
    let plain = number.bytes().all(|b| b.is_ascii_digit());
    let number: u64 = plain.then(|| number.parse().ok()).flatten()?;
    number.checked_mul(unit).filter(|ms| *ms <= 36_500 * DAY_MS)
}

fn state(record: &KeyRecord) -> &'static str {
    match (record.revoked_unix_ms, record.expires_unix_ms) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now() => "expired",
        _ => "valid",
    }
}

fn line(record: &KeyRecord) -> String {
    let mut more = String::new();
    if let Some(environment) = &record.environment {
        more.push_str(&format!(" [{environment}]"));
    }
    for (name, words) in [("scopes", &record.scopes), ("purposes", &record.purposes)] {
        if !words.is_empty() {
            more.push_str(&format!(" ({name}: {})", words.join(", ")));
        }
    }
    if let Some(reason) = &record.reason {
        more.push_str(&format!(" ({reason})"));
    }
    if let Some(replaces) = &record.replaces {
        more.push_str(&format!(" (replaces {replaces})"));
    }
    format!(
        "{:<9} {:<14} {:<8} {}{more}\n",
        record.id,
        record.role,
        state(record),
        record.owner
    )
}

fn about(record: &KeyRecord) -> Value {
    json!({
        "id": record.id,
        "role": record.role,
        "owner": record.owner,
        "state": state(record),
        "created_unix_ms": record.created_unix_ms,
        "expires_unix_ms": record.expires_unix_ms,
        "revoked_unix_ms": record.revoked_unix_ms,
        "environment": record.environment,
        "scopes": record.scopes,
        "purposes": record.purposes,
        "reason": record.reason,
        "replaces": record.replaces,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_unit() {
        for (text, expect) in [
            ("30m", Some(30 * MINUTE_MS)),
            ("12h", Some(12 * HOUR_MS)),
            ("7d", Some(7 * DAY_MS)),
            ("90", Some(90 * DAY_MS)),
            ("0", Some(0)),
            ("", None),
            ("d", None),
            ("-1d", None),
            ("1.5h", None),
            ("7w", None),
            ("99999999999999999999d", None),
            ("36501", None),
        ] {
            assert_eq!(milliseconds(text), expect, "{text}");
        }
    }
}
