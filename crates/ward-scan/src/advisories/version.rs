//! Versions of one ecosystem in their order.

use std::{cmp::Ordering, fmt};

use super::pep440::Pep440;
use crate::inventory::Ecosystem;

/// How the versions of an ecosystem are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Python's: PEP 440.
    Pep440,
    /// Semantic versions 2.0.0, read with some patience: a `v` before it, and parts that are left out are zero.
    Semver,
}

impl Scheme {
    /// That of an ecosystem; none where versions have no order that is agreed on.
    #[must_use]
    pub fn of(ecosystem: Ecosystem) -> Option<Self> {
        match ecosystem {
            // What conda and PyPI both have is numbered the same way as a rule.
            Ecosystem::PyPI | Ecosystem::Conda => Some(Self::Pep440),
            Ecosystem::Npm | Ecosystem::Cargo | Ecosystem::Go | Ecosystem::GitHubActions => Some(Self::Semver),
            Ecosystem::Oci | Ecosystem::HuggingFace | Ecosystem::System => None,
        }
    }

    /// Reads a version.
    #[must_use]
    pub fn read(self, text: &str) -> Option<Version> {
        match self {
            Self::Pep440 => Pep440::read(text).map(Version::Pep440),
            Self::Semver => read_semver(text).map(Version::Semver),
        }
    }
}

/// A version. Those of different schemes are never compared with one another; if they are, their order means nothing.
#[derive(Debug, Clone)]
pub enum Version {
    /// Of [`Scheme::Pep440`].
    Pep440(Pep440),
    /// Of [`Scheme::Semver`].
    Semver(semver::Version),
}

impl Version {
    /// Whether it is a pre-release.
    #[must_use]
    pub fn is_pre(&self) -> bool {
        match self {
            Self::Pep440(version) => version.is_pre(),
            Self::Semver(version) => !version.pre.is_empty(),
        }
    }

    /// The first number.
    #[must_use]
    pub fn major(&self) -> u64 {
        match self {
            Self::Pep440(version) => version.major(),
            Self::Semver(version) => version.major,
        }
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Pep440(a), Self::Pep440(b)) => a.cmp(b),
            // Build metadata is no part of the order (semver.org, 10).
            (Self::Semver(a), Self::Semver(b)) => a.cmp_precedence(b),
            (Self::Pep440(_), Self::Semver(_)) => Ordering::Less,
            (Self::Semver(_), Self::Pep440(_)) => Ordering::Greater,
        }
    }
}

/// Reads a semantic version; `v1`, `1.2` and `v0.0.0-2020..-abc` too.
fn read_semver(text: &str) -> Option<semver::Version> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V', '=']).unwrap_or(text);
    if let Ok(version) = semver::Version::parse(text) {
        return Some(version);
    }
    if text.is_empty() || text.len() > 256 {
        return None;
    }
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at_checked(end)?;
    let missing = 3_usize.checked_sub(numbers.split('.').count())?;
    // Zeros before a number are allowed by those who number releases by dates.
    let number = |part: &str| {
        part.parse::<u64>()
            .ok()
            .filter(|_| !part.starts_with('+'))
            .map(|one| one.to_string())
    };
    let numbers: Vec<String> = numbers.split('.').map(number).collect::<Option<_>>()?;
    semver::Version::parse(&format!("{}{}{rest}", numbers.join("."), ".0".repeat(missing))).ok()
}

/// A place in the order of versions: before one, after one, or at an end. Ranges reach from one cut to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// Before all versions.
    Start,
    /// Beside a version.
    At(Version, Side),
    /// After all versions.
    End,
}

/// Which side of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
}

impl Cut {
    /// Just before a version.
    #[must_use]
    pub fn before(version: Version) -> Self {
        Self::At(version, Side::Before)
    }

    /// Just after a version.
    #[must_use]
    pub fn after(version: Version) -> Self {
        Self::At(version, Side::After)
    }

    /// Whether it lies before a version.
    fn is_before(&self, version: &Version) -> bool {
        match self {
            Self::Start => true,
            Self::At(at, side) => match at.cmp(version) {
                Ordering::Less => true,
                Ordering::Equal => *side == Side::Before,
                Ordering::Greater => false,
            },
            Self::End => false,
        }
    }
}

/// A set of versions: pieces of their order, from a cut to a cut, sorted and apart.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Set {
    pieces: Vec<(Cut, Cut)>,
}

impl Set {
    /// No version.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Every version.
    #[must_use]
    pub fn all() -> Self {
        Self {
            pieces: vec![(Cut::Start, Cut::End)],
        }
    }

    /// From a cut to a cut; nothing when they are in the wrong order.
    #[must_use]
    pub fn between(from: Cut, to: Cut) -> Self {
        if from < to {
            Self {
                pieces: vec![(from, to)],
            }
        } else {
            Self::none()
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Whether a version is in it.
    #[must_use]
    pub fn contains(&self, version: &Version) -> bool {
        let next = self.pieces.partition_point(|(from, _)| from.is_before(version));
        next.checked_sub(1)
            .and_then(|last| self.pieces.get(last))
            .is_some_and(|(_, to)| !to.is_before(version))
    }

    /// What is in one or the other.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self.pieces.sort();
        let mut out: Vec<(Cut, Cut)> = Vec::with_capacity(self.pieces.len());
        for (from, to) in self.pieces {
            match out.last_mut() {
                Some((_, last)) if from <= *last => {
                    if to > *last {
                        *last = to;
                    }
                }
                _ => out.push((from, to)),
            }
        }
        Self { pieces: out }
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut out = Vec::new();
        let (mut mine, mut theirs) = (self.pieces.iter().peekable(), other.pieces.iter().peekable());
        while let (Some((a_from, a_to)), Some((b_from, b_to))) = (mine.peek(), theirs.peek()) {
            let (from, to) = (a_from.max(b_from), a_to.min(b_to));
            if from < to {
                out.push((from.clone(), to.clone()));
            }
            if a_to <= b_to {
                mine.next();
            } else {
                theirs.next();
            }
        }
        Self { pieces: out }
    }

    /// What is not in it.
    #[must_use]
    pub fn not(&self) -> Self {
        let mut out = Vec::with_capacity(self.pieces.len() + 1);
        let mut from = Cut::Start;
        for (start, end) in &self.pieces {
            if from < *start {
                out.push((from, start.clone()));
            }
            from = end.clone();
        }
        if from < Cut::End {
            out.push((from, Cut::End));
        }
        Self { pieces: out }
    }

    /// Whether everything in it is in another.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        self.pieces
            .iter()
            .all(|(from, to)| other.pieces.iter().any(|(start, end)| start <= from && to <= end))
    }

    /// Its pieces.
    #[must_use]
    pub fn pieces(&self) -> &[(Cut, Cut)] {
        &self.pieces
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Set").field("pieces", &self.pieces.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn semver(text: &str) -> Version {
        Scheme::Semver.read(text).unwrap()
    }

    #[test]
    fn semantic_versions_in_their_order() {
        // semver.org, 11.
        let order = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.1",
            "v2",
            "v2.0.1-0.20200101000000-abcdef012345",
        ];
        for pair in order.windows(2) {
            assert!(semver(pair[0]) < semver(pair[1]), "{pair:?}");
        }
        assert_eq!(semver("1.0.0+a"), semver("1.0.0+b"));
        for bad in ["", "a", "1.2.3.4", "1..2", "1.-2", "+1.0.0"] {
            assert!(Scheme::Semver.read(bad).is_none(), "{bad}");
        }
        assert_eq!(semver("2024.01.05"), semver("2024.1.5"));
    }

    /// A set of small numbers, as a bit for each.
    fn bits(set: &Set) -> u32 {
        (0..20)
            .filter(|n| set.contains(&semver(&n.to_string())))
            .fold(0, |bits, n| bits | 1 << n)
    }

    prop_compose! {
        fn sets()(cuts in prop::collection::vec((0_u32..20, 0_u32..20, any::<bool>(), any::<bool>()), 0..4)) -> Set {
            let cut = |n: u32, after| if after { Cut::after(semver(&n.to_string())) } else { Cut::before(semver(&n.to_string())) };
            cuts.into_iter().fold(Set::none(), |set, (a, b, c, d)| set.or(Set::between(cut(a, c), cut(b, d))))
        }
    }

    proptest! {
        #[test]
        fn sets_are_sets(a in sets(), b in sets()) {
            let mask = (1_u32 << 20) - 1;
            prop_assert_eq!(bits(&a.clone().or(b.clone())), bits(&a) | bits(&b));
            prop_assert_eq!(bits(&a.and(&b)), bits(&a) & bits(&b));
            prop_assert_eq!(bits(&a.not()), !bits(&a) & mask);
            prop_assert!(a.and(&b).within(&a));
            prop_assert_eq!(a.within(&b), a.and(&b.not()).is_empty());
        }
    }
}
