//! What commits and tags say of themselves: their messages. People paste into them what they would not put into a file.

use ward_evidence::Location;
use ward_formats::input::Input;
use ward_seal::hash;

use super::{
    cache::{self, Known, Tag},
    history::Work,
    objects::{No, Reader},
    parse::Kind,
    trees::LOST,
};
use crate::{Blob, scan::Origin};

/// Where the message of a commit is said to stand, before its id.
const COMMIT: &str = ".git/commit/";
/// The same of a tag.
const TAG: &str = ".git/tag/";

/// True for the place of a message.
pub(super) fn is_message(path: &str) -> bool {
    path.starts_with(COMMIT) || path.starts_with(TAG)
}

/// The part of an object at `path` that is looked at: of a commit and a tag the message.
pub(super) fn part<'b>(path: &str, bytes: &'b [u8]) -> &'b [u8] {
    let start = memchr::memmem::find(bytes, b"\n\n").map(|at| at + 2);
    match (is_message(path), start) {
        (true, Some(start)) => bytes.get(start..).unwrap_or_default(),
        (true, None) => &[],
        (false, _) => bytes,
    }
}

impl Work<'_> {
    /// Looks at the messages of all commits that are scanned, and with `tags` at those of all tags. Gives the tags of those that
    /// were found clean before and were left out.
    pub(super) fn messages(&self, tags: bool, known: &Known) -> Vec<Tag> {
        let mut kept = Vec::new();
        let mut reader = Reader::new(self.objects);
        for (order, commit) in self.history.commits.iter().enumerate() {
            let order = u32::try_from(order).unwrap_or(LOST);
            kept.extend(self.message(COMMIT, commit.no, order, known, &mut reader));
        }
        if tags {
            let all = self.objects.numbers().filter(|no| self.objects.kind(*no) == Kind::Tag);
            for no in all {
                kept.extend(self.message(TAG, no, LOST, known, &mut reader));
            }
        }
        kept
    }

    /// Looks at one message. Its tag, when it was found clean before.
    fn message(&self, folder: &str, no: No, order: u32, known: &Known, reader: &mut Reader<'_>) -> Option<Tag> {
        let id = hash::hex(self.objects.id(no));
        let path = format!("{folder}{id}");
        let tag = cache::tag(self.objects.id(no), &path);
        if known.is_clean(&tag) {
            return Some(tag);
        }
        let place = Location::of_file(path.clone());
        let clean = match reader.read(no) {
            Some(bytes) => {
                let commit = || self.commit(order);
                let origin = Origin { order, commit: &commit };
                let blob = Blob {
                    tracked: Some(true),
                    ..Blob::at(place, Input::of_bytes(part(&path, &bytes)))
                };
                self.scanner.examine(&blob, Some(&origin))
            }
            None => {
                self.scanner.not_examined(
                    place,
                    "the message of a commit or a tag that is damaged; run `git fsck`",
                );
                false
            }
        };
        self.write_down(no, path, order, clean);
        None
    }
}
