//! Files and folders that only their owner can read, and writes that are whole or not there.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{Read, Write},
    path::Path,
};

use crate::{Error, ErrorKind};

/// Reads a regular file of at most `limit` bytes. `None` when there is none. A symbolic link is not
/// followed.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Error> {
    let named = |e: Error| e.in_file(file_name(path));
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(named(Error::io(&e, "cannot look at the file"))),
        Ok(meta) if !meta.is_file() => return Err(named(Error::damaged("this must be a regular file"))),
        Ok(_) => {}
    }
    let file = File::open(path).map_err(|e| named(Error::io(&e, "cannot open the file")))?;
    let mut bytes = Vec::new();
    let read = file.take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|e| named(Error::io(&e, "cannot read the file")))?;
    if bytes.len() as u64 > limit {
        return Err(named(Error::new(
            ErrorKind::TooLarge,
            "the file is larger than Ward ever writes it",
        )));
    }
    Ok(Some(bytes))
}

/// Writes `bytes` to `path` by way of `temporary` in the same folder: whole or not at all, durable on
/// return, readable by the owner only.
pub(crate) fn write_atomic(path: &Path, temporary: &Path, bytes: &[u8]) -> Result<(), Error> {
    let named = |e: Error| e.in_file(file_name(path));
    let written = write_new(temporary, bytes)
        .and_then(|()| fs::rename(temporary, path).map_err(|e| Error::io(&e, "cannot put the new file in place")));
    if let Err(error) = written {
        let _gone = fs::remove_file(temporary);
        return Err(named(error));
    }
    match path.parent() {
        Some(folder) => sync_folder(folder).map_err(named),
        None => Ok(()),
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let cannot = |e: std::io::Error| Error::io(&e, "cannot write the file");
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(cannot(e)),
        _ => {}
    }
    let mut file = private(OpenOptions::new().write(true).create_new(true))
        .open(path)
        .map_err(cannot)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(cannot)
}

/// Takes a folder of this user's from everybody else, where the system has modes.
pub(crate) fn close_folder(path: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let closed = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
        closed.map_err(|e| Error::io(&e, "cannot close the folder to others"))?;
    }
    let _ = path;
    Ok(())
}

/// Adds mode 0600 to what is opened, where the system has modes.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes names in `folder` durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|e| Error::io(&e, "cannot make the folder durable"))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Makes a folder of mode 0700, and its parents. An existing one is left as it is.
pub(crate) fn create_folder(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::NotADirectory => Error::new(
            ErrorKind::NotAFolder,
            "a file stands where the data folder should be; name another path",
        ),
        _ => Error::io(&e, "cannot create the folder"),
    })?;
    // The name is made durable where the folder above may be read by this user; it need not be.
    match path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .map(sync_folder)
    {
        Some(Err(error)) if error.kind() != ErrorKind::ReadOnly => Err(error),
        _ => Ok(()),
    }
}

/// Refuses what others can read or write.
pub(crate) fn refuse_exposed(meta: &Metadata) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if meta.permissions().mode() & 0o077 != 0 {
            let what = if meta.is_dir() {
                "other users can get into this folder; run `chmod 700` on it"
            } else {
                "other users can read this file; run `chmod 600` on it"
            };
            return Err(Error::new(ErrorKind::Exposed, what));
        }
    }
    #[cfg(not(unix))]
    let _ = meta;
    Ok(())
}

/// The number of the owner; 0 for everything where the system has none.
pub(crate) fn owner(meta: &Metadata) -> u32 {
    #[cfg(unix)]
    {
        std::os::unix::fs::MetadataExt::uid(meta)
    }
    #[cfg(not(unix))]
    {
        let _ = meta;
        0
    }
}

/// The last part of a path, for errors.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}
