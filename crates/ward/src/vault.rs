//! The vault as commands use it: a subject's de-identifier, and keeping what it made.

use anyhow::{Context, Result, bail};
use ward_deid::{Class, Deidentifier, Mode, Row};
use ward_seal::{
    random,
    store::DataDir,
    vault::{SubjectId, Vault},
};
use ward_serve::app::now;
use zeroize::Zeroizing;

/// Whose data it is, on the command line. A server would have one for each of its customers.
const TENANT: &str = "local";

/// The format of a row's bytes.
const ROW: u8 = 1;

/// The subjects of a data folder.
pub struct Subjects {
    vault: Vault,
}

impl Subjects {
    /// Opens the vault of a data folder, and makes it on first use.
    ///
    /// # Errors
    /// When the folder or its keys cannot be used.
    pub fn open(data: &DataDir) -> Result<Self> {
        let vault = Vault::open(data).context("cannot open the vault")?;
        Ok(Self { vault })
    }

    /// Opens the vault of a data folder that has one.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn open_existing(data: &DataDir) -> Result<Self> {
        match Vault::open_existing(data).context("cannot open the vault")? {
            Some(vault) => Ok(Self { vault }),
            None => bail!("this data folder has no vault; `ward deid --vault` makes one"),
        }
    }

    /// The vault itself.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The opaque id of a subject, given by name or by that id.
    #[must_use]
    pub fn id(&self, subject: &str) -> SubjectId {
        SubjectId::from_text(subject).unwrap_or_else(|| self.vault.subject(TENANT, subject))
    }

    /// A de-identifier that goes on where the last one for `subject` (a patient's id, or a name for a batch) ended:
    /// the same placeholders, the same stand-ins, the same shift of dates. In mode remove it knows nothing of the
    /// subject, and its key is random.
    ///
    /// # Errors
    /// When what is kept of the subject is damaged.
    pub fn deidentifier(&self, mode: Mode, subject: &str) -> Result<Deidentifier> {
        if mode == Mode::Remove {
            return Ok(Deidentifier::new(mode, random::bytes()?));
        }
        let key = self.vault.pseudonym_key(TENANT, subject);
        let rows = self.rows(&self.vault.subject(TENANT, subject))?.unwrap_or_default();
        Ok(Deidentifier::from_rows(mode, *key, &rows))
    }

    /// Keeps what `done` made for `subject`, beside what is kept already. With `keep_ms` the subject expires that
    /// many milliseconds from now. Nothing is kept in mode remove.
    ///
    /// # Errors
    /// When another process kept something else for the same subject meanwhile: then de-identify again, beginning
    /// with [`Subjects::deidentifier`]. Nothing is changed.
    pub fn keep(&self, subject: &str, done: &Deidentifier, keep_ms: Option<u64>) -> Result<()> {
        if done.mode() == Mode::Remove {
            return Ok(());
        }
        let new: Vec<Zeroizing<Vec<u8>>> = done.rows().iter().map(encode).collect();
        let mut clash = false;
        self.vault
            .update(&self.vault.subject(TENANT, subject), now(), keep_ms, |rows| {
                let mut kept: std::collections::HashMap<Vec<u8>, usize> = std::collections::HashMap::new();
                for (at, row) in rows.iter().enumerate() {
                    kept.insert(name_of(row).to_vec(), at);
                }
                let mut added = Vec::new();
                for row in new {
                    match kept.get(name_of(&row)).and_then(|at| rows.get(*at)) {
                        Some(there) => clash |= *there != row,
                        None => added.push(row),
                    }
                }
                if !clash {
                    rows.extend(added);
                }
            })?;
        if clash {
            bail!("another process changed this subject in the vault meanwhile; run the command again");
        }
        Ok(())
    }

    /// What stands for what for a subject; none when nothing is kept or its time is over.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn rows(&self, id: &SubjectId) -> Result<Option<Vec<Row>>> {
        let Some(subject) = self.vault.read(id, now())? else {
            return Ok(None);
        };
        let rows = subject
            .rows
            .iter()
            .map(|row| decode(row).context("a row of the vault has an unknown form"));
        rows.collect::<Result<_>>().map(Some)
    }
}

/// `1 | length of class, 1 byte | class | length of stand-in, 4 bytes | stand-in | value`
fn encode(row: &Row) -> Zeroizing<Vec<u8>> {
    let (class, stand_in) = (row.class().label().as_bytes(), row.stand_in().as_bytes());
    let mut out = Zeroizing::new(Vec::with_capacity(6 + class.len() + stand_in.len() + row.value().len()));
    out.extend_from_slice(&[ROW, u8::try_from(class.len()).unwrap_or(0)]);
    out.extend_from_slice(class);
    out.extend_from_slice(&u32::try_from(stand_in.len()).unwrap_or(0).to_be_bytes());
    out.extend_from_slice(stand_in);
    out.extend_from_slice(row.value().as_bytes());
    out
}

fn decode(bytes: &[u8]) -> Option<Row> {
    let (class, stand_in, value) = split(bytes)?;
    let text = |part| std::str::from_utf8(part).ok();
    Some(Row::new(
        Class::from_label(text(class)?)?,
        text(stand_in)?,
        text(value)?,
    ))
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (&version, rest) = bytes.split_first()?;
    let (&len, rest) = rest.split_first()?;
    let (class, rest) = rest.split_at_checked(usize::from(len))?;
    let (len, rest) = rest.split_first_chunk::<4>()?;
    let (stand_in, value) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)?;
    (version == ROW).then_some((class, stand_in, value))
}

/// What a row is known by: what stands in the text.
fn name_of(row: &[u8]) -> &[u8] {
    split(row).map_or(row, |(_, stand_in, _)| stand_in)
}

#[cfg(test)]
mod tests {
    use ward_deid::Known;

    use super::*;

    #[test]
    fn a_subject_goes_on_where_it_ended() {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        let subjects = Subjects::open(&data).unwrap();
        for mode in [Mode::Tag, Mode::Surrogate] {
            let text = "Dr. Ana Ruiz saw MRN: 778899 on 2024-01-08";
            let mut first = subjects.deidentifier(mode, mode.word()).unwrap();
            let done = first.text(text, &Known::default()).text;
            let uid = first.uid("1.2.3");
            subjects.keep(mode.word(), &first, None).unwrap();
            let mut second = subjects.deidentifier(mode, mode.word()).unwrap();
            let more = second.text("Dr. Bo Lind", &Known::default()).text;
            assert_eq!(second.text(text, &Known::default()).text, done);
            assert_eq!(second.uid("1.2.3"), uid);
            subjects.keep(mode.word(), &second, Some(1_000_000)).unwrap();
            let rows = subjects.rows(&subjects.id(mode.word())).unwrap().unwrap();
            assert!(
                rows.iter()
                    .any(|row| more.contains(row.stand_in()) && row.value().contains("Lind"))
            );
            // A process that knew less gave the same placeholder to somebody else.
            let mut late = Deidentifier::new(mode, *subjects.vault.pseudonym_key(TENANT, mode.word()));
            late.text("Dr. Cy Moss, Dr. Di Nash", &Known::default());
            if mode == Mode::Tag {
                assert!(subjects.keep(mode.word(), &late, None).is_err());
            }
        }
        let mut gone = subjects.deidentifier(Mode::Remove, "x").unwrap();
        gone.text("Dr. Ana Ruiz", &Known::default());
        subjects.keep("x", &gone, None).unwrap();
        assert!(subjects.rows(&subjects.id("x")).unwrap().is_none());
    }
}
