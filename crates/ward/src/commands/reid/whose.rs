//! Which subject a text belongs to.

use std::path::Path;

use anyhow::{Result, bail};
use ward_deid::Restorer;
use ward_seal::vault::SubjectId;
use ward_serve::app::now;

use super::subject_name;
use crate::{commands::deid::subjects::of_file, vault::Subjects};

/// Most folders of a file's path that its name in the vault may begin with.
const DEEP: usize = 8;

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
}

/// The subjects that come into question.
pub(super) struct Whose {
    subjects: Vec<Subject>,
    /// Which of them was kept under the name of the file at hand.
    own: Option<usize>,
}

/// How well texts fit a subject: how many stand-ins of it they hold, how many different ones, and how much of the texts
/// they are. One that shares a day or a given name with another does not share whole names and numbers.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    count: usize,
    different: usize,
    bytes: usize,
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

    /// The one that `texts` hold most of, and whether it explains all that any of them does: when it does not, the texts
    /// may belong to several.
    pub(super) fn of<'t>(&self, texts: impl Iterator<Item = &'t str> + Clone) -> Result<(&Subject, bool)> {
        if let Some(one) = self.only() {
            return Ok((one, true));
        }
        let mut best: Option<(Fit, &Subject)> = None;
        let mut tied = false;
        let mut most = std::collections::HashSet::new();
        // Where it fits as well as another, the file's own is taken.
        let own = self.own.and_then(|own| self.subjects.get(own));
        for subject in self
            .subjects
            .iter()
            .filter(|one| own.is_none_or(|own| own.id != one.id))
            .chain(own)
        {
            let mut fit = Fit::default();
            let mut different = std::collections::HashSet::new();
            for (number, text) in texts.clone().enumerate() {
                for span in subject.restorer.covered(text) {
                    fit.count += 1;
                    fit.bytes += span.len();
                    different.insert(text.get(span.start..span.end).unwrap_or_default());
                    most.insert((number, span.start));
                }
            }
            fit.different = different.len();
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
                bail!("several subjects of the vault fit equally well; say which one with --subject ID")
            }
            Some((fit, subject)) => Ok((subject, fit.count == most.len())),
            None => bail!("the vault is empty: nothing can be put back"),
        }
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
        let (found, all) = whose(vec![first, same, other])
            .of(std::iter::once(done.as_str()))
            .map(|(one, all)| (one.id.text(), all))
            .unwrap();
        assert!(found == id(1).text() && all);
        let (_, first) = subject(1, 1, text);
        let found = whose(vec![part, first])
            .of(std::iter::once(done.as_str()))
            .map(|(one, _)| one.id.text())
            .unwrap();
        assert_eq!(found, id(1).text());
    }
}
