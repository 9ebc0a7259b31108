//! What a path says about the secrets in it.

use ward_evidence::Severity;

/// What kind of place a file is. A place lowers how bad a finding is; it hides no token that is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing special.
    Ordinary,
    /// A test, a fixture, a mock.
    Test,
    /// Documentation.
    Docs,
    /// An example or a template for a configuration.
    Example,
    /// A lock file: full of hashes that are meant to be public.
    Lock,
    /// A minified or generated bundle.
    Bundle,
    /// Other people's code.
    Vendored,
}

impl Place {
    /// What `path` is (with `/` or `!` between its parts).
    #[must_use]
    pub fn of(path: &str) -> Self {
        let lower = path.to_ascii_lowercase();
        // The name of a workflow or an action says what it runs, and not what it is.
        let workflow = above_workflow(&lower);
        let mut parts = workflow.unwrap_or(&lower).rsplit(['/', '\\', '!']);
        let name = parts.next().filter(|_| workflow.is_none()).unwrap_or_default();
        if is_lock(name) {
            return Place::Lock;
        }
        if name.ends_with(".map") || name.contains(".min.") || name.contains(".bundle.") || name.contains(".chunk.") {
            return Place::Bundle;
        }
        if is_example_name(name) {
            return Place::Example;
        }
        let mut place = Place::Ordinary;
        for part in parts {
            match part {
                "test" | "tests" | "testing" | "__tests__" | "spec" | "specs" | "fixture" | "fixtures" | "testdata"
                | "test-data" | "test_data" | "__fixtures__" | "__mocks__" | "mocks" | "mock" | "e2e" | "unittests"
                | "molecule" | "cassettes" | "snapshots" | "__snapshots__" | "golden" => return Place::Test,
                "example" | "examples" | "sample" | "samples" | "demo" | "demos" | "tutorial" | "tutorials"
                | "quickstart" | "cookbook" | "cookbooks" | "templates" => return Place::Example,
                "node_modules" | "vendor" | "third_party" | "third-party" | "site-packages" | "bower_components" => {
                    place = Place::Vendored;
                }
                "doc" | "docs" | "documentation" if place == Place::Ordinary => place = Place::Docs,
                _ => {}
            }
        }
        if is_test_name(name) {
            return Place::Test;
        }
        if place == Place::Ordinary && is_docs_name(name) {
            return Place::Docs;
        }
        place
    }

    /// The sentence for a report, for a place that lowers.
    #[must_use]
    pub fn why(self) -> Option<&'static str> {
        match self {
            Place::Ordinary | Place::Vendored => None,
            Place::Test => Some("it stands in a test or fixture"),
            Place::Docs => Some("it stands in documentation"),
            Place::Example => Some("it stands in an example"),
            Place::Lock => Some("it stands in a lock file"),
            Place::Bundle => Some("it stands in a bundle"),
        }
    }

    /// `severity` as it is here: two steps lower where secrets are mostly made up.
    #[must_use]
    pub fn lower(self, severity: Severity) -> Severity {
        match self {
            Place::Ordinary | Place::Vendored | Place::Bundle => severity,
            Place::Test | Place::Docs | Place::Example | Place::Lock => match severity {
                Severity::Critical => Severity::Medium,
                Severity::High | Severity::Medium => Severity::Low,
                other => other,
            },
        }
    }

    /// Whether most values that look secret are made up here.
    #[must_use]
    pub fn is_doubtful(self) -> bool {
        !matches!(self, Place::Ordinary)
    }
}

/// What stands in `path` above the folder of a forge, when it is that of a workflow or an action in it; ends in a `/` or is
/// empty.
fn above_workflow(path: &str) -> Option<&str> {
    let (at, folder) = [".github/", ".gitea/", ".forgejo/"]
        .iter()
        .filter_map(|folder| Some((path.rfind(folder)?, folder)))
        .max()?;
    let (above, rest) = path.split_at_checked(at)?;
    let rest = rest.strip_prefix(folder)?;
    let (kind, below) = rest.split_once('/')?;
    let name = below.rsplit('/').next()?;
    let is = match kind {
        "workflows" => name == below && (name.ends_with(".yml") || name.ends_with(".yaml")),
        "actions" => matches!(name, "action.yml" | "action.yaml"),
        _ => false,
    };
    (is && (above.is_empty() || above.ends_with(['/', '!']))).then_some(above)
}

fn is_lock(name: &str) -> bool {
    matches!(
        name,
        "package-lock.json"
            | "npm-shrinkwrap.json"
            | "pnpm-lock.yaml"
            | "go.sum"
            | "go.work.sum"
            | "gopkg.lock"
            | "packages.lock.json"
            | "project.assets.json"
            | "flake.lock"
            | "conda-lock.yml"
            | "record"
            | "cargo.lock"
            | "sha256sums"
            | "checksums.txt"
            | "sha1sums"
            | "md5sums"
    ) || name.ends_with(".lock")
        || name.ends_with(".lockfile")
        || name.ends_with(".sum")
}

/// A configuration that is meant to be copied and filled in.
#[must_use]
pub fn is_example_name(name: &str) -> bool {
    const MARKS: &[&str] = &[
        "example", "sample", "template", "dist", "tmpl", "tpl", "default", "defaults", "dummy", "skeleton",
    ];
    let mut parts = name.split(['.', '-', '_']).filter(|part| !part.is_empty());
    parts.any(|part| MARKS.contains(&part)) && name != "dist"
}

fn is_test_name(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    name.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || stem.ends_with("_spec")
        || stem.ends_with("test") && name.ends_with(".java")
        || name == "conftest.py"
}

fn is_docs_name(name: &str) -> bool {
    [".md", ".rst", ".adoc", ".mdx"].iter().any(|end| name.ends_with(end))
        || ["readme", "changelog", "changes", "news", "history.txt"]
            .iter()
            .any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        for (path, expect) in [
            ("src/app.py", Place::Ordinary),
            ("tests/app.py", Place::Test),
            ("src/test_app.py", Place::Test),
            ("src/attestation.py", Place::Ordinary),
            ("pkg/a_test.go", Place::Test),
            ("a.zip!docs/x.txt", Place::Docs),
            ("README.md", Place::Docs),
            (".env.example", Place::Example),
            ("config.sample.yml", Place::Example),
            ("examples/x.py", Place::Example),
            ("distribution.py", Place::Ordinary),
            ("poetry.lock", Place::Lock),
            ("web/app.min.js", Place::Bundle),
            ("node_modules/x/index.js", Place::Vendored),
            ("node_modules/x/test/index.js", Place::Test),
            ("latest/x.py", Place::Ordinary),
            (".github/workflows/integration_test.yml", Place::Ordinary),
            ("app/.github/workflows/build-dist.yml", Place::Ordinary),
            ("tests/.github/workflows/a.yml", Place::Test),
            (".github/workflows/example/test_a.yml", Place::Example),
            ("workflows/integration_test.yml", Place::Test),
            (".github/actions/test/action.yml", Place::Ordinary),
            (".github/actions/e2e/setup/action.yaml", Place::Ordinary),
            ("a.zip!.gitea/workflows/ci_test.yml", Place::Ordinary),
            (".forgejo/workflows/ci_test.yml", Place::Ordinary),
            ("tests/.github/actions/test/action.yml", Place::Test),
            (".github/actions/test/index.js", Place::Test),
            ("actions/test/action.yml", Place::Test),
            ("my.github/actions/test/action.yml", Place::Test),
            (".github/actions/x/test_a.yml", Place::Test),
            (".github/integration_test.yml", Place::Test),
            (".github/workflows/README.md", Place::Docs),
        ] {
            assert_eq!(Place::of(path), expect, "{path}");
        }
    }
}
