//! The languages that CodeQL is told to look at, held against those that the code is written in.
//!
//! Source: GitHub Docs, "Supported languages and frameworks" of CodeQL.

use crate::pipeline::{Hollow, expression::DYNAMIC, setting::Reader};

/// Names that CodeQL gives a language, and the endings of its files.
const LANGUAGES: &[(&[&str], &[&str])] = &[
    (&["python"], &["py"]),
    (
        &["javascript", "typescript", "javascript-typescript"],
        &["js", "jsx", "mjs", "cjs", "ts", "tsx", "vue"],
    ),
    (&["go"], &["go"]),
    (&["java", "kotlin", "java-kotlin"], &["java", "kt", "kts"]),
    (&["c", "cpp", "c-cpp", "c++"], &["c", "cc", "cpp", "cxx", "h", "hpp"]),
    (&["csharp", "c#"], &["cs"]),
    (&["ruby"], &["rb"]),
    (&["swift"], &["swift"]),
    (&["rust"], &["rs"]),
];

/// The languages that words name, each by all the names that CodeQL has for it. "Go" and "C" are words of other meanings
/// too, and are not looked for.
pub(crate) fn named<'w>(words: impl Iterator<Item = &'w str>) -> Vec<&'static [&'static str]> {
    let words: Vec<&str> = words.collect();
    let said = |name: &str| name.len() > 2 && words.contains(&name) || name == "go" && words.contains(&"golang");
    let all = LANGUAGES.iter().map(|(names, _)| *names);
    all.filter(|names| names.iter().any(|name| said(name))).collect()
}

/// What is wrong with the languages that are `asked`: the code has none of them, or most of it is written in others.
pub(super) fn judge(reader: &Reader<'_>, asked: &[String]) -> Option<Hollow> {
    if asked.is_empty() || asked.iter().any(|one| one.contains(DYNAMIC)) {
        return None;
    }
    let (mut all, mut seen) = (0_usize, 0_usize);
    for path in reader.below("").take(50_000) {
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        if let Some((names, _)) = LANGUAGES.iter().find(|(_, endings)| endings.contains(&ending)) {
            all += 1;
            seen += usize::from(names.iter().any(|name| asked.iter().any(|one| one == name)));
        }
    }
    match (all, seen) {
        // `actions` looks at the workflows, which are no code of the project.
        (0, _) => None,
        (_, 0) if !asked.iter().any(|one| one == "actions") => Some(Hollow::TargetEmpty),
        (all, seen) if seen * 4 < all => Some(Hollow::OtherLanguage),
        _ => None,
    }
}
