//! What the running service took in while nobody looked: sealed for the team's keys, opened here.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::json;
use ward_disclose::{
    Report,
    report::{Arrived, Channel},
};
use ward_seal::{
    age::{self, Identity, Recipient},
    store::DataDir,
};

use super::{Room, read_text, receive};
use crate::{
    cli::disclose::{Desk, DoorState, IntakeKey},
    exit::Exit,
    folder, terminal,
};

/// Where the secret half is, unless it is kept elsewhere.
const IDENTITY: &str = "keys/disclose.identity";
/// Where the public halves are: what the service reads.
const RECIPIENTS: &str = "intake/recipients";
/// The folder, as the service knows it.
const FOLDER: &str = ward_serve::intake::FOLDER;

/// How many sealed reports wait.
pub(super) fn waiting(data: &DataDir) -> Result<usize> {
    Ok(sealed(data)?.len())
}

/// The names of what waits, oldest first: names begin with the time.
fn sealed(data: &DataDir) -> Result<Vec<String>> {
    let folder = data.path().join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.with_context(|| format!("cannot list {}", folder.display()))?,
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".age"))
        .collect();
    names.sort();
    Ok(names)
}

/// `ward disclose key`.
pub(super) fn key(key: IntakeKey) -> Result<Exit> {
    match key {
        IntakeKey::New { out, desk } => new(out.as_deref(), &desk),
        IntakeKey::Add { recipient, desk } => {
            let data = DataDir::open(&folder::data(desk.data.data)?)?;
            let recipient = Recipient::from_text(recipient.trim())?;
            add(&data, recipient)?;
            terminal::result(&format!("{recipient}\n"))?;
            Ok(Exit::Clean)
        }
        IntakeKey::Show { desk } => {
            let data = DataDir::open(&folder::data(desk.data.data)?)?;
            let all = recipients(&data)?;
            if desk.json {
                terminal::json(&json!({"recipients": all}))?;
            } else {
                terminal::result(&all.iter().map(|one| format!("{one}\n")).collect::<String>())?;
            }
            Ok(Exit::Clean)
        }
    }
}

fn recipients(data: &DataDir) -> Result<Vec<String>> {
    let bytes = data.read(RECIPIENTS)?.unwrap_or_default();
    let text = String::from_utf8(bytes).ok().context("intake/recipients is no text")?;
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect())
}

fn add(data: &DataDir, recipient: Recipient) -> Result<()> {
    make_folder(data)?;
    let mut all = recipients(data)?;
    let new = recipient.to_string();
    if !all.contains(&new) {
        all.push(new);
    }
    let text: String = all.iter().map(|one| format!("{one}\n")).collect();
    data.write_private(RECIPIENTS, text.as_bytes())?;
    Ok(())
}

fn make_folder(data: &DataDir) -> Result<()> {
    let folder = data.path().join(FOLDER);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))
}

fn new(out: Option<&Path>, desk: &Desk) -> Result<Exit> {
    let data = DataDir::open(&folder::data(desk.data.data.clone())?)?;
    let identity = Identity::generate()?;
    let recipient = identity.recipient();
    let secret = identity.expose();
    let text = zeroize::Zeroizing::new(format!(
        "# opens reports to the team; keep it secret\n# public key: {recipient}\n{}\n",
        *secret
    ));
    match out {
        Some(file) => {
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut made = options
                .open(file)
                .with_context(|| format!("cannot make {}; it must not be there yet", file.display()))?;
            std::io::Write::write_all(&mut made, text.as_bytes())
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        None if data.read(IDENTITY)?.is_some() => {
            bail!("this data folder has an identity already; --out FILE makes another beside it");
        }
        None => data.write_private(IDENTITY, text.as_bytes())?,
    }
    // The public half last: what is sealed for a key that was never written could not be opened.
    add(&data, recipient)?;
    if desk.json {
        terminal::json(&json!({"recipient": recipient.to_string()}))?;
    } else {
        terminal::result(&format!("{recipient}\n"))?;
        if out.is_none() {
            terminal::note(
                "the secret half is keys/disclose.identity in the data folder; back it up, or what arrives is lost with it",
            );
        }
    }
    Ok(Exit::Clean)
}

/// `ward disclose door`.
pub(super) fn door(state: DoorState, desk: &Desk) -> Result<Exit> {
    let data = DataDir::open(&folder::data(desk.data.data.clone())?)?;
    match state {
        DoorState::Open if recipients(&data)?.is_empty() => {
            bail!("there is no key to seal reports for; `ward disclose key new` makes one")
        }
        DoorState::Open => data.write_private(
            "intake/open",
            b"Reports are taken in; see the guide to ward disclose.\n",
        )?,
        DoorState::Shut => match fs::remove_file(data.path().join("intake/open")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).context("cannot shut the door");
            }
            _ => {}
        },
    }
    let open = state == DoorState::Open;
    if desk.json {
        terminal::json(&json!({"open": open}))?;
    } else {
        terminal::result(if open {
            "reports are taken in at /ward/v1/reports\n"
        } else {
            "no reports are taken in\n"
        })?;
    }
    Ok(Exit::Clean)
}

/// Puts a file where the running service looks.
pub(super) fn serve(desk: &Desk, name: &str, text: &str) -> Result<()> {
    let data = DataDir::open(&folder::data(desk.data.data.clone())?)?;
    make_folder(&data)?;
    data.write_private(&format!("{FOLDER}/{name}"), text.as_bytes())?;
    Ok(())
}

/// `ward disclose intake`.
pub(super) fn run(identity: Option<&Path>, desk: &Desk) -> Result<Exit> {
    let mut room = Room::open(desk)?;
    let names = sealed(&room.data)?;
    let text = zeroize::Zeroizing::new(match identity {
        Some(file) => read_text(file)?,
        None => match room.data.read(IDENTITY)? {
            Some(bytes) => String::from_utf8(bytes)
                .ok()
                .context("keys/disclose.identity is no text")?,
            None if names.is_empty() => String::new(),
            None => {
                bail!("the identity that opens these reports is not in this data folder; name its file with --identity")
            }
        },
    });
    if names.is_empty() {
        if room.json {
            terminal::json(&json!({"cases": [], "not_examined": []}))?;
        } else {
            terminal::result("nothing waits\n")?;
        }
        return Ok(Exit::Clean);
    }
    let identities = [Identity::from_file(&text)?];
    let audit = room.audit()?;
    let (mut taken, mut dark) = (Vec::new(), Vec::new());
    for name in names {
        match open(&room, &name, &identities) {
            Ok((arrived, received)) => {
                // The clock of a report runs from when it arrived.
                room.happened = Some(received.min(room.now));
                let done = receive::take(&room, &audit, arrived)?;
                taken.push(
                    json!({"case": done.case.id, "title": done.case.title, "again": done.again, "near": done.near}),
                );
                // Only now that it is kept as a case.
                fs::remove_file(room.data.path().join(FOLDER).join(&name))
                    .with_context(|| format!("cannot remove intake/{name}"))?;
            }
            Err(error) => dark.push(json!({"path": format!("intake/{name}"), "reason": format!("{error:#}")})),
        }
    }
    if room.json {
        terminal::json(&json!({"cases": taken, "not_examined": dark}))?;
    } else {
        let mut text = String::new();
        for one in &taken {
            text.push_str(&format!(
                "{}  {}\n",
                one["case"].as_str().unwrap_or_default(),
                one["title"].as_str().unwrap_or_default()
            ));
        }
        terminal::result(&text)?;
        for one in &dark {
            terminal::note(&format!(
                "{}: {}",
                one["path"].as_str().unwrap_or_default(),
                one["reason"].as_str().unwrap_or_default()
            ));
        }
    }
    Ok(if dark.is_empty() {
        Exit::Clean
    } else {
        Exit::NotExamined
    })
}

/// What the service wrote: a line of JSON with the time and the kind, then the body as it came.
fn open(room: &Room, name: &str, identities: &[Identity]) -> Result<(Arrived, u64)> {
    let bytes = room.data.read(&format!("{FOLDER}/{name}"))?.context("it is gone")?;
    let plain = age::decrypt(&bytes, identities)?;
    let end = plain
        .iter()
        .position(|byte| *byte == b'\n')
        .context("it has no first line")?;
    let (head, body) = plain.split_at(end);
    let head: serde_json::Value =
        serde_json::from_slice(head).context("its first line is not what the service writes")?;
    let received = head["received_unix_ms"]
        .as_u64()
        .context("its first line has no time")?;
    let body = body.get(1..).unwrap_or_default();
    let mail = head["kind"] == "mail";
    let arrived = match mail.then(|| Report::from_mail(body, received)) {
        Some(Ok(arrived)) => arrived,
        // What calls itself a mail and is none is kept as text: nothing is lost.
        _ => Arrived {
            report: from_form(head["kind"].as_str(), body)?,
            bytes: Vec::new(),
        },
    };
    let mut arrived = arrived;
    arrived.report.channel = Channel::Https;
    Ok((arrived, received))
}

/// A JSON form, or plain text.
fn from_form(kind: Option<&str>, body: &[u8]) -> Result<Report> {
    if kind == Some("json")
        && let Ok(serde_json::Value::Object(form)) = serde_json::from_slice::<serde_json::Value>(body)
    {
        // A form without a field that is known is kept as it came: nothing is lost, and nothing stays waiting.
        return Ok(Report::from_form(&form).or_else(|_| Report::from_text(Channel::Https, None, body))?);
    }
    Ok(Report::from_text(Channel::Https, None, body)?)
}
