//! What one session holds: the records it may see, and what stands for what.
//!
//! Every record is de-identified, with one key for the session, before facts are read or questions answered; what leaves holds
//! placeholders. Only [`Desk::reid`] shows values, and only when it was allowed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use ward_clinical::{Options, Record, cite, triage};
use ward_deid::{Known, Pseudonyms};
use ward_formats::{Budget, Doc, Document as _, Kind};

use crate::{
    audit::Audit,
    commands::{inspect, settings},
};

/// Most records of a session's folders.
const MAX_RECORDS: usize = 10_000;

/// Most bytes that one session de-identifies: what stands for what is held in memory.
const MAX_SESSION: usize = 256 << 20;

/// A record of a folder.
pub(super) struct Listed {
    /// What it is called: its path below the folder.
    pub(super) name: String,
    path: PathBuf,
}

/// A session.
pub(super) struct Desk {
    names: Pseudonyms,
    records: Vec<Listed>,
    allow_reid: bool,
    audit: Audit,
    read: usize,
}

/// A record without anything that identifies, and how many values of which class were replaced.
struct Clean {
    doc: Doc,
    replaced: Value,
}

impl Desk {
    /// A session over the files of these folders.
    pub(super) fn new(folders: &[PathBuf], allow_reid: bool, audit: Audit) -> Result<Self> {
        let secret = ward_seal::random::bytes()
            .ok()
            .context("the system gives no random bytes")?;
        let mut records = Vec::new();
        for folder in folders {
            list(folder, folder, &mut records)?;
        }
        records.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            names: Pseudonyms::new(secret),
            records,
            allow_reid,
            audit,
            read: 0,
        })
    }

    /// The records of the session's folders.
    pub(super) fn records(&self) -> &[Listed] {
        &self.records
    }

    /// Whether values may be put back.
    pub(super) fn allows_reid(&self) -> bool {
        self.allow_reid
    }

    /// The text of a record of the folders, de-identified.
    pub(super) fn text(&mut self, uri: &str) -> Result<String> {
        let clean = self.clean("resource", &Given::Listed(uri), None)?;
        Ok(String::from_utf8_lossy(clean.doc.source()).into_owned())
    }

    /// `deid`: a record with placeholders.
    pub(super) fn deid(&mut self, given: &Given<'_>, kind: Option<Kind>) -> Result<Value> {
        let clean = self.clean("deid", given, kind)?;
        let text = String::from_utf8_lossy(clean.doc.source());
        Ok(json!({"text": text, "kind": clean.doc.kind().word(), "replaced": clean.replaced}))
    }

    /// `reid`: a text with the values that its placeholders stand for.
    pub(super) fn reid(&mut self, text: &str) -> Result<Value> {
        if !self.allow_reid {
            self.audit.write("mcp", json!({"tool": "reid", "outcome": "refused"}))?;
            bail!("putting values back was not allowed when `ward mcp` was started (--allow-reid)");
        }
        let (restored, count) = self.names.restore(text);
        let fields = json!({"tool": "reid", "outcome": "done", "restored": count.restored, "unknown": count.unknown});
        self.audit.write("mcp", fields)?;
        Ok(json!({"text": restored, "restored": count.restored, "unknown": count.unknown}))
    }

    /// `facts`: the clinical facts of a record.
    pub(super) fn facts(&mut self, given: &Given<'_>, kind: Option<Kind>) -> Result<Value> {
        let (_, record) = self.record("facts", given, kind)?;
        let facts: Vec<Value> = record.facts.iter().map(inspect::fact).collect();
        Ok(json!({"facts": facts, "not_examined": inspect::places(&record.problems)}))
    }

    /// `compress`: a record in fewer tokens, proved.
    pub(super) fn compress(
        &mut self,
        given: &Given<'_>,
        kind: Option<Kind>,
        question: Option<&str>,
        max_tokens: Option<usize>,
    ) -> Result<Value> {
        let (clean, record) = self.record("compress", given, kind)?;
        let options = Options {
            question,
            max_tokens,
            ..Options::default()
        };
        Ok(inspect::compressed(
            &ward_clinical::compress(&clean.doc, &record, &options),
            max_tokens,
        ))
    }

    /// `triage`: how urgent the patient is, with reasons.
    pub(super) fn triage(&mut self, given: &Given<'_>, kind: Option<Kind>) -> Result<Value> {
        let (_, record) = self.record("triage", given, kind)?;
        Ok(crate::commands::triage::data(&triage::triage(&record, None)))
    }

    /// `ask`: an answer made of quotes.
    pub(super) fn ask(&mut self, given: &Given<'_>, kind: Option<Kind>, question: &str) -> Result<Value> {
        let (clean, record) = self.record("ask", given, kind)?;
        let known = Known::from_documents([&clean.doc]);
        let question = self.names.replace_text(question, &known).text;
        let sources = [cite::Source {
            doc: &clean.doc,
            record: &record,
        }];
        let mut calendar = ward_guard::calendar(&self.names);
        calendar.latest = cite::Calendar::latest_of(&sources).or(calendar.latest);
        let answer = cite::answer(&sources, &question, &calendar);
        let citations: Vec<Value> = answer
            .citations
            .iter()
            .map(|one| json!({"number": one.number, "text": one.text, "place": one.place, "section": one.section, "when": one.when}))
            .collect();
        Ok(json!({"answer": answer.text, "citations": citations, "refused": answer.refused}))
    }

    fn record(&mut self, tool: &'static str, given: &Given<'_>, kind: Option<Kind>) -> Result<(Clean, Record)> {
        let clean = self.clean(tool, given, kind)?;
        let record = ward_clinical::read(&clean.doc);
        Ok((clean, record))
    }

    /// Reads a record, takes out what identifies, and writes on the ledger who asked for what.
    fn clean(&mut self, tool: &'static str, given: &Given<'_>, kind: Option<Kind>) -> Result<Clean> {
        let bytes = match given {
            Given::Inline(text) => text.as_bytes().to_vec(),
            Given::Listed(uri) => {
                let name = uri.strip_prefix(SCHEME).unwrap_or(uri);
                let found = self.records.iter().find(|one| one.name == name);
                let listed = found.context("there is no record of that name; list the resources")?;
                settings::read_record(&listed.path)?
            }
        };
        self.read += bytes.len();
        if self.read > MAX_SESSION {
            bail!("this session has read {} MiB; start another one", MAX_SESSION >> 20);
        }
        let parsed = Doc::parse(&bytes, kind, Budget::RECORD).context("this is no record that Ward reads")?;
        if let Some(problem) = parsed.problems.iter().find(|problem| problem.broken) {
            bail!("{}: {}", problem.place, problem.what);
        }
        inspect::refuse_many(&parsed.document)?;
        let known = Known::from_documents([&parsed.document]);
        let replaced = self
            .names
            .replace_document(&parsed.document, &known)
            .ok()
            .context("the record could not be de-identified; nothing of it is shown")?;
        let mut counts = serde_json::Map::new();
        for (class, count) in replaced.tally.iter().filter(|(_, count)| *count > 0) {
            counts.insert(class.word().to_owned(), json!(count));
        }
        let fields =
            json!({"tool": tool, "outcome": "done", "kind": parsed.document.kind().word(), "replaced": counts});
        self.audit.write("mcp", fields)?;
        let budget = Budget {
            bytes: usize::MAX,
            ..Budget::RECORD
        };
        let doc = Doc::parse(&replaced.bytes, Some(parsed.document.kind()), budget)
            .ok()
            .context("the record could not be de-identified; nothing of it is shown")?
            .document;
        Ok(Clean {
            doc,
            replaced: Value::Object(counts),
        })
    }
}

/// What the addresses of records begin with.
pub(super) const SCHEME: &str = "ward://record/";

/// A record that a tool is given.
pub(super) enum Given<'a> {
    /// Its text.
    Inline(&'a str),
    /// The address of one of the session's folders.
    Listed(&'a str),
}

/// Adds the files below `folder`; links are not followed.
fn list(root: &Path, folder: &Path, out: &mut Vec<Listed>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let path = entry.path();
        let of = entry
            .file_type()
            .with_context(|| format!("cannot read {}", path.display()))?;
        if of.is_dir() {
            list(root, &path, out)?;
        } else if of.is_file() {
            if out.len() == MAX_RECORDS {
                bail!(
                    "{} holds more than {MAX_RECORDS} files; name a smaller folder",
                    root.display()
                );
            }
            let name = path.strip_prefix(root).unwrap_or(&path);
            out.push(Listed {
                name: name.to_string_lossy().replace('\\', "/"),
                path,
            });
        }
    }
    Ok(())
}
