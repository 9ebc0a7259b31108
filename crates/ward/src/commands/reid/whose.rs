//! Which subject a text belongs to.

use std::{collections::HashSet, path::Path};

use anyhow::{Result, bail};
use ward_deid::Restorer;
use ward_formats::Span;
use ward_seal::vault::SubjectId;
use ward_serve::app::now;

use super::subject_name;
use crate::{commands::deid::subjects::of_file, vault::Subjects};

/// Most folders of a file's path that its name in the vault may begin with.
const DEEP: usize = 8;

const TIED: &str = "several subjects of the vault fit equally well; say which one with --subject ID";

/// More subjects than this are not tried one after the other.
const MOST: usize = 2_000;

/// A subject and what puts its values back.
pub(super) struct Subject {
    id: SubjectId,
    restorer: Restorer,
}

impl Subject {
    /// A restorer for one text.
    pub(super) fn restorer(&self) -> Restorer {
        self.restorer.clone()
    }

    fn covered(&self, text: &str) -> Vec<Span> {
        self.restorer.covered(text)
    }
}

/// The subjects that come into question.
pub(super) struct Whose {
    subjects: Vec<Subject>,
    /// Which of them was kept under the name of the file at hand.
    own: Option<usize>,
}

/// How well texts fit a subject: how much of the texts its stand-ins are, and how many there are, different ones and all. One
/// that shares a day or a given name with another does not share whole names and numbers.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    bytes: usize,
    different: usize,
    count: usize,
}

impl Fit {
    /// That of `pieces`, the stand-ins that texts hold.
    fn of<'t>(pieces: impl Iterator<Item = &'t str>) -> Self {
        let mut fit = Fit::default();
        let mut different = HashSet::new();
        for piece in pieces {
            fit.count += 1;
            fit.bytes += piece.len();
            different.insert(piece);
        }
        fit.different = different.len();
        fit
    }
}

/// True for a stand-in that texts do not hold by chance, as they do a given name: a number, a placeholder, several words.
fn is_telling(piece: &str) -> bool {
    const LEAST: usize = 6;
    piece.len() >= LEAST && piece.contains(|c: char| c.is_ascii_digit() || c == ' ' || c == '@')
}

/// True when the same comes back, whichever of two subjects the texts are taken for.
fn same<'t>(one: &Restorer, other: &Restorer, mut texts: impl Iterator<Item = &'t str>) -> bool {
    texts.all(|text| one.readings(text) == other.readings(text))
}

impl Whose {
    /// The one that was named, or all of the vault.
    pub(super) fn open(vault: &Subjects, tenant: &str, named: Option<&str>) -> Result<Self> {
        let ids = match named {
            Some(name) => {
                // What names no patient is kept under its file's name.
                let of_file = vault.id(&subject_name(tenant, &of_file(name)));
                let id = vault.id(&subject_name(tenant, name));
                vec![if vault.rows(&id)?.is_none() && vault.rows(&of_file)?.is_some() {
                    of_file
                } else {
                    id
                }]
            }
            None => {
                let listed = vault.vault().list()?;
                let live = listed
                    .into_iter()
                    .filter(|one| !one.damaged && one.expires_unix_ms.is_none_or(|end| end > now()));
                live.map(|one| one.id).collect()
            }
        };
        if ids.len() > MOST {
            bail!("the vault has {} subjects; say which one with --subject ID", ids.len());
        }
        let mut subjects = Vec::new();
        for id in ids {
            match vault.rows(&id)? {
                Some(rows) => subjects.push(Subject {
                    id,
                    restorer: Restorer::from_rows(&rows),
                }),
                None if named.is_some() => bail!("the vault keeps nothing of this subject, or its time is over"),
                None => {}
            }
        }
        if subjects.is_empty() {
            bail!("the vault is empty: nothing can be put back");
        }
        Ok(Self { subjects, own: None })
    }

    /// Notes which subject was kept under the name of `file`, by itself or with the folders above it.
    pub(super) fn at(&mut self, vault: &Subjects, tenant: &str, file: &Path) {
        let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
        let names = (1..=parts.len().min(DEEP)).filter_map(|count| Some(parts.get(parts.len() - count..)?.join("/")));
        self.own = names
            .map(|name| vault.id(&subject_name(tenant, &of_file(&name))))
            .find_map(|id| self.subjects.iter().position(|subject| subject.id == id));
    }

    /// The subject that was kept under the file's name, when `text` holds anything of it.
    pub(super) fn own(&self, text: &str) -> Option<&Subject> {
        let own = self.subjects.get(self.own?)?;
        (!own.restorer.covered(text).is_empty()).then_some(own)
    }

    /// Their opaque ids; none when all of the vault comes into question and that is many.
    pub(super) fn ids(&self) -> Vec<String> {
        self.subjects
            .iter()
            .take(100)
            .map(|subject| subject.id.text())
            .collect()
    }

    /// The only one there is.
    pub(super) fn only(&self) -> Option<&Subject> {
        match self.subjects.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The one that `texts` hold most of.
    pub(super) fn of<'t>(&self, texts: impl Iterator<Item = &'t str> + Clone) -> Result<&Subject> {
        // Where it fits as well as another, the file's own is taken.
        let own = self.own.and_then(|own| self.subjects.get(own));
        let others = self
            .subjects
            .iter()
            .filter(|one| own.is_none_or(|own| own.id != one.id));
        best(others, own, texts)
    }

    /// The subjects of a text that may belong to several: the one that it holds most of, and those of whom it holds something
    /// that the ones before do not explain, and that is not there by chance.
    pub(super) fn all_of(&self, text: &str) -> Result<Vec<&Subject>> {
        let piece = |span: &Span| text.get(span.start..span.end).unwrap_or_default();
        let sure = |spans: &[Span]| {
            let different: HashSet<&str> = spans.iter().map(piece).collect();
            different.len() > 1 || different.iter().any(|piece| is_telling(piece))
        };
        let with_spans = |one| (one, Subject::covered(one, text));
        let mut left: Vec<(&Subject, Vec<Span>)> = self.subjects.iter().map(with_spans).collect();
        let mut found: Vec<&Subject> = Vec::new();
        while let Some((_, at)) = left
            .iter()
            .enumerate()
            .map(|(at, (_, spans))| (Fit::of(spans.iter().map(piece)), at))
            .max()
        {
            let (subject, explained) = left.swap_remove(at);
            // Nothing says whether what is in the same places is of the one or of the other.
            let other = |(other, spans): &(&Subject, Vec<Span>)| {
                !spans.is_empty()
                    && *spans == explained
                    && !same(&other.restorer, &subject.restorer, std::iter::once(text))
            };
            if left.iter().any(other) {
                bail!("{TIED}");
            }
            found.push(subject);
            // Spans of one subject are disjoint, and in order.
            for (_, spans) in &mut left {
                spans.retain(|span| {
                    let at = explained.partition_point(|other| other.end <= span.start);
                    explained.get(at).is_none_or(|other| other.start >= span.end)
                });
            }
            left.retain(|(_, spans)| sure(spans));
        }
        Ok(found)
    }

    /// The one of `subjects` that `line` holds most of.
    pub(super) fn among<'s>(subjects: &[&'s Subject], line: &str) -> Result<&'s Subject> {
        best(subjects.iter().copied(), None, std::iter::once(line))
    }
}

/// The one of `subjects`, and of `own`, that `texts` hold most of. Where another fits as well, `own` is taken.
fn best<'s, 't>(
    subjects: impl Iterator<Item = &'s Subject>,
    own: Option<&'s Subject>,
    texts: impl Iterator<Item = &'t str> + Clone,
) -> Result<&'s Subject> {
    let mut best: Option<(Fit, &Subject)> = None;
    let mut tied = false;
    for subject in subjects.chain(own) {
        let pieces = texts.clone().flat_map(|text| {
            let spans = subject.covered(text).into_iter();
            spans.map(move |span| text.get(span.start..span.end).unwrap_or_default())
        });
        let fit = Fit::of(pieces);
        match &best {
            Some((held, _)) if fit < *held => {}
            Some((held, other)) if fit == *held && own.is_none_or(|own| own.id != subject.id) => {
                tied |= !same(&other.restorer, &subject.restorer, texts.clone());
            }
            _ => {
                best = Some((fit, subject));
                tied = false;
            }
        }
    }
    match best {
        Some((fit, _)) if tied && fit.count > 0 => {
            bail!("{TIED}")
        }
        Some((_, subject)) => Ok(subject),
        None => bail!("the vault is empty: nothing can be put back"),
    }
}

#[cfg(test)]
mod tests {
    use ward_deid::{Deidentifier, Known, Mode};

    use super::*;

    fn id(number: u8) -> SubjectId {
        SubjectId::from_text(&format!("{number:02x}").repeat(16)).unwrap()
    }

    /// What a subject writes of a text, and the subject.
    fn subject(number: u8, secret: u8, text: &str) -> (String, Subject) {
        let mut deid = Deidentifier::new(Mode::Surrogate, [secret; 32]);
        let done = deid.text(text, &Known::default()).text;
        let subject = Subject {
            id: id(number),
            restorer: deid.restorer(),
        };
        (done, subject)
    }

    #[test]
    fn places_what_two_subjects_share() {
        let text = "Dr. Ana Ruiz saw him on 2024-01-08.";
        let (done, first) = subject(1, 1, text);
        let (_, same) = subject(2, 1, text);
        let (_, part) = subject(3, 1, "Dr. Ana Ruiz saw him.");
        let (_, other) = subject(4, 9, text);
        let whose = |subjects| Whose { subjects, own: None };
        // The same comes back from either.
        let found = |subjects, text: &str| {
            let whose = whose(subjects);
            let one = whose.of(std::iter::once(text)).unwrap();
            let all = whose.all_of(text).unwrap().len();
            (one.id.text(), all)
        };
        assert_eq!(found(vec![first, same, other], &done), (id(1).text(), 1));
        let (_, first) = subject(1, 1, text);
        assert_eq!(found(vec![part, first], &done), (id(1).text(), 1));
    }

    #[test]
    fn a_name_by_chance_is_nobodys() {
        let (one, first) = subject(1, 1, "Patient: Ana Ruiz, MRN 5518812, seen 2024-01-08.");
        // A stand-in of the first is part of a name of the second, and a word of the text is one of the third.
        let name = one
            .strip_prefix("Patient: ")
            .and_then(|rest| rest.split([' ', ',']).next())
            .unwrap();
        let chance = |number, stand_in: &str| Subject {
            id: id(number),
            restorer: Restorer::from_rows(&[
                ward_deid::Row::new(ward_deid::Class::Name, stand_in, "Glucose"),
                ward_deid::Row::new(ward_deid::Class::Name, name, "Weight"),
            ]),
        };
        let (second, other) = subject(4, 7, "Dr. Cem Aydin, MRN 7733190, came 2023-02-03.");
        let whose = Whose {
            subjects: vec![chance(2, "Patient"), first, chance(3, "seen"), other],
            own: None,
        };
        let ids = |text: &str| {
            let all = whose.all_of(text).unwrap();
            all.iter().map(|one| one.id.text()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&one), [id(1).text()]);
        let both = format!("{one}\n{second}");
        let mut found = ids(&both);
        found.sort();
        assert_eq!(found, [id(1).text(), id(4).text()]);
        let all = [&whose.subjects[1], &whose.subjects[3]];
        assert_eq!(Whose::among(&all, &second).unwrap().id.text(), id(4).text());
    }
}
