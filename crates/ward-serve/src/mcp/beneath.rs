//! Files below a folder, and none elsewhere: every part of a path is opened from the one before, and no link is followed,
//! whoever put it there and whenever.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// What an entry of a folder is, itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, or anything else that is not read.
    Other,
}

/// A folder, held open: what is put in its place later is another.
#[derive(Debug)]
pub(super) struct Folder(system::Handle);

impl Folder {
    /// The folder of that name. Its own name may be a link: whoever runs this gave it.
    ///
    /// # Errors
    /// When it is none, or cannot be read.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        system::open(path).map(Self)
    }

    /// What lies in a folder below this one.
    ///
    /// # Errors
    /// When it is none, or cannot be read.
    pub(super) fn entries(&self, below: &Path) -> io::Result<Vec<(OsString, Kind)>> {
        system::entries(&self.0, below)
    }

    /// The bytes of a regular file below this folder; `None` when there are more than `most`.
    ///
    /// # Errors
    /// When it is none, or cannot be read.
    pub(super) fn read(&self, below: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
        let file: File = system::file(&self.0, below)?;
        let about = file.metadata()?;
        if !about.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::new();
        file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= most).then_some(bytes))
    }
}

#[cfg(unix)]
mod system {
    use std::{
        ffi::{OsStr, OsString},
        fs::File,
        io,
        os::{fd::OwnedFd, unix::ffi::OsStringExt as _},
        path::{Component, Path},
    };

    use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, openat, statat};

    use super::Kind;

    pub(super) type Handle = OwnedFd;

    const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

    pub(super) fn open(path: &Path) -> io::Result<Handle> {
        Ok(rustix::fs::open(path, FOLDER, Mode::empty())?)
    }

    /// The folder in which the last part of a path lies, and that part.
    fn holder<'a>(root: &Handle, below: &'a Path) -> io::Result<(OwnedFd, &'a OsStr)> {
        let mut parts = below.components();
        let Some(Component::Normal(last)) = parts.next_back() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        Ok((folder(root, parts.as_path())?, last))
    }

    fn folder(root: &Handle, below: &Path) -> io::Result<OwnedFd> {
        let mut at = root.try_clone()?;
        for part in below.components() {
            let Component::Normal(name) = part else {
                return Err(io::ErrorKind::InvalidInput.into());
            };
            at = openat(&at, name, FOLDER | OFlags::NOFOLLOW, Mode::empty())?;
        }
        Ok(at)
    }

    pub(super) fn entries(root: &Handle, below: &Path) -> io::Result<Vec<(OsString, Kind)>> {
        let at = folder(root, below)?;
        let mut entries = Vec::new();
        for entry in Dir::read_from(&at)? {
            let entry = entry?;
            let name = OsString::from_vec(entry.file_name().to_bytes().to_vec());
            if name == "." || name == ".." {
                continue;
            }
            let mut of = entry.file_type();
            if of == FileType::Unknown {
                // Not every file system says it with the name.
                let about = statat(&at, entry.file_name(), AtFlags::SYMLINK_NOFOLLOW)?;
                of = FileType::from_raw_mode(about.st_mode);
            }
            let kind = match of {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Folder,
                _ => Kind::Other,
            };
            entries.push((name, kind));
        }
        Ok(entries)
    }

    pub(super) fn file(root: &Handle, below: &Path) -> io::Result<File> {
        let (at, name) = holder(root, below)?;
        // A pipe would keep whoever opens it waiting.
        let how = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(openat(&at, name, how, Mode::empty())?.into())
    }
}

/// Without Unix's handles of folders, links are looked for and then not followed: one that is put there in between is.
#[cfg(not(unix))]
mod system {
    use std::{
        ffi::OsString,
        fs::{self, File},
        io,
        path::{Component, Path, PathBuf},
    };

    use super::Kind;

    pub(super) type Handle = PathBuf;

    pub(super) fn open(path: &Path) -> io::Result<Handle> {
        let path = fs::canonicalize(path)?;
        fs::read_dir(&path).map(|_| path)
    }

    fn beneath(root: &Handle, below: &Path) -> io::Result<PathBuf> {
        let mut at = root.clone();
        for part in below.components() {
            let Component::Normal(name) = part else {
                return Err(io::ErrorKind::InvalidInput.into());
            };
            at.push(name);
            if fs::symlink_metadata(&at)?.file_type().is_symlink() {
                return Err(io::ErrorKind::InvalidInput.into());
            }
        }
        Ok(at)
    }

    pub(super) fn entries(root: &Handle, below: &Path) -> io::Result<Vec<(OsString, Kind)>> {
        let one = |entry: fs::DirEntry| {
            let of = entry.file_type()?;
            let kind = match (of.is_file(), of.is_dir()) {
                (true, _) => Kind::File,
                (_, true) => Kind::Folder,
                _ => Kind::Other,
            };
            Ok((entry.file_name(), kind))
        };
        fs::read_dir(beneath(root, below)?)?
            .map(|entry| entry.and_then(one))
            .collect()
    }

    pub(super) fn file(root: &Handle, below: &Path) -> io::Result<File> {
        File::open(beneath(root, below)?)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::symlink};

    #[test]
    fn no_link_is_followed_whenever_it_was_put_there() {
        let place = tempfile::tempdir().unwrap();
        let (root, elsewhere) = (place.path().join("root"), place.path().join("elsewhere"));
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::create_dir_all(elsewhere.join("b")).unwrap();
        fs::write(root.join("a/b/note.txt"), "own").unwrap();
        fs::write(elsewhere.join("b/note.txt"), "PLANTED").unwrap();
        let folder = Folder::open(&root).unwrap();
        let read = |below: &str| folder.read(Path::new(below), 100).ok().flatten();
        assert_eq!(read("a/b/note.txt").as_deref(), Some(&b"own"[..]));
        assert_eq!(folder.read(Path::new("a/b/note.txt"), 2).unwrap(), None);
        for bad in [
            "",
            ".",
            "..",
            "../elsewhere/b/note.txt",
            "/etc/hostname",
            "a/../../elsewhere/b/note.txt",
            "a",
            "a/b",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        // The file, then a folder on the way to it, give way to links.
        fs::remove_file(root.join("a/b/note.txt")).unwrap();
        symlink(elsewhere.join("b/note.txt"), root.join("a/b/note.txt")).unwrap();
        assert_eq!(read("a/b/note.txt"), None);
        fs::remove_dir_all(root.join("a")).unwrap();
        symlink(&elsewhere, root.join("a")).unwrap();
        assert_eq!(read("a/b/note.txt"), None);
        assert!(folder.entries(Path::new("a/b")).is_err());
        assert_eq!(folder.entries(Path::new("")).unwrap(), [("a".into(), Kind::Other)]);
        // And the folder itself.
        fs::rename(&root, place.path().join("gone")).unwrap();
        symlink(&elsewhere, &root).unwrap();
        assert_eq!(read("b/note.txt"), None);
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let place = tempfile::tempdir().unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, place.path().join("pipe"), rustix::fs::Mode::RUSR).unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert_eq!(folder.entries(Path::new("")).unwrap(), [("pipe".into(), Kind::Other)]);
        assert!(folder.read(Path::new("pipe"), 10).is_err());
    }
}
