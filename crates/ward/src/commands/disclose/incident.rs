//! `ward incident`: what happened, step by step, and whose data it touched.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_disclose::{
    calendar::instant,
    case::{Kind, Subjects, What},
};
use ward_seal::ledger;

use super::{Room, record, recorder, show, time};
use crate::{
    cli::disclose::{Desk, Incident, Of, Words},
    exit::Exit,
    terminal,
};

/// Runs a command about incidents.
///
/// # Errors
/// What went wrong and what to do.
pub fn run(args: Incident) -> Result<Exit> {
    let note = |of: &Of, words: &Words, what: fn(String) -> What| -> Result<Exit> {
        let text = words.needed("what was done")?;
        Room::open(&of.desk)?.take(&of.case, what(text))
    };
    match args {
        Incident::Open {
            title,
            alert,
            words,
            desk,
        } => open(&title, alert, &words, &desk),
        Incident::List { all, desk } => show::list(all, Some(Kind::Incident), &Room::open(&desk)?),
        Incident::Show { of } => show::case(&Room::open(&of.desk)?, &of.case),
        Incident::Contain { of, words } => note(&of, &words, |note| What::Contained { note }),
        Incident::Assess { of, words } => note(&of, &words, |note| What::IncidentAssessed { note }),
        Incident::Remediate { of, words } => note(&of, &words, |note| What::Remediated { note }),
        Incident::Recover { of, words } => note(&of, &words, |note| What::Recovered { note }),
        Incident::Learn { of, words } => note(&of, &words, |note| What::Learned { note }),
        Incident::Subjects { of, from, until, key } => subjects(&of, &from, &until, key.as_deref()),
        Incident::Record(of_both) => record(&of_both),
    }
}

/// The entries of every ledger of the data folder, as JSON with their time.
fn entries(room: &Room) -> Result<Vec<(u64, Value)>> {
    let folder = room.data.path().join("ledger");
    let mut out = Vec::new();
    for one in std::fs::read_dir(&folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
        .flatten()
    {
        if !one.path().is_dir() {
            continue;
        }
        for entry in ledger::entries(&one.path())? {
            let entry = entry?;
            if let Ok(value) = serde_json::from_slice::<Value>(&entry.payload) {
                out.push((entry.unix_ms, value));
            }
        }
    }
    out.sort_by_key(|(at, _)| *at);
    Ok(out)
}

fn open(title: &str, alerts: Vec<String>, words: &Words, desk: &Desk) -> Result<Exit> {
    let mut room = Room::open(desk)?;
    let mut facts = words.read()?.unwrap_or_default();
    if !alerts.is_empty() {
        let entries = entries(&room)?;
        let mut first: Option<u64> = None;
        for alert in &alerts {
            let found: Vec<&(u64, Value)> = entries
                .iter()
                .filter(|(_, entry)| entry["receipt"] == alert.as_str())
                .collect();
            if found.is_empty() {
                bail!("no entry of the ledger has the receipt that --alert names");
            }
            for (at, entry) in found {
                first = Some(first.map_or(*at, |first| first.min(*at)));
                let word = |field: &str| entry[field].as_str().unwrap_or("-").to_owned();
                facts.push_str(&format!(
                    "\n{}  {alert}  {} {} {}",
                    show::local(&room, *at),
                    word("event"),
                    word("route"),
                    word("refusal")
                ));
            }
        }
        // It began when the ledger says so, unless somebody knows better.
        room.happened = room.happened.or(first);
    }
    let year = room.settings.calendar.date_of(instant(room.now)).year();
    let what = What::Detected {
        title: ward_disclose::report::one_line(title),
        facts: facts.trim().to_owned(),
        alerts,
    };
    let audit = room.audit()?;
    let mut record = recorder(&audit);
    let (case, _) = room
        .cases
        .begin(&room.settings.prefix, year, room.author(), what, &mut record)?;
    room.say(&case)
}

/// Whose data was touched, as far as the ledgers know.
fn subjects(of: &Of, from: &str, until: &str, key: Option<&str>) -> Result<Exit> {
    let room = Room::open(&of.desk)?;
    let (from, until) = (time(from, &room.settings)?, time(until, &room.settings)?);
    if until < from {
        bail!("--until lies before --from");
    }
    let mut ids = BTreeSet::new();
    let (mut requests, mut looks) = (0_usize, 0_usize);
    for (at, entry) in entries(&room)? {
        let own = entry["event"] == "case" || key.is_some_and(|key| entry["key"] != key);
        if at < from || at > until || own {
            continue;
        }
        match entry["subject"].as_str() {
            Some(id) => {
                ids.insert(id.to_owned());
            }
            None if entry["event"] == "request" => requests += 1,
            None if entry["subjects"].is_u64() => looks += 1,
            None => {}
        }
    }
    let mut unknown = Vec::new();
    if requests > 0 {
        unknown.push(format!("{requests} requests to the service in this time: their entries hold counts of what was replaced and no subject"));
    }
    if looks > 0 {
        unknown.push(format!(
            "{looks} uses of the vault that name a number of subjects and not which"
        ));
    }
    unknown.push(
        "who each id is: the vault's key and the team's own list of patients say, the ledger does not".to_owned(),
    );
    unknown.push("what was read outside of Ward".to_owned());
    let subjects = Subjects {
        ids: ids.into_iter().collect(),
        from_unix_ms: from,
        until_unix_ms: until,
        unknown,
    };
    let audit = room.audit()?;
    let case = room.step(
        &audit,
        &of.case,
        What::SubjectsListed {
            subjects: subjects.clone(),
        },
    )?;
    if room.json {
        let mut value = show::short(&room, &case);
        value["subjects"] = json!(subjects);
        terminal::json(&value)?;
    } else {
        let mut text = format!("{} subjects\n", subjects.ids.len());
        subjects.ids.iter().for_each(|id| text.push_str(&format!("  {id}\n")));
        text.push_str("not known\n");
        subjects
            .unknown
            .iter()
            .for_each(|line| text.push_str(&format!("  {line}\n")));
        terminal::result(&text)?;
    }
    Ok(Exit::Clean)
}
