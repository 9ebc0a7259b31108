//! A report becomes a case.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;
use ward_disclose::{
    Case, Report,
    case::What,
    report::{Arrived, Channel, Completeness, MAX_MAIL, MachineUse},
    store::Near,
};

use super::{Room, read_bytes, recorder, show};
use crate::{audit::Audit, cli::disclose::Desk, exit::Exit, terminal};

/// What the person who takes a report in says of it.
pub(super) struct Said {
    pub(super) title: Option<String>,
    pub(super) name: Option<String>,
    pub(super) contact: Option<String>,
    pub(super) ai: Option<String>,
}

/// `ward disclose receive`.
pub(super) fn run(file: &Path, mail: bool, said: Said, desk: &Desk) -> Result<Exit> {
    let machine = match said.ai.as_deref() {
        None => None,
        Some(word) => Some(MachineUse::from_word(word).context("--ai is one of none, assisted, generated")?),
    };
    let room = Room::open(desk)?;
    let bytes = read_bytes(file, MAX_MAIL as u64)?;
    let mail = mail || file.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml"));
    let mut arrived = if mail {
        Report::from_mail(&bytes, room.happened.unwrap_or(room.now))?
    } else {
        Arrived {
            report: Report::from_text(Channel::Text, None, &bytes)?,
            bytes: Vec::new(),
        }
    };
    let report = &mut arrived.report;
    if let Some(title) = &said.title {
        report.set_title(title);
    }
    report.name = said.name.or_else(|| report.name.take());
    report.contact = said.contact.or_else(|| report.contact.take());
    report.machine = machine.unwrap_or(report.machine);
    let audit = room.audit()?;
    let taken = take(&room, &audit, arrived)?;
    say(&room, &taken)
}

/// What became of a report.
pub(super) struct Taken {
    pub(super) case: Case,
    pub(super) near: Vec<Near>,
    /// True when this very report was a case already.
    pub(super) again: bool,
}

/// Keeps a report as a case; one that is a case already, word for word, is that case.
pub(super) fn take(room: &Room, audit: &Audit, arrived: Arrived) -> Result<Taken> {
    let Arrived { report, bytes } = arrived;
    if let Some(id) = room.cases.same(&report)?
        && let Ok(case) = room.cases.read(&id)
    {
        // An attachment may be missing when an earlier attempt was interrupted.
        keep(room, &id, &bytes)?;
        return Ok(Taken {
            case,
            near: Vec::new(),
            again: true,
        });
    }
    let year = room
        .settings
        .calendar
        .date_of(ward_disclose::calendar::instant(room.now))
        .year();
    let what = What::Received {
        report: Box::new(report),
    };
    let mut record = recorder(audit);
    let (case, near) = room
        .cases
        .begin(&room.settings.prefix, year, room.author(), what, &mut record)?;
    keep(room, &case.id, &bytes)?;
    Ok(Taken {
        case,
        near,
        again: false,
    })
}

fn keep(room: &Room, id: &str, parts: &[Vec<u8>]) -> Result<()> {
    for (number, bytes) in (1..).zip(parts) {
        room.cases.keep_part(id, number, bytes, room.now)?;
    }
    Ok(())
}

fn say(room: &Room, taken: &Taken) -> Result<Exit> {
    let case = &taken.case;
    let complete = case.report.as_ref().map(Completeness::of);
    if room.json {
        let mut value = show::short(room, case);
        value["near"] = json!(taken.near);
        value["again"] = json!(taken.again);
        value["needs"] = json!(complete.as_ref().map(|complete| &complete.needs));
        value["noticed"] = json!(case.report.as_ref().map(|report| &report.noticed));
        value["attachments"] = json!(case.report.as_ref().map(|report| &report.parts));
        terminal::json(&value)?;
        return Ok(Exit::Clean);
    }
    let mut text = if taken.again {
        format!("{}  this very report is that case already\n", case.id)
    } else {
        format!("{}  {}\n", case.id, case.title)
    };
    if let Some(complete) = &complete {
        for seen in &complete.needs {
            let mark = if seen.present { "has" } else { "lacks" };
            text.push_str(&format!("  {mark:>5} {:<13} {}\n", seen.need.word(), seen.why));
        }
    }
    if let Some(report) = &case.report {
        for part in &report.parts {
            text.push_str(&format!(
                "  attachment {} ({}, {} bytes, SHA-256 {}), sealed and unopened\n",
                part.name, part.media, part.bytes, part.sha256
            ));
        }
        for noticed in &report.noticed {
            text.push_str(&format!("  noticed: {noticed}\n"));
        }
    }
    for near in &taken.near {
        text.push_str(&format!(
            "  looks like {} ({:.0} % of the text)\n",
            near.case,
            near.likeness * 100.0
        ));
    }
    terminal::result(&text)?;
    Ok(Exit::Clean)
}
