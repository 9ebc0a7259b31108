//! Files read where they are needed.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// A file that can be read at any offset by any number of threads.
#[derive(Debug)]
pub struct Disk {
    file: File,
    len: u64,
}

impl Disk {
    /// Opens a regular file.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::InvalidInput`] for what is no regular file.
    pub fn open(path: &Path) -> io::Result<Self> {
        // Before it is opened: opening a pipe waits for somebody who writes to it, and opening a device may do anything.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = File::open(path)?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(Self { file, len: meta.len() })
    }

    /// How many bytes it had when it was opened.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// True when it had none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads exactly the buffer's length at an offset.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::UnexpectedEof`] when the file is shorter.
    pub fn read_exact_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        #[cfg(unix)]
        {
            std::os::unix::fs::FileExt::read_exact_at(&self.file, buffer, offset)
        }
        #[cfg(windows)]
        {
            let mut done = 0;
            while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
                match std::os::windows::fs::FileExt::seek_read(&self.file, rest, offset + done as u64)? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    count => done += count,
                }
            }
            Ok(())
        }
    }

    /// Everything, when there is no more than `limit`; none when there is.
    ///
    /// # Errors
    /// What the system says.
    pub fn whole(&self, limit: u64) -> io::Result<Option<Vec<u8>>> {
        if self.len > limit {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(self.len).unwrap_or_default());
        // A file that grows while it is read is cut; one that shrinks is what it is now.
        (&self.file).take(limit).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

/// A small file, whole; none when there is none.
///
/// # Errors
/// What the system says; [`io::ErrorKind::FileTooLarge`] when it is larger than `limit`.
pub fn read_small(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    match Disk::open(path) {
        Ok(disk) => match disk.whole(limit)? {
            Some(bytes) => Ok(Some(bytes)),
            None => Err(io::ErrorKind::FileTooLarge.into()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the place a symbolic link leads to is called, as if it were a member of the link.
pub const LINK_TARGET: &str = "(link)";

/// A path as text with `/` between its parts. Bytes that are no UTF-8 are written as `\xNN`, so that two names never
/// become one.
#[must_use]
pub fn path_text(path: &Path) -> String {
    let mut text = String::new();
    for part in path.components() {
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        push_name(&mut text, part.as_os_str().as_encoded_bytes());
    }
    text
}

/// Appends a name that may hold any bytes.
pub fn push_name(text: &mut String, name: &[u8]) {
    for chunk in name.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_utf8_stay_apart() {
        let name = |bytes: &[u8]| {
            let mut text = String::new();
            push_name(&mut text, bytes);
            text
        };
        assert_eq!(name("Zoë".as_bytes()), "Zoë");
        assert_eq!(name(b"a\xff\xfeb"), "a\\xff\\xfeb");
        assert_ne!(name(b"\xff"), name(b"\xfe"));
        assert_eq!(path_text(Path::new("a/b/c.txt")), "a/b/c.txt");
    }

    #[test]
    fn files_are_read_where_asked_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        std::fs::write(&path, b"0123456789").unwrap();
        let disk = Disk::open(&path).unwrap();
        let mut buffer = [0; 3];
        disk.read_exact_at(4, &mut buffer).unwrap();
        assert_eq!(&buffer, b"456");
        assert!(disk.read_exact_at(8, &mut buffer).is_err());
        assert_eq!(
            (disk.whole(10).unwrap().unwrap().len(), disk.whole(9).unwrap()),
            (10, None)
        );
        assert!(Disk::open(folder.path()).is_err());
        #[cfg(unix)]
        {
            let pipe = folder.path().join("pipe");
            // A system without the command has no test of pipes.
            if std::process::Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .is_ok_and(|status| status.success())
            {
                let refused = Disk::open(&pipe).map(|_| ()).map_err(|error| error.kind());
                assert_eq!(refused, Err(io::ErrorKind::InvalidInput));
            }
            let socket = folder.path().join("socket");
            let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
            for path in [socket.as_path(), Path::new("/dev/null")] {
                let refused = Disk::open(path).map(|_| ()).map_err(|error| error.kind());
                assert_eq!(refused, Err(io::ErrorKind::InvalidInput));
            }
        }
        assert!(read_small(&folder.path().join("none"), 1).unwrap().is_none());
        assert!(read_small(&path, 3).is_err());
    }
}
