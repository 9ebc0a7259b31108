//! The rules of dependencies: what each finds, why it matters, and what to do instead.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{DEP_1A, DEP_2A, DEP_4A, DEP_4B},
};

/// Every rule, in the order of the guide.
pub(super) static RULES: &[&RuleMeta] = &[
    &VULNERABLE,
    &MALICIOUS,
    &UNMAINTAINED,
    &ALLOWS_VULNERABLE,
    &UNPINNED,
    &UNHASHED,
    &FROM_REPOSITORY,
    &FROM_ADDRESS,
    &FROM_FOLDER,
    &OTHER_REGISTRY,
    &SECOND_INDEX,
    &PLAIN_HTTP,
    &TRUSTED_HOST,
    &INTERNAL_NAME,
    &LOOKALIKE,
    &LOCKS_DISAGREE,
    &LOCK_STALE,
];

pub(super) static VULNERABLE: RuleMeta = RuleMeta {
    id: "dependencies/vulnerable",
    severity: Severity::Medium,
    controls: &[DEP_1A],
    summary: "A dependency has a known fault.",
    docs: "The exact version that a file asks for, or every version that its range allows, is one that an advisory names. Most \
        break-ins use a fault that had an advisory.\n\n\
        The severity is that of the advisory's CVSS vector (version 4 before 3 before 2), else of the word its database gives, \
        else medium. It is critical when the fault is known to be exploited (KEV). It is one step lower when no Python file of the \
        project imports the package and nothing that is imported needs it; the finding says so.\n\n\
        For example: `requests==2.19.0` in `requirements.txt`; `\"lodash\": \"<4.17.0\"` in `package.json`, where every version \
        below 4.17.0 is affected.\n\n\
        **Instead:** update to the version the finding names: the smallest that no known advisory of the package names and that is \
        not below the present one, of the same major version where there is one.\n\n\
        Source: OWASP Top Ten 2021, A06; the evaluation algorithm of the OSV schema.",
};

pub(super) static MALICIOUS: RuleMeta = RuleMeta {
    id: "dependencies/malicious",
    severity: Severity::Critical,
    controls: &[DEP_1A, DEP_4B],
    summary: "A dependency was made to do harm.",
    docs: "An advisory says that the package, or this version of it, steals, destroys or opens a door. Installing it is enough: \
        packages run code when they are installed.\n\n\
        For example: a package whose name is one letter away from a popular one, taken down from its registry since.\n\n\
        **Instead:** remove it, and treat every machine that installed it and every secret on it as known to others.\n\n\
        Source: OpenSSF's malicious-packages repository; advisories whose names begin with `MAL-`.",
};

pub(super) static UNMAINTAINED: RuleMeta = RuleMeta {
    id: "dependencies/unmaintained",
    severity: Severity::Low,
    controls: &[DEP_1A],
    summary: "An advisory says that nobody looks after a dependency any more.",
    docs: "The next fault that is found in it will stay. Advisories also give other notices of this kind.\n\n\
        For example: a crate whose repository was archived.\n\n\
        **Instead:** move to what the advisory names, or look after it yourself.\n\n\
        Source: the `informational` field of the RustSec advisory format.",
};

pub(super) static ALLOWS_VULNERABLE: RuleMeta = RuleMeta {
    id: "dependencies/allows-vulnerable",
    severity: Severity::Info,
    controls: &[DEP_1A],
    summary: "A range allows versions with known faults beside others.",
    docs: "Which version gets installed is decided elsewhere: by the day, by other packages, by a lockfile that is not here. Some of \
        the versions that are allowed have known faults.\n\n\
        For example: `django>=3.2`, of which 3.2.0 to 3.2.24 are affected by one advisory or another.\n\n\
        **Instead:** raise the lower end of the range to the version the finding names, or commit a lockfile.\n\n\
        Source: the evaluation algorithm of the OSV schema, applied to all versions that a range allows.",
};

pub(super) static UNPINNED: RuleMeta = RuleMeta {
    id: "dependencies/unpinned",
    severity: Severity::Low,
    controls: &[DEP_2A],
    summary: "A dependency has neither an exact version nor an entry in a lockfile.",
    docs: "What is not pinned changes without a review: the next build may install a version that nobody looked at, broken or hostile. \
        Constraints (`-c`) that name an exact version count as pins. In folders of tests, examples and documentation, and for build \
        requirements, only the thorough profile shows it.\n\n\
        For example: `numpy>=1.20` in `requirements.txt`.\n\n\
        **Instead:** commit a lockfile (`uv lock`, `poetry lock`, `pip-compile --generate-hashes`, `npm install`, `cargo \
        generate-lockfile`), or write `numpy==1.26.4`.\n\n\
        Source: SLSA 1.0, *Dependencies*; OpenSSF Scorecard, *Pinned-Dependencies*.",
};

pub(super) static UNHASHED: RuleMeta = RuleMeta {
    id: "dependencies/unhashed",
    severity: Severity::Low,
    controls: &[DEP_4A],
    summary: "A pinned dependency has no hash, so whatever the index serves under that version is installed.",
    docs: "A server that was broken into, or one that answers in place of the right one, serves what it likes. With hashes the \
        installer refuses it. Where some requirements of a file have hashes and this one has none, pip refuses the whole file. A file \
        of pinned requirements none of which has a hash is one finding, for information.\n\n\
        For example: `requests==2.32.3` without `--hash=sha256:...`.\n\n\
        **Instead:** `pip-compile --generate-hashes`, `uv export`, or a lockfile, and install with `--require-hashes`.\n\n\
        Source: pip's documentation, *Secure installs*.",
};

pub(super) static FROM_REPOSITORY: RuleMeta = RuleMeta {
    id: "dependencies/from-repository",
    severity: Severity::Medium,
    controls: &[DEP_2A, DEP_4A],
    summary: "A dependency comes straight from a source repository.",
    docs: "No advisory names what lies between two releases, and a branch or tag can be moved to other code. Pinned to a whole commit it \
        is for information.\n\n\
        For example: `tool @ git+https://git.example/tool@main`.\n\n\
        **Instead:** use a release from the registry, or name the whole commit id.\n\n\
        Source: OpenSSF Scorecard, *Pinned-Dependencies*.",
};

pub(super) static FROM_ADDRESS: RuleMeta = RuleMeta {
    id: "dependencies/from-address",
    severity: Severity::Low,
    controls: &[DEP_4A],
    summary: "A dependency is a file at an address.",
    docs: "The file can be another tomorrow, and no registry keeps who published it. With a hash it is for information.\n\n\
        For example: `https://files.example/tool-1.0-py3-none-any.whl`.\n\n\
        **Instead:** use a release from the registry, or add the file's hash (`#sha256=..`, `--hash`, a lockfile).\n\n\
        Source: pip's documentation, *Secure installs*.",
};

pub(super) static FROM_FOLDER: RuleMeta = RuleMeta {
    id: "dependencies/from-folder",
    severity: Severity::Info,
    controls: &[DEP_4B],
    summary: "A dependency lies in a folder or file, and not in a registry.",
    docs: "No advisory names it and no registry knows its version. Often that is right, as for the parts of one repository; it is said so \
        that nobody believes it was compared with advisories.\n\n\
        For example: `-e ../tool`, `\"tool\": \"file:../tool\"`.\n\n\
        **Instead:** nothing, if the folder is part of what is reviewed here.\n\n\
        Source: Ward's rule that nothing is skipped in silence.",
};

pub(super) static OTHER_REGISTRY: RuleMeta = RuleMeta {
    id: "dependencies/other-registry",
    severity: Severity::Info,
    controls: &[DEP_4B],
    summary: "Dependencies are taken from another registry than the ecosystem's own.",
    docs: "Who runs the registry decides what is installed. A package of the same name in the public registry may be another one, so \
        advisories may not fit.\n\n\
        For example: `resolved` in `package-lock.json` with the address of a mirror.\n\n\
        **Instead:** nothing, if the registry is yours or a mirror you trust.\n\n\
        Source: Ward's rule that nothing is skipped in silence.",
};

pub(super) static SECOND_INDEX: RuleMeta = RuleMeta {
    id: "dependencies/second-index",
    severity: Severity::Medium,
    controls: &[DEP_4A, DEP_4B],
    summary: "A second index is searched beside the first, and the higher version wins (dependency confusion).",
    docs: "Whoever publishes a package of the same name with a higher version on either index gets it installed. That is how \
        names of internal packages were taken over from the public index in 2021. It is for information when every requirement of the \
        file has a hash, because then nothing else is installed, and low for indexes of builds that well-known projects publish.\n\n\
        For example: `--extra-index-url https://packages.example/simple`.\n\n\
        **Instead:** one index that proxies the public one (`--index-url`), or a tool that binds each package to its index (uv's \
        `explicit = true`, Poetry's `priority = \"explicit\"`), or hashes for everything.\n\n\
        Source: A. Birsan, *Dependency Confusion*, 2021; pip's documentation of `--extra-index-url`.",
};

pub(super) static PLAIN_HTTP: RuleMeta = RuleMeta {
    id: "dependencies/plain-http",
    severity: Severity::High,
    controls: &[DEP_4A],
    summary: "Packages are fetched over http, so anyone on the way can replace them.",
    docs: "Packages run code when they are installed. Over plain http everybody between here and the server can send another \
        package. Addresses of this machine are left out.\n\n\
        For example: `--index-url http://packages.example/simple`.\n\n\
        **Instead:** https.\n\n\
        Source: CWE-494 (download of code without integrity check), CWE-319.",
};

pub(super) static TRUSTED_HOST: RuleMeta = RuleMeta {
    id: "dependencies/trusted-host",
    severity: Severity::Medium,
    controls: &[DEP_4A],
    summary: "A host is trusted without checking its certificate.",
    docs: "Whoever answers in that host's place is believed, and what it serves is installed and run.\n\n\
        For example: `--trusted-host packages.example`, `verify_ssl = false`.\n\n\
        **Instead:** give pip the certificate of your own authority (`--cert`, `PIP_CERT`).\n\n\
        Source: pip's documentation of `--trusted-host`; CWE-295.",
};

pub(super) static INTERNAL_NAME: RuleMeta = RuleMeta {
    id: "dependencies/internal-name",
    severity: Severity::High,
    controls: &[DEP_4B],
    summary: "A package that is internal by configuration would be taken from the public registry.",
    docs: "The section `[scan.dependencies]` of `ward.toml` lists names that come from the project's own index only. Here one is asked for \
        where the public registry is searched: anyone may publish under that name there.\n\n\
        For example: `internal = [\"acme-*\"]`, and `acme-auth==1.0` in a `requirements.txt` without `--index-url`.\n\n\
        **Instead:** bind the package to your index, or search only your index.\n\n\
        Source: A. Birsan, *Dependency Confusion*, 2021.",
};

pub(super) static LOOKALIKE: RuleMeta = RuleMeta {
    id: "dependencies/lookalike",
    severity: Severity::Medium,
    controls: &[DEP_4B],
    summary: "A dependency's name is a slip of the keyboard away from that of a well-known package.",
    docs: "Packages that do harm are published under names that people type by mistake: a letter more, less, doubled, swapped or \
        replaced by one that looks like it. This is a hint: the name is compared with a list of well-known packages that ships with \
        Ward, and nobody looked at the package.\n\n\
        For example: `reqeusts`, `python-dateutils`, `tensorfow`.\n\n\
        **Instead:** check that you mean this package; then suppress the finding with that reason.\n\n\
        Source: the malicious packages that PyPI and crates.io took down under such names.",
};

pub(super) static LOCKS_DISAGREE: RuleMeta = RuleMeta {
    id: "dependencies/locks-disagree",
    severity: Severity::Medium,
    controls: &[DEP_2A],
    summary: "Two lockfiles of one project hold different versions of the same package.",
    docs: "What gets installed depends on the tool that is used, so one of the two is not what was tested and reviewed.\n\n\
        For example: `poetry.lock` with `requests 2.31.0` beside `uv.lock` with `requests 2.32.3`.\n\n\
        **Instead:** keep one lockfile, or make one from the other and check that in the pipeline.\n\n\
        Source: npm and Yarn warn of foreign lockfiles for this reason.",
};

pub(super) static LOCK_STALE: RuleMeta = RuleMeta {
    id: "dependencies/lock-stale",
    severity: Severity::Medium,
    controls: &[DEP_2A],
    summary: "A lockfile does not hold what its manifest asks for.",
    docs: "The manifest was changed and the lockfile was not made again: the next installation either fails or resolves anew, and then \
        installs what nobody reviewed.\n\n\
        For example: `\"left-pad\": \"^2.0.0\"` in `package.json`, and 1.3.0 or nothing in `package-lock.json`.\n\n\
        **Instead:** make the lockfile again, and install with the flag that refuses a stale one (`npm ci`, `uv sync --locked`, `poetry \
        check --lock`, `cargo build --locked`).\n\n\
        Source: the documentation of npm, uv, Poetry and Cargo.",
};
