//! One thing to look at.

use ward_evidence::Location;
use ward_formats::input::Input;

/// One thing to look at: a file, a git blob, a member of an archive, or standard input.
///
/// Its content is read through an [`Input`], so that an engine that needs only the header of a 10 GB file reads only
/// that. Engines that need everything ask [`Input::whole`] with a limit and report what is over it.
pub struct Blob<'a> {
    /// Where it is. [`Location::path`] is below the scanned root; [`Location::member`] is set inside archives.
    pub place: Location,
    /// Its bytes.
    pub content: Input<'a>,
    /// True when git tracks it (or it comes from history); false when it lies only in the folder; `None` when nobody
    /// knows.
    pub tracked: Option<bool>,
    /// True when an ignore rule of git covers it, so that it is not added by accident; `None` when nobody knows.
    pub ignored: Option<bool>,
}

impl<'a> Blob<'a> {
    /// Bytes in memory at `path`.
    #[must_use]
    pub fn of_bytes(path: impl Into<String>, bytes: &'a [u8]) -> Self {
        Self::at(Location::of_file(path), Input::of_bytes(bytes))
    }

    /// Content at a place, with nothing known of git.
    #[must_use]
    pub fn at(place: Location, content: Input<'a>) -> Self {
        Self {
            place,
            content,
            tracked: None,
            ignored: None,
        }
    }

    /// The file's own name, lower case: the last part of the innermost path.
    #[must_use]
    pub fn name(&self) -> String {
        let path = self.place.member.as_deref().unwrap_or(&self.place.path);
        let innermost = path.rsplit('!').next().unwrap_or(path);
        innermost.rsplit(['/', '\\']).next().unwrap_or(innermost).to_lowercase()
    }
}
