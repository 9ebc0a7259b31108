//! Package managers.

use std::ops::Range;

use ward_evidence::RuleMeta;

use super::{
    Format, starts_with_mark,
    syntax::{
        json,
        lines::{self, Between},
        yaml,
    },
};
use crate::secrets::{page::Page, rule::META};

/// `.npmrc`, `.yarnrc.yml`.
pub static NPM: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-npm",
        summary: "An npm or Yarn configuration holds a login of a registry.",
        docs: "`_authToken`, `_auth` and `_password` of `.npmrc`, `npmAuthToken` of `.yarnrc.yml` publish packages \
            as their owner.\n\n\
            Write `${NPM_TOKEN}` instead, and revoke the token.\n\n\
            Source: the npm documentation, *npmrc*.",
        ..META
    },
    is: |page| matches!(page.name, ".npmrc" | "npmrc" | "_npmrc" | ".yarnrc" | ".yarnrc.yml"),
    read: |page, sink| {
        lines::pairs(page.text, Between::SignOrSpace, |pair| {
            let key = pair.key;
            let secret = [
                &b"_authToken"[..],
                b"_auth",
                b"_password",
                b"npmAuthToken",
                b"npmAuthIdent",
                b"_authtoken",
                b"key-pass",
            ]
            .iter()
            .any(|end| {
                key.trim_ascii_end().ends_with(end) || key.strip_suffix(b"\"").is_some_and(|key| key.ends_with(end))
            });
            if secret {
                sink.login(pair.value.clone());
            }
        });
    },
};

/// `.pypirc`, `pip.conf`.
pub static PYPI: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-pypi",
        summary: "A Python packaging configuration holds a login of an index.",
        docs: "`password` of `.pypirc` publishes packages as their owner.\n\n\
            Publish from a trusted publisher without any password, or keep the token in the system's key ring; \
            revoke this one.\n\n\
            Source: the Python Packaging User Guide, *The .pypirc file*.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            ".pypirc" | "pypirc" | "pip.conf" | "pip.ini" | "pydistutils.cfg" | ".pydistutils.cfg"
        )
    },
    read: |page, sink| {
        lines::pairs(page.text, Between::Sign, |pair| {
            if pair.is_any(&["password", "token"]) {
                sink.login(pair.value.clone());
            }
        });
    },
};

/// Composer's `auth.json`.
pub static COMPOSER: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-composer",
        summary: "Composer's logins are stored.",
        docs: "`auth.json` holds passwords (`http-basic`) and tokens (`github-oauth`, `gitlab-token`, `bearer`) of \
            package repositories.\n\n\
            Set `COMPOSER_AUTH` from a secret store, let the file be ignored, and revoke the tokens.\n\n\
            Source: the Composer documentation.",
        ..META
    },
    is: |page| {
        page.name == "auth.json"
            && [
                "http-basic",
                "github-oauth",
                "gitlab-oauth",
                "gitlab-token",
                "\"bearer\"",
                "bitbucket-oauth",
            ]
            .iter()
            .any(|mark| super::starts_with_mark(page, mark))
    },
    read: |page, sink| {
        json::strings(page.text, |entry| {
            let token = ["github-oauth", "gitlab-oauth", "gitlab-token", "bearer"]
                .iter()
                .any(|name| entry.below(name));
            if token && !entry.is("username") || entry.is_any(&["password", "consumer-secret"]) {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// Credentials of cargo, gem, NuGet, Conan, Clojars, Hex, conda.
pub static TOKENS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-package-token",
        summary: "A package manager's login is stored.",
        docs: "`~/.cargo/credentials.toml`, `~/.gem/credentials`, `nuget.config` and their like hold tokens that \
            publish packages as their owner.\n\n\
            Publish from continuous integration with a short-lived token, and revoke this one.",
        ..META
    },
    is: |page| {
        page.name == "credentials.toml"
            || page.name == "credentials" && (super::in_folder(page, ".cargo") || super::in_folder(page, ".gem"))
            || matches!(
                page.name,
                "nuget.config" | "nugetdefaults.config" | ".bundle" | ".condarc" | "poetry_auth.toml"
            )
            || page.name == "auth.toml"
            || page.name == "config" && super::in_folder(page, ".bundle")
            || is_environment(page)
    },
    read: |page, sink| {
        if page.name.contains("nuget") {
            use super::syntax::xml::{self, Node};
            xml::nodes(page.text, |node| {
                if let Node::Attribute(entry, all) = node
                    && entry.is("value")
                    && all.iter().any(|(name, value)| {
                        *name == b"key"
                            && matches!(
                                page.get(value.clone()).to_ascii_lowercase().as_slice(),
                                b"cleartextpassword" | b"password"
                            )
                    })
                {
                    sink.login(entry.value.clone());
                }
                if let Node::Attribute(entry, _) = node
                    && entry.is("value")
                    && entry.below("apikeys")
                {
                    sink.login(entry.value.clone());
                }
            });
            return;
        }
        if page.name == ".condarc" || is_environment(page) {
            for (start, line) in lines::lines(page.text) {
                let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
                if let Some(token) = of_channel(line) {
                    sink.login(start + token.start..start + token.end);
                }
            }
        }
        if page.name == "credentials" || page.name == "config" {
            yaml::scalars(page.text, |entry| {
                let key = String::from_utf8_lossy(entry.key).to_ascii_lowercase();
                if key.contains("api_key")
                    || key.starts_with("bundle_") && page.get(entry.value.clone()).contains(&b':')
                {
                    sink.login(entry.value.clone());
                }
            });
        }
        lines::pairs(page.text, Between::Sign, |pair| {
            if pair.is_any(&["token", "password", "secret-key"]) {
                sink.login(pair.value.clone());
            }
        });
    },
};

/// A description of a conda environment: `environment.yml`, `environment-gpu.yaml`.
fn is_environment(page: &Page<'_>) -> bool {
    matches!(page.extension(), "yml" | "yaml")
        && page.name.starts_with("environment")
        && starts_with_mark(page, "channels:")
}

/// The token in the address of a private channel of conda: `https://host/t/TOKEN/channel`.
pub(super) fn of_channel(text: &[u8]) -> Option<Range<usize>> {
    let address = memchr::memmem::find(text, b"://")?;
    let start = address + memchr::memmem::find(text.get(address..)?, b"/t/")? + 3;
    let rest = text.get(start..)?;
    let len = rest
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-' && *byte != b'_')
        .unwrap_or(rest.len());
    let ends = rest
        .get(len)
        .is_none_or(|byte| matches!(byte, b'/' | b'"' | b'\'' | b' ' | b'\r'));
    let is_drawn = ends && rest.get(..len).is_some_and(is_drawn);
    (len >= SHORTEST_TOKEN && is_drawn).then_some(start..start + len)
}

/// Whether letters and digits change as nobody writes them in a name or a release.
fn is_drawn(word: &[u8]) -> bool {
    let changes = word
        .windows(2)
        .filter(|two| matches!(two, [a, b] if a.is_ascii_digit() && b.is_ascii_alphabetic() || a.is_ascii_alphabetic() && b.is_ascii_digit()));
    let distinct: std::collections::BTreeSet<u8> = word.iter().copied().collect();
    changes.count() >= 3 && distinct.len() >= SHORTEST_TOKEN
}

/// The fewest characters of a channel's token.
const SHORTEST_TOKEN: usize = 8;

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn npm() {
        check(
            ".npmrc",
            "registry=https://r.io/\n//r.io/:_authToken=<<uuid>>\n_auth = <<b64:20>>\nemail=a@b.io\nalways-auth=true\n",
            &[2, 3],
        );
        check(".npmrc", "//r.io/:_authToken=${NPM_TOKEN}\n", &[]);
    }

    #[test]
    fn others() {
        check(".pypirc", "[pypi]\nusername = me\npassword = <<lower:9>>\n", &[3]);
        check(
            "auth.json",
            "{\"http-basic\":{\"r.io\":{\n\"username\":\"u\",\n\"password\":\"<<lower:9>>\"}},\n\"github-oauth\":{\"github.com\":\"<<hex:40>>\"}}",
            &[3, 4],
        );
        check(".cargo/credentials.toml", "[registry]\ntoken = \"<<b62:32>>\"\n", &[2]);
        check(".gem/credentials", "---\n:rubygems_api_key: <<hex:32>>\n", &[2]);
        check(
            ".condarc",
            "channels:\n  - https://conda.anaconda.org/t/ab-<<uuid>>/clinic\n  - https://conda.anaconda.org/t/$TOKEN/x\n  - https://host/t/\n  - defaults\n",
            &[2],
        );
        check(
            ".condarc",
            "channels:\n  - https://conda.anaconda.org/t/my-token-here/x\n  - https://host.io/conda/t/release-2026/linux-64\n  - https://host.io/t/conda-local\n  - https://host.io/t/ab-00000000-0000-0000-0000-000000000000/x\n",
            &[],
        );
        check(
            "environment.yml",
            "name: x\nchannels:\n  - https://repo.host.io/t/<<b62:36>>/stable\n  - https://conda.host.io/t/ab-<<uuid>>\n  - https://repo.host.io/t/${TOKEN}/x\n  - https://repo.host.io/t/YOUR_TOKEN_HERE/x\n  - conda-forge # https://forum.host.io/t/which-channel-to-take/12\n",
            &[3, 4],
        );
        check(
            "environment.yml",
            "pages:\n  - https://forum.host.io/t/which-channel-to-take/12\n",
            &[],
        );
        check(
            "NuGet.Config",
            "<configuration>\n<add key=\"Username\" value=\"u\"/>\n<add key=\"ClearTextPassword\" value=\"<<b62:9>>\"/></configuration>",
            &[3],
        );
    }
}
