//! What hands nothing to anybody: commands and actions of which that is known.
//!
//! A promise that something comes before every release is kept only where nothing else may be a release. Whatever is not in
//! these lists may be one: nobody guesses from its name. What a task or a script of the repository does is followed, and
//! its commands are asked one by one.

use super::expression::DYNAMIC;

/// Programs that hand out nothing whatever they are told.
const PROGRAMS: &[&str] = &[
    "echo",
    "printf",
    "cd",
    "pushd",
    "popd",
    "ls",
    "cat",
    "mkdir",
    "rmdir",
    "rm",
    "cp",
    "mv",
    "ln",
    "touch",
    "test",
    "[",
    "[[",
    "((",
    "let",
    "true",
    "false",
    ":",
    "set",
    "shopt",
    "export",
    "unset",
    "local",
    "declare",
    "typeset",
    "readonly",
    "read",
    "mapfile",
    "exit",
    "return",
    "break",
    "continue",
    "sleep",
    "wait",
    "trap",
    "pwd",
    "which",
    "type",
    "hash",
    "command",
    "alias",
    "ulimit",
    "umask",
    "shift",
    "getopts",
    "date",
    "wc",
    "sort",
    "uniq",
    "head",
    "tail",
    "cut",
    "tr",
    "sed",
    "awk",
    "gawk",
    "grep",
    "egrep",
    "fgrep",
    "rg",
    "find",
    "diff",
    "cmp",
    "comm",
    "tar",
    "zip",
    "unzip",
    "gzip",
    "gunzip",
    "xz",
    "zstd",
    "sha256sum",
    "sha512sum",
    "md5sum",
    "shasum",
    "b2sum",
    "base64",
    "chmod",
    "chown",
    "tee",
    "uname",
    "id",
    "whoami",
    "df",
    "du",
    "free",
    "nproc",
    "getconf",
    "lscpu",
    "hostname",
    "dirname",
    "basename",
    "realpath",
    "readlink",
    "mktemp",
    "stat",
    "file",
    "tree",
    "xxd",
    "od",
    "seq",
    "expr",
    "jq",
    "yq",
    "envsubst",
    "patch",
    "apt",
    "apt-get",
    "apt-cache",
    "dpkg",
    "apt-key",
    "add-apt-repository",
    "yum",
    "dnf",
    "apk",
    "pacman",
    "zypper",
    "choco",
    "winget",
    "rustup",
    "rustc",
    "javac",
    "gcc",
    "g++",
    "clang",
    "cc",
    "cmake",
    "ninja",
    "meson",
    "ctest",
    "configure",
    "autoreconf",
    "ldd",
    "strip",
    "nm",
    "objdump",
    "activate",
    "ensurepip",
    "venv",
    "virtualenv",
    "pip-compile",
    "pip-sync",
    "pyproject-build",
    "build",
    "check-manifest",
    "cibuildwheel",
    "auditwheel",
    "delocate-wheel",
    "compileall",
    "black",
    "isort",
    "ruff",
    "flake8",
    "pylint",
    "mypy",
    "pyright",
    "codespell",
    "typos",
    "yamllint",
    "taplo",
    "prettier",
    "eslint",
    "stylelint",
    "markdownlint",
    "markdownlint-cli2",
    "cspell",
    "lychee",
    "shellcheck",
    "shfmt",
    "actionlint",
    "zizmor",
    "hadolint",
    "vale",
    "pydocstyle",
    "interrogate",
    "vulture",
    "radon",
    "xenon",
    "sphinx-build",
    "doxygen",
    "tsc",
    "vue-tsc",
    "vitest",
    "jest",
    "mocha",
    "karma",
    "playwright",
    "cypress",
    "webpack",
    "esbuild",
    "rollup",
    "golangci-lint",
    "gofmt",
    "goimports",
    "staticcheck",
    "gotestsum",
    "kubeconform",
    "kubeval",
    "conftest",
    "tflint",
    "ansible-lint",
    "promtool",
    "pg_isready",
    "initdb",
    "createdb",
    "nbstripout",
    "reuse",
    "gcov",
    "lcov",
    "genhtml",
    "gcovr",
    "grcov",
    "kcov",
    "valgrind",
    "codecov",
    "coveralls",
    "bc",
    "createuser",
    "nvidia-smi",
    "ps",
    "kill",
    "sysctl",
    "locale-gen",
    "cargo-sort",
    "cargo-audit",
    "cargo-deny",
    "cosign",
    "syft",
    "cyclonedx-py",
    "cyclonedx-bom",
    "cargo-cyclonedx",
    "minisign",
    "gpg",
];

/// Programs that hand out nothing where their first word that is no flag is one of these; `*` stands for none at all.
const PARTS: &[(&str, &[&str])] = &[
    (
        "pip",
        &[
            "install",
            "download",
            "wheel",
            "list",
            "freeze",
            "check",
            "cache",
            "config",
            "show",
            "uninstall",
            "debug",
            "hash",
        ],
    ),
    (
        "pip3",
        &[
            "install",
            "download",
            "wheel",
            "list",
            "freeze",
            "check",
            "cache",
            "config",
            "show",
            "uninstall",
            "debug",
            "hash",
        ],
    ),
    ("pipx", &["install", "ensurepath", "list", "inject", "upgrade"]),
    (
        "uv",
        &[
            "sync", "venv", "lock", "pip", "build", "export", "python", "cache", "tree", "add", "remove", "version",
            "init", "tool",
        ],
    ),
    (
        "poetry",
        &[
            "install", "lock", "check", "build", "config", "env", "add", "export", "version", "show", "update", "self",
            "sync",
        ],
    ),
    (
        "pdm",
        &[
            "install", "sync", "lock", "build", "config", "info", "list", "venv", "update", "export", "use",
        ],
    ),
    (
        "hatch",
        &[
            "build", "env", "version", "test", "fmt", "dep", "config", "python", "clean",
        ],
    ),
    ("flit", &["build", "install"]),
    ("pipenv", &["install", "sync", "check", "lock", "verify", "graph"]),
    ("rye", &["sync", "lock", "build", "test", "lint", "fmt", "install"]),
    (
        "conda",
        &[
            "install", "create", "env", "activate", "info", "list", "config", "update",
        ],
    ),
    (
        "mamba",
        &[
            "install", "create", "env", "activate", "info", "list", "config", "update",
        ],
    ),
    (
        "micromamba",
        &[
            "install", "create", "env", "activate", "info", "list", "config", "update",
        ],
    ),
    ("twine", &["check"]),
    ("maturin", &["build", "develop", "sdist"]),
    (
        "coverage",
        &[
            "report", "xml", "html", "json", "lcov", "combine", "erase", "annotate", "debug",
        ],
    ),
    ("mkdocs", &["build", "gh-deploy"]),
    ("mike", &["deploy", "set-default", "list"]),
    ("jupyter", &["nbconvert", "kernelspec"]),
    (
        "brew",
        &[
            "install", "update", "upgrade", "tap", "list", "link", "unlink", "--prefix",
        ],
    ),
    ("gem", &["install", "build", "list", "update"]),
    ("bundle", &["install", "config", "check", "lock", "*"]),
    (
        "npm",
        &[
            "ci", "install", "i", "add", "audit", "ls", "list", "pack", "outdated", "config", "cache", "link", "prune",
            "rebuild", "view", "fund",
        ],
    ),
    (
        "pnpm",
        &[
            "install", "i", "add", "audit", "ls", "list", "pack", "store", "fetch", "config", "prune", "rebuild",
            "licenses",
        ],
    ),
    (
        "yarn",
        &[
            "install", "add", "audit", "list", "pack", "config", "cache", "dedupe", "why", "*",
        ],
    ),
    ("bun", &["install", "i", "add", "pm"]),
    ("corepack", &["enable", "prepare", "install", "use"]),
    (
        "cargo",
        &[
            "build",
            "b",
            "check",
            "c",
            "test",
            "t",
            "clippy",
            "fmt",
            "doc",
            "bench",
            "nextest",
            "audit",
            "deny",
            "install",
            "binstall",
            "fetch",
            "metadata",
            "update",
            "tree",
            "llvm-cov",
            "tarpaulin",
            "package",
            "vet",
            "machete",
            "udeps",
            "hack",
            "semver-checks",
            "generate-lockfile",
            "cyclonedx",
            "geiger",
            "miri",
            "auditable",
            "verify-project",
            "outdated",
            "license",
            "msrv",
            "mutants",
            "clean",
            "zigbuild",
            "expand",
            "sort",
        ],
    ),
    ("cross", &["build", "test", "check"]),
    (
        "go",
        &[
            "build", "test", "vet", "mod", "get", "install", "fmt", "list", "version", "env", "work", "clean", "doc",
        ],
    ),
    ("buf", &["lint", "breaking", "generate", "build", "format"]),
    (
        "dotnet",
        &[
            "build",
            "test",
            "restore",
            "format",
            "pack",
            "list",
            "clean",
            "new",
            "--info",
            "--version",
        ],
    ),
    ("swift", &["build", "test", "package", "format"]),
    (
        "mix",
        &[
            "deps.get",
            "compile",
            "test",
            "format",
            "credo",
            "dialyzer",
            "local.hex",
            "local.rebar",
            "sobelow",
        ],
    ),
    (
        "composer",
        &[
            "install",
            "update",
            "validate",
            "audit",
            "require",
            "dump-autoload",
            "check-platform-reqs",
        ],
    ),
    (
        "git",
        &[
            "clone",
            "fetch",
            "checkout",
            "switch",
            "diff",
            "status",
            "log",
            "rev-parse",
            "rev-list",
            "config",
            "describe",
            "add",
            "commit",
            "ls-files",
            "ls-remote",
            "submodule",
            "show",
            "tag",
            "merge-base",
            "branch",
            "restore",
            "reset",
            "clean",
            "stash",
            "apply",
            "init",
            "remote",
            "verify-tag",
            "verify-commit",
            "grep",
            "archive",
            "blame",
            "pull",
            "cat-file",
            "for-each-ref",
            "shortlog",
            "--version",
        ],
    ),
    ("gh", &["auth", "pr", "issue", "label", "attestation", "run", "cache"]),
    (
        "docker",
        &[
            "build", "pull", "login", "logout", "tag", "images", "image", "save", "load", "inspect", "version", "info",
            "scout", "ps", "logs", "stop", "rm", "rmi", "network", "volume", "system", "create", "cp", "manifest",
        ],
    ),
    (
        "podman",
        &[
            "build", "pull", "login", "logout", "tag", "images", "save", "load", "inspect", "version", "info", "ps",
            "logs", "stop", "rm",
        ],
    ),
    (
        "helm",
        &[
            "lint",
            "template",
            "package",
            "dependency",
            "dep",
            "repo",
            "version",
            "show",
            "plugin",
            "unittest",
        ],
    ),
    (
        "terraform",
        &[
            "init",
            "validate",
            "fmt",
            "plan",
            "version",
            "providers",
            "show",
            "output",
        ],
    ),
    (
        "tofu",
        &[
            "init",
            "validate",
            "fmt",
            "plan",
            "version",
            "providers",
            "show",
            "output",
        ],
    ),
    ("kustomize", &["build", "version"]),
    (
        "kubectl",
        &["version", "get", "describe", "config", "kustomize", "wait", "logs"],
    ),
    ("kind", &["create", "delete", "load", "get", "version"]),
    ("packer", &["validate", "fmt", "init"]),
    ("hugo", &["*", "mod", "version"]),
    ("jekyll", &["build", "doctor"]),
    ("vite", &["build"]),
    ("next", &["build", "lint"]),
    ("ng", &["build", "test", "lint"]),
    ("node", &["--version", "--test", "-v", "--check"]),
    ("python", &["--version", "-V"]),
    ("python3", &["--version", "-V"]),
    ("java", &["-version", "--version"]),
    ("systemctl", &["start", "status", "restart", "stop"]),
    ("service", &["*"]),
];

/// Goals of Maven and tasks of Gradle that build and test.
const GOALS: &[&str] = &[
    "clean",
    "validate",
    "compile",
    "test",
    "test-compile",
    "package",
    "verify",
    "install",
    "integration-test",
    "site",
    "build",
    "check",
    "assemble",
    "lint",
    "jar",
    "javadoc",
    "wrapper",
    "classes",
    "testClasses",
];

/// Actions that hand out nothing, by owner and name, or all those of an owner. What is called `setup-..` sets something up.
///
/// Source: the documentation of each action.
const ACTIONS: &[&str] = &[
    "actions/checkout",
    "actions/cache",
    "actions/upload-artifact",
    "actions/download-artifact",
    "actions/stale",
    "actions/labeler",
    "actions/first-interaction",
    "actions/dependency-review-action",
    "actions/configure-pages",
    "actions/upload-pages-artifact",
    "actions/deploy-pages",
    "actions/jekyll-build-pages",
    "actions/attest",
    "actions/attest-build-provenance",
    "actions/attest-sbom",
    "actions/add-to-project",
    "actions/create-github-app-token",
    "actions/go-dependency-submission",
    "actions/component-detection-dependency-submission-action",
    "actions-rs/toolchain",
    "actions-rs/audit-check",
    "actions-rust-lang/setup-rust-toolchain",
    "dtolnay/rust-toolchain",
    "swatinem/rust-cache",
    "rustsec/audit-check",
    "embarkstudios/cargo-deny-action",
    "taiki-e/install-action",
    "taiki-e/cache-cargo-install-action",
    "cargo-bins/cargo-binstall",
    "obi1kenobi/cargo-semver-checks-action",
    "snok/install-poetry",
    "abatilo/actions-poetry",
    "pdm-project/setup-pdm",
    "astral-sh/ruff-action",
    "chartboost/ruff-action",
    "psf/black",
    "pypa/gh-action-pip-audit",
    "pypa/cibuildwheel",
    "hynek/build-and-inspect-python-package",
    "conda-incubator/setup-miniconda",
    "mamba-org/setup-micromamba",
    "mamba-org/provision-with-micromamba",
    "pnpm/action-setup",
    "bahmutov/npm-install",
    "cypress-io/github-action",
    "wagoid/commitlint-github-action",
    "amannn/action-semantic-pull-request",
    "docker/login-action",
    "docker/metadata-action",
    "codecov/codecov-action",
    "codecov/test-results-action",
    "coverallsapp/github-action",
    "codacy/codacy-coverage-reporter-action",
    "gradle/wrapper-validation-action",
    "gradle/actions",
    "step-security/harden-runner",
    "crate-ci/typos",
    "codespell-project/actions-codespell",
    "golangci/golangci-lint-action",
    "super-linter/super-linter",
    "github/super-linter",
    "oxsecurity/megalinter",
    "ibiqlik/action-yamllint",
    "lycheeverse/lychee-action",
    "gaurav-nelson/github-action-markdown-link-check",
    "davidanson/markdownlint-cli2-action",
    "ludeeus/action-shellcheck",
    "raven-actions/actionlint",
    "rhysd/actionlint",
    "reviewdog/action-setup",
    "reviewdog/action-actionlint",
    "reviewdog/action-shellcheck",
    "pre-commit/action",
    "pre-commit-ci/lite-action",
    "sigstore/cosign-installer",
    "sigstore/gh-action-sigstore-python",
    "anchore/sbom-action",
    "anchore/scan-action",
    "ossf/scorecard-action",
    "github/codeql-action",
    "helm/kind-action",
    "helm/chart-testing-action",
    "google-github-actions/auth",
    "google-github-actions/setup-gcloud",
    "aws-actions/configure-aws-credentials",
    "aws-actions/amazon-ecr-login",
    "azure/login",
    "azure/setup-helm",
    "azure/setup-kubectl",
    "jdx/mise-action",
    "cachix/install-nix-action",
    "cachix/cachix-action",
    "determinatesystems/nix-installer-action",
    "determinatesystems/magic-nix-cache-action",
    "subosito/flutter-action",
    "dorny/paths-filter",
    "dorny/test-reporter",
    "tj-actions/changed-files",
    "enricomi/publish-unit-test-result-action",
    "mikepenz/action-junit-report",
    "dependabot/fetch-metadata",
    "peter-evans/create-pull-request",
    "peaceiris/actions-gh-pages",
    "jamesives/github-pages-deploy-action",
    "peaceiris/actions-hugo",
    "peaceiris/actions-mdbook",
    "slackapi/slack-github-action",
    "arduino/setup-protoc",
    "bufbuild/buf-setup-action",
    "fossas/fossa-action",
    "fsfe/reuse-action",
    "sonarsource/sonarqube-scan-action",
    "sonarsource/sonarcloud-github-action",
    "benchmark-action/github-action-benchmark",
    "maxim-lobanov/setup-xcode",
    "jlumbroso/free-disk-space",
    "easimon/maximize-build-space",
    "release-drafter/release-drafter",
    "vmactions",
    "cross-platform-actions/action",
    "lukka/get-cmake",
    "ilammy/msvc-dev-cmd",
    "msys2/setup-msys2",
    "jwlawson/actions-setup-cmake",
    "seanmiddleditch/gha-setup-ninja",
    "mozilla-actions/sccache-action",
    "hendrikmuhs/ccache-action",
    "browser-actions/setup-chrome",
    "supercharge/mongodb-github-action",
    "supercharge/redis-github-action",
    "goto-bus-stop/setup-zig",
    "rui314/setup-mold",
    "technote-space/workflow-conclusion-action",
    "re-actors/alls-green",
    "styfle/cancel-workflow-action",
    "docker/scout-action",
];

/// Whether a script asks which event or which branch it runs for: what it does for a pull request is then not what it does
/// for a tag.
pub(super) fn is_told_apart(script: &str) -> bool {
    let names = [
        "GITHUB_REF",
        "GITHUB_EVENT",
        "GITHUB_HEAD_REF",
        "GITHUB_BASE_REF",
        DYNAMIC,
    ];
    names.iter().any(|name| script.contains(name))
}

/// Whether something is called like what hands out: then it is not taken for harmless although every pull request runs it.
pub(super) fn is_called_so<'w>(words: impl Iterator<Item = &'w String>) -> bool {
    const NAMES: &[&str] = &["publish", "release", "deploy", "push", "upload", "ship"];
    let is_one = |word: &String| {
        let word = word.to_ascii_lowercase();
        NAMES.iter().any(|name| word.contains(name))
    };
    words.take(20).any(is_one)
}

/// Whether a command without its wrappers is known to hand out nothing.
pub(super) fn command(words: &[String]) -> bool {
    let Some(first) = words.first() else { return true };
    if matches!(first.as_str(), "source" | ".") {
        return words
            .get(1)
            .is_some_and(|file| file.rsplit('/').next() == Some("activate"));
    }
    let program = first.rsplit('/').next().unwrap_or(first);
    let program = program.strip_suffix(".exe").unwrap_or(program);
    let rest = words.get(1..).unwrap_or_default();
    if rest.iter().any(|word| word.contains(DYNAMIC)) && !PROGRAMS.contains(&program) && !is_installer(program, rest) {
        return false;
    }
    if let [only] = rest
        && matches!(only.as_str(), "--version" | "--help" | "-V" | "version")
    {
        return true;
    }
    let tries = [
        "cargo",
        "npm",
        "pnpm",
        "yarn",
        "helm",
        "kubectl",
        "poetry",
        "uv",
        "semantic-release",
        "rsync",
    ];
    if tries.contains(&program) && rest.iter().any(|word| word == "--dry-run") {
        return true;
    }
    // What puts a package together may also be told to hand it out.
    let sends = |word: &String| {
        matches!(
            word.as_str(),
            "--push" | "--publish" | "--upload" | "--deploy" | "--sign-and-upload" | "--release"
        ) && !(matches!(program, "cargo" | "cross") && word == "--release")
            || word.starts_with("--push=") && word != "--push=false"
            || word.contains("push=true")
            || word.contains("type=registry")
    };
    if rest.iter().any(sends) && !PROGRAMS.contains(&program) {
        return false;
    }
    match program {
        "curl" | "wget" => return downloads(rest),
        "mvn" | "mvnw" | "gradle" | "gradlew" => return builds(rest),
        "docker" | "podman" if matches!(first_of(rest), Some("buildx" | "compose" | "builder")) => {
            let second = rest.iter().filter(|word| !word.starts_with('-')).nth(1);
            let known = [
                "build", "create", "use", "inspect", "ls", "version", "config", "pull", "up", "down", "ps", "logs",
                "stop", "start", "rm", "prune", "wait",
            ];
            return second.is_some_and(|second| known.contains(&second.as_str()));
        }
        "docker-compose" => {
            return matches!(
                first_of(rest),
                Some("build" | "up" | "down" | "pull" | "config" | "ps" | "logs")
            );
        }
        "docker" | "podman" if matches!(first_of(rest), Some("image" | "manifest" | "system")) => {
            return !rest.iter().any(|word| word == "push");
        }
        "node" if rest.first().is_some_and(|word| word == "--test") => return true,
        "git" if first_of(rest) == Some("lfs") => return !rest.iter().any(|word| word == "push"),
        "gh" if first_of(rest) == Some("release") => {
            let second = rest.iter().filter(|word| !word.starts_with('-')).nth(1);
            return second.is_some_and(|second| matches!(second.as_str(), "view" | "list" | "download"));
        }
        "gh" if first_of(rest) == Some("run") => return !rest.iter().any(|word| word == "rerun"),
        "python" | "python3" if rest.first().is_some_and(|word| word == "setup.py") => {
            let goals = [
                "sdist",
                "bdist_wheel",
                "bdist",
                "install",
                "develop",
                "build",
                "build_ext",
                "check",
                "test",
                "clean",
                "egg_info",
            ];
            let mut own = rest.iter().skip(1).filter(|word| !word.starts_with('-'));
            return own.all(|word| goals.contains(&word.as_str()) || !word.contains(char::is_alphabetic));
        }
        _ => {}
    }
    if PROGRAMS.contains(&program) {
        return true;
    }
    let parts = PARTS.iter().find(|(name, _)| *name == program);
    parts.is_some_and(|(_, parts)| match first_of(rest).or(rest.first().map(String::as_str)) {
        Some(part) => parts.contains(&part) || *parts == ["*"],
        None => parts.contains(&"*"),
    })
}

/// The first word that is no flag and no toolchain.
fn first_of(rest: &[String]) -> Option<&str> {
    let mut words = rest.iter().map(String::as_str);
    words.find(|word| !word.starts_with(['-', '+']))
}

/// Whether a command installs what a run names: whatever that is, it is brought here.
fn is_installer(program: &str, rest: &[String]) -> bool {
    matches!(
        program,
        "pip" | "pip3" | "npm" | "pnpm" | "yarn" | "cargo" | "gem" | "conda" | "uv" | "go" | "docker" | "git"
    ) && rest.first().is_some_and(|word| {
        matches!(
            word.as_str(),
            "install" | "add" | "ci" | "pip" | "build" | "test" | "tag" | "checkout" | "config"
        )
    })
}

/// Whether `curl` and `wget` only fetch.
fn downloads(rest: &[String]) -> bool {
    let gives = |word: &String| {
        let word = word.as_str();
        let short = word.starts_with('-') && !word.starts_with("--");
        word.starts_with("--data")
            || word.starts_with("--form")
            || word.starts_with("--upload")
            || word.starts_with("--post")
            || word.starts_with("--body")
            || word.starts_with("--method")
            || word.starts_with("--request")
            || word.starts_with("--json")
            || word.starts_with("--config")
            || short && word.contains(['T', 'd', 'F', 'X', 'K'])
    };
    !rest.iter().any(gives)
}

/// Whether Maven or Gradle only builds and tests.
fn builds(rest: &[String]) -> bool {
    let takes = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| rest.get(at)).map(String::as_str);
        matches!(
            before,
            Some("-f" | "--file" | "-P" | "-pl" | "--projects" | "-s" | "--settings" | "-T" | "-p")
        )
    };
    let words = rest.iter().enumerate();
    let goals = words.filter(|(at, word)| !word.starts_with('-') && !takes(*at));
    let mut goals = goals.map(|(_, word)| word).peekable();
    goals.peek().is_some()
        && goals.all(|goal| {
            let last = goal.rsplit(':').next().unwrap_or(goal);
            GOALS.contains(&last) && goal.matches(':').count() < 2 || goal.starts_with("dependency:")
        })
}

/// Whether an action is known to hand out nothing with these inputs.
pub(super) fn action(slug: &str, with: &[(String, String)]) -> bool {
    let slug = slug.to_ascii_lowercase();
    let mut parts = slug.split('/');
    let owner = parts.next().unwrap_or_default();
    let name = parts.next().unwrap_or_default();
    let input = |name: &str| {
        let found = with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    if matches!(slug.as_str(), "docker/build-push-action" | "docker/bake-action") {
        let keeps = input("push").is_none_or(|push| matches!(push, "false" | ""));
        let writes = ["outputs", "set", "files"].iter().filter_map(|name| input(name));
        let mut writes =
            writes.filter(|text| text.contains("push") || text.contains("registry") || text.contains(DYNAMIC));
        return keeps && writes.next().is_none();
    }
    if slug == "release-drafter/release-drafter" {
        return input("publish").is_none_or(|publish| matches!(publish, "false" | ""));
    }
    let is_known = ACTIONS.iter().any(|known| match known.split_once('/') {
        Some((by, called)) => by == owner && called == name,
        None => *known == owner,
    });
    is_known || name.starts_with("setup-") && !name.contains("release") && !name.contains("publish")
}
