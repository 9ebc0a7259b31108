//! Lists of packages that are known by their names and not read yet.

use super::reader::{Reading, Text};

/// What such a list is called.
pub(super) const FORMAT: &str = "list of packages that is not read yet";

/// The names of such lists, in lower case.
const NAMES: &[&str] = &[
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "gemfile",
    "gemfile.lock",
    "composer.json",
    "composer.lock",
    "packages.lock.json",
    "mix.lock",
    "pubspec.lock",
    "package.resolved",
    "podfile.lock",
    "build.sbt",
];

pub(super) fn is(file: &str) -> bool {
    NAMES.contains(&file) || file.ends_with(".csproj")
}

pub(super) fn read(_: &Text<'_>, reading: &mut Reading) {
    reading.problem(
        None,
        "this kind of list of packages is not read yet, so nothing that it names was examined",
    );
}
