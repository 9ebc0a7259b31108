//! Downloads that a build or a pipeline unpacks, installs or keeps, and that nothing compares with a digest or a signature.
//!
//! What is fetched in one `RUN` or step may be compared and used in a later one: the commands of a whole image or job are
//! read in their order, and what is left at the end is told. A comparison counts for everything that was fetched before it.

use super::{
    super::{
        file::{At, File},
        shell::{self, Command, Then, Word},
    },
    Origin,
    fetched::{asks_packages, download, is_interpreter, is_verification, own_name, saved_as},
    host, is_near,
    rules::UNVERIFIED_DOWNLOAD,
};

/// Downloads of one image or job that are looked at.
const MOST: usize = 1_000;
/// Letters of a digest or a commit, of which the shortest is SHA-1.
const DIGEST: usize = 40;

/// What one image or job has downloaded so far.
pub(in super::super) struct Downloads {
    /// Whether whatever is written stays: an image is what its build wrote.
    keeps: bool,
    waiting: Vec<Waiting>,
    texts: usize,
    /// Where there were more than [`MOST`].
    more: Option<At>,
}

struct Waiting {
    /// Own name of the file; empty for what went into a pipe.
    name: String,
    address: String,
    at: At,
    /// In which of the texts.
    text: usize,
    /// Whether its name says that it is a key or a digest, which is told only where it is used as something else.
    proof: bool,
    /// What was done with it.
    done: Option<&'static str>,
}

impl Downloads {
    pub(in super::super) fn of_image() -> Self {
        Self {
            keeps: true,
            ..Self::of_job()
        }
    }

    pub(in super::super) fn of_job() -> Self {
        Self {
            keeps: false,
            waiting: Vec::new(),
            texts: 0,
            more: None,
        }
    }

    /// Says what is wrong with the commands of the next `RUN` or step, and takes note of what they download.
    pub(in super::super) fn examine(&mut self, file: &mut File<'_>, text: &str, origin: Origin<'_>) {
        super::examine(file, text, origin);
        self.read(file, text, origin);
    }

    fn read(&mut self, file: &File<'_>, text: &str, origin: Origin<'_>) {
        self.texts += 1;
        let (commands, _) = shell::read(text);
        // What flows into the next command.
        let mut piped: Option<Waiting> = None;
        for (index, command) in commands.iter().enumerate() {
            let Some((program, words)) = command.program() else {
                piped = None;
                continue;
            };
            if is_verification(program, words) {
                piped = None;
                let next = commands.get(index + 1).and_then(Command::program);
                let whatever = command.then == Then::Or && next.is_some_and(|(name, _)| matches!(name, "true" | ":"));
                if asks_packages(program) {
                    // What was installed before its signature was asked for has run its scripts.
                    self.waiting.retain(|waiting| waiting.done.is_some() || whatever);
                } else {
                    self.waiting.clear();
                }
                continue;
            }
            if reads_pipe(program)
                && let Some(done) = what_it_does(program, words)
                && let Some(waiting) = piped.take()
            {
                let done = Some(done);
                self.wait(Waiting { done, ..waiting });
            }
            self.use_files(program, words);
            let at = || origin.at(file, command.start());
            let name = saved_as(program, words, command).unwrap_or_default();
            let compares = program == "aria2c" && words.iter().any(compares_digest);
            let fetched = download(command).filter(|_| !compares);
            let fetched = fetched.and_then(|address| wanted(address, words));
            let flows = matches!(command.then, Then::Pipe);
            if let Some(address) = fetched {
                let waiting = Waiting {
                    proof: is_proof(&name.to_ascii_lowercase()),
                    name,
                    address,
                    at: at(),
                    text: self.texts,
                    done: None,
                };
                if !waiting.name.is_empty() {
                    self.wait(waiting);
                } else if flows {
                    piped = Some(waiting);
                }
            } else if let Some(address) = installed_address(program, words) {
                self.wait(Waiting {
                    name: String::new(),
                    proof: false,
                    address: address.to_owned(),
                    at: at(),
                    text: self.texts,
                    done: Some("installed"),
                });
            }
            if !flows {
                piped = None;
            }
        }
    }

    fn wait(&mut self, waiting: Waiting) {
        if self.waiting.len() < MOST {
            self.waiting.push(waiting);
        } else {
            self.more.get_or_insert(waiting.at);
        }
    }

    /// Notes what a command does with files that were downloaded.
    fn use_files(&mut self, program: &str, words: &[Word]) {
        let text = self.texts;
        let run = |waiting: &Waiting| {
            let handed = is_interpreter(program).then(|| words.iter().find(|word| !word.text.starts_with('-')));
            program == waiting.name || handed.flatten().is_some_and(|word| names(&word.text, &waiting.name))
        };
        // A script that is run where it was fetched is told by a rule of its own.
        self.waiting.retain(|waiting| waiting.text != text || !run(waiting));
        let removed = program == "rm";
        let does = what_it_does(program, words);
        for waiting in self.waiting.iter_mut().filter(|waiting| waiting.done.is_none()) {
            if run(waiting) {
                waiting.done = Some("run");
            } else if let Some(done) = does
                && !(waiting.proof && done == "installed")
                && words.iter().any(|word| names(&word.text, &waiting.name))
            {
                waiting.done = Some(done);
            }
        }
        if removed {
            self.waiting
                .retain(|waiting| waiting.done.is_some() || !words.iter().any(|word| names(&word.text, &waiting.name)));
        }
    }

    /// Tells what nothing compared.
    pub(in super::super) fn finish(self, file: &mut File<'_>) {
        let keeps = self.keeps.then_some("kept in the image");
        for waiting in &self.waiting {
            let keeps = keeps.filter(|_| !waiting.proof);
            let Some(done) = waiting.done.or(keeps) else { continue };
            let from = match host(&waiting.address) {
                known if waiting.address.contains("://") => known,
                _ => "an address that is not known here",
            };
            let note = format!("what {from} sends is {done}, and nothing compares it with a digest or a signature");
            file.report(&UNVERIFIED_DOWNLOAD, waiting.at, note, &waiting.address);
        }
        if let Some(at) = self.more {
            file.not_examined(
                Some(at),
                "more than 1000 downloads in one image or job: the rest was not looked at",
            );
        }
    }
}

/// The address of a download that can be replaced by its server, as far as it is known.
fn wanted(address: &str, words: &[Word]) -> Option<String> {
    let address = if address.is_empty() {
        words.iter().find(|word| word.bare).map(|word| word.text.as_str())?
    } else {
        address
    };
    let lower = address.to_ascii_lowercase();
    let checks = is_proof(lower.split(['?', '#']).next().unwrap_or_default());
    let near = address.contains("://") && is_near(host(address));
    (!checks && !near && !is_fixed(address)).then(|| address.to_owned())
}

/// Whether a name, in lower case, is one of keys, signatures and digests.
fn is_proof(name: &str) -> bool {
    [
        ".sha1",
        ".sha256",
        ".sha512",
        "sum",
        "sums",
        "sums.txt",
        ".asc",
        ".sig",
        ".sigstore",
        ".sigstore.json",
        ".minisig",
        ".md5",
        ".gpg",
        ".key",
        ".pub",
        ".pem",
        ".crt",
        ".att",
        ".intoto.jsonl",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

/// Whether an option of aria2 gives it a digest that nobody can make a second file for.
fn compares_digest(word: &Word) -> bool {
    let given = word.text.strip_prefix("--checksum=").unwrap_or_default();
    let digest = given.strip_prefix("sha-").and_then(|rest| rest.split_once('='));
    given.starts_with('$') || digest.is_some_and(|(name, digest)| name != "1" && !digest.is_empty())
}

/// Whether an address names a digest or a commit, so that its content cannot change unnoticed.
fn is_fixed(address: &str) -> bool {
    address
        .split(|c: char| !c.is_ascii_hexdigit())
        .any(|run| run.len() >= DIGEST)
}

/// An address that a program for packages installs as it is.
fn installed_address<'w>(program: &str, words: &'w [Word]) -> Option<&'w str> {
    let known = matches!(
        program,
        "pip" | "pip3" | "uv" | "pipx" | "python" | "python3" | "rpm" | "dnf" | "yum" | "microdnf" | "zypper"
    );
    let packages = [".whl", ".tar.gz", ".zip", ".rpm"];
    let mut before = "";
    for word in words.iter().filter(|_| known) {
        let path = word.text.split(['?', '#']).next().unwrap_or_default();
        let address = path
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme.ends_with("http") || scheme.ends_with("https"));
        let option =
            before.starts_with('-') && matches!(before, "-f" | "-i" | "-r" | "-c") && program.starts_with("pip");
        let pinned = word.text.contains("sha256=") || word.text.contains("sha512=") || is_fixed(&word.text);
        if address && !option && !pinned && packages.iter().any(|end| path.ends_with(end)) && !is_near(host(&word.text))
        {
            return Some(&word.text);
        }
        before = &word.text;
    }
    None
}

/// What a program makes of the files it is given, where that gives them a part in what is built.
fn what_it_does(program: &str, words: &[Word]) -> Option<&'static str> {
    let to_programs = || {
        words
            .iter()
            .any(|word| word.text.ends_with("/bin") || word.text.contains("/bin/"))
    };
    match program {
        "tar" | "bsdtar" | "unzip" | "7z" | "7za" | "gunzip" | "gzip" | "zcat" | "bunzip2" | "xz" | "unxz" | "zstd"
        | "unzstd" | "cpio" => Some("unpacked"),
        "dpkg" | "rpm" | "apt" | "apt-get" | "dnf" | "yum" | "microdnf" | "zypper" | "apk" | "pip" | "pip3" | "uv"
        | "pipx" | "npm" | "conda" | "mamba" | "snap" | "install" => Some("installed"),
        "docker" | "podman" if words.first().is_some_and(|word| word.text == "load") => Some("loaded"),
        "chmod" if words.first().is_some_and(|word| word.text.contains(['x', '7', '5'])) => Some("made a program"),
        "mv" | "cp" | "ln" | "tee" if to_programs() => Some("installed"),
        _ => None,
    }
}

/// Whether a program takes an archive from a pipe.
fn reads_pipe(program: &str) -> bool {
    what_it_does(program, &[]) == Some("unpacked") || matches!(program, "docker" | "podman" | "tee")
}

/// Whether a word names the file, by itself or by a `*`.
fn names(word: &str, name: &str) -> bool {
    let own = own_name(word);
    match own.split_once('*') {
        Some((start, end)) => {
            !name.is_empty() && name.starts_with(start) && name.ends_with(end.trim_start_matches('*'))
        }
        None => !name.is_empty() && own == name,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Blob, Findings};

    fn told(path: &str, text: &str) -> usize {
        let mut findings = Findings::default();
        super::super::super::scan(&Blob::of_bytes(path, text.as_bytes()), &mut findings);
        assert!(findings.not_examined.is_empty(), "{text}");
        findings
            .found
            .iter()
            .filter(|one| one.rule.id == "code/shell-unverified-download")
            .count()
    }

    #[test]
    fn downloads_of_a_job_are_compared_in_any_later_step_of_it() {
        let job = |steps: &[&str]| {
            let steps: String = steps
                .iter()
                .map(|step| format!("      - run: |\n          {step}\n"))
                .collect();
            format!("on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}")
        };
        let fetch = "curl -sSLo t.tgz https://get.acme.dev/t.tgz";
        for (steps, expect) in [
            (&[fetch][..], 0),
            (&[fetch, "tar xzf t.tgz"], 1),
            (&[fetch, "tar xzf ./*.tgz"], 1),
            (&[fetch, "sha256sum --check t.sha256", "tar xzf t.tgz"], 0),
            (&[fetch, "tar xzf t.tgz", "sha256sum --check t.sha256"], 0),
            (&["sha256sum --check t.sha256", fetch, "tar xzf t.tgz"], 1),
            (&["curl -s https://get.acme.dev/t.tgz | tar xz"], 1),
            (&["curl -s https://api.acme.dev/t | jq . | tee out.json"], 0),
            (
                &["curl -s https://get.acme.dev/key.gpg | gpg --dearmor -o /usr/share/keyrings/a.gpg"],
                0,
            ),
            (&["curl -so a.json https://api.acme.dev/a", "jq . a.json"], 0),
            (&["curl -so a https://get.acme.dev/a", "bash a"], 1),
            (&["pip install https://get.acme.dev/a-1.0-py3-none-any.whl"], 1),
            (
                &["pip install https://get.acme.dev/a-1.0-py3-none-any.whl#sha256=00"],
                0,
            ),
            (&["pip install -r https://get.acme.dev/requirements.txt"], 0),
        ] {
            assert_eq!(told(".github/workflows/a.yml", &job(steps)), expect, "{steps:?}");
        }
        let gitlab = "a:\n  script:\n    - wget https://get.acme.dev/t.zip\n    - unzip t.zip\n";
        assert_eq!(told(".gitlab-ci.yml", gitlab), 1);
        let checked = "a:\n  before_script:\n    - wget https://get.acme.dev/t.zip\n    - shasum -c t.sum\n  script:\n    - unzip t.zip\n";
        assert_eq!(told(".gitlab-ci.yml", checked), 0);
    }

    #[test]
    fn a_script_of_no_build_is_not_asked() {
        assert_eq!(told("get.sh", "curl -s https://get.acme.dev/t.tgz | tar xz\n"), 0);
    }

    #[test]
    fn very_many_downloads_are_bounded() {
        let one = "RUN wget https://get.acme.dev/t.tgz\n".repeat(super::MOST + 1);
        let mut findings = Findings::default();
        let text = format!("FROM scratch\n{one}");
        super::super::super::scan(&Blob::of_bytes("Dockerfile", text.as_bytes()), &mut findings);
        assert!(!findings.not_examined.is_empty());
    }
}
