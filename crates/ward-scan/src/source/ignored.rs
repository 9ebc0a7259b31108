//! What git ignores: `.gitignore` of a folder and of those above it, and `.git/info/exclude`.
//!
//! The ignore rules of the person who scans (`core.excludesFile`) are left out on purpose: what they ignore, others add.

use std::{path::Path, sync::Arc};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use super::disk;

/// Largest file of ignore rules that is read.
const MAX_FILE: u64 = 1 << 20;

/// The ignore rules of a folder and of those above it, innermost first.
pub(super) struct Rules {
    own: Gitignore,
    above: Option<Arc<Rules>>,
}

impl Rules {
    /// The rules of `folder`, with those of the folders above. An unreadable file is told by the error; then the rules
    /// above go on alone, so that more is scanned and not less.
    pub(super) fn of(folder: &Path, above: Option<&Arc<Rules>>) -> (Option<Arc<Rules>>, Result<(), &'static str>) {
        Self::read(folder, &folder.join(".gitignore"), above)
    }

    /// The same from a file that stands elsewhere, for paths below `folder`.
    pub(super) fn read(
        folder: &Path,
        file: &Path,
        above: Option<&Arc<Rules>>,
    ) -> (Option<Arc<Rules>>, Result<(), &'static str>) {
        let bytes = match disk::read_small(file, MAX_FILE) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return (above.cloned(), Ok(())),
            // Git does not read a `.gitignore` that is a folder either.
            Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => return (above.cloned(), Ok(())),
            Err(_) => {
                return (
                    above.cloned(),
                    Err("ignore rules that cannot be read, so nothing is left out for them"),
                );
            }
        };
        let mut builder = GitignoreBuilder::new(folder);
        for line in String::from_utf8_lossy(&bytes).lines() {
            // A line that is no glob matches nothing, as in git.
            let _added = builder.add_line(None, line);
        }
        match builder.build() {
            Ok(own) if own.is_empty() => (above.cloned(), Ok(())),
            Ok(own) => {
                let above = above.cloned();
                (Some(Arc::new(Rules { own, above })), Ok(()))
            }
            Err(_) => (
                above.cloned(),
                Err("ignore rules that cannot be understood, so nothing is left out for them"),
            ),
        }
    }

    /// Whether these rules ignore `path`, whose folder is not ignored itself.
    pub(super) fn ignore(&self, path: &Path, is_folder: bool) -> bool {
        let mut rules = Some(self);
        while let Some(one) = rules {
            match one.own.matched(path, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => rules = one.above.as_deref(),
            }
        }
        false
    }
}
