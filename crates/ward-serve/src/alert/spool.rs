//! Alerts that could not be delivered yet, in a file of the data folder.
//!
//! One JSON object a line. The file is bounded; when it is full, the oldest stay and what comes is counted as lost: the
//! first alerts of an incident say more than the thousandth.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Alert, Kept};

/// Most bytes of the file.
const MAX_BYTES: u64 = 4 << 20;
/// Longest line that is read back.
const MAX_LINE: usize = 4096;

/// The file of what waits.
#[derive(Debug)]
pub struct Spool {
    path: PathBuf,
}

impl Spool {
    /// The spool at this path. Nothing is made yet.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Keeps an alert. False when the spool is full.
    ///
    /// # Errors
    /// What the system says.
    pub fn push(&self, alert: &Alert) -> io::Result<bool> {
        let mut line = serde_json::to_vec(&alert.keep())?;
        line.push(b'\n');
        let size = fs::metadata(&self.path).map_or(0, |about| about.len());
        if size.saturating_add(line.len() as u64) > MAX_BYTES {
            return Ok(false);
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.path)?.write_all(&line)?;
        Ok(true)
    }

    /// What waits, oldest first, and how many lines could not be read.
    ///
    /// # Errors
    /// What the system says.
    pub fn waiting(&self) -> io::Result<(Vec<Alert>, usize)> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), 0)),
            Err(error) => return Err(error),
        };
        let mut alerts = Vec::new();
        let mut unread = 0;
        for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let kept: Option<Kept> = (line.len() <= MAX_LINE)
                .then(|| serde_json::from_slice(line).ok())
                .flatten();
            match kept.and_then(Alert::of) {
                Some(alert) => alerts.push(alert),
                None => unread += 1,
            }
        }
        Ok((alerts, unread))
    }

    /// Takes this many of the oldest out: they were delivered. What came meanwhile stays.
    ///
    /// # Errors
    /// What the system says. Then all of them wait as before.
    pub fn delivered(&self, count: usize) -> io::Result<()> {
        let (alerts, _) = self.waiting()?;
        let rest = alerts.get(count..).unwrap_or_default();
        if rest.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        let beside = self.path.with_extension("new");
        let fresh = Self::new(&beside);
        let _ = fs::remove_file(&beside);
        for alert in rest {
            fresh.push(alert)?;
        }
        fs::rename(&beside, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(count: u64) -> Alert {
        Alert {
            rule: "auth_storm",
            severity: 6,
            message: "Many requests without a valid key came from one address.",
            subject: "192.0.2.1".to_owned(),
            count,
            at_unix_ms: 1,
        }
    }

    #[test]
    fn what_waits_is_read_back_in_order_and_leaves_when_delivered() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(&folder.path().join("spool"));
        assert_eq!(spool.waiting().unwrap(), (vec![], 0));
        for count in 0..5 {
            assert!(spool.push(&alert(count)).unwrap());
        }
        let counts = |spool: &Spool| spool.waiting().unwrap().0.iter().map(|a| a.count).collect::<Vec<_>>();
        assert_eq!(counts(&spool), [0, 1, 2, 3, 4]);
        assert_eq!(spool.waiting().unwrap().0[3], alert(3));
        spool.delivered(2).unwrap();
        assert_eq!(counts(&spool), [2, 3, 4]);
        spool.delivered(3).unwrap();
        assert!(!spool.path.exists());
        spool.delivered(1).unwrap();
    }

    #[test]
    fn a_damaged_spool_gives_what_can_be_read_and_a_full_one_takes_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(&folder.path().join("spool"));
        spool.push(&alert(1)).unwrap();
        let mut bytes = fs::read(&spool.path).unwrap();
        let half = bytes[..20].to_vec();
        bytes.extend(
            [
                b"\xff\n{\"rule\":\"none\",\"subject\":\"\",\"count\":1,\"at_unix_ms\":1}\n".as_slice(),
                &half,
            ]
            .concat(),
        );
        fs::write(&spool.path, &bytes).unwrap();
        assert_eq!(spool.waiting().unwrap(), (vec![alert(1)], 3));
        fs::write(&spool.path, vec![b'\n'; MAX_BYTES as usize - 3]).unwrap();
        assert!(!spool.push(&alert(2)).unwrap());
    }
}
