//! Versions of Python packages: PEP 440, *Public version identifiers*, *Local version identifiers*, and the normal forms of
//! its appendix B.

use std::cmp::Ordering;

/// A version as PEP 440 compares it. Parts are kept as far as 64 bits hold them; a version with larger numbers is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pep440 {
    epoch: u64,
    /// Without the zeros at its end.
    release: Vec<u64>,
    /// How many numbers the release was written with: `==1.0.*` means another prefix than `==1.*`.
    written: usize,
    pre: Pre,
    post: Post,
    dev: Dev,
    local: Local,
}

/// Where a version stands among the pre-releases of its release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Pre {
    /// Before all of them: a development release of the release itself.
    Below,
    Alpha(u64),
    Beta(u64),
    Candidate(u64),
    /// No pre-release.
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Post {
    None,
    Number(u64),
    /// After all of them; no version is written so.
    Above,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Dev {
    Number(u64),
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Local {
    None,
    Parts(Vec<Part>),
    /// After all of them; no version is written so.
    Above,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Text(String),
    Number(u64),
}

impl PartialOrd for Pep440 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Pep440 {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.epoch.cmp(&other.epoch))
            .then_with(|| self.release.cmp(&other.release))
            .then_with(|| self.pre.cmp(&other.pre))
            .then_with(|| self.post.cmp(&other.post))
            .then_with(|| self.dev.cmp(&other.dev))
            .then_with(|| self.local.cmp(&other.local))
    }
}

/// Longest text that is taken for a version.
const MAX_LENGTH: usize = 256;

impl Pep440 {
    /// Reads a version in any of the spellings that PEP 440 allows.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_LENGTH || !text.is_ascii() {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        let rest = lower.strip_prefix('v').unwrap_or(&lower);
        let (public, local) = match rest.split_once('+') {
            Some((public, local)) => (public, read_local(local)?),
            None => (rest, Local::None),
        };
        let mut cursor = Cursor { rest: public };
        let mut epoch = 0;
        let mut first = cursor.number()?;
        if let Some(after) = cursor.rest.strip_prefix('!') {
            epoch = first;
            cursor.rest = after;
            first = cursor.number()?;
        }
        let mut release = vec![first];
        while let Some(after) = cursor
            .rest
            .strip_prefix('.')
            .filter(|after| after.starts_with(|c: char| c.is_ascii_digit()))
        {
            cursor.rest = after;
            release.push(cursor.number()?);
        }
        let pre = cursor.pre()?;
        let post = cursor.post()?;
        let dev = cursor.dev()?;
        if !cursor.rest.is_empty() {
            return None;
        }
        Some(Self::of(epoch, release, pre, post, dev, local))
    }

    fn of(
        epoch: u64,
        mut release: Vec<u64>,
        pre: Option<Pre>,
        post: Option<u64>,
        dev: Option<u64>,
        local: Local,
    ) -> Self {
        let written = release.len();
        while release.len() > 1 && release.last() == Some(&0) {
            release.pop();
        }
        let pre = match pre {
            Some(pre) => pre,
            // A development release of a release comes before its pre-releases.
            None if post.is_none() && dev.is_some() => Pre::Below,
            None => Pre::None,
        };
        Self {
            epoch,
            release,
            written,
            pre,
            post: post.map_or(Post::None, Post::Number),
            dev: dev.map_or(Dev::None, Dev::Number),
            local,
        }
    }

    /// Whether it is a pre-release or a development release.
    #[must_use]
    pub fn is_pre(&self) -> bool {
        !matches!(self.pre, Pre::None) || !matches!(self.dev, Dev::None)
    }

    /// Whether it is a development release.
    #[must_use]
    pub fn is_dev(&self) -> bool {
        !matches!(self.dev, Dev::None)
    }

    /// Whether it is a post-release.
    #[must_use]
    pub fn is_post(&self) -> bool {
        !matches!(self.post, Post::None)
    }

    /// The first number of the release.
    #[must_use]
    pub fn major(&self) -> u64 {
        self.release.first().copied().unwrap_or_default()
    }

    /// The first development release of the release: what comes before everything of it.
    #[must_use]
    pub fn lowest(&self) -> Self {
        Self {
            pre: Pre::Below,
            post: Post::None,
            dev: Dev::Number(0),
            local: Local::None,
            ..self.clone()
        }
    }

    /// What comes after every local version of this one.
    #[must_use]
    pub fn above_locals(&self) -> Self {
        Self {
            local: Local::Above,
            ..self.clone()
        }
    }

    /// What comes before every pre-release and development release of it.
    #[must_use]
    pub fn first_before(&self) -> Self {
        if self.is_post() {
            Self {
                dev: Dev::Number(0),
                local: Local::None,
                ..self.clone()
            }
        } else {
            self.lowest()
        }
    }

    /// What comes after every post-release of it.
    #[must_use]
    pub fn above_posts(&self) -> Self {
        Self {
            post: Post::Above,
            dev: Dev::None,
            local: Local::Above,
            ..self.clone()
        }
    }

    /// Without its local part.
    #[must_use]
    pub fn public(&self) -> Self {
        Self {
            local: Local::None,
            ..self.clone()
        }
    }

    /// Whether a local part is written.
    #[must_use]
    pub fn has_local(&self) -> bool {
        !matches!(self.local, Local::None)
    }

    /// The release whose number at `place` (from 0) is one higher and everything behind it gone: 1.4.2 at 1 is 1.5. The
    /// numbers as they were written count, zeros too. None when there is no such place.
    #[must_use]
    pub fn next_at(&self, place: usize) -> Option<Self> {
        let mut release: Vec<u64> = (0..=place)
            .map(|at| self.release.get(at).copied().unwrap_or_default())
            .collect();
        let last = release.last_mut()?;
        *last = last.checked_add(1)?;
        Some(Self::of(self.epoch, release, None, None, None, Local::None))
    }

    /// How many numbers the release was written with.
    #[must_use]
    pub fn written(&self) -> usize {
        self.written
    }

    /// The place of the first number that is not zero, of those that were written; the last when all are.
    #[must_use]
    pub fn first_set(&self) -> usize {
        self.release
            .iter()
            .position(|number| *number != 0)
            .unwrap_or(self.written.saturating_sub(1))
    }
}

struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    fn number(&mut self) -> Option<u64> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at_checked(length)?;
        let number = digits.parse().ok()?;
        self.rest = rest;
        Some(number)
    }

    /// A number that may be left out, after a separator or not; 0 without one.
    fn optional_number(&mut self) -> Option<u64> {
        let after = self.rest.strip_prefix(['.', '-', '_']).unwrap_or(self.rest);
        if after.starts_with(|c: char| c.is_ascii_digit()) {
            self.rest = after;
            return self.number();
        }
        Some(0)
    }

    /// One of some words, after a separator or not. None leaves everything where it was.
    fn word<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        let after = self.rest.strip_prefix(['.', '-', '_']).unwrap_or(self.rest);
        let (word, meaning) = words.iter().find(|(word, _)| after.starts_with(word))?;
        self.rest = after.get(word.len()..)?;
        Some(*meaning)
    }

    fn pre(&mut self) -> Option<Option<Pre>> {
        const WORDS: &[(&str, u8)] = &[
            ("alpha", 0),
            ("beta", 1),
            ("preview", 2),
            ("pre", 2),
            ("rc", 2),
            ("a", 0),
            ("b", 1),
            ("c", 2),
        ];
        let Some(kind) = self.word(WORDS) else {
            return Some(None);
        };
        let number = self.optional_number()?;
        Some(Some(match kind {
            0 => Pre::Alpha(number),
            1 => Pre::Beta(number),
            _ => Pre::Candidate(number),
        }))
    }

    fn post(&mut self) -> Option<Option<u64>> {
        // `1.0-1` is a post-release too.
        if let Some(after) = self
            .rest
            .strip_prefix('-')
            .filter(|after| after.starts_with(|c: char| c.is_ascii_digit()))
        {
            self.rest = after;
            return Some(Some(self.number()?));
        }
        match self.word(&[("post", ()), ("rev", ()), ("r", ())]) {
            Some(()) => Some(Some(self.optional_number()?)),
            None => Some(None),
        }
    }

    fn dev(&mut self) -> Option<Option<u64>> {
        match self.word(&[("dev", ())]) {
            Some(()) => Some(Some(self.optional_number()?)),
            None => Some(None),
        }
    }
}

fn read_local(text: &str) -> Option<Local> {
    let mut parts = Vec::new();
    for part in text.split(['.', '-', '_']) {
        if part.is_empty() || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        parts.push(if part.bytes().all(|b| b.is_ascii_digit()) {
            Part::Number(part.parse().ok()?)
        } else {
            Part::Text(part.to_owned())
        });
    }
    Some(Local::Parts(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Pep440 {
        Pep440::read(text).unwrap()
    }

    #[test]
    fn the_order_of_the_standard() {
        // PEP 440, *Summary of permitted suffixes and relative ordering*, with epochs and local versions.
        let order = [
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1!0.5",
        ];
        for pair in order.windows(2) {
            assert!(of(pair[0]) < of(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn spellings_are_one() {
        for (a, b) in [
            ("1.0", "1"),
            ("v1.0.0", "1"),
            ("1.0-ALPHA.1", "1a1"),
            ("1.0c1", "1rc1"),
            ("1.0pre", "1rc0"),
            ("1-1", "1.post1"),
            ("1.0.r4", "1.post4"),
            ("1.0_dev", "1.dev0"),
            ("1.0+Ubuntu-1", "1+ubuntu.1"),
            (" 1.0 ", "1"),
            ("01.02", "1.2"),
            ("1.0preview2", "1rc2"),
        ] {
            assert_eq!(of(a).cmp(&of(b)), Ordering::Equal, "{a} {b}");
        }
        for bad in [
            "",
            "a",
            "1..2",
            "1.0-",
            "1.0+",
            "1.0+a..b",
            "1.0 1",
            "1x",
            "99999999999999999999",
            "1.0.post1.rc1",
            "é",
        ] {
            assert_eq!(Pep440::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn marks_between_versions() {
        let one = of("1.0.2");
        assert!(one.lowest() < of("1.0.2.dev1") && of("1.0.1.post9") < one.lowest());
        assert!(one.above_locals() > of("1.0.2+z.99") && one.above_locals() < of("1.0.2.post0.dev0"));
        assert!(one.above_posts() > of("1.0.2.post99") && one.above_posts() < of("1.0.3.dev0"));
        assert_eq!(of("1.4.2").next_at(1), Some(of("1.5")));
        assert_eq!(of("1").next_at(2).unwrap(), of("1.0.1"));
        assert_eq!(of("0.0.3").first_set(), 2);
    }
}
