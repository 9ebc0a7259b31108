//! What commands of a shell do that they should not: in scripts, in steps of pipelines, in the build of images.

mod fetched;
mod rules;
mod secrets;
mod unverified;

use std::{cell::OnceCell, collections::HashMap};

use ward_evidence::Severity;
use ward_formats::yaml::Value;

use super::{
    file::{At, File},
    shell::{self, Command, Word},
};
use crate::{inventory::requirement::is_commit, secrets::generic::values::is_weak_word};
#[cfg(test)]
pub(super) use rules::EXAMPLES;
use rules::{
    EVAL, EXTRA_INDEX, OPEN_SERVICE, PLAIN_DOWNLOAD, REMOTE_CODE, RM_VARIABLE, UNPINNED_INSTALL, UNPINNED_MODEL,
    WORLD_WRITABLE,
};
pub(super) use rules::{RULES, TLS_OFF};
pub(super) use secrets::{is_secret_name, is_secret_value};
pub(super) use unverified::Downloads;

/// What is said of a script that ends inside a quote or a substitution.
const NEVER_CLOSED: &str =
    "a quote or a substitution that nothing closes: what stands behind it was read as well as it could be";

/// Where a piece of shell text stands in its file.
#[derive(Clone, Copy)]
pub(super) enum Origin<'v> {
    /// From this byte of the file on, byte for byte.
    Byte(usize),
    /// It is the text of this scalar.
    Scalar(Value<'v>),
}

impl Origin<'_> {
    /// The place of byte `offset` of the text.
    pub(super) fn at(self, file: &File<'_>, offset: usize) -> At {
        match self {
            Origin::Byte(base) => file.at(base + offset),
            Origin::Scalar(value) if file.may_place(offset) => value.place_in(offset),
            Origin::Scalar(value) => (value.line(), value.column()),
        }
    }
}

/// Says what is wrong with the commands of `text`.
pub(super) fn examine(file: &mut File<'_>, text: &str, origin: Origin<'_>) {
    let (commands, open) = shell::read(text);
    if let (Some(open), Origin::Byte(_)) = (open, origin) {
        let at = origin.at(file, open);
        file.not_examined(Some(at), NEVER_CLOSED);
    }
    let strict = commands.iter().any(is_nounset);
    let set: OnceCell<HashMap<&str, usize>> = OnceCell::new();
    let mut before = fetched::Before::default();
    for command in &commands {
        let mut look = Look { file, origin, command };
        look.unseen_script(&before);
        look.environment();
        if let Some((program, words)) = command.program() {
            look.program(program, words);
            if program == "rm" && !strict {
                look.removes(words, set.get_or_init(|| first_set(&commands)));
            }
        }
        before.note(command);
    }
}

/// Where each variable is first given something, or read in a loop.
fn first_set(commands: &[Command]) -> HashMap<&str, usize> {
    let mut set = HashMap::new();
    for command in commands {
        let assigned = command.assignments().filter(|(_, value, _)| !value.is_empty());
        let assigned = assigned.map(|(name, ..)| name);
        let looped = match &command.words[..] {
            [first, name, ..] if first.text == "for" => Some(name.text.as_str()),
            _ => None,
        };
        for name in assigned.chain(looped) {
            let at = set.entry(name).or_insert(usize::MAX);
            *at = command.start().min(*at);
        }
    }
    set
}

fn is_nounset(command: &Command) -> bool {
    let flag = |word: &Word| word.text == "nounset" || word.text.starts_with('-') && word.text.contains('u');
    command.words.first().is_some_and(|word| word.text == "set") && command.words.iter().skip(1).any(flag)
}

/// The host of an address, without user and port.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#', '"', '\'', ')']).next().unwrap_or_default();
    let rest = rest.rsplit('@').next().unwrap_or_default();
    rest.split(':').next().unwrap_or_default()
}

/// Whether a host is this machine.
fn is_own(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0")
}

/// Whether a host is this machine, a neighbour, or not known.
fn is_near(host: &str) -> bool {
    let numbers = || host.split('.').filter_map(|part| part.parse::<u8>().ok());
    let private = matches!(
        numbers().collect::<Vec<_>>()[..],
        [10 | 127, ..] | [192, 168, ..] | [169, 254, ..] | [172, 16..=31, ..] | [0, 0, 0, 0]
    );
    host.is_empty()
        || private
        || !host.contains('.')
        || host.contains(['$', '{', '<', '%'])
        || [
            ".local",
            ".internal",
            ".localhost",
            ".test",
            ".svc",
            ".lan",
            ".example",
            "example.com",
            "example.org",
        ]
        .iter()
        .any(|end| host.ends_with(end))
}

struct Look<'l, 'f> {
    file: &'l mut File<'f>,
    origin: Origin<'l>,
    command: &'l Command,
}

impl Look<'_, '_> {
    fn at(&self, word: &Word) -> At {
        self.origin.at(self.file, word.start)
    }

    fn start(&self) -> At {
        self.origin.at(self.file, self.command.start())
    }

    /// Variables that switch checks off.
    fn environment(&mut self) {
        for (name, value, word) in self.command.assignments() {
            if let Some(what) = switches_tls_off(name, value) {
                let at = self.at(word);
                self.file.report(&TLS_OFF, at, format!("`{name}` {what}"), name);
            }
        }
    }

    fn program(&mut self, program: &str, words: &[Word]) {
        match program {
            "curl" | "wget" => self.downloads(program, words),
            "git" => self.git(words),
            "pip" | "pip3" | "uv" | "pipx" => self.pip(words),
            "python" | "python3" => {
                if let [module, pip, rest @ ..] = words
                    && module.text == "-m"
                {
                    match pip.text.as_str() {
                        "pip" => self.pip(rest),
                        name => self.server(name, rest),
                    }
                }
            }
            "npm" | "yarn" | "pnpm" => {
                let set =
                    words.iter().any(|word| word.text == "strict-ssl") && words.iter().any(|word| word.text == "false");
                if set || has(words, "--strict-ssl=false") || has(words, "--no-strict-ssl") {
                    self.report_tls("does not check certificates", "strict-ssl");
                }
            }
            "apt" | "apt-get" => {
                if let Some(word) = words.iter().find(|word| {
                    matches!(word.text.as_str(), "--allow-unauthenticated" | "--force-yes")
                        || word.text.contains("AllowUnauthenticated=true")
                        || word.text.contains("Verify-Peer=false")
                }) {
                    let (at, name) = (self.at(word), word.text.clone());
                    self.file
                        .report(&TLS_OFF, at, "packages are installed without a signature", &name);
                }
            }
            "ssh" | "scp" | "rsync" => {
                if let Some(word) = words.iter().find(|word| word.text.contains("StrictHostKeyChecking=no")) {
                    let at = self.at(word);
                    let note = "whoever answers is taken for the host";
                    self.file
                        .report_thorough(&TLS_OFF, Severity::Low, at, note, "StrictHostKeyChecking");
                }
            }
            "sshpass" => {
                if let Some(word) = words.iter().find(|word| word.text.starts_with("-p")) {
                    self.secret_argument(word, word.text.get(2..).unwrap_or_default(), words);
                }
            }
            "docker" | "podman" | "mysql" | "mysqldump" | "psql" | "redis-cli" | "twine" | "az" | "mongosh"
            | "mongo" => {
                self.passwords(program, words);
            }
            "chmod" => self.chmod(words),
            "eval" => self.evaluates(words),
            "huggingface-cli" | "hf" => {
                let downloads = words.first().is_some_and(|word| word.text == "download");
                if downloads && !any_starts(words, "--revision") {
                    let model = words.get(1).map_or("", |word| &word.text);
                    let note = format!("`{program} download` takes whatever the repository holds today");
                    let at = self.start();
                    self.file.report(&UNPINNED_MODEL, at, note, model);
                }
            }
            _ => {}
        }
        if any_starts(words, "--trust-remote-code") || any_starts(words, "--trust_remote_code") {
            let off = words
                .iter()
                .any(|word| word.text.to_ascii_lowercase().ends_with("code=false"));
            let word = words.iter().find(|word| word.text.starts_with("--trust"));
            if let (false, Some(word)) = (off, word) {
                let at = self.at(word);
                let note = format!("`{program}` runs the code that the model's repository brings");
                self.file.report(&REMOTE_CODE, at, note, program);
            }
        }
        self.server(program, words);
    }

    fn report_tls(&mut self, what: &str, value: &str) {
        let at = self.start();
        let program = self.command.program().map_or("", |(program, _)| program);
        self.file.report(&TLS_OFF, at, format!("`{program}` {what}"), value);
    }

    fn downloads(&mut self, program: &str, words: &[Word]) {
        let short = |word: &Word, flag: char| {
            word.text.starts_with('-')
                && !word.text.starts_with("--")
                && word.text.len() < 8
                && word.text.contains(flag)
        };
        let addresses: Vec<&Word> = words.iter().filter(|word| word.text.contains("://")).collect();
        let near = !addresses.is_empty() && addresses.iter().all(|word| is_near(host(&word.text)));
        let off = match program {
            "curl" => words
                .iter()
                .any(|word| word.text == "--insecure" || word.text == "--proxy-insecure" || short(word, 'k')),
            _ => has(words, "--no-check-certificate"),
        };
        if off && !near {
            self.report_tls("does not check certificates", program);
        }
        // What a service that was just started here is given by everybody who starts it.
        let is_here = |word: &&Word| is_own(host(&word.text));
        let own = addresses.iter().all(is_here) && words.iter().any(|word| is_here(&word));
        for word in addresses {
            let lower = word.text.to_ascii_lowercase();
            if (lower.starts_with("http://") || lower.starts_with("ftp://")) && !is_near(host(&word.text)) {
                let (at, note) = (
                    self.at(word),
                    format!("`{program}` fetches from {} without encryption", host(&word.text)),
                );
                let address = word.text.clone();
                self.file.report(&PLAIN_DOWNLOAD, at, note, &address);
            }
        }
        for pair in words.windows(2) {
            if let [flag, value] = pair
                && matches!(flag.text.as_str(), "-u" | "--user" | "--proxy-user")
                && let Some((user, password)) = value.text.split_once(':')
                && !(own && (password == user || is_weak_word(password)))
            {
                self.secret(value, password);
            }
        }
    }

    fn git(&mut self, words: &[Word]) {
        if words
            .iter()
            .any(|word| word.text.to_ascii_lowercase().contains("http.sslverify=false"))
            || words
                .windows(2)
                .any(|pair| matches!(pair, [a, b] if a.text == "http.sslVerify" && b.text == "false"))
        {
            self.report_tls("does not check certificates", "http.sslVerify");
        }
        let clones = words
            .iter()
            .any(|word| matches!(word.text.as_str(), "clone" | "pull" | "fetch"));
        let Some(word) = words.iter().find(|word| clones && word.text.contains("://")) else {
            return;
        };
        let (at, address) = (self.at(word), word.text.clone());
        let near = is_near(host(&address));
        if (address.starts_with("http://") || address.starts_with("git://")) && !near {
            let note = format!("`git` fetches from {} without encryption", host(&address));
            self.file.report(&PLAIN_DOWNLOAD, at, note, &address);
        }
        if host(&address) == "huggingface.co" && !any_starts(words, "--revision") && !any_starts(words, "--branch") {
            let note = "the repository of a model is taken as it is today";
            self.file
                .report_thorough(&UNPINNED_MODEL, Severity::Low, at, note, &address);
        }
    }

    fn pip(&mut self, words: &[Word]) {
        let installs = words
            .iter()
            .take(3)
            .any(|word| matches!(word.text.as_str(), "install" | "add" | "download" | "wheel"));
        if !installs {
            return;
        }
        let mut values = words.iter().skip(1).peekable();
        while let Some(word) = values.next() {
            let (flag, value) = match word.text.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag, Some(value.to_owned())),
                _ => (word.text.as_str(), None),
            };
            let at = self.at(word);
            match flag {
                "--trusted-host" => {
                    let host = value
                        .or_else(|| values.next().map(|word| word.text.clone()))
                        .unwrap_or_default();
                    self.file
                        .report(&TLS_OFF, at, format!("pip does not check who {host} is"), &host);
                }
                "-i" | "--index-url" | "--extra-index-url" | "-f" | "--find-links" => {
                    let address = value
                        .or_else(|| values.next().map(|word| word.text.clone()))
                        .unwrap_or_default();
                    if address.starts_with("http://") && !is_near(host(&address)) {
                        let note = format!("packages come from {} without encryption", host(&address));
                        self.file.report(&PLAIN_DOWNLOAD, at, note, &address);
                    }
                    if flag == "--extra-index-url" {
                        let known = ["pytorch.org", "nvidia.com", "amd.com", "intel.com", "jetson-ai-lab"];
                        let host = host(&address).to_owned();
                        let note =
                            format!("a package of {host} can be replaced by one of the same name in the public index");
                        if known.iter().any(|name| host.contains(name)) {
                            self.file
                                .report_thorough(&EXTRA_INDEX, Severity::Low, at, note, &address);
                        } else {
                            self.file.report(&EXTRA_INDEX, at, note, &address);
                        }
                    }
                }
                _ => {}
            }
            if let Some(at_source) = word.text.find("git+")
                && word.text.contains("://")
            {
                let source = word.text.get(at_source..).unwrap_or_default();
                let path = source.split_once("://").map_or("", |(_, rest)| rest);
                let path = path.split(['#', ';']).next().unwrap_or_default();
                let revision = path
                    .rsplit_once('/')
                    .and_then(|(_, last)| last.split_once('@'))
                    .map(|(_, revision)| revision);
                let pinned = revision.is_some_and(|revision| is_commit(revision) || revision.contains('$'));
                let tagged = revision.is_some_and(|revision| {
                    revision
                        .trim_start_matches('v')
                        .starts_with(|c: char| c.is_ascii_digit())
                });
                if !pinned {
                    let what = path.split('@').next().unwrap_or_default().to_owned();
                    let note = format!("{what} is installed as it is on the day of the build");
                    if tagged {
                        self.file
                            .report_thorough(&UNPINNED_INSTALL, Severity::Low, at, note, &what);
                    } else {
                        self.file.report(&UNPINNED_INSTALL, at, note, &what);
                    }
                }
            }
        }
    }

    fn chmod(&mut self, words: &[Word]) {
        let Some(word) = words.iter().find(|word| !word.text.starts_with('-')) else {
            return;
        };
        let mode = word.text.as_str();
        let digits = mode.trim_start_matches('0');
        let open = digits.len() == 3
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && digits.ends_with(['2', '3', '6', '7'])
            || matches!(
                mode,
                "a+w"
                    | "o+w"
                    | "a+rw"
                    | "a+rwx"
                    | "o+rw"
                    | "o+rwx"
                    | "ugo+rwx"
                    | "ugo+w"
                    | "+rwx"
                    | "a=rwx"
                    | "go+w"
                    | "ugo+rw"
            );
        // A socket of the container runtime is as good as root.
        let socket = words.iter().any(|word| word.text.contains("docker.sock"));
        if open {
            let severity = if socket {
                Severity::High
            } else {
                WORLD_WRITABLE.severity
            };
            let (at, note) = (
                self.at(word),
                format!("mode {mode} lets every user of the machine write"),
            );
            let value = words.last().map_or_else(String::new, |word| word.text.clone());
            self.file.report_as(&WORLD_WRITABLE, severity, at, note, &value);
        }
    }

    fn evaluates(&mut self, words: &[Word]) {
        let argument = |text: &str| {
            ["$1", "$2", "$@", "$*", "${1", "${2", "${@", "${*"]
                .iter()
                .any(|sign| text.contains(sign))
        };
        if let Some(word) = words.iter().find(|word| !word.literal && argument(&word.text)) {
            let (at, value) = (self.at(word), word.text.clone());
            self.file
                .report(&EVAL, at, "what the script was called with is run as a command", &value);
        }
    }

    /// `rm -rf $NAME/`: removes everything where the name is empty.
    fn removes(&mut self, words: &[Word], set: &HashMap<&str, usize>) {
        let recursive = words.iter().any(|word| {
            word.text == "--recursive"
                || word.text.starts_with('-') && !word.text.starts_with("--") && word.text.contains(['r', 'R'])
        });
        if !recursive {
            return;
        }
        for word in words.iter().filter(|word| !word.literal) {
            let Some(name) = root_when_empty(&word.text) else {
                continue;
            };
            let set = set.get(name).is_some_and(|at| *at < word.start);
            if !set {
                let (at, note) = (
                    self.at(word),
                    format!("removes everything below `/` when `{name}` is empty or not set"),
                );
                self.file.report(&RM_VARIABLE, at, note, name);
            }
        }
    }

    /// Servers of models and notebooks that listen to everybody.
    fn server(&mut self, program: &str, words: &[Word]) {
        let everywhere = words
            .iter()
            .any(|word| matches!(word.text.as_str(), "0.0.0.0" | "::" | "*"))
            || words
                .iter()
                .any(|word| word.text.ends_with("=0.0.0.0") || word.text.ends_with("=*"))
            || has(words, "--bind_all")
            || any_starts(words, "--listen=0.0.0.0");
        match program {
            "jupyter" | "jupyter-lab" | "jupyter-notebook" | "jupyterlab" | "notebook" => {
                let open = |word: &Word| {
                    let text = word.text.as_str();
                    matches!(
                        text,
                        "--NotebookApp.token="
                            | "--ServerApp.token="
                            | "--IdentityProvider.token="
                            | "--NotebookApp.password="
                            | "--LabApp.token="
                    )
                };
                if let Some(word) = words.iter().find(|word| open(word)) {
                    let severity = if everywhere {
                        Severity::Critical
                    } else {
                        OPEN_SERVICE.severity
                    };
                    let at = self.at(word);
                    let note = "a notebook server without a token runs the code of everybody who reaches it";
                    self.file.report_as(&OPEN_SERVICE, severity, at, note, program);
                }
            }
            "mlflow" | "tensorboard" | "ray" | "dask-scheduler" | "langflow" | "flowise" if everywhere => {
                let note = format!("`{program}` listens on every address and asks nobody who they are");
                let at = self.start();
                self.file.report_as(&OPEN_SERVICE, Severity::Medium, at, note, program);
            }
            "vllm" | "vllm.entrypoints.openai.api_server" | "llama-server" | "sglang" | "lmdeploy"
                if everywhere && !any_starts(words, "--api-key") =>
            {
                let note = format!("`{program}` listens on every address without a key");
                let at = self.start();
                self.file.report_as(&OPEN_SERVICE, Severity::Low, at, note, program);
            }
            _ => {}
        }
    }
}

fn has(words: &[Word], text: &str) -> bool {
    words.iter().any(|word| word.text == text)
}

fn any_starts(words: &[Word], start: &str) -> bool {
    words.iter().any(|word| word.text.starts_with(start))
}

/// The name in `$NAME/`, `${NAME}/*` and `/$NAME`, of which only `/` is left when it is empty.
fn root_when_empty(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('/').unwrap_or(text);
    let rest = inner.strip_prefix('$')?;
    let (name, after) = match rest.strip_prefix('{') {
        Some(braced) => braced.split_once('}')?,
        None => {
            let end = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            rest.split_at_checked(end)?
        }
    };
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let usual = matches!(
        name,
        "HOME" | "PWD" | "TMPDIR" | "GITHUB_WORKSPACE" | "RUNNER_TEMP" | "CI_PROJECT_DIR" | "OLDPWD"
    );
    let whole = matches!(after, "/" | "/*" | "/." | "/.*") || text.starts_with("/$") && after.is_empty();
    (plain && !usual && whole).then_some(name)
}

/// What a variable of the environment does to checks of certificates, when set to `value`.
pub(super) fn switches_tls_off(name: &str, value: &str) -> Option<&'static str> {
    let value = value.trim_matches(['"', '\'']).to_ascii_lowercase();
    let (yes, no) = (
        matches!(value.as_str(), "1" | "true" | "yes"),
        matches!(value.as_str(), "0" | "false" | "no"),
    );
    let off = match name {
        "NODE_TLS_REJECT_UNAUTHORIZED" | "PYTHONHTTPSVERIFY" | "HF_HUB_VERIFY_SSL" | "CONDA_SSL_VERIFY" => no,
        "npm_config_strict_ssl" | "NPM_CONFIG_STRICT_SSL" | "YARN_ENABLE_STRICT_SSL" | "GOSUMDB" => {
            no || name == "GOSUMDB" && value == "off"
        }
        "GIT_SSL_NO_VERIFY" | "GONOSUMCHECK" | "GOINSECURE" | "HF_HUB_DISABLE_SSL_VERIFICATION" | "INSECURE_SSL" => yes,
        _ => false,
    };
    off.then_some("switches the check of certificates or checksums off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_path() {
        for (text, expect) in [
            ("$A/", Some("A")),
            ("${A}/*", Some("A")),
            ("/$A", Some("A")),
            ("$A", None),
            ("$A/b", None),
            ("${A:?}/", None),
            ("$HOME/*", None),
            ("a/$A/", None),
        ] {
            assert_eq!(root_when_empty(text), expect, "{text}");
        }
    }
}
