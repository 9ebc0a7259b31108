//! `ward vault`: what is kept, and forgetting it. Every use is on the ledger.

use anyhow::{Result, bail};
use serde_json::{Value, json};
use ward_seal::{
    store::DataDir,
    vault::{self, Listed},
};
use ward_serve::app::now;

use crate::{
    audit::Audit,
    cli::{
        Data,
        vault::{Cipher, Vault},
    },
    commands::reid::subject_name,
    exit::Exit,
    folder, terminal,
    vault::Subjects,
};

/// Lists, erases, expires or rotates.
///
/// # Errors
/// When there is no vault, it cannot be used, or the ledger cannot be written.
pub fn run(args: Vault) -> Result<Exit> {
    match args {
        Vault::List { data, json } => list(data, json),
        Vault::Erase {
            subject,
            tenant,
            data,
            json,
        } => erase(&subject, &tenant, data, json),
        Vault::Expire { data, json } => expire(data, json),
        Vault::Rotate {
            cipher,
            cases,
            data,
            json,
        } => rotate(cipher, cases, data, json),
    }
}

fn open(data: Data, route: &'static str) -> Result<(Subjects, Audit)> {
    let data = DataDir::open_existing(&folder::data(data.data)?)?;
    let subjects = Subjects::open_existing(&data)?;
    Ok((subjects, Audit::open(&data, route)?))
}

fn list(data: Data, json: bool) -> Result<Exit> {
    let (subjects, audit) = open(data, "ward vault list")?;
    let listed = subjects.vault().list()?;
    audit.write("vault", json!({"subjects": listed.len()}))?;
    if json {
        let all: Vec<Value> = listed.iter().map(about).collect();
        terminal::json(&json!({"subjects": all}))?;
    } else {
        let mut text = String::from("ID                                   ROWS  STATE    EXPIRES\n");
        for one in &listed {
            let expires = one.expires_unix_ms.map_or_else(|| "never".to_owned(), day_of);
            text.push_str(&format!(
                "{} {:>8}  {:<8} {expires}\n",
                one.id.text(),
                one.rows,
                state(one)
            ));
        }
        terminal::result(&text)?;
    }
    let damaged = listed.iter().filter(|one| one.damaged).count();
    Ok(if damaged > 0 { Exit::Findings } else { Exit::Clean })
}

/// The day (UTC) of a time in milliseconds since 1970.
fn day_of(unix_ms: u64) -> String {
    let day = i32::try_from(unix_ms / 86_400_000).ok();
    match day.and_then(ward_formats::date::Civil::from_days) {
        Some(day) => format!("{:04}-{:02}-{:02}", day.year, day.month, day.day),
        None => format!("{unix_ms} ms"),
    }
}

fn erase(subject: &str, tenant: &str, data: Data, json: bool) -> Result<Exit> {
    let (subjects, audit) = open(data, "ward vault erase")?;
    let id = subjects.id(&subject_name(tenant, subject));
    audit.write("vault", json!({"subject": id.text()}))?;
    if !subjects.vault().erase(&id)? {
        bail!("the vault keeps nothing of this subject; `ward vault list` shows what it keeps");
    }
    audit.write("erased", json!({"subject": id.text()}))?;
    if json {
        terminal::json(&json!({"erased": [id.text()]}))?;
    } else {
        terminal::result(&format!("erased {}\n", id.text()))?;
        terminal::note(
            "copies of keys/ and vault/ elsewhere, such as backups, still hold this subject's key: remove it there, too",
        );
    }
    Ok(Exit::Clean)
}

fn expire(data: Data, json: bool) -> Result<Exit> {
    let (subjects, audit) = open(data, "ward vault expire")?;
    audit.write("vault", json!({}))?;
    let gone: Vec<String> = subjects
        .vault()
        .expire(now())?
        .iter()
        .map(ward_seal::vault::SubjectId::text)
        .collect();
    audit.write("expired", json!({"subjects": gone.len()}))?;
    if json {
        terminal::json(&json!({"expired": gone}))?;
    } else {
        terminal::result(&format!("{} subjects expired\n", gone.len()))?;
    }
    Ok(Exit::Clean)
}

fn rotate(cipher: Option<Cipher>, cases: bool, data: Data, json: bool) -> Result<Exit> {
    let cipher = cipher.map(|cipher| match cipher {
        Cipher::Aes256GcmSiv => vault::Cipher::Aes256GcmSiv,
        Cipher::XChaCha20Poly1305 => vault::Cipher::XChaCha20Poly1305,
    });
    let data = DataDir::open_existing(&folder::data(data.data)?)?;
    let subjects;
    let of_cases;
    let vault = if cases {
        if !data.path().join("cases").is_dir() {
            bail!("this data folder has no cases; `ward disclose` makes them");
        }
        of_cases = vault::Vault::open_cases(&data)?;
        &of_cases
    } else {
        subjects = Subjects::open_existing(&data)?;
        subjects.vault()
    };
    let audit = Audit::open(&data, "ward vault rotate")?;
    audit.write("vault", json!({"cases": cases}))?;
    let rotated = vault.rotate(cipher)?;
    let damaged: Vec<String> = rotated.damaged.iter().map(vault::SubjectId::text).collect();
    let (wrapped, cipher) = (rotated.wrapped, rotated.cipher.word());
    audit.write(
        "rotated",
        json!({"wrapped": wrapped, "damaged": damaged.len(), "cipher": cipher}),
    )?;
    if json {
        terminal::json(
            &json!({"wrapped": wrapped, "damaged": damaged, "finished": damaged.is_empty(), "cipher": cipher}),
        )?;
    } else {
        let whom = if cases { "entries of cases" } else { "subjects" };
        terminal::result(&format!(
            "{wrapped} {whom} are under the new master key, sealed with {cipher}\n"
        ))?;
        for id in &damaged {
            terminal::note(&format!(
                "{id} is damaged and keeps the old master key in use: restore its file or erase it"
            ));
        }
    }
    Ok(if damaged.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

fn state(one: &Listed) -> &'static str {
    match one.expires_unix_ms {
        _ if one.damaged => "damaged",
        Some(end) if end <= now() => "expired",
        _ => "kept",
    }
}

fn about(one: &Listed) -> Value {
    json!({
        "id": one.id.text(),
        "rows": one.rows,
        "state": state(one),
        "created_unix_ms": one.created_unix_ms,
        "expires_unix_ms": one.expires_unix_ms,
    })
}
