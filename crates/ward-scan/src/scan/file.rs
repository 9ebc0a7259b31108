//! One file through archives and engines, with the suppressions that stand in it.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use ward_evidence::Location;
use ward_formats::input::Input;

use super::{Pending, Scanner};
use crate::{
    Blob, Fact, Findings, Found, NotExamined,
    archive::{self, Spent},
    excerpt, models,
    report::Progress,
    secrets::{self, decode::utf16},
    suppress::Inline,
};

/// Content that is searched for suppressions and shown in excerpts; beyond it a file is no text that people edit.
const MAX_TEXT: usize = 32 << 20;

/// One file and what is inside it.
pub(super) struct File<'a, 'b> {
    pub(super) scanner: &'b Scanner<'a>,
    pub(super) in_history: bool,
    pub(super) pending: Vec<Pending>,
    pub(super) not_examined: Vec<NotExamined>,
    pub(super) foreign_markers: u64,
    pub(super) kept_back: u64,
    pub(super) facts: Vec<(Location, Fact)>,
    pub(super) inline: HashMap<String, Inline>,
    pub(super) spent: Spent,
}

impl File<'_, '_> {
    /// Looks at a blob with every engine, then at its members.
    pub(super) fn look(&mut self, blob: &Blob<'_>, depth: u32) {
        Progress::add(&self.scanner.progress.bytes, blob.content.len());
        let mut findings = Findings {
            compat: self.scanner.settings.compat,
            ..Findings::default()
        };
        if self
            .scanner
            .settings
            .engines
            .iter()
            .any(|engine| engine.name == secrets::ENGINE.name)
        {
            let named = secrets::paths::find(&blob.place).into_iter().map(|found| Pending {
                found,
                inline: false,
                excerpt: None,
                caret: None,
            });
            self.pending.extend(named);
        }
        let kind = archive::kind(&blob.content);
        let opened = kind.is_some_and(archive::Kind::holds_all) && depth < self.scanner.settings.limits.depth;
        for (engine, ran) in self.scanner.settings.engines.iter().zip(&self.scanner.ran) {
            // What is in an archive is looked at member by member; its own bytes are no text.
            if opened && engine.name == secrets::ENGINE.name {
                continue;
            }
            // The engine of models opens containers itself, as loaders do.
            if depth > 0 && engine.name == models::ENGINE.name {
                continue;
            }
            if self.in_history && !engine.history {
                continue;
            }
            let found = findings.found.len();
            findings.looked = false;
            let scan = || catch_unwind(AssertUnwindSafe(|| (engine.scan)(blob, &mut findings)));
            if ran.timed(self.scanner.settings.clock, scan).is_err() {
                findings.found.truncate(found);
                let reason = format!("an internal error in the {} engine; please report it", engine.name);
                findings.not_examined(blob.place.clone(), reason);
            }
            ran.count(findings.looked);
        }
        self.take(blob, findings);
        if let Some(kind) = kind {
            self.members(blob, kind, depth);
        }
    }

    /// Takes what engines said, with the suppressions that stand in the same text.
    fn take(&mut self, blob: &Blob<'_>, findings: Findings) {
        self.not_examined.extend(findings.not_examined);
        self.kept_back += findings.kept_back;
        let left_facts = !findings.facts.is_empty();
        self.facts
            .extend(findings.facts.into_iter().map(|fact| (blob.place.clone(), fact)));
        // In history suppressions matter only where something was found; in the folder those without a reason are
        // findings themselves.
        if findings.found.is_empty() && self.in_history {
            return;
        }
        let text = blob.content.whole(MAX_TEXT).ok().flatten().unwrap_or_default();
        let utf16 = utf16::guess(&text).map(|endian| utf16::decode(&text, endian));
        let inline = Inline::read(
            blob.place.member.as_deref().unwrap_or(&blob.place.path),
            utf16.as_deref().unwrap_or(&text),
            self.scanner.settings.today,
            !findings.found.is_empty(),
        );
        let faults: Vec<Found> = if self.in_history {
            Vec::new()
        } else {
            inline.faults(&blob.place).collect()
        };
        let own = |found: &Found| found.at.full_path() == blob.place.full_path();
        let values: Vec<&[u8]> = findings.found.iter().map(|found| found.value.expose()).collect();
        let mut lines = excerpt::Lines::of(&text);
        let excerpts: Vec<Option<String>> = findings
            .found
            .iter()
            .map(|found| {
                found
                    .at
                    .line
                    .filter(|_| own(found))
                    .and_then(|line| lines.excerpt(line, found.value.expose(), &values))
            })
            .collect();
        drop(values);
        let obeyed = self.scanner.settings.foreign_markers;
        for (mut found, excerpt) in findings.found.into_iter().zip(excerpts) {
            let caret = match &found.more.excerpt {
                Some(shown) => lines.caret(&found.at, shown),
                None => excerpt.as_deref().and_then(excerpt::caret_of_hidden),
            };
            let excerpt = found.more.excerpt.take().or(excerpt);
            let line = found.at.line.filter(|_| own(&found));
            let foreign = line.is_some_and(|line| inline.foreign(line));
            self.foreign_markers += u64::from(foreign && !obeyed);
            let inline = line.is_some_and(|line| inline.covers(found.rule.id, line)) || foreign && obeyed;
            self.pending.push(Pending {
                found,
                inline,
                excerpt,
                caret,
            });
        }
        self.pending.extend(faults.into_iter().map(|found| Pending {
            found,
            inline: false,
            excerpt: None,
            caret: None,
        }));
        if left_facts && inline.holds_any() {
            self.inline.insert(blob.place.full_path(), inline);
        }
    }

    /// Opens a blob that is an archive or compressed, and looks at what is inside.
    fn members(&mut self, blob: &Blob<'_>, kind: archive::Kind, depth: u32) {
        let limits = &self.scanner.settings.limits;
        if depth >= limits.depth {
            self.say(
                &blob.place,
                "an archive inside too many archives; unpack it and scan the folder",
            );
            return;
        }
        let mut spent = std::mem::take(&mut self.spent);
        archive::open(
            &blob.content,
            kind,
            &blob.name(),
            limits,
            &mut spent,
            &mut |member, spent| match member {
                archive::Member::Bytes { name, bytes } => {
                    Progress::add(&self.scanner.progress.members, 1);
                    let inner = Blob {
                        place: blob.place.clone().inside(name),
                        content: Input::of_bytes(bytes),
                        tracked: blob.tracked,
                        ignored: blob.ignored,
                    };
                    std::mem::swap(&mut self.spent, spent);
                    self.look(&inner, depth + 1);
                    std::mem::swap(&mut self.spent, spent);
                }
                archive::Member::Problem { name: Some(name), why } => self.say(&blob.place.clone().inside(name), why),
                archive::Member::Problem { name: None, why } => self.say(&blob.place, why),
            },
        );
        self.spent = spent;
    }

    pub(super) fn say(&mut self, at: &Location, reason: &'static str) {
        self.not_examined.push(NotExamined {
            at: at.clone(),
            reason: reason.into(),
        });
    }
}
