//! Package URLs (ECMA-427, the purl specification): `pkg:type/namespace/name@version?qualifiers#subpath`.

use std::fmt::Write as _;

use crate::inventory::{Component, Ecosystem, Origin, Version};

/// The package URL of a component. None where its type defines none, and for what lies in a folder: a package URL would name
/// whatever a registry keeps under the same name.
#[must_use]
pub fn of(component: &Component, version: Option<&str>) -> Option<String> {
    if matches!(component.origin, Origin::Local(_)) {
        return None;
    }
    let name = component.name.as_str();
    let mut purl = format!("pkg:{}/", component.ecosystem.purl_type());
    let mut qualifiers: Vec<(&str, String)> = Vec::new();
    let mut version = version.map(str::to_owned);
    let mut subpath = None;
    match component.ecosystem {
        Ecosystem::Oci => {
            let (place, digest) = name.split_once('@').unwrap_or((name, ""));
            let short = place.rsplit('/').next().unwrap_or(place);
            purl += &escaped(&short.to_lowercase());
            // The version of an image is its digest; a tag moves and is a qualifier.
            match version.take() {
                Some(exact) if exact.starts_with("sha256:") => version = Some(exact),
                Some(tag) => qualifiers.push(("tag", tag)),
                None => {
                    if let Version::Range(tag) = &component.version {
                        qualifiers.push(("tag", tag.clone()));
                    }
                }
            }
            if version.is_none() && digest.starts_with("sha256:") {
                version = Some(digest.to_owned());
            }
            if place.contains('/') {
                qualifiers.push(("repository_url", place.to_lowercase()));
            }
        }
        Ecosystem::GitHubActions => {
            let mut parts = name.splitn(3, '/');
            let (owner, repository) = (parts.next()?, parts.next()?);
            purl += &format!(
                "{}/{}",
                escaped(&owner.to_lowercase()),
                escaped(&repository.to_lowercase())
            );
            subpath = parts.next().map(str::to_owned);
        }
        Ecosystem::Npm | Ecosystem::Go | Ecosystem::HuggingFace => {
            // Of the parts between slashes the last is the name, the others are its namespace.
            let parts: Vec<String> = name.split('/').filter(|part| !part.is_empty()).map(escaped).collect();
            purl += &parts.join("/");
        }
        Ecosystem::System => return None,
        Ecosystem::PyPI | Ecosystem::Conda | Ecosystem::Cargo => purl += &escaped(name),
    }
    if let Some(version) = &version {
        let _ = write!(purl, "@{}", escaped(version));
    }
    match &component.origin {
        Origin::Git { url, commit } if component.ecosystem != Ecosystem::GitHubActions => {
            let at = commit
                .as_deref()
                .map_or_else(String::new, |commit| format!("@{commit}"));
            qualifiers.push(("vcs_url", format!("git+{}{at}", url.trim_start_matches("git+"))));
        }
        Origin::Url(url) => qualifiers.push(("download_url", url.clone())),
        Origin::OtherRegistry(url) if component.ecosystem != Ecosystem::Oci => {
            qualifiers.push(("repository_url", url.clone()))
        }
        _ => {}
    }
    qualifiers.sort();
    for (at, (key, value)) in qualifiers.iter().enumerate() {
        let _ = write!(purl, "{}{key}={}", if at == 0 { '?' } else { '&' }, escaped(value));
    }
    if let Some(subpath) = subpath {
        let parts: Vec<String> = subpath
            .split('/')
            .filter(|part| !part.is_empty() && *part != "." && *part != "..")
            .map(escaped)
            .collect();
        let _ = write!(purl, "#{}", parts.join("/"));
    }
    Some(purl)
}

/// Percent-encoding: everything but unreserved characters and the colon.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ecosystem: Ecosystem, name: &str, version: Option<&str>, origin: Origin, expect: Option<&str>) {
        let component = Component {
            origin,
            ..Component::new(ecosystem, name, 1)
        };
        assert_eq!(of(&component, version).as_deref(), expect);
    }

    #[test]
    fn package_urls_are_those_of_the_specification() {
        use Ecosystem::*;
        let from = || Origin::Registry;
        check(
            PyPI,
            "typing-extensions",
            Some("4.1"),
            from(),
            Some("pkg:pypi/typing-extensions@4.1"),
        );
        check(PyPI, "a", None, from(), Some("pkg:pypi/a"));
        check(PyPI, "a", Some("1+cu118"), from(), Some("pkg:pypi/a@1%2Bcu118"));
        check(
            Npm,
            "@angular/cli",
            Some("1.0.0"),
            from(),
            Some("pkg:npm/%40angular/cli@1.0.0"),
        );
        check(
            Go,
            "example.org/m/v2",
            Some("v2.0.1"),
            from(),
            Some("pkg:golang/example.org/m/v2@v2.0.1"),
        );
        check(Cargo, "serde", Some("1.0.1"), from(), Some("pkg:cargo/serde@1.0.1"));
        check(
            GitHubActions,
            "Actions/Cache/restore",
            Some("v4"),
            from(),
            Some("pkg:github/actions/cache@v4#restore"),
        );
        check(
            HuggingFace,
            "Acme/Base-7B",
            Some("0a1b"),
            from(),
            Some("pkg:huggingface/Acme/Base-7B@0a1b"),
        );
        check(Oci, "python", Some("3.12"), from(), Some("pkg:oci/python?tag=3.12"));
        check(
            Oci,
            "ghcr.io/acme/App",
            Some("sha256:00"),
            from(),
            Some("pkg:oci/app@sha256:00?repository_url=ghcr.io%2Facme%2Fapp"),
        );
        check(System, "curl", None, from(), None);
        for (ecosystem, name) in [
            (PyPI, "a"),
            (Npm, "@acme/a"),
            (Cargo, "a"),
            (Go, "example.org/a"),
            (GitHubActions, "./a"),
        ] {
            check(ecosystem, name, Some("1.0"), Origin::Local("../a".to_owned()), None);
        }
        check(
            PyPI,
            "a",
            Some("1.0"),
            Origin::OtherRegistry("https://i.example".to_owned()),
            Some("pkg:pypi/a@1.0?repository_url=https:%2F%2Fi.example"),
        );
        let git = Origin::Git {
            url: "https://example.org/a.git".to_owned(),
            commit: Some("0b".to_owned()),
        };
        check(
            PyPI,
            "a",
            None,
            git,
            Some("pkg:pypi/a?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fa.git%400b"),
        );
    }
}
