//! `ward disclose due`: what is late, and what soon will be.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ward_disclose::{
    advisory::Checked,
    calendar::instant,
    clock::{Due, Standing},
};

use super::{Room, intake, publish::STALE_DAYS, read_text, show, time};
use crate::{cli::disclose::Desk, exit::Exit, terminal};

/// What is asked.
pub(super) struct Options {
    pub(super) security_txt: Option<PathBuf>,
    pub(super) notify: bool,
    pub(super) webhook: bool,
    pub(super) now: Option<String>,
}

/// Runs it.
pub(super) fn run(options: &Options, desk: &Desk) -> Result<Exit> {
    let room = Room::watch(desk)?;
    // A time that a step would have happened at is here the time to look from.
    let now = match options.now.as_ref().or(desk.at.as_ref()) {
        None => room.now,
        Some(text) => time(text, &room.settings)?,
    };
    let mut rows: Vec<(String, Due)> = Vec::new();
    let mut unread = Vec::new();
    for entry in room.cases.entries()? {
        match room.cases.read(&entry.case) {
            Ok(case) => rows.extend(
                show::dues(&room, &case, now)
                    .into_iter()
                    .map(|due| (case.id.clone(), due)),
            ),
            Err(error) => unread.push((entry.case, error.to_string())),
        }
    }
    rows.retain(|(_, due)| matches!(due.standing, Standing::Running | Standing::Warning | Standing::Overdue));
    rows.sort_by(|(a, first), (b, second)| first.end.cmp(&second.end).then_with(|| a.cmp(b)));
    let stale = match &options.security_txt {
        None => Vec::new(),
        Some(file) => Checked::read(&read_text(file)?, instant(now), STALE_DAYS).problems,
    };
    let waiting = intake::waiting(&room.data)?;
    let urgent: Vec<&(String, Due)> = rows
        .iter()
        .filter(|(_, due)| due.standing != Standing::Running)
        .collect();
    if room.json {
        let all: Vec<Value> = rows
            .iter()
            .map(|(case, due)| {
                let mut one = show::due_json(due);
                one["case"] = json!(case);
                one
            })
            .collect();
        let unread: Vec<Value> = unread
            .iter()
            .map(|(case, why)| json!({"case": case, "reason": why}))
            .collect();
        terminal::json(&json!({"due": all, "security_txt": stale, "waiting": waiting, "not_examined": unread}))?;
    } else {
        let mut text = String::new();
        for (case, due) in &rows {
            let end = room.settings.calendar.wall(due.end);
            text.push_str(&format!(
                "{:<8} {case:<14} {} by {end}  [{}: {}]\n",
                show::word(due.standing),
                due.what,
                due.clock,
                due.source
            ));
        }
        stale
            .iter()
            .for_each(|problem| text.push_str(&format!("soon     security.txt: {problem}\n")));
        if waiting > 0 {
            text.push_str(&format!(
                "soon     {waiting} reports wait to be opened: ward disclose intake\n"
            ));
        }
        if text.is_empty() {
            text.push_str("nothing is due\n");
        }
        terminal::result(&text)?;
        for (case, why) in &unread {
            terminal::note(&format!("{case} cannot be read: {why}"));
        }
    }
    let found = !urgent.is_empty() || !stale.is_empty() || waiting > 0;
    if found && options.notify {
        notify(&urgent, waiting);
    }
    if found && options.webhook {
        post(&room, &urgent, waiting)?;
    }
    Ok(if found {
        Exit::Findings
    } else if unread.is_empty() {
        Exit::Clean
    } else {
        Exit::NotExamined
    })
}

/// A note on the desktop, where there is a program for it: numbers and ids.
fn notify(urgent: &[&(String, Due)], waiting: usize) {
    let overdue = urgent
        .iter()
        .filter(|(_, due)| due.standing == Standing::Overdue)
        .count();
    let ids: Vec<&str> = urgent.iter().take(5).map(|(case, _)| case.as_str()).collect();
    let body = format!(
        "{overdue} overdue, {} soon, {waiting} waiting. {}",
        urgent.len() - overdue,
        ids.join(", ")
    );
    let shown = Command::new("notify-send")
        .args(["--app-name=Ward", "Ward: disclosure", &body])
        .status();
    if !shown.is_ok_and(|status| status.success()) {
        terminal::note(&format!("no desktop to show this on: {body}"));
    }
}

/// Ids, clocks and times, no text of anybody's.
fn post(room: &Room, urgent: &[&(String, Due)], waiting: usize) -> Result<()> {
    let Some(url) = &room.settings.webhook else {
        bail!("there is no webhook in [disclose] of ward.toml");
    };
    let due: Vec<Value> = urgent
        .iter()
        .map(|(case, due)| json!({"case": case, "clock": due.clock, "end": due.end.to_string(), "standing": due.standing}))
        .collect();
    let body = serde_json::to_vec(&json!({"source": "ward disclose due", "due": due, "waiting": waiting}))?;
    ward_serve::tell::post(url, body).context("cannot post to the webhook")
}
