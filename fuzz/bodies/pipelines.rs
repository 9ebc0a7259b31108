//! What runs in a repository: any text as workflow, pipeline, hooks, tasks and scripts.

use std::collections::BTreeMap;

use ward_policy::{
    pipeline::{self, glob},
    repository::{File, Git, Repository},
};

/// Calls every kind of task.
const CALLS: &str = "on: [push]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      \
    - uses: ./.github/actions/x\n      - run: |\n          make\n          tox\n          nox\n          just x\n          npm run x\n          \
    ./x.sh\n          poe x\n          pre-commit run -a\n  b:\n    uses: ./.github/workflows/x.yml\n";

/// Reads pipelines from any bytes. Every run stands in a file that is there, and reading again says the same.
pub fn run(data: &[u8]) {
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut add = |path: &str, bytes: &[u8]| {
        let file = File {
            len: bytes.len() as u64,
            bytes: Some(bytes.to_vec()),
            lfs: false,
        };
        files.insert(path.to_owned(), file);
    };
    add(".github/workflows/calls.yml", CALLS.as_bytes());
    for path in [
        ".github/workflows/x.yml",
        ".github/actions/x/action.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
        ".husky/pre-commit",
        "lefthook.yml",
        "Makefile",
        "tox.ini",
        "noxfile.py",
        "justfile",
        "package.json",
        "pyproject.toml",
        "x.sh",
        "requirements.txt",
        ".gitleaks.toml",
    ] {
        add(path, data);
    }
    let repository = Repository {
        files,
        git: Some(Git::default()),
        slug: Some("github.com/acme/x".to_owned()),
        ..Repository::default()
    };
    let first = pipeline::read(&repository);
    for run in &first.runs {
        assert!(repository.files.contains_key(&run.place.path));
        assert!(run.place.line >= 1);
        assert_eq!(run.gates(), run.hollow.is_empty() && run.unknown.is_none());
        assert!(run.hollow.iter().all(|one| !one.is_limit()));
    }
    let second = pipeline::read(&repository);
    assert_eq!(first.runs, second.runs);
    assert_eq!(first.not_examined, second.not_examined);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = glob::cron(text);
        if let Some((pattern, path)) = text.split_once('\n') {
            let _ = glob::matches(pattern, path);
        }
    }
}
