//! What becomes public: advisories, security.txt, thanks.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::json;
use ward_disclose::{
    advisory::{Checked, Draft, File, Listed, SecurityTxt, files, hall_of_fame, index},
    calendar::instant,
    case::{AdvisoryMade, Sealed, What},
};
use ward_seal::hash::{hex, sha256};
use ward_serve::app::now;

use super::{Room, read_text, settings};
use crate::{
    cli::disclose::{Desk, Of, Words},
    exit::Exit,
    terminal,
};

/// Most advisories that a folder's index lists.
const MAX_LISTED: usize = 20_000;
/// Days before the end of security.txt from which it is a finding.
pub(super) const STALE_DAYS: i64 = 30;

/// `ward disclose advise --template`.
pub(super) fn template(of: &Of) -> Result<Exit> {
    let room = Room::open(&of.desk)?;
    let case = room.cases.read(&of.case)?;
    terminal::result(&Draft::template(&case))?;
    Ok(Exit::Clean)
}

/// `ward disclose advise --declined`.
pub(super) fn declined(of: &Of, words: &Words) -> Result<Exit> {
    let reason = words.needed("why there will be none")?;
    let made = AdvisoryMade {
        draft: None,
        revision: 0,
        revised_unix_ms: Vec::new(),
        files: Vec::new(),
        declined: Some(reason),
    };
    Room::open(&of.desk)?.take(&of.case, What::Advisory { made: Box::new(made) })
}

/// `ward disclose advise --draft`.
pub(super) fn advise(of: &Of, draft: &Path, out: &Path) -> Result<Exit> {
    let draft = Draft::read(&read_text(draft)?)?;
    let room = Room::open(&of.desk)?;
    let case = room.cases.read(&of.case)?;
    let before = case.advisory.as_ref().filter(|made| made.declined.is_none());
    let mut revised = before.map_or_else(Vec::new, |made| made.revised_unix_ms.clone());
    revised.push(room.now);
    let (files, notes) = files(&case, &draft, &room.settings, &revised)?;
    let made = AdvisoryMade {
        revision: u32::try_from(revised.len()).unwrap_or(u32::MAX),
        draft: Some(draft),
        revised_unix_ms: revised,
        files: files
            .iter()
            .map(|file| Sealed {
                name: file.path.clone(),
                sha256: hex(&sha256(&file.bytes)),
            })
            .collect(),
        declined: None,
    };
    // Checked and recorded before anything is written; the same draft again writes what is missing.
    let audit = room.audit()?;
    let revision = made.revision;
    let case = room.step(&audit, &of.case, What::Advisory { made: Box::new(made) })?;
    write(out, &files)?;
    write(out, &index(&room.settings, &listed(out)?, instant(room.now)))?;
    for note in &notes {
        terminal::note(note);
    }
    if room.json {
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        terminal::json(&json!({"case": case.id, "revision": revision, "files": paths, "notes": notes}))?;
    } else {
        let mut text = format!("{}  revision {revision} in {}\n", case.id, out.display());
        files
            .iter()
            .for_each(|file| text.push_str(&format!("  {}\n", file.path)));
        terminal::result(&text)?;
    }
    Ok(Exit::Clean)
}

fn write(out: &Path, files: &[File]) -> Result<()> {
    for file in files {
        let path = out.join(&file.path);
        let folder = path.parent().unwrap_or(out);
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let beside = path.with_extension("part");
        fs::write(&beside, &file.bytes).with_context(|| format!("cannot write {}", beside.display()))?;
        fs::rename(&beside, &path).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// The advisories in a folder: `white/YEAR/*.json`.
fn listed(out: &Path) -> Result<Vec<Listed>> {
    let mut found = Vec::new();
    let white = out.join("white");
    let years = fs::read_dir(&white).with_context(|| format!("cannot list {}", white.display()))?;
    for year in years.flatten().filter(|entry| entry.path().is_dir()) {
        for entry in fs::read_dir(year.path())
            .with_context(|| format!("cannot list {}", year.path().display()))?
            .flatten()
        {
            let path = entry.path();
            let is_document = path.extension().is_some_and(|end| end == "json");
            if !is_document || found.len() >= MAX_LISTED {
                continue;
            }
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = format!(
                "{}/{}",
                year.file_name().to_string_lossy(),
                entry.file_name().to_string_lossy()
            );
            match Listed::read(&name, &bytes) {
                Some(one) => found.push(one),
                None => terminal::note(&format!("white/{name} is no CSAF document and is not listed")),
            }
        }
    }
    Ok(found)
}

/// `ward disclose security-txt`.
pub(super) fn security_txt(serve: bool, check: Option<&Path>, desk: &Desk) -> Result<Exit> {
    let now = instant(now());
    let Some(file) = check else {
        let written = SecurityTxt::write(&settings(desk)?, now)?;
        if serve {
            super::intake::serve(desk, "security.txt", &written.text)?;
        }
        terminal::result(&written.text)?;
        return Ok(Exit::Clean);
    };
    let checked = Checked::read(&read_text(file)?, now, STALE_DAYS);
    if desk.json {
        let expires = checked.expires.map(|expires| expires.to_string());
        terminal::json(&json!({"expires": expires, "problems": checked.problems}))?;
    } else if checked.problems.is_empty() {
        terminal::result(&format!("{}: good\n", file.display()))?;
    } else {
        let lines: String = checked
            .problems
            .iter()
            .map(|problem| format!("{}: {problem}\n", file.display()))
            .collect();
        terminal::result(&lines)?;
    }
    Ok(if checked.problems.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// `ward disclose thanks`.
pub(super) fn thanks(room: &Room) -> Result<Exit> {
    let mut cases = Vec::new();
    for entry in room.cases.entries()? {
        cases.extend(room.cases.read(&entry.case));
    }
    terminal::result(&hall_of_fame(&cases))?;
    Ok(Exit::Clean)
}
