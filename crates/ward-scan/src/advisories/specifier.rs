//! What a requirement allows, as a set of versions.
//!
//! Source: PEP 440 (*Version specifiers*), the documentation of Poetry, the Cargo book, npm's `semver` ranges.

use super::{
    pep440::Pep440,
    version::{Cut, Scheme, Set, Version},
};
use crate::inventory::Ecosystem;

/// Most alternatives and parts of one requirement.
const MAX_PARTS: usize = 200;

/// The versions that a requirement in an ecosystem's own words allows. None when the words are not understood.
#[must_use]
pub fn allowed(ecosystem: Ecosystem, words: &str) -> Option<Set> {
    if words.len() > 4_000 {
        return None;
    }
    match ecosystem {
        Ecosystem::PyPI | Ecosystem::Conda => python(words),
        Ecosystem::Npm => npm(words),
        Ecosystem::Cargo => cargo(words),
        Ecosystem::GitHubActions => action(words),
        Ecosystem::Go => {
            let least = Scheme::Semver.read(words.strip_prefix(">=")?)?;
            Some(Set::between(Cut::before(least), Cut::End))
        }
        Ecosystem::Oci | Ecosystem::HuggingFace | Ecosystem::System => None,
    }
}

fn python(words: &str) -> Option<Set> {
    let mut set = Set::none();
    for alternative in words.split("||").flat_map(|one| one.split('|')).take(MAX_PARTS) {
        let mut both = Set::all();
        // Poetry separates by spaces too; a space after a sign separates nothing.
        let joined = glue_signs(alternative);
        for part in joined
            .split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .take(MAX_PARTS)
        {
            both = both.and(&python_part(part)?);
        }
        set = set.or(both);
    }
    Some(set)
}

/// Takes the spaces behind signs out.
fn glue_signs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.ends_with(['<', '>', '=', '!', '~', '^']) {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn py(version: Pep440) -> Version {
    Version::Pep440(version)
}

fn python_part(part: &str) -> Option<Set> {
    let length = part
        .bytes()
        .take_while(|b| matches!(b, b'<' | b'>' | b'=' | b'!' | b'~' | b'^'))
        .count();
    let (sign, version) = part.split_at_checked(length)?;
    if version == "*" {
        return Some(Set::all());
    }
    if let Some(prefix) = version.strip_suffix(".*") {
        let prefix = Pep440::read(prefix)?;
        let end = prefix.next_at(prefix.written().checked_sub(1)?)?;
        let set = Set::between(Cut::before(py(prefix.lowest())), Cut::before(py(end.lowest())));
        return match sign {
            "==" | "=" | "" => Some(set),
            "!=" => Some(set.not()),
            _ => None,
        };
    }
    let version = Pep440::read(version)?;
    Some(match sign {
        "==" | "===" | "=" | "" => exactly(&version),
        "!=" => exactly(&version).not(),
        ">=" => Set::between(Cut::before(py(version)), Cut::End),
        "<=" => Set::between(Cut::Start, Cut::after(py(version.above_locals()))),
        ">" => {
            // No local version of it, and no post-release of it, unless it is one itself. A development release has none.
            let start = if version.is_post() || version.is_dev() {
                version.above_locals()
            } else {
                version.above_posts()
            };
            Set::between(Cut::after(py(start)), Cut::End)
        }
        "<" => {
            // No pre-release of it, unless it is one itself.
            let before = Set::between(Cut::Start, Cut::before(py(version.clone())));
            if version.is_pre() {
                before
            } else {
                let pre = Set::between(
                    Cut::before(py(version.first_before())),
                    Cut::before(py(version.public())),
                );
                before.and(&pre.not())
            }
        }
        "~=" => {
            let end = version.next_at(version.written().checked_sub(2)?)?;
            Set::between(Cut::before(py(version)), Cut::before(py(end.lowest())))
        }
        // Poetry: what does not change the first number that is not zero.
        "^" => {
            let end = version.next_at(version.first_set())?;
            Set::between(Cut::before(py(version)), Cut::before(py(end.lowest())))
        }
        "~" => {
            let end = version.next_at(version.written().saturating_sub(1).min(1))?;
            Set::between(Cut::before(py(version)), Cut::before(py(end.lowest())))
        }
        _ => return None,
    })
}

fn exactly(version: &Pep440) -> Set {
    let end = if version.has_local() {
        version.clone()
    } else {
        version.above_locals()
    };
    Set::between(Cut::before(py(version.clone())), Cut::after(py(end)))
}

/// A version with parts that may be missing or stand for any: `1`, `1.x`, `1.2.*`, `1.2.3-rc.1`.
struct Partial {
    numbers: Vec<u64>,
    pre: semver::Prerelease,
}

impl Partial {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['v', '=']).trim();
        let text = text.split('+').next().unwrap_or(text);
        if text.is_empty() || matches!(text, "*" | "x" | "X") {
            return Some(Self {
                numbers: Vec::new(),
                pre: semver::Prerelease::EMPTY,
            });
        }
        let (core, pre) = text.split_once('-').map_or((text, ""), |(a, b)| (a, b));
        let mut numbers = Vec::new();
        let mut any = false;
        for part in core.split('.') {
            if matches!(part, "*" | "x" | "X") {
                any = true;
            } else if any {
                // `1.x.2`: what stands behind any is any.
                part.parse::<u64>().ok()?;
            } else {
                numbers.push(part.parse().ok()?);
            }
        }
        let pre = if numbers.len() == 3 {
            semver::Prerelease::new(pre).ok()?
        } else {
            semver::Prerelease::EMPTY
        };
        (core.split('.').count() <= 3).then_some(Self { numbers, pre })
    }

    fn at(&self, place: usize) -> u64 {
        self.numbers.get(place).copied().unwrap_or_default()
    }

    /// The lowest version it stands for. A bound that names no pre-release does not let pre-releases of its own version in.
    fn low(&self) -> Version {
        let mut version = semver::Version::new(self.at(0), self.at(1), self.at(2));
        version.pre = self.pre.clone();
        Version::Semver(version)
    }

    /// Before the version whose number at `place` is one higher, its pre-releases included.
    fn next(&self, place: usize) -> Option<Cut> {
        let mut numbers = [self.at(0), self.at(1), self.at(2)];
        for (at, number) in numbers.iter_mut().enumerate() {
            match at.cmp(&place) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => *number = number.checked_add(1)?,
                std::cmp::Ordering::Greater => *number = 0,
            }
        }
        let [major, minor, patch] = numbers;
        Some(Cut::before(lowest_of(major, minor, patch)))
    }

    /// Where versions end that are not above this one: behind all of what it stands for.
    fn end(&self) -> Option<Cut> {
        match self.numbers.len() {
            0 => Some(Cut::End),
            length @ (1 | 2) => self.next(length - 1),
            _ => Some(Cut::after(self.low())),
        }
    }

    /// Where versions end that are below this one.
    fn start(&self) -> Cut {
        if self.pre.is_empty() {
            Cut::before(lowest_of(self.at(0), self.at(1), self.at(2)))
        } else {
            Cut::before(self.low())
        }
    }

    fn compatible(&self) -> Option<Cut> {
        let first = self.numbers.iter().position(|number| *number != 0);
        match (first, self.numbers.len()) {
            (_, 0) => Some(Cut::End),
            (Some(place), _) => self.next(place),
            (None, length) => self.next(length - 1),
        }
    }
}

/// The lowest of all versions with these numbers: its pre-release `0`.
fn lowest_of(major: u64, minor: u64, patch: u64) -> Version {
    let mut version = semver::Version::new(major, minor, patch);
    version.pre = semver::Prerelease::new("0").unwrap_or(semver::Prerelease::EMPTY);
    Version::Semver(version)
}

fn semver_part(sign: &str, partial: &Partial) -> Option<Set> {
    let low = || Cut::before(partial.low());
    Some(match sign {
        "" | "=" | "==" => {
            let from = if partial.numbers.is_empty() { Cut::Start } else { low() };
            Set::between(from, partial.end()?)
        }
        ">=" => Set::between(if partial.numbers.is_empty() { Cut::Start } else { low() }, Cut::End),
        ">" => Set::between(partial.end()?, Cut::End),
        "<" => Set::between(Cut::Start, partial.start()),
        "<=" => Set::between(Cut::Start, partial.end()?),
        "^" => Set::between(
            if partial.numbers.is_empty() { Cut::Start } else { low() },
            partial.compatible()?,
        ),
        "~" | "~>" => {
            let end = match partial.numbers.len() {
                0 => Cut::End,
                1 => partial.next(0)?,
                _ => partial.next(1)?,
            };
            Set::between(if partial.numbers.is_empty() { Cut::Start } else { low() }, end)
        }
        _ => return None,
    })
}

fn npm(words: &str) -> Option<Set> {
    let mut set = Set::none();
    for alternative in words.split("||").take(MAX_PARTS) {
        let alternative = alternative.trim();
        if let Some((from, to)) = alternative.split_once(" - ") {
            let (from, to) = (Partial::read(from)?, Partial::read(to)?);
            set = set.or(Set::between(Cut::before(from.low()), to.end()?));
            continue;
        }
        let mut both = Set::all();
        let joined = glue_signs(alternative);
        for part in joined.split([' ', ',']).filter(|part| !part.is_empty()).take(MAX_PARTS) {
            both = both.and(&signed(part)?);
        }
        set = set.or(both);
    }
    Some(set)
}

fn signed(part: &str) -> Option<Set> {
    let length = part
        .bytes()
        .take_while(|b| matches!(b, b'<' | b'>' | b'=' | b'~' | b'^'))
        .count();
    let (sign, version) = part.split_at_checked(length)?;
    semver_part(sign, &Partial::read(version)?)
}

fn cargo(words: &str) -> Option<Set> {
    let mut both = Set::all();
    let joined = glue_signs(words);
    for part in joined
        .split([',', ' '])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .take(MAX_PARTS)
    {
        let bare = part.starts_with(|c: char| c.is_ascii_digit()) && !part.contains('*');
        both = both.and(&if bare {
            semver_part("^", &Partial::read(part)?)?
        } else {
            signed(part)?
        });
    }
    Some(both)
}

/// A tag of an action: `v4` moves within 4, `v4.1` within 4.1, `v4.1.2` stays. A branch can be anything.
fn action(words: &str) -> Option<Set> {
    let tag = words.strip_prefix('v').unwrap_or(words);
    if !tag.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    semver_part("", &Partial::read(tag)?)
}

/// The set of one version, with its local versions if it is none itself.
#[must_use]
pub fn only(scheme: Scheme, version: &str) -> Option<Set> {
    let version = scheme.read(version)?;
    Some(match &version {
        Version::Pep440(one) => exactly(one),
        Version::Semver(_) => Set::between(Cut::before(version.clone()), Cut::after(version)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ecosystem: Ecosystem, words: &str, inside: &[&str], outside: &[&str]) {
        let set = allowed(ecosystem, words).unwrap_or_else(|| panic!("{words}"));
        let scheme = Scheme::of(ecosystem).unwrap();
        for version in inside {
            assert!(set.contains(&scheme.read(version).unwrap()), "{version} in {words}");
        }
        for version in outside {
            assert!(
                !set.contains(&scheme.read(version).unwrap()),
                "{version} not in {words}"
            );
        }
    }

    #[test]
    fn python_specifiers() {
        let py = Ecosystem::PyPI;
        check(py, "==1.0", &["1.0", "1", "1.0+x"], &["1.0.post1", "1.0.1", "1.0rc1"]);
        check(py, "==1.0+x", &["1.0+x"], &["1.0", "1.0+y"]);
        check(
            py,
            "== 1.0.*",
            &["1.0", "1.0.9", "1.0.dev0", "1.0.post1"],
            &["1.1", "0.9"],
        );
        check(py, "!=1.0,!=1.2.*", &["1.1"], &["1.0", "1.2.3"]);
        check(py, ">1.0", &["1.0.1", "1.1.dev0"], &["1.0", "1.0.post1", "1.0+x"]);
        check(py, ">1.0.post1", &["1.0.post2"], &["1.0.post1", "1.0"]);
        check(
            py,
            ">1.0rc1",
            &["1.0rc2", "1.0", "1.0.post1"],
            &["1.0rc1", "1.0rc1.post1"],
        );
        check(py, ">1.0.dev1", &["1.0.dev2", "1.0", "1.0.post1"], &["1.0.dev1"]);
        check(
            py,
            "<1.0.post1",
            &["1.0", "1.0rc1", "1.0.post0"],
            &["1.0.post1", "1.0.post1.dev3"],
        );
        check(py, "<1.0", &["0.9", "0.9.post1"], &["1.0", "1.0rc1", "1.0.dev0"]);
        check(py, "<1.0rc1", &["1.0b1"], &["1.0rc1"]);
        check(py, ">=1.0 , <=2.0", &["1.0", "2.0", "2.0+x"], &["2.0.post1", "0.9"]);
        check(py, "~=2.2", &["2.2", "2.9"], &["3.0", "2.1"]);
        check(py, "~=2.2.0", &["2.2.9"], &["2.3"]);
        check(py, "^1.2.3", &["1.2.3", "1.9"], &["2.0", "1.2.2", "2.0rc1"]);
        check(py, "^0.2.3 || ^2", &["0.2.9", "2.5"], &["0.3", "1.0"]);
        check(py, "~1.2", &["1.2.9"], &["1.3"]);
        check(py, "~1", &["1.9"], &["2"]);
        check(py, "*", &["1"], &[]);
        for bad in ["nope", "~=1", ">=1.*", "==é", "<>1"] {
            assert!(allowed(py, bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn semantic_ranges() {
        let npm = Ecosystem::Npm;
        check(npm, "^1.2.3", &["1.2.3", "1.9.0"], &["2.0.0", "1.2.2", "2.0.0-rc.1"]);
        check(npm, "^0.0.3", &["0.0.3"], &["0.0.4"]);
        check(npm, "^0.1", &["0.1.9"], &["0.2.0"]);
        check(npm, "^0.x", &["0.9.0"], &["1.0.0"]);
        check(npm, "~1.2", &["1.2.9"], &["1.3.0"]);
        check(npm, "1.x || >=2.5.0 <3", &["1.9.9", "2.6.0"], &["2.0.0", "3.0.0"]);
        check(npm, "1.2 - 2.3", &["1.2.0", "2.3.9"], &["2.4.0", "1.1.9"]);
        check(npm, "1.2.3 - 2.3.4", &["2.3.4"], &["2.3.5"]);
        check(npm, "> 1.2", &["1.3.0"], &["1.2.9"]);
        check(npm, "<=1", &["1.9.9"], &["2.0.0"]);
        check(npm, "", &["1.0.0"], &[]);
        check(npm, "=1.0.0", &["1.0.0"], &["1.0.1"]);
        let cargo = Ecosystem::Cargo;
        check(cargo, "1.2", &["1.2.0", "1.9.0"], &["2.0.0", "1.1.0"]);
        check(cargo, ">=1, <1.5", &["1.4.9"], &["1.5.0"]);
        check(cargo, "0.2.*", &["0.2.7"], &["0.3.0"]);
        check(cargo, "~0.2.3", &["0.2.9"], &["0.3.0", "0.2.2"]);
        check(Ecosystem::GitHubActions, "v4", &["4.1.0"], &["5.0.0"]);
        assert!(allowed(Ecosystem::GitHubActions, "main").is_none());
        for bad in ["latest", "1.2.3.4", "git://x", ">>1"] {
            assert!(allowed(npm, bad).is_none(), "{bad}");
        }
    }
}
