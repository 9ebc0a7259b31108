//! Where cases are kept: `DATA/cases`, one subject of `ward-seal`'s vault each, sealed under a key of its own.
//!
//! ```text
//! index                the ids of cases, with the sketch that new reports are compared with
//! case WD-2026-0001    its steps, one sealed row each
//! part WD-2026-0001/1  the bytes of its first attachment
//! ```
//!
//! A step is there whole or not at all, whatever ends the process. Several people work at once: a step is checked against
//! the case as it is while nobody else can change it. A case whose file is damaged is refused, alone.

use serde::{Deserialize, Serialize};
use ward_seal::{
    store::DataDir,
    vault::{Row, SubjectId, Vault},
};
use zeroize::Zeroizing;

use crate::{
    Error, ErrorKind, Report,
    case::{Case, Kind, MAX_STEPS, Role, Step, What},
    report::Sketch,
};

const TENANT: &str = "disclose";

/// Who takes a step, and when.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Who, as they call themselves.
    pub name: &'a str,
    /// As what.
    pub role: Role,
    /// Now, in milliseconds since 1970.
    pub now_unix_ms: u64,
    /// When it happened, if that was earlier.
    pub happened_unix_ms: Option<u64>,
}

/// Told of every step before it is kept: the ledger. When it fails, the step is not taken.
pub type Record<'a> = dyn FnMut(&str, &Step) -> Result<(), Error> + 'a;

/// What the index holds of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The case's id.
    pub case: String,
    /// What it is about.
    pub kind: Kind,
    /// What its report is compared by.
    #[serde(default)]
    sketch: Vec<u64>,
    /// SHA-256 of the whole report as it came, in hexadecimal: the same one twice is one case.
    #[serde(default)]
    digest: String,
    /// It was forgotten: its number is not given again, and nothing else of it is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    forgotten: bool,
}

/// Another case that looks like the same report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Near {
    /// Its id.
    pub case: String,
    /// The share of text in common, 0 to 1.
    pub likeness: f64,
}

/// The cases of a data folder.
pub struct Cases {
    vault: Vault,
}

impl Cases {
    /// Opens them, and makes their folder and key on first use.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub fn open(data: &DataDir) -> Result<Self, Error> {
        Ok(Self {
            vault: Vault::open_cases(data)?,
        })
    }

    /// Begins a case. `prefix` and `year` make its id. Gives it, and the cases that look like the same report.
    ///
    /// # Errors
    /// [`ErrorKind::Store`], and what `record` says.
    pub fn begin(
        &self,
        prefix: &str,
        year: i16,
        author: Author<'_>,
        what: What,
        record: &mut Record<'_>,
    ) -> Result<(Case, Vec<Near>), Error> {
        let kind = match &what {
            What::Received { .. } => Kind::Vulnerability,
            _ => Kind::Incident,
        };
        let report = match &what {
            What::Received { report } => Some(report),
            _ => None,
        };
        let sketch = report.map_or_else(Sketch::default, |report| sketch(report));
        let begins = format!("{prefix}-{year}-");
        let mut near = Vec::new();
        let mut id = String::new();
        let mut failed = None;
        self.vault
            .update(&self.subject("index"), author.now_unix_ms, None, |rows| {
                let entries = match entries(rows) {
                    Ok(entries) => entries,
                    Err(error) => {
                        failed = Some(error);
                        return;
                    }
                };
                let last = entries
                    .iter()
                    .filter_map(|entry| entry.case.strip_prefix(&begins)?.parse::<u32>().ok())
                    .max();
                id = format!("{begins}{:04}", last.unwrap_or(0).saturating_add(1));
                near = nearest(&entries, &sketch);
                let entry = Entry {
                    case: id.clone(),
                    kind,
                    sketch: sketch.hashes(),
                    digest: report.map_or_else(String::new, |report| digest(report)),
                    forgotten: false,
                };
                rows.push(Zeroizing::new(serde_json::to_vec(&entry).unwrap_or_default()));
            })?;
        if let Some(error) = failed {
            return Err(error);
        }
        let case = self.change(&id, author.now_unix_ms, |steps| {
            if !steps.is_empty() {
                return Err(Error::new(ErrorKind::Bug, "a new case has steps already"));
            }
            let step = step(1, author, what);
            record(&id, &step)?;
            Ok(step)
        })?;
        Ok((case, near))
    }

    /// The case that holds this very report, word for word; none when it is new.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub fn same(&self, report: &Report) -> Result<Option<String>, Error> {
        let digest = digest(report);
        Ok(self
            .entries()?
            .into_iter()
            .find(|entry| entry.digest == digest)
            .map(|entry| entry.case))
    }

    /// Takes a step, after the rules have allowed it.
    ///
    /// # Errors
    /// [`ErrorKind::Unknown`], [`ErrorKind::Role`], [`ErrorKind::State`], [`ErrorKind::Store`], and what `record` says.
    /// Then nothing has changed.
    pub fn append(
        &self,
        id: &str,
        author: Author<'_>,
        what: What,
        supported: &[String],
        record: &mut Record<'_>,
    ) -> Result<Case, Error> {
        self.read(id)?;
        self.change(id, author.now_unix_ms, |steps| {
            let number = u32::try_from(steps.len()).unwrap_or(u32::MAX).saturating_add(1);
            let case = Case::from_steps(id, steps)?;
            case.check(author.role, &what, supported)?;
            case.check_time(author.happened_unix_ms, &what)?;
            let step = step(number, author, what);
            record(id, &step)?;
            Ok(step)
        })
    }

    /// A case.
    ///
    /// # Errors
    /// [`ErrorKind::Unknown`] and [`ErrorKind::Store`].
    pub fn read(&self, id: &str) -> Result<Case, Error> {
        let none = || {
            Error::new(
                ErrorKind::Unknown,
                "there is no such case; `ward disclose list` shows those there are",
            )
        };
        let subject = self
            .vault
            .read(&self.subject(&format!("case {id}")), 0)?
            .ok_or_else(none)?;
        Case::from_steps(id, steps(&subject.rows)?)
    }

    /// The ids of every case that was not forgotten, oldest first. One whose making was interrupted is in it and has no steps.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub fn entries(&self) -> Result<Vec<Entry>, Error> {
        match self.vault.read(&self.subject("index"), 0)? {
            Some(subject) => {
                let mut entries = entries(&subject.rows)?;
                entries.retain(|entry| !entry.forgotten);
                Ok(entries)
            }
            None => Ok(Vec::new()),
        }
    }

    /// Keeps the bytes of attachment `number` (from 1) of a case, sealed.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub fn keep_part(&self, id: &str, number: usize, bytes: &[u8], now_unix_ms: u64) -> Result<(), Error> {
        let subject = self.subject(&format!("part {id}/{number}"));
        self.vault.update(&subject, now_unix_ms, None, |rows| {
            *rows = vec![Zeroizing::new(bytes.to_vec())];
        })?;
        Ok(())
    }

    /// The bytes of an attachment.
    ///
    /// # Errors
    /// [`ErrorKind::Unknown`] and [`ErrorKind::Store`].
    pub fn part(&self, id: &str, number: usize) -> Result<Row, Error> {
        let none = || {
            Error::new(
                ErrorKind::Unknown,
                "this case has no such attachment; `ward disclose show` lists them",
            )
        };
        let subject = self
            .vault
            .read(&self.subject(&format!("part {id}/{number}")), 0)?
            .ok_or_else(none)?;
        subject.rows.into_iter().next().ok_or_else(none)
    }

    /// Forgets a case and its attachments: their keys are destroyed. Its number stays taken.
    ///
    /// # Errors
    /// [`ErrorKind::Store`].
    pub fn forget(&self, id: &str) -> Result<(), Error> {
        self.read(id)?;
        for number in 1..=crate::report::MAX_PARTS {
            if !self.vault.erase(&self.subject(&format!("part {id}/{number}")))? {
                break;
            }
        }
        self.vault.erase(&self.subject(&format!("case {id}")))?;
        let mut failed = None;
        self.vault
            .update(&self.subject("index"), 0, None, |rows| match entries(rows) {
                Ok(entries) => {
                    let kept = entries.into_iter().map(|entry| {
                        if entry.case == id {
                            Entry {
                                sketch: Vec::new(),
                                digest: String::new(),
                                forgotten: true,
                                ..entry
                            }
                        } else {
                            entry
                        }
                    });
                    *rows = kept
                        .map(|entry| Zeroizing::new(serde_json::to_vec(&entry).unwrap_or_default()))
                        .collect();
                }
                Err(error) => failed = Some(error),
            })?;
        failed.map_or(Ok(()), Err)
    }

    fn change(
        &self,
        id: &str,
        now_unix_ms: u64,
        next: impl FnOnce(Vec<Step>) -> Result<Step, Error>,
    ) -> Result<Case, Error> {
        let mut outcome = Err(Error::new(ErrorKind::Bug, "a step was not taken"));
        self.vault
            .update(&self.subject(&format!("case {id}")), now_unix_ms, None, |rows| {
                outcome = steps(rows).and_then(|mut steps| {
                    let step = next(steps.clone())?;
                    let bytes = serde_json::to_vec(&step)
                        .map_err(|_| Error::new(ErrorKind::Bug, "a step cannot be written"))?;
                    rows.push(Zeroizing::new(bytes));
                    steps.push(step);
                    Case::from_steps(id, steps)
                });
            })?;
        outcome
    }

    fn subject(&self, name: &str) -> SubjectId {
        self.vault.subject(TENANT, name)
    }
}

fn step(number: u32, author: Author<'_>, what: What) -> Step {
    Step {
        number,
        at_unix_ms: author.now_unix_ms,
        happened_unix_ms: author.happened_unix_ms,
        by: author.name.to_owned(),
        role: author.role,
        what,
    }
}

fn steps(rows: &[Row]) -> Result<Vec<Step>, Error> {
    rows.iter().take(MAX_STEPS).map(|row| What::read(row)).collect()
}

fn entries(rows: &[Row]) -> Result<Vec<Entry>, Error> {
    let read = |row: &Row| {
        serde_json::from_slice(row).map_err(|_| {
            Error::new(
                ErrorKind::Store,
                "the index of cases cannot be read; a newer Ward may have written it",
            )
        })
    };
    rows.iter().map(read).collect()
}

fn sketch(report: &Report) -> Sketch {
    Sketch::of(&format!("{}\n{}", report.title, report.text))
}

fn digest(report: &Report) -> String {
    let parts: Vec<&str> = report.parts.iter().map(|part| part.sha256.as_str()).collect();
    let all = format!("{}\n{}\n{}", report.title, report.text, parts.join(","));
    ward_seal::hash::hex(&ward_seal::hash::sha256(all.as_bytes()))
}

/// The five cases that are nearest, of those near enough.
fn nearest(entries: &[Entry], sketch: &Sketch) -> Vec<Near> {
    let mut near: Vec<Near> = entries
        .iter()
        .filter(|entry| entry.kind == Kind::Vulnerability)
        .filter_map(|entry| {
            let other = Sketch::from_hashes(&entry.sketch);
            sketch.is_near(&other).then(|| Near {
                case: entry.case.clone(),
                likeness: (sketch.likeness(&other) * 100.0).round() / 100.0,
            })
        })
        .collect();
    near.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then_with(|| a.case.cmp(&b.case)));
    near.truncate(5);
    near
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Channel;

    fn author(name: &str) -> Author<'_> {
        Author {
            name,
            role: Role::Coordinator,
            now_unix_ms: 1_795_348_800_000,
            happened_unix_ms: None,
        }
    }

    fn received(text: &str) -> What {
        What::Received {
            report: Box::new(Report::from_text(Channel::Text, None, text.as_bytes()).unwrap()),
        }
    }

    fn note(text: &str) -> What {
        What::Noted { text: text.to_owned() }
    }

    #[test]
    fn cases_are_kept_sealed_and_come_back() {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        let cases = Cases::open(&data).unwrap();
        let mut recorded = Vec::new();
        let mut record = |id: &str, step: &Step| {
            recorded.push(format!("{id} {} {}", step.number, step.what.word()));
            Ok(())
        };
        let text = "PLANTED secret report: path traversal in src/upload.py of version 1.2.3, with a long text that is near another";
        let (case, near) = cases
            .begin("WD", 2026, author("ana"), received(text), &mut record)
            .unwrap();
        assert_eq!((case.id.as_str(), near.len()), ("WD-2026-0001", 0));
        let (second, near) = cases
            .begin("WD", 2026, author("ana"), received(&format!("{text}!")), &mut record)
            .unwrap();
        assert_eq!(
            (second.id.as_str(), near[0].case.as_str()),
            ("WD-2026-0002", "WD-2026-0001")
        );
        assert_eq!(
            cases.same(case.report.as_ref().unwrap()).unwrap().as_deref(),
            Some("WD-2026-0001")
        );
        cases
            .append("WD-2026-0001", author("bo"), note("PLANTED note"), &[], &mut record)
            .unwrap();
        cases.keep_part("WD-2026-0001", 1, b"PLANTED bytes", 0).unwrap();
        let refuse = &mut |_: &str, _: &Step| Err(Error::new(ErrorKind::Store, "the ledger is full"));
        assert!(
            cases
                .append("WD-2026-0001", author("bo"), note("lost"), &[], refuse)
                .is_err()
        );
        drop(cases);
        let cases = Cases::open(&data).unwrap();
        let case = cases.read("WD-2026-0001").unwrap();
        assert_eq!(case.steps.len(), 2);
        assert_eq!(&**cases.part("WD-2026-0001", 1).unwrap(), b"PLANTED bytes");
        assert_eq!(
            cases.read("WD-2026-0009").map(drop).unwrap_err().kind(),
            ErrorKind::Unknown
        );
        assert_eq!(
            recorded,
            [
                "WD-2026-0001 1 received",
                "WD-2026-0002 1 received",
                "WD-2026-0001 2 noted"
            ]
        );
        // Nothing of it stands readable on the disk, and no name of a file says a case's id.
        let mut folders = vec![temp.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = std::fs::read(&path).unwrap();
                assert!(
                    !bytes.windows(7).any(|window| window == b"PLANTED"),
                    "{}",
                    path.display()
                );
                assert!(!path.to_string_lossy().contains("WD-2026"));
            }
        }
        cases.forget("WD-2026-0001").unwrap();
        assert!(cases.read("WD-2026-0001").is_err() && cases.part("WD-2026-0001", 1).is_err());
        assert!(cases.read("WD-2026-0002").is_ok());
    }

    #[test]
    fn many_at_once_lose_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        let cases = Cases::open(&data).unwrap();
        cases
            .begin(
                "WD",
                2026,
                author("ana"),
                received("a report of something"),
                &mut |_, _| Ok(()),
            )
            .unwrap();
        std::thread::scope(|scope| {
            for worker in 0..3 {
                let data = &data;
                scope.spawn(move || {
                    let cases = Cases::open(data).unwrap();
                    for i in 0..2 {
                        let what = note(&format!("{worker} {i}"));
                        cases
                            .append("WD-2026-0001", author("bo"), what, &[], &mut |_, _| Ok(()))
                            .unwrap();
                        cases
                            .begin(
                                "WD",
                                2026,
                                author("bo"),
                                received(&format!("report {worker} {i}")),
                                &mut |_, _| Ok(()),
                            )
                            .unwrap();
                    }
                });
            }
        });
        let case = cases.read("WD-2026-0001").unwrap();
        let numbers: Vec<u32> = case.steps.iter().map(|step| step.number).collect();
        assert_eq!(numbers, (1..=7).collect::<Vec<u32>>());
        let mut ids: Vec<String> = cases.entries().unwrap().into_iter().map(|entry| entry.case).collect();
        ids.dedup();
        assert_eq!(ids.len(), 7);
        assert!(ids.iter().all(|id| cases.read(id).is_ok()));
    }
}
