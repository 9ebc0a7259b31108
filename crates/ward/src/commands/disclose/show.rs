//! Cases as people and programs see them.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_disclose::{
    Case,
    calendar::instant,
    case::{Fix, Kind, What, needs},
    clock::{Due, Standing, due},
    report::{Completeness, Letter, letter},
};

use ward_scan::output::harmless;

use super::Room;
use crate::{exit::Exit, terminal};

/// The clocks of a case that run or ran.
pub(super) fn dues(room: &Room, case: &Case, now: u64) -> Vec<Due> {
    let settings = &room.settings;
    let clocks = settings.clocks.iter();
    clocks
        .filter_map(|clock| due(clock, case, &settings.calendar, settings.warn_hours, instant(now)))
        .collect()
}

/// A clock for programs.
pub(super) fn due_json(due: &Due) -> Value {
    json!({
        "clock": due.clock,
        "what": due.what,
        "source": due.source,
        "from": due.from.to_string(),
        "warn": due.warn.to_string(),
        "end": due.end.to_string(),
        "standing": due.standing,
    })
}

/// An instant on the team's wall.
pub(super) fn local(room: &Room, unix_ms: u64) -> String {
    room.settings.calendar.wall(instant(unix_ms))
}

/// A case in a few fields.
pub(super) fn short(room: &Room, case: &Case) -> Value {
    let dues: Vec<Value> = dues(room, case, room.now).iter().map(due_json).collect();
    json!({
        "case": case.id,
        "kind": case.kind,
        "state": case.state.word(),
        "open": case.state.is_open(),
        "title": case.title,
        "severity": case.assessment.as_ref().map(|assessment| assessment.level.word()),
        "assigned": case.assigned,
        "opened": case.opened().to_string(),
        "steps": case.steps.len(),
        "due": dues,
    })
}

/// `ward disclose list`, and of one kind alone.
pub(super) fn list(all: bool, kind: Option<Kind>, room: &Room) -> Result<Exit> {
    let mut cases = Vec::new();
    let mut unread = Vec::new();
    for entry in room.cases.entries()? {
        match room.cases.read(&entry.case) {
            Ok(case) if (all || case.state.is_open()) && kind.is_none_or(|kind| kind == case.kind) => cases.push(case),
            Ok(_) => {}
            Err(error) => unread.push((entry.case, error.to_string())),
        }
    }
    if room.json {
        let listed: Vec<Value> = cases.iter().map(|case| short(room, case)).collect();
        let unread: Vec<Value> = unread
            .iter()
            .map(|(case, why)| json!({"case": case, "reason": why}))
            .collect();
        terminal::json(&json!({"cases": listed, "not_examined": unread}))?;
    } else {
        let mut text = String::new();
        for case in &cases {
            let worst = dues(room, case, room.now)
                .into_iter()
                .filter(|due| matches!(due.standing, Standing::Overdue | Standing::Warning | Standing::Running))
                .min_by_key(|due| due.end);
            let next = worst.map_or_else(String::new, |due| {
                let end = room.settings.calendar.wall(due.end);
                format!("{:15}{} by {end}\n", "", due.what)
            });
            let severity = case
                .assessment
                .as_ref()
                .map_or("-", |assessment| assessment.level.word());
            text.push_str(&format!(
                "{:<14} {:<14} {severity:<8} {}\n{next}",
                case.id,
                case.state.word(),
                case.title
            ));
        }
        if cases.is_empty() {
            text.push_str("no open cases\n");
        }
        terminal::result(&text)?;
        for (case, why) in &unread {
            terminal::note(&format!("{case} cannot be read: {why}"));
        }
    }
    Ok(if unread.is_empty() {
        Exit::Clean
    } else {
        Exit::NotExamined
    })
}

/// `ward disclose show`.
pub(super) fn case(room: &Room, id: &str) -> Result<Exit> {
    let case = room.read(id, "shown")?;
    if room.json {
        terminal::json(&whole(room, &case))?;
    } else {
        terminal::result(&page(room, &case))?;
    }
    Ok(Exit::Clean)
}

/// Everything of a case, for programs.
fn whole(room: &Room, case: &Case) -> Value {
    let mut value = short(room, case);
    value["report"] = json!(case.report);
    value["needs"] = json!(case.completeness().map(|complete| complete.needs));
    value["assessment"] = json!(case.assessment);
    value["versions"] = json!(case.versions);
    value["siblings"] = json!(case.siblings);
    value["fixes"] = json!(case.fixes);
    value["unfixed"] = json!(case.unfixed(&room.supported()).collect::<Vec<_>>());
    value["advisory"] = json!(case.advisory);
    value["published"] = json!(case.published);
    value["credits"] = json!(case.credits);
    value["subjects"] = json!(case.subjects);
    value["duplicate_of"] = json!(case.duplicate_of);
    value["history"] = json!(case.steps);
    let missing = needs(case, &room.supported());
    value["missing"] = missing
        .iter()
        .map(|one| json!({"what": one.what, "command": one.command}))
        .collect();
    value
}

fn page(room: &Room, case: &Case) -> String {
    let mut text = format!("{}  {}\n{}", case.id, case.title, case.state.word());
    if let Some(assessment) = &case.assessment {
        let scores: Vec<String> = assessment
            .cvss
            .iter()
            .map(|scored| format!("CVSS {} {:.1}", scored.version, scored.score))
            .collect();
        text.push_str(&format!(
            ", {} ({}; patients: {})",
            assessment.level.word(),
            scores.join(", "),
            assessment.clinical.word()
        ));
    }
    text.push('\n');
    if let Some(report) = &case.report {
        let from = [report.name.as_deref(), report.contact.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        text.push_str(&format!(
            "from {}\n",
            if from.is_empty() {
                "somebody who did not say"
            } else {
                &from
            }
        ));
        let missing: Vec<&str> = Completeness::of(report)
            .missing()
            .map(ward_disclose::report::Need::word)
            .collect();
        if !missing.is_empty() {
            text.push_str(&format!("lacks {}\n", missing.join(", ")));
        }
        for (number, part) in (1..).zip(&report.parts) {
            text.push_str(&format!(
                "attachment {number}: {} ({}, {} bytes, SHA-256 {})\n",
                part.name, part.media, part.bytes, part.sha256
            ));
        }
        for noticed in &report.noticed {
            text.push_str(&format!("noticed: {noticed}\n"));
        }
        text.push_str("\n--- the report, as it came ---\n");
        for line in report.text.lines() {
            text.push_str(&format!("| {line}\n"));
        }
        text.push_str("--- end ---\n");
    }
    if let Some(versions) = &case.versions {
        text.push_str(&format!("\naffected: {}\n", versions.affected.join(", ")));
    }
    for (line, fix) in &case.fixes {
        match fix {
            Fix::Released(version) => text.push_str(&format!("fix for {line}: {version}\n")),
            Fix::Declined(reason) => text.push_str(&format!("no fix for {line}: {reason}\n")),
        }
    }
    for line in case.unfixed(&room.supported()) {
        text.push_str(&format!("fix for {line}: owed\n"));
    }
    text.push_str("\nsteps\n");
    // In the order in which things happened, which is not always that in which they were recorded.
    let mut steps: Vec<_> = case.steps.iter().collect();
    steps.sort_by_key(|step| (step.happened_unix_ms.unwrap_or(step.at_unix_ms), step.number));
    for step in steps {
        let when = local(room, step.happened_unix_ms.unwrap_or(step.at_unix_ms));
        let (by, role) = (&step.by, step.role.word());
        let event = match &step.what {
            What::Marked { event, .. } => format!(" {}", event.word()),
            _ => String::new(),
        };
        let word = step.what.word();
        text.push_str(&format!("{:>4}  {when}  {by} ({role})  {word}{event}\n", step.number));
        for line in step.what.says().unwrap_or_default().lines() {
            text.push_str(&format!("      | {}\n", harmless(line)));
        }
        if let What::SubjectsListed { subjects } = &step.what {
            let lines = subjects.ids.iter().map(String::as_str);
            let unknown = subjects.unknown.iter().map(|what| format!("not known: {what}"));
            for line in lines.map(str::to_owned).chain(unknown) {
                text.push_str(&format!("      | {}\n", harmless(&line)));
            }
        }
    }
    let dues = dues(room, case, room.now);
    if !dues.is_empty() {
        text.push_str("\nclocks\n");
    }
    for due in &dues {
        text.push_str(&format!(
            "  {:<8} {} by {}  [{}]\n",
            word(due.standing),
            due.what,
            room.settings.calendar.wall(due.end),
            due.source
        ));
    }
    let missing = needs(case, &room.supported());
    if case.state.is_open() && !missing.is_empty() {
        text.push_str("\nbefore it is closed\n");
        for one in &missing {
            text.push_str(&format!("  {}: {}\n", one.what, one.command));
        }
    }
    text
}

/// A standing in a word.
pub(super) fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Running => "running",
        Standing::Warning => "soon",
        Standing::Overdue => "OVERDUE",
        Standing::Met => "met",
        Standing::Late => "late",
        Standing::Ended => "ended",
    }
}

/// The bytes of an attachment, into a file that only its owner can read.
pub(super) fn attachment(room: &Room, id: &str, number: usize, out: &Path) -> Result<Exit> {
    room.read(id, "attachment")?;
    let bytes = room.cases.part(id, number)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(out)
        .with_context(|| format!("cannot make {}; it must not be there yet", out.display()))?;
    std::io::Write::write_all(&mut file, &bytes).with_context(|| format!("cannot write {}", out.display()))?;
    terminal::note("this is a stranger's file: open it where it can do no harm");
    Ok(Exit::Clean)
}

fn write_letter(room: &Room, case: &Case) -> Result<String> {
    let Some(report) = &case.report else {
        bail!("this is an incident; there is nobody to answer")
    };
    let about = Letter {
        case: &case.id,
        team: &room.settings.team,
        product: &room.settings.product,
        assessed_by: dues(room, case, room.now)
            .iter()
            .find(|due| due.clock == "assess")
            .map(|due| due.end),
        calendar: &room.settings.calendar,
    };
    Ok(letter(report, &Completeness::of(report), about))
}

/// `ward disclose ack`.
pub(super) fn acknowledge(room: &Room, id: &str) -> Result<Exit> {
    let audit = room.audit()?;
    let case = room.step(&audit, id, What::Acknowledged { note: None })?;
    say_letter(room, &case)
}

/// `ward disclose reply`.
pub(super) fn reply(room: &Room, id: &str, sent: bool) -> Result<Exit> {
    let mut case = room.cases.read(id)?;
    if sent {
        let text = write_letter(room, &case)?;
        let audit = room.audit()?;
        case = room.step(&audit, id, What::Replied { text })?;
    }
    say_letter(room, &case)
}

fn say_letter(room: &Room, case: &Case) -> Result<Exit> {
    let text = write_letter(room, case)?;
    if room.json {
        let mut value = short(room, case);
        value["to"] = json!(case.report.as_ref().and_then(|report| report.contact.as_deref()));
        value["letter"] = json!(text);
        terminal::json(&value)?;
    } else {
        terminal::result(&text)?;
        terminal::note("read it, and send it yourself: Ward sends no mail");
    }
    Ok(Exit::Clean)
}

/// `ward disclose export`.
pub(super) fn export(room: &Room, id: &str) -> Result<Exit> {
    let case = room.read(id, "exported")?;
    terminal::json(&whole(room, &case))?;
    Ok(Exit::Clean)
}

/// `ward disclose forget`.
pub(super) fn forget(room: &Room, id: &str) -> Result<Exit> {
    if room.role != ward_disclose::case::Role::Coordinator {
        bail!("only a coordinator may forget a case");
    }
    let case = room.read(id, "forgotten")?;
    room.cases.forget(&case.id)?;
    let what = if case.kind == Kind::Incident {
        "incident"
    } else {
        "report"
    };
    terminal::result(&format!(
        "{id}  the {what} and its attachments are forgotten; its id stays in use\n"
    ))?;
    terminal::note("copies of cases/ and keys/ elsewhere, such as backups, still hold it");
    Ok(Exit::Clean)
}
