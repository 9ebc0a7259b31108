//! `ward key`.

use anyhow::{Result, bail};
use serde_json::{Value, json};
use ward_seal::{
    apikey::{KeyRecord, KeyStore},
    store::DataDir,
};
use ward_serve::{Role, app::now};

use crate::{cli::Key, exit::Exit, folder, terminal};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Makes, lists or revokes keys.
///
/// # Errors
/// When the data folder cannot be used, or there is no such role or key.
pub fn run(args: Key) -> Result<Exit> {
    match args {
        Key::New {
            role,
            owner,
            expires,
            data,
            json,
        } => {
            let Some(role) = Role::from_word(&role) else {
                let words = Role::ALL.map(Role::word).join(", ");
                bail!("there is no such role; choose one of {words}");
            };
            let keys = KeyStore::open(&DataDir::open(&folder::data(data.data)?)?)?;
            let expires = expires.map(|days| now().saturating_add(u64::from(days) * DAY_MS));
            let (record, key) = keys.create(role.word(), &owner, expires, now())?;
            if json {
                let mut object = about(&record);
                object["key"] = json!(key.expose());
                terminal::json(&object)?;
            } else {
                terminal::result(&format!("{}\n", key.expose()))?;
                terminal::note(&format!(
                    "key {} ({}): shown this once; only a keyed hash is kept",
                    record.id, record.role
                ));
            }
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
        Key::Revoke { id, data, json } => {
            let keys = KeyStore::open(&DataDir::open_existing(&folder::data(data.data)?)?)?;
            let record = keys.revoke(&id, now())?;
            if json {
                terminal::json(&about(&record))?;
            } else {
                terminal::result(&format!("revoked {}\n", record.id))?;
            }
        }
    }
    Ok(Exit::Clean)
}

fn state(record: &KeyRecord) -> &'static str {
    match (record.revoked_unix_ms, record.expires_unix_ms) {
        (Some(_), _) => "revoked",
        (None, Some(end)) if end <= now() => "expired",
        _ => "valid",
    }
}

fn line(record: &KeyRecord) -> String {
    format!(
        "{:<9} {:<14} {:<8} {}\n",
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
    })
}
