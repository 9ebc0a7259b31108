//! The data folder: one place on disk for everything Ward keeps.
//!
//! ```text
//! DATA/                 0700
//!   ward-data.json      {"format":1}
//!   keys/               0700  API keys (keyed hashes) and long-lived secrets
//!   ledger/             0700  one folder per ledger
//!   tls/                0700  certificate and key of the listener
//! ```
//!
//! Nothing is repaired silently: a folder that others can read, that belongs to somebody else, that a
//! newer Ward wrote, or that holds other things is refused with what to do about it.

pub(crate) mod private;

use std::{
    fs::{self, File, OpenOptions},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    Error, ErrorKind, Secret32,
    hash::{hex, sha256_parts, unhex},
    random,
};

/// The format of the data folder that this version writes.
pub const FORMAT: u32 = 1;
/// Largest file [`DataDir::read`] reads, in bytes.
pub const MAX_FILE: u64 = 16 * 1024 * 1024;

const MARKER: &str = "ward-data.json";
const FOLDERS: [&str; 3] = ["keys", "ledger", "tls"];
/// Begins a secret's file.
const SECRET_MAGIC: &str = "ward-secret-1";

#[derive(Serialize, Deserialize)]
struct Marker {
    format: u32,
}

/// An open data folder.
#[derive(Debug, Clone)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// Opens the folder, making it and what belongs in it when it is not there.
    ///
    /// # Errors
    /// [`ErrorKind::NotAFolder`] for a file, or a folder that holds other things; [`ErrorKind::WrongOwner`],
    /// also for a link that somebody else made; [`ErrorKind::Exposed`] when others can get in, unless it is empty,
    /// when it is closed to them;
    /// [`ErrorKind::NewerFormat`]; [`ErrorKind::ReadOnly`] and [`ErrorKind::Full`] when a trial file cannot be
    /// written; [`ErrorKind::Damaged`] when `ward-data.json` cannot be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::check(path)?;
        let link = link(path)?;
        if link.is_none() {
            private::create_folder(path)?;
        }
        let look = || fs::metadata(path).map_err(|e| Error::io(&e, "cannot look at the data folder"));
        if private::refuse_exposed(&look()?).is_err() && is_empty(path) {
            // Nobody can have read from a folder that holds nothing: closing it now is as good as having made it.
            private::close_folder(path)?;
        }
        let meta = look()?;
        private::refuse_exposed(&meta)?;
        let data = Self { path: path.to_owned() };
        let marked = data.check_marker()?;
        let me = data.try_to_write()?;
        let of_another = |owner: u32| owner != me && owner != 0;
        if of_another(private::owner(&meta)) {
            return Err(Error::new(
                ErrorKind::WrongOwner,
                "the data folder belongs to another user",
            ));
        }
        if link.is_some_and(|link| link.is_symlink() && of_another(private::owner(&link))) {
            let what = "the data folder is a symbolic link made by another user; name the folder itself";
            return Err(Error::new(ErrorKind::WrongOwner, what));
        }
        if !marked {
            let marker = serde_json::to_vec(&Marker { format: FORMAT });
            let marker = marker.map_err(|_| Error::new(ErrorKind::Bug, "cannot write the folder's marker"))?;
            data.write_private(MARKER, &marker)?;
        }
        for name in FOLDERS {
            let folder = data.path.join(name);
            // Whatever else may stand there was refused above.
            if !folder.exists() {
                private::create_folder(&folder)?;
            }
        }
        Ok(data)
    }

    /// What [`Self::open`] refuses a folder for, as far as it can be seen without writing: makes and changes nothing. A folder
    /// that is not there will be made.
    ///
    /// # Errors
    /// As [`Self::open`], but for what only a trial file shows: whose folder it is, and whether it can be written.
    pub fn check(path: &Path) -> Result<(), Error> {
        if link(path)?.is_none() {
            return Ok(());
        }
        let meta = fs::metadata(path).map_err(|e| Error::io(&e, "cannot look at the data folder"))?;
        if !meta.is_dir() {
            return Err(Error::new(
                ErrorKind::NotAFolder,
                "a file stands where the data folder should be; name another path",
            ));
        }
        if let Err(exposed) = private::refuse_exposed(&meta) {
            return if is_empty(path) { Ok(()) } else { Err(exposed) };
        }
        let data = Self { path: path.to_owned() };
        if !data.check_marker()? {
            data.refuse_strangers()?;
        }
        for name in FOLDERS {
            match fs::symlink_metadata(path.join(name)) {
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(Error::io(&e, "cannot look at the folder").in_file(name)),
                Ok(meta) if !meta.is_dir() => {
                    return Err(Error::new(ErrorKind::NotAFolder, "this must be a folder").in_file(name));
                }
                Ok(meta) => private::refuse_exposed(&meta).map_err(|e| e.in_file(name))?,
            }
        }
        Ok(())
    }

    /// Opens a folder that is there already, for reading. Makes and changes nothing, so it serves a copy on
    /// a read-only medium too; a copy may be readable by others.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`] when there is none, [`ErrorKind::NotAFolder`] when it is not a data folder of
    /// Ward, [`ErrorKind::NewerFormat`], [`ErrorKind::Damaged`].
    pub fn open_existing(path: &Path) -> Result<Self, Error> {
        let meta = fs::metadata(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::new(
                ErrorKind::Missing,
                "there is no data folder here; name the one that Ward used before with --data",
            ),
            _ => Error::io(&e, "cannot look at the data folder"),
        })?;
        let data = Self { path: path.to_owned() };
        let ours = meta.is_dir() && (data.check_marker()? || Self::is_begun(path));
        if !ours {
            return Err(Error::new(ErrorKind::NotAFolder, "this is not a data folder of Ward"));
        }
        Ok(data)
    }

    /// Whether a folder was begun as a data folder of Ward's. Says nothing of whether it can be opened.
    #[must_use]
    pub fn is_begun(path: &Path) -> bool {
        path.join(MARKER).exists() || path.join("ledger").is_dir()
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole of a file, such as `tls/cert.pem`; `None` when there is none.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for a name that leaves the folder, [`ErrorKind::TooLarge`] above [`MAX_FILE`],
    /// and what the system says.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        private::read(&self.resolve(name)?, MAX_FILE).map_err(|e| e.in_file(name))
    }

    /// Writes a whole file with mode 0600: a temporary file is written, flushed to disk and renamed, so that
    /// a reader, or a crash, sees the old bytes or the new ones and nothing else.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for a name that leaves the folder, and what the system says.
    pub fn write_private(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.resolve(name)?;
        private::write_atomic(&path, &temporary_beside(&path)?, bytes)
    }

    /// The secret `keys/<name>.key`, made on first use. Two processes that ask at once get the same.
    ///
    /// # Errors
    /// [`ErrorKind::Exposed`] when others can read it, [`ErrorKind::Damaged`] when its bytes are not as
    /// written, and what the system says.
    pub fn secret(&self, name: &str) -> Result<Secret32, Error> {
        let file = format!("keys/{name}.key");
        if let Some(secret) = self.read_secret(&file)? {
            return Ok(secret);
        }
        let _lock = self.lock_keys()?;
        if let Some(secret) = self.read_secret(&file)? {
            return Ok(secret);
        }
        let bytes = Zeroizing::new(random::bytes::<32>()?);
        let secret = Secret32::new(*bytes);
        let digits = Zeroizing::new(hex(&*bytes));
        let check = secret_check(secret.expose());
        let text = Zeroizing::new(format!("{SECRET_MAGIC} {} {check}\n", &*digits));
        self.write_private(&file, text.as_bytes())?;
        Ok(secret)
    }

    /// Holds other processes off `keys/` while it lives.
    pub(crate) fn lock_keys(&self) -> Result<File, Error> {
        let cannot = |e: std::io::Error| Error::io(&e, "cannot lock the keys").in_file("keys/lock");
        let file = private::private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(self.path.join("keys").join("lock"))
            .map_err(cannot)?;
        file.lock().map_err(cannot)?;
        Ok(file)
    }

    fn read_secret(&self, file: &str) -> Result<Option<Secret32>, Error> {
        let Some(bytes) = self.read(file)?.map(Zeroizing::new) else {
            return Ok(None);
        };
        let meta = fs::metadata(self.resolve(file)?).map_err(|e| Error::io(&e, "cannot look at the file"))?;
        private::refuse_exposed(&meta).map_err(|e| e.in_file(file))?;
        let damaged = || Error::damaged("the secret is damaged; restore the file from a backup").in_file(file);
        let text = std::str::from_utf8(&bytes).map_err(|_| damaged())?;
        let mut parts = text.strip_suffix('\n').ok_or_else(damaged)?.split(' ');
        let (magic, secret, check) = (parts.next(), parts.next(), parts.next());
        let secret = secret.and_then(unhex::<32>).map(Secret32::new).ok_or_else(damaged)?;
        let right = magic == Some(SECRET_MAGIC) && check == Some(&secret_check(secret.expose()));
        if right && parts.next().is_none() {
            Ok(Some(secret))
        } else {
            Err(damaged())
        }
    }

    /// The path of a name inside the folder: up to four parts of letters, digits, `.`, `_` and `-`, none of
    /// which begins with a dot.
    fn resolve(&self, name: &str) -> Result<PathBuf, Error> {
        let plain = |part: &str| {
            !part.starts_with('.')
                && (1..=100).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        if name.split('/').count() <= 4 && name.split('/').all(plain) {
            Ok(name.split('/').fold(self.path.clone(), |path, part| path.join(part)))
        } else {
            Err(Error::new(
                ErrorKind::Argument,
                "not a name for a file in the data folder",
            ))
        }
    }

    /// Whether the marker is there; an error when it says something this version does not know.
    fn check_marker(&self) -> Result<bool, Error> {
        let Some(bytes) = self.read(MARKER)? else {
            return Ok(false);
        };
        let marker: Marker =
            serde_json::from_slice(&bytes).map_err(|_| Error::damaged("cannot be read").in_file(MARKER))?;
        match marker.format {
            FORMAT => Ok(true),
            0 => Err(Error::damaged("names no format").in_file(MARKER)),
            _ => Err(Error::new(
                ErrorKind::NewerFormat,
                "a newer Ward wrote this data folder; use that version or later",
            )
            .in_file(MARKER)),
        }
    }

    /// A folder without a marker must hold nothing but what an interrupted first start leaves.
    fn refuse_strangers(&self) -> Result<(), Error> {
        let cannot = |e: std::io::Error| Error::io(&e, "cannot list the data folder");
        for entry in fs::read_dir(&self.path).map_err(cannot)? {
            let name = entry.map_err(cannot)?.file_name();
            let name = name.to_string_lossy();
            // Settings may be written before the first start.
            if name != "ward.toml" && !(name.starts_with('.') && name.ends_with(".tmp")) {
                let what = "this folder holds other files; name an empty or a new one as the data folder";
                return Err(Error::new(ErrorKind::NotAFolder, what));
            }
        }
        Ok(())
    }

    /// Writes a file of 4 KiB and removes it. Gives who owns it: the user this process is.
    fn try_to_write(&self) -> Result<u32, Error> {
        let trial = temporary_beside(&self.path.join("trial"))?;
        let tried = private::write_atomic(&trial, &trial.with_extension("2.tmp"), &[0; 4096]).and_then(|()| {
            fs::symlink_metadata(&trial)
                .map(|meta| private::owner(&meta))
                .map_err(|e| Error::io(&e, "cannot look at a file just written"))
        });
        let removed = fs::remove_file(&trial);
        let me = tried.map_err(|e| match e.kind() {
            ErrorKind::Full => Error::new(ErrorKind::Full, "the disk under the data folder is full"),
            ErrorKind::ReadOnly => Error::new(ErrorKind::ReadOnly, "the data folder cannot be written by this user"),
            _ => e,
        })?;
        removed.map_err(|e| Error::io(&e, "cannot remove a file from the data folder"))?;
        Ok(me)
    }
}

/// A name for a temporary file in the same folder that nobody else uses.
fn temporary_beside(path: &Path) -> Result<PathBuf, Error> {
    let unique = hex(&random::bytes::<8>()?);
    Ok(path.with_file_name(format!(".{}.{unique}.tmp", private::file_name(path))))
}

/// Tells a damaged secret from a whole one, and tells nothing of the secret.
fn secret_check(secret: &[u8; 32]) -> String {
    let digest = sha256_parts(&[b"ward secret check", secret]);
    hex(digest.first_chunk::<8>().unwrap_or(&[0; 8]))
}

/// What stands at a path itself, a link or not; none when there is nothing.
fn link(path: &Path) -> Result<Option<fs::Metadata>, Error> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Ok(Some(meta)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => Err(Error::new(
            ErrorKind::NotAFolder,
            "a part of the data folder's path is a file",
        )),
        Err(e) => Err(Error::io(&e, "cannot look at the data folder")),
    }
}

/// True for a folder that holds nothing. One that cannot be listed counts as full.
fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind<T>(result: Result<T, Error>) -> ErrorKind {
        result.map(drop).unwrap_err().kind()
    }

    #[test]
    fn makes_the_folder_once_and_opens_it_again() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("a/data");
        assert_eq!(kind(DataDir::open_existing(&path)), ErrorKind::Missing);
        assert!(!path.exists() && !DataDir::is_begun(&path));
        let data = DataDir::open(&path).unwrap();
        assert!(DataDir::is_begun(&path));
        assert_eq!(data.read("ward-data.json").unwrap().unwrap(), b"{\"format\":1}");
        let secret = data.secret("pepper").unwrap();
        let again = DataDir::open(&path).unwrap();
        assert_eq!(again.secret("pepper").unwrap().expose(), secret.expose());
        assert_ne!(again.secret("other").unwrap().expose(), secret.expose());
        DataDir::open_existing(&path).unwrap();
        let mut names: Vec<_> = fs::read_dir(&path).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["keys", "ledger", "tls", "ward-data.json"]);
    }

    #[test]
    fn refuses_what_is_not_its_folder() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("file");
        fs::write(&file, "x").unwrap();
        assert_eq!(kind(DataDir::open(&file)), ErrorKind::NotAFolder);
        assert_eq!(kind(DataDir::open(&file.join("below"))), ErrorKind::NotAFolder);
        assert_eq!(kind(DataDir::open_existing(&file)), ErrorKind::NotAFolder);
        let full = temp.path().join("documents");
        private::create_folder(&full).unwrap();
        fs::write(full.join("thesis.txt"), "x").unwrap();
        assert_eq!(kind(DataDir::open(&full)), ErrorKind::NotAFolder);
        assert_eq!(kind(DataDir::check(&full)), ErrorKind::NotAFolder);
        DataDir::check(&temp.path().join("none")).unwrap();
        assert!(!temp.path().join("none").exists());
        assert_eq!(kind(DataDir::open_existing(&full)), ErrorKind::NotAFolder);
        for (marker, want) in [
            ("{\"format\":2}", ErrorKind::NewerFormat),
            ("{\"format\":0}", ErrorKind::Damaged),
            ("{", ErrorKind::Damaged),
            ("", ErrorKind::Damaged),
        ] {
            fs::write(full.join(MARKER), marker).unwrap();
            assert_eq!(kind(DataDir::open(&full)), want, "{marker}");
            assert_eq!(kind(DataDir::check(&full)), want, "{marker}");
            assert_eq!(kind(DataDir::open_existing(&full)), want, "{marker}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn refuses_exposed_and_read_only_folders() {
        use std::os::unix::fs::PermissionsExt;
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("data");
        let data = DataDir::open(&path).unwrap();
        let secret = data.secret("a").unwrap();
        let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let is = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (is(&path), is(&path.join("keys")), is(&path.join("keys/a.key"))),
            (0o700, 0o700, 0o600)
        );
        let empty = temp.path().join("empty");
        fs::create_dir(&empty).unwrap();
        mode(&empty, 0o755);
        DataDir::check(&empty).unwrap();
        assert_eq!(is(&empty), 0o755, "a look changes nothing");
        DataDir::open(&empty).unwrap();
        assert_eq!(is(&empty), 0o700, "an empty folder is closed");
        for exposed in [0o750, 0o701, 0o770] {
            mode(&path, exposed);
            for error in [DataDir::open(&path).unwrap_err(), DataDir::check(&path).unwrap_err()] {
                assert!(error.kind() == ErrorKind::Exposed && error.to_string().contains("chmod 700"));
            }
        }
        mode(&path, 0o700);
        mode(&path.join("keys"), 0o755);
        assert_eq!(kind(DataDir::open(&path)), ErrorKind::Exposed);
        assert_eq!(kind(DataDir::check(&path)), ErrorKind::Exposed);
        mode(&path.join("keys"), 0o700);
        mode(&path.join("keys/a.key"), 0o640);
        assert_eq!(kind(data.secret("a")), ErrorKind::Exposed);
        mode(&path.join("keys/a.key"), 0o600);
        assert_eq!(data.secret("a").unwrap().expose(), secret.expose());
        mode(&path, 0o500);
        // The super-user may write everywhere; everybody else is told.
        match DataDir::open(&path) {
            Ok(_) => assert_eq!(private::owner(&fs::metadata(&path).unwrap()), 0),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ReadOnly),
        }
        mode(&path, 0o700);
    }

    #[test]
    fn a_damaged_secret_is_an_error_and_not_a_new_secret() {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        data.secret("a").unwrap();
        let whole = data.read("keys/a.key").unwrap().unwrap();
        for i in 0..whole.len() {
            let mut bad = whole.clone();
            bad[i] ^= 1;
            data.write_private("keys/a.key", &bad).unwrap();
            assert_eq!(kind(data.secret("a")), ErrorKind::Damaged, "byte {i}");
            data.write_private("keys/a.key", &whole[..i]).unwrap();
            assert_eq!(kind(data.secret("a")), ErrorKind::Damaged, "cut at {i}");
        }
    }

    #[test]
    fn names_stay_inside() {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        for bad in [
            "",
            "..",
            "../x",
            "tls/../../x",
            "/etc/passwd",
            "a//b",
            ".x",
            "a b",
            "a/b/c/d/e",
            "é",
            "a\0",
        ] {
            assert_eq!(kind(data.read(bad)), ErrorKind::Argument, "{bad}");
            assert_eq!(kind(data.write_private(bad, b"")), ErrorKind::Argument, "{bad}");
        }
        assert_eq!(kind(data.secret("../x")), ErrorKind::Argument);
        assert_eq!(data.read("tls/none.pem").unwrap(), None);
        data.write_private("tls/cert.pem", b"one").unwrap();
        data.write_private("tls/cert.pem", b"two").unwrap();
        assert_eq!(data.read("tls/cert.pem").unwrap().unwrap(), b"two");
    }

    #[test]
    fn two_at_once_get_one_secret() {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(&temp.path().join("data")).unwrap();
        let secrets: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| *data.secret("shared").unwrap().expose()))
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert!(secrets.iter().all(|s| *s == secrets[0]));
    }
}
