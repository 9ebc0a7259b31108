//! Names, classifiers and addresses of licences to expressions.

use super::{
    expression::{Expression, Term},
    models,
};

/// What a manifest, a card or a package says of its licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// An expression, or a name that means one.
    Expression(Expression),
    /// Something that no list has; the text is kept short, for people.
    Unknown(String),
    /// Nothing.
    Nothing,
}

impl Said {
    /// The expression, if it is one.
    #[must_use]
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Expression(expression) => Some(expression),
            Self::Unknown(_) | Self::Nothing => None,
        }
    }
}

/// Longest unknown text that is kept.
const KEPT: usize = 60;
/// Longest name or expression; what is longer is a text.
const SHORT: usize = 200;

/// Reads what stands where a licence is said: an expression, a name as people write it, a trove classifier, an address, or
/// the whole text, as some packages put it into their metadata.
#[must_use]
pub fn read(text: &str) -> Said {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.is_empty()
        || ["unknown", "none", "n/a", "null", "-", "undefined"]
            .iter()
            .any(|nothing| text.eq_ignore_ascii_case(nothing))
    {
        return Said::Nothing;
    }
    if let Ok(expression) = Expression::parse(text) {
        return Said::Expression(expression);
    }
    let line = text.lines().next().unwrap_or_default();
    let unknown = || Said::Unknown(line.chars().filter(|c| !c.is_control()).take(KEPT).collect());
    // What a bracket without its other half was to hold nobody can tell.
    if text.len() <= SHORT && !is_balanced(text) {
        return unknown();
    }
    if let Some(term) = one(text) {
        return Said::Expression(Expression::One(term));
    }
    if let Some(expression) = several(text) {
        return Said::Expression(expression);
    }
    if text.len() > SHORT || text.lines().count() > 3 {
        let found = super::text::identify(text.get(..super::words::MAX_TEXT).unwrap_or(text));
        if let Some(first) = found.matches.first() {
            return Said::Expression(Expression::One(term(first.id)));
        }
    }
    unknown()
}

/// Whether every bracket has its other half.
fn is_balanced(text: &str) -> bool {
    let mut open = 0_usize;
    text.bytes().all(|byte| match byte {
        b'(' => {
            open += 1;
            true
        }
        b')' => open.checked_sub(1).map(|left| open = left).is_some(),
        _ => true,
    }) && open == 0
}

/// The term of an identifier of the list.
pub(crate) fn term(id: &str) -> Term {
    Term::of(id).unwrap_or_else(|| Term {
        id: id.to_owned(),
        later: false,
        exception: None,
    })
}

/// A trove classifier (`License :: OSI Approved :: MIT License`). None when it is about something else, or says only
/// that there is a licence.
#[must_use]
pub fn classifier(text: &str) -> Option<Said> {
    let rest = text.trim().strip_prefix("License ::")?;
    let last = rest.rsplit("::").next().unwrap_or_default().trim();
    if last.eq_ignore_ascii_case("OSI Approved") {
        return None;
    }
    Some(read(last))
}

/// Several names with words between them: `MIT or Apache 2.0`, `MIT, Apache-2.0`, `Apache 2.0 and BSD`.
fn several(text: &str) -> Option<Expression> {
    let lower = text.to_lowercase();
    let (parts, any): (Vec<&str>, bool) = if lower.contains(" or later") {
        return None;
    } else if lower.contains(" or ") {
        (split(text, &lower, " or "), true)
    } else if lower.contains(" and ") {
        (split(text, &lower, " and "), false)
    } else if text.contains([',', ';', '|', '/', '&']) {
        // A list without a word between says that all of them matter, and not which may be chosen.
        (
            text.split([',', ';', '|', '/', '&']).collect(),
            text.contains(['/', '|']),
        )
    } else {
        return None;
    };
    let terms = parts
        .into_iter()
        .map(|part| one(part).map(Expression::One))
        .collect::<Option<Vec<_>>>()?;
    match (terms.len(), any) {
        (0 | 1, _) => None,
        (_, true) => Some(Expression::Any(terms)),
        (_, false) => Some(Expression::All(terms)),
    }
}

fn split<'a>(text: &'a str, lower: &str, by: &str) -> Vec<&'a str> {
    // Lower-casing may change lengths outside ASCII; then nothing is split.
    if lower.len() != text.len() || !text.is_ascii() {
        return vec![text];
    }
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, word) in lower.match_indices(by) {
        parts.push(text.get(from..at).unwrap_or_default());
        from = at + word.len();
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

/// One name.
fn one(text: &str) -> Option<Term> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if let Some(term) = Term::of(text) {
        return Some(term);
    }
    if let Some(model) = models::by_name(text) {
        return Term::of(model.id).or_else(|| Some(term(model.id)));
    }
    let plain = plain(text);
    if let Ok(at) = NAMES.binary_search_by(|(name, _)| (*name).cmp(plain.as_str())) {
        return NAMES.get(at).map(|(_, id)| term(id));
    }
    let full = |one: &&spdx::License| self::plain(one.full_name) == plain;
    spdx::identifiers::LICENSES
        .iter()
        .filter(|_| plain.len() < 100)
        .find(full)
        .map(|one| term(one.name))
}

/// A name without what people write differently: letter case, "the", "licence", "version", punctuation.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let lower = text.to_lowercase().replace("(r)", "");
    for word in lower.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '+') {
        let word = word.trim_matches('.');
        let word = word
            .strip_prefix('v')
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            .unwrap_or(word);
        if [
            "", "the", "license", "licence", "licensed", "version", "v", "software", "under", "public", "open",
            "source", "terms", "of", "a",
        ]
        .contains(&word)
        {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Names in their plain form, sorted. A name of the GNU family without a version means any version (GPL-2.0, section 9). BSD
/// without a number is taken for the commonest, unless a text beside it says otherwise.
const NAMES: &[(&str, &str)] = &[
    ("2 clause bsd", "BSD-2-Clause"),
    ("3 clause bsd", "BSD-3-Clause"),
    ("academic free", "AFL-3.0"),
    ("academic free 3.0", "AFL-3.0"),
    ("afl", "AFL-3.0"),
    ("agpl 3", "AGPL-3.0-only"),
    ("agpl 3 or later", "AGPL-3.0-or-later"),
    ("agpl 3+", "AGPL-3.0-or-later"),
    ("agpl 3.0", "AGPL-3.0-only"),
    ("agpl3", "AGPL-3.0-only"),
    ("agplv3", "AGPL-3.0-only"),
    ("agplv3+", "AGPL-3.0-or-later"),
    ("apache", "Apache-2.0"),
    ("apache 2", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache http www.apache.org licenses 2.0", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("apache2.0", "Apache-2.0"),
    ("artistic", "Artistic-2.0"),
    ("asl 2", "Apache-2.0"),
    ("asl 2.0", "Apache-2.0"),
    ("boost 1.0", "BSL-1.0"),
    ("boost 1.0 bsl 1.0", "BSL-1.0"),
    ("bsd", "BSD-3-Clause"),
    ("bsd 2 clause", "BSD-2-Clause"),
    ("bsd 2 clause simplified", "BSD-2-Clause"),
    ("bsd 3", "BSD-3-Clause"),
    ("bsd 3 clause", "BSD-3-Clause"),
    ("bsd 3 clause new or revised", "BSD-3-Clause"),
    ("bsd 3clause", "BSD-3-Clause"),
    ("bsd derived", "BSD-3-Clause"),
    ("bsd like", "BSD-3-Clause"),
    ("bsd style", "BSD-3-Clause"),
    ("bsd3", "BSD-3-Clause"),
    ("cc by 4.0", "CC-BY-4.0"),
    ("cc by nc 4.0", "CC-BY-NC-4.0"),
    ("cc by sa 4.0", "CC-BY-SA-4.0"),
    ("cc0", "CC0-1.0"),
    ("cc0 1.0 universal", "CC0-1.0"),
    ("cc0 1.0 universal cc0 1.0 domain dedication", "CC0-1.0"),
    ("eclipse 1.0", "EPL-1.0"),
    ("eclipse 1.0 epl 1.0", "EPL-1.0"),
    ("eclipse 2.0", "EPL-2.0"),
    ("eclipse 2.0 epl 2.0", "EPL-2.0"),
    ("expat", "MIT"),
    ("gnu affero general 3", "AGPL-3.0-only"),
    ("gnu affero general 3 or later agplv3+", "AGPL-3.0-or-later"),
    ("gnu agpl 3", "AGPL-3.0-only"),
    ("gnu general", "GPL-1.0-or-later"),
    ("gnu general 2", "GPL-2.0-only"),
    ("gnu general 2 gplv2", "GPL-2.0-only"),
    ("gnu general 2 or later gplv2+", "GPL-2.0-or-later"),
    ("gnu general 3", "GPL-3.0-only"),
    ("gnu general 3 gplv3", "GPL-3.0-only"),
    ("gnu general 3 or later gplv3+", "GPL-3.0-or-later"),
    ("gnu general gpl", "GPL-1.0-or-later"),
    ("gnu gpl", "GPL-1.0-or-later"),
    ("gnu gpl 2", "GPL-2.0-only"),
    ("gnu gpl 3", "GPL-3.0-only"),
    ("gnu gpl 3.0", "GPL-3.0-only"),
    ("gnu lesser general", "LGPL-2.0-or-later"),
    ("gnu lesser general 2 lgplv2", "LGPL-2.0-only"),
    ("gnu lesser general 2 or later lgplv2+", "LGPL-2.0-or-later"),
    ("gnu lesser general 2.1", "LGPL-2.1-only"),
    ("gnu lesser general 3", "LGPL-3.0-only"),
    ("gnu lesser general 3 lgplv3", "LGPL-3.0-only"),
    ("gnu lesser general 3 or later lgplv3+", "LGPL-3.0-or-later"),
    ("gnu lgpl", "LGPL-2.0-or-later"),
    ("gnu lgpl 3", "LGPL-3.0-only"),
    ("gnu lgpl 3+", "LGPL-3.0-or-later"),
    ("gnu library or lesser general lgpl", "LGPL-2.0-or-later"),
    ("gpl", "GPL-1.0-or-later"),
    ("gpl 2", "GPL-2.0-only"),
    ("gpl 2 or later", "GPL-2.0-or-later"),
    ("gpl 2+", "GPL-2.0-or-later"),
    ("gpl 3", "GPL-3.0-only"),
    ("gpl 3 or later", "GPL-3.0-or-later"),
    ("gpl 3+", "GPL-3.0-or-later"),
    ("gpl2", "GPL-2.0-only"),
    ("gpl3", "GPL-3.0-only"),
    ("gplv2", "GPL-2.0-only"),
    ("gplv2+", "GPL-2.0-or-later"),
    ("gplv3", "GPL-3.0-only"),
    ("gplv3+", "GPL-3.0-or-later"),
    ("historical permission notice and disclaimer hpnd", "HPND"),
    ("http opensource.org licenses mit", "MIT"),
    ("http www.apache.org licenses 2.0", "Apache-2.0"),
    ("http www.gnu.org licenses gpl 3.0", "GPL-3.0-only"),
    ("http www.opensource.org licenses bsd php", "BSD-3-Clause"),
    ("http www.opensource.org licenses mit php", "MIT"),
    ("https opensource.org licenses apache 2.0", "Apache-2.0"),
    ("https opensource.org licenses mit", "MIT"),
    ("https www.apache.org licenses 2.0", "Apache-2.0"),
    ("isc iscl", "ISC"),
    ("lgpl", "LGPL-2.0-or-later"),
    ("lgpl 2.1", "LGPL-2.1-only"),
    ("lgpl 2.1 or later", "LGPL-2.1-or-later"),
    ("lgpl 2.1+", "LGPL-2.1-or-later"),
    ("lgpl 3", "LGPL-3.0-only"),
    ("lgpl 3 or later", "LGPL-3.0-or-later"),
    ("lgpl 3+", "LGPL-3.0-or-later"),
    ("lgpl3", "LGPL-3.0-only"),
    ("lgplv2.1", "LGPL-2.1-only"),
    ("lgplv3", "LGPL-3.0-only"),
    ("lgplv3+", "LGPL-3.0-or-later"),
    ("mit expat", "MIT"),
    ("mit no attribution mit 0", "MIT-0"),
    ("mit style", "MIT"),
    ("modified bsd", "BSD-3-Clause"),
    ("mozilla 1.1 mpl 1.1", "MPL-1.1"),
    ("mozilla 2.0", "MPL-2.0"),
    ("mozilla 2.0 mpl 2.0", "MPL-2.0"),
    ("mpl 2", "MPL-2.0"),
    ("mpl2", "MPL-2.0"),
    ("mulan permissive 2", "MulanPSL-2.0"),
    ("mulan permissive 2 mulanpsl 2.0", "MulanPSL-2.0"),
    ("ncsa", "NCSA"),
    ("new bsd", "BSD-3-Clause"),
    ("odc by", "ODC-By-1.0"),
    ("openfont", "OFL-1.1"),
    ("psf", "PSF-2.0"),
    ("psf 2", "PSF-2.0"),
    ("psfl", "PSF-2.0"),
    ("python", "PSF-2.0"),
    ("python foundation", "PSF-2.0"),
    ("revised bsd", "BSD-3-Clause"),
    ("sil font 1.1 ofl 1.1", "OFL-1.1"),
    ("simplified bsd", "BSD-2-Clause"),
    ("university illinois ncsa", "NCSA"),
    ("unlicense", "Unlicense"),
    ("unlicense unlicense", "Unlicense"),
    ("upl 1.0", "UPL-1.0"),
    ("w3c", "W3C"),
    ("zlib libpng", "Zlib"),
    ("zope 2.1", "ZPL-2.1"),
    ("zpl 2.1", "ZPL-2.1"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let got = match read(text) {
            Said::Expression(expression) => expression.to_string(),
            Said::Unknown(text) => format!("?{text}"),
            Said::Nothing => String::new(),
        };
        assert_eq!(got, expect, "{text}");
    }

    #[test]
    fn the_table_is_sorted_and_names_licences_of_the_list() {
        for pair in NAMES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        for (name, id) in NAMES {
            assert!(spdx::license_id(id).is_some(), "{id}");
            assert_eq!(plain(name), *name, "the name is in its plain form");
        }
    }

    #[test]
    fn names_mean_expressions() {
        check("MIT License", "MIT");
        check("The MIT License", "MIT");
        check("Apache License, Version 2.0", "Apache-2.0");
        check("Apache 2.0", "Apache-2.0");
        check("Apache Software License", "Apache-2.0");
        check("BSD 3-Clause License", "BSD-3-Clause");
        check("3-Clause BSD License", "BSD-3-Clause");
        check("new BSD", "BSD-3-Clause");
        check("BSD-3-Clause OR MIT", "BSD-3-Clause OR MIT");
        check("GPLv3+", "GPL-3.0-or-later");
        check("GNU General Public License v3 (GPLv3)", "GPL-3.0-only");
        check(
            "GNU Lesser General Public License v3 or later (LGPLv3+)",
            "LGPL-3.0-or-later",
        );
        check("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0");
        check("Python Software Foundation License", "PSF-2.0");
        check("MIT or Apache 2.0", "MIT OR Apache-2.0");
        check("MIT, Apache-2.0", "MIT AND Apache-2.0");
        check("GNU Affero General Public License v3.0 only", "AGPL-3.0-only");
        check("llama3.1", "LicenseRef-Llama-3.1");
        check("Proprietary", "LicenseRef-Proprietary");
        check("GPL", "GPL-1.0-or-later");
        check(
            "GNU Library or Lesser General Public License (LGPL)",
            "LGPL-2.0-or-later",
        );
        check("Public Domain", "LicenseRef-Public-Domain");
        check("UNKNOWN", "");
        check("  ", "");
        check("ours", "?ours");
        check("https://opensource.org/licenses/MIT", "MIT");
        check("\u{1b}[2Jours", "?[2Jours");
    }

    #[test]
    fn classifiers_mean_expressions() {
        let check = |text: &str, expect: Option<&str>| {
            let got = classifier(text).and_then(|said| said.expression().map(ToString::to_string));
            assert_eq!(got.as_deref(), expect, "{text}");
        };
        check("License :: OSI Approved :: MIT License", Some("MIT"));
        check("License :: OSI Approved :: Apache Software License", Some("Apache-2.0"));
        check("License :: OSI Approved :: ISC License (ISCL)", Some("ISC"));
        check(
            "License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)",
            Some("GPL-2.0-or-later"),
        );
        check("License :: OSI Approved", None);
        check("License :: Other/Proprietary License", Some("LicenseRef-Proprietary"));
        check("Topic :: Software Development", None);
    }

    #[test]
    fn every_full_name_of_the_list_is_known() {
        let known = spdx::identifiers::LICENSES
            .iter()
            .filter(|one| super::one(one.full_name).is_some())
            .count();
        assert_eq!(known, spdx::identifiers::LICENSES.len());
    }
}
