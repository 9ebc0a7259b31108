//! From the text of `ward.toml` to settings.

use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use toml::de::{DeTable, DeValue};
use ward_guard::Phi;
use ward_seal::hash;

use super::{
    Effective, Kind, Setting, SettingsError, Source, Value, masked,
    profiles::{BEYOND_THIS_MACHINE, PROFILES},
    table::SETTINGS,
};
use crate::{config::Config, identity::Role, identity::oidc::KeySource};

/// Largest `ward.toml`, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Largest file of a secret, in bytes.
const MAX_SECRET: u64 = 64 << 10;

/// `ward.toml` as it was found.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// What errors call it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The folder it stands in: files that it names stand beside it.
    pub folder: &'a Path,
}

/// Sections of the same file that other commands read, and check.
const OTHERS: &[&str] = &["attest", "disclose", "policy", "scan"];

/// What was said on the command line, as TOML: the setting's name below `[serve]`, its value.
pub type Flags = [(&'static str, String)];

/// Settings, read.
pub struct Read {
    /// The settings.
    pub config: Config,
    /// Each setting with its value and where that comes from, in the order of the table.
    pub effective: Vec<Effective>,
    /// The profile.
    pub profile: &'static str,
    /// What `log` says.
    pub log: String,
}

/// Reads settings: defaults, then the profile, then the file, then flags.
///
/// # Errors
/// The first thing that is wrong, with its file and line.
pub fn read(
    document: Option<Document<'_>>,
    flags: &Flags,
    data: PathBuf,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Read, SettingsError> {
    layered(document, flags, data, env).map_err(|error| SettingsError {
        // Only what stands in the file has a line.
        file: error
            .file
            .or_else(|| error.line.and(document).map(|document| document.name.to_owned())),
        ..error
    })
}

/// What is wrong with a file by its text alone: no secret that it names is looked up, and no other file is opened.
#[must_use]
pub fn fault(document: Document<'_>) -> Option<SettingsError> {
    by_text(document).err()
}

fn by_text(document: Document<'_>) -> Result<Read, SettingsError> {
    let mut file = Leaves::parse(document.text, true)?;
    for setting in SETTINGS.iter().filter(|setting| setting.kind == Kind::Secret) {
        if let Some(Raw::Text(text)) = file.single.get_mut(setting.path).map(|leaf| &mut leaf.value)
            && text.split_once(':').is_some_and(|(way, _)| SECRET_WAYS.contains(&way))
        {
            "env:SECRET".clone_into(text);
        }
    }
    let stand_in = |_: &str| Some("a secret that nobody looked up".to_owned());
    of_leaves(file, Some(document), &[], PathBuf::new(), &stand_in)
}

fn layered(
    document: Option<Document<'_>>,
    flags: &Flags,
    data: PathBuf,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Read, SettingsError> {
    let file = match document {
        None => Leaves::default(),
        Some(document) => Leaves::parse(document.text, true).map_err(|error| SettingsError {
            file: Some(document.name.to_owned()),
            ..error
        })?,
    };
    of_leaves(file, document, flags, data, env)
}

fn of_leaves(
    file: Leaves,
    document: Option<Document<'_>>,
    flags: &Flags,
    data: PathBuf,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Read, SettingsError> {
    let folder = document.map_or(Path::new(""), |document| document.folder);
    let profile = match file.profile {
        None => PROFILES.first(),
        Some((ref name, line)) => Some(PROFILES.iter().find(|profile| profile.name == name).ok_or_else(|| {
            let names: Vec<_> = PROFILES.iter().map(|profile| profile.name).collect();
            wrong(line, "serve.profile", format!("profiles are {}", names.join(", ")))
        })?),
    };
    let (name, settings) = profile.map_or(("dev", ""), |profile| (profile.name, profile.settings));
    let mut layers = vec![(Source::Profile, Leaves::parse(settings, false)?), (Source::File, file)];
    let mut text = String::new();
    for (path, value) in flags {
        text.push_str(&format!("{path} = {value}\n"));
    }
    layers.push((Source::Flag, Leaves::parse(&text, false)?));
    if name == "dev" && is_beyond(&layers) && !says(&layers, "unsafe_unlimited", "true") {
        layers.insert(0, (Source::Profile, Leaves::parse(BEYOND_THIS_MACHINE, false)?));
    }

    let mut config = Config::new(data);
    config.digest = document.map(|document| hash::sha256(document.text.as_bytes()));
    let mut effective = Vec::new();
    for setting in SETTINGS.iter().filter(|setting| !setting.path.contains("[]")) {
        let said = layers
            .iter()
            .rev()
            .find_map(|(source, leaves)| leaves.single.get(setting.path).map(|leaf| (*source, leaf)));
        let Some((source, leaf)) = said else {
            effective.push(Effective {
                path: setting.path,
                value: setting.default.to_owned(),
                source: Source::Default,
            });
            continue;
        };
        set(&mut config, setting, leaf, folder, env)?;
        effective.push(Effective {
            path: setting.path,
            value: leaf.value.shown(),
            source,
        });
    }
    for (source, leaves) in &layers {
        for (list, line, members) in &leaves.lists {
            entry(&mut config, list, *line, members, folder, env)?;
            for setting in of_list(list) {
                if let Some(leaf) = members.get(setting.path) {
                    effective.push(Effective {
                        path: setting.path,
                        value: leaf.value.shown(),
                        source: *source,
                    });
                }
            }
        }
    }
    complete(&config, &layers, folder)?;
    if let Some(settings) = &mut config.oidc
        && let KeySource::File(path) = &settings.keys
    {
        settings.keys = KeySource::File(folder.join(path));
    }
    let log = layers.iter().rev().find_map(|(_, leaves)| leaves.single.get("log"));
    let log = log.map_or_else(
        || "none".to_owned(),
        |leaf| leaf.value.shown().trim_matches('"').to_owned(),
    );
    Ok(Read {
        config,
        effective,
        profile: name,
        log,
    })
}

fn wrong(line: Option<usize>, path: impl Into<String>, what: impl Into<String>) -> SettingsError {
    SettingsError {
        file: None,
        line,
        path: path.into(),
        what: what.into(),
    }
}

/// Sets one thing.
fn set(
    config: &mut Config,
    setting: &Setting,
    leaf: &Leaf,
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<(), SettingsError> {
    let path = format!("serve.{}", setting.path);
    let value = leaf
        .value
        .of_kind(setting.kind, folder, env)
        .map_err(|what| wrong(leaf.line, &path, what))?;
    (setting.set)(config, &value).map_err(|what| wrong(leaf.line, &path, format!("{what}.")))
}

/// Lists of tables: `[[serve.client]]` and so on.
const LISTS: [&str; 3] = ["client", "tool", "route"];

/// The settings of one entry of a list, in the order in which they are set.
fn of_list(list: &str) -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().filter(move |setting| {
        let member = setting.path.strip_prefix(list);
        member.is_some_and(|member| member.starts_with("[]."))
    })
}

/// Sets one entry of a list.
fn entry(
    config: &mut Config,
    list: &str,
    line: Option<usize>,
    members: &HashMap<String, Leaf>,
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<(), SettingsError> {
    for setting in of_list(list) {
        match members.get(setting.path) {
            Some(leaf) => set(config, setting, leaf, folder, env)?,
            None if setting.default == "must be set" => {
                return Err(wrong(line, format!("serve.{}", setting.path), "this must be set."));
            }
            None => {}
        }
    }
    if config
        .clients
        .last()
        .is_some_and(|client| client.role == Role::BreakGlass)
    {
        let what = "break-glass is given by `ward key new`, with a reason and an end, and not by a certificate.";
        return Err(wrong(line, "serve.client[].role", what));
    }
    Ok(())
}

/// What only shows when everything is set.
fn complete(config: &Config, layers: &[(Source, Leaves)], folder: &Path) -> Result<(), SettingsError> {
    let _ = folder;
    let line = |path: &str| {
        layers
            .iter()
            .rev()
            .find_map(|(_, leaves)| leaves.single.get(path))
            .and_then(|leaf| leaf.line)
    };
    if let Some(oidc) = &config.oidc {
        let missing = [
            ("oidc.audience", oidc.audiences.is_empty()),
            ("oidc.keys", oidc.keys == KeySource::Url(String::new())),
            ("oidc.roles", oidc.roles.is_empty()),
        ];
        for (path, is_missing) in missing {
            if is_missing {
                return Err(wrong(
                    line("oidc.issuer"),
                    format!("serve.{path}"),
                    "an issuer needs this too.",
                ));
            }
        }
    }
    if config.tls.certificate.is_some() != config.tls.key.is_some() {
        let at = line("tls.certificate").or(line("tls.key"));
        return Err(wrong(
            at,
            "serve.tls",
            "a certificate and its key go together; name both or neither.",
        ));
    }
    if !config.clients.is_empty() && config.tls.client_ca.is_none() {
        let what = "client certificates need the authority that they are believed by.";
        let named = layers.iter().flat_map(|(_, leaves)| &leaves.lists);
        let at = named
            .filter(|(list, ..)| *list == "client")
            .find_map(|(_, line, _)| *line);
        return Err(wrong(at, "serve.tls.client_ca", what));
    }
    Ok(())
}

fn says(layers: &[(Source, Leaves)], path: &str, value: &str) -> bool {
    let leaf = layers.iter().rev().find_map(|(_, leaves)| leaves.single.get(path));
    leaf.is_some_and(|leaf| leaf.value.shown() == value)
}

/// Whether these settings listen beyond this machine.
fn is_beyond(layers: &[(Source, Leaves)]) -> bool {
    let leaf = layers.iter().rev().find_map(|(_, leaves)| leaves.single.get("listen"));
    let text = leaf.map(|leaf| leaf.value.shown());
    let address = text.and_then(|text| text.trim_matches('"').parse::<SocketAddr>().ok());
    address.is_some_and(|address| !address.ip().is_loopback())
}

/// A value as it was written.
#[derive(Debug, Clone)]
enum Raw {
    Bool(bool),
    Number(i64),
    Text(String),
    Texts(Vec<String>),
    Other,
}

/// A value and its line.
#[derive(Debug, Clone)]
struct Leaf {
    line: Option<usize>,
    value: Raw,
}

/// One entry of a list: which list, its line, its members.
type Entry = (&'static str, Option<usize>, HashMap<String, Leaf>);

/// Everything that a text says.
#[derive(Debug, Default)]
struct Leaves {
    profile: Option<(String, Option<usize>)>,
    single: HashMap<String, Leaf>,
    lists: Vec<Entry>,
}

impl Leaves {
    /// Reads a text: a whole file, or what stands below `[serve]` of no file, which has no lines.
    fn parse(text: &str, whole: bool) -> Result<Self, SettingsError> {
        let line_at = |at: usize| whole.then(|| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1));
        if text.len() > MAX_BYTES {
            return Err(wrong(None, "", format!("this file is longer than {MAX_BYTES} bytes.")));
        }
        let document = DeTable::parse(text).map_err(|error| {
            let line = error.span().and_then(|span| line_at(span.start));
            wrong(line, "", format!("this is not TOML: {}.", error.message()))
        })?;
        let mut leaves = Self::default();
        let root = document.get_ref();
        if !whole {
            leaves.take(root, "", &line_at)?;
            return Ok(leaves);
        }
        for (name, value) in root {
            let line = line_at(name.span().start);
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("serve", DeValue::Table(table)) => leaves.take(table, "", &line_at)?,
                (other, DeValue::Table(_)) if OTHERS.contains(&other) => {}
                _ => return Err(unknown(line, name.get_ref())),
            }
        }
        Ok(leaves)
    }

    fn take(
        &mut self,
        table: &DeTable<'_>,
        prefix: &str,
        line_at: &impl Fn(usize) -> Option<usize>,
    ) -> Result<(), SettingsError> {
        for (name, value) in table {
            let path = format!("{prefix}{}", name.get_ref());
            let line = line_at(name.span().start);
            let is_known = |path: &str| SETTINGS.iter().any(|setting| setting.path == path);
            match value.get_ref() {
                DeValue::String(text) if path == "profile" => self.profile = Some((text.to_string(), line)),
                DeValue::Table(inner) if SETTINGS.iter().any(|one| one.path.starts_with(&format!("{path}."))) => {
                    self.take(inner, &format!("{path}."), line_at)?;
                }
                DeValue::Array(items) if LISTS.contains(&path.as_str()) => {
                    let list = LISTS.into_iter().find(|list| *list == path).unwrap_or_default();
                    for item in items {
                        let DeValue::Table(inner) = item.get_ref() else {
                            let what = format!("write [[serve.{list}]] and its members below.");
                            return Err(wrong(line, format!("serve.{list}"), what));
                        };
                        let mut members = HashMap::new();
                        for (name, value) in inner {
                            let path = format!("{list}[].{}", name.get_ref());
                            let line = line_at(name.span().start);
                            if !is_known(&path) {
                                return Err(unknown(line, &format!("serve.{path}")));
                            }
                            let value = Raw::of(value.get_ref());
                            members.insert(path, Leaf { line, value });
                        }
                        self.lists.push((list, line_at(item.span().start), members));
                    }
                }
                value if is_known(&path) => {
                    let value = Raw::of(value);
                    self.single.insert(path, Leaf { line, value });
                }
                _ => return Err(unknown(line, &format!("serve.{path}"))),
            }
        }
        Ok(())
    }
}

/// A setting that there is not. Its name is repeated, cut and without anything but plain characters: it may be a secret that
/// was written in the wrong place.
fn unknown(line: Option<usize>, path: &str) -> SettingsError {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "_-.[]".contains(*c);
    let name: String = path.chars().filter(plain).take(60).collect();
    let what = "there is no such setting. The reference lists all of them; nothing is ignored.";
    wrong(line, name, what)
}

impl Raw {
    fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::Boolean(value) => Self::Bool(*value),
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Self::Other, Self::Number)
            }
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(text.to_string()),
                    _ => None,
                });
                texts.collect::<Option<_>>().map_or(Self::Other, Self::Texts)
            }
            _ => Self::Other,
        }
    }

    /// As TOML, without passwords of addresses.
    fn shown(&self) -> String {
        let quoted = |text: &str| toml::Value::from(masked(text).as_ref()).to_string();
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => quoted(text),
            Self::Texts(texts) => format!(
                "[{}]",
                texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")
            ),
            Self::Other => String::new(),
        }
    }

    /// The value in the form that a setting has, or what to write instead. Never repeats what was written.
    fn of_kind(&self, kind: Kind, folder: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Value, String> {
        match (kind, self) {
            (Kind::Bool, Self::Bool(value)) => Ok(Value::Bool(*value)),
            (Kind::Bool, _) => Err("write true or false.".to_owned()),
            (Kind::Number { least, most }, Self::Number(number)) => match u64::try_from(*number) {
                Ok(number) if (least..=most).contains(&number) => Ok(Value::Number(number)),
                _ => Err(format!("write a number from {least} to {most}.")),
            },
            (Kind::Number { least, most }, _) => Err(format!("write a number from {least} to {most}.")),
            (Kind::Text, Self::Text(text)) if !text.is_empty() => Ok(Value::Text(text.clone())),
            (Kind::Text, _) => Err("write a text, in quotes.".to_owned()),
            (Kind::Choice(words), Self::Text(text)) if words.contains(&text.as_str()) => Ok(Value::Text(text.clone())),
            (Kind::Choice(words), _) => Err(format!("write one of {}.", words.join(", "))),
            (Kind::Texts, Self::Texts(texts)) => Ok(Value::Texts(texts.clone())),
            (Kind::Texts, _) => Err("write a list of texts, such as [\"a\", \"b\"].".to_owned()),
            (Kind::File, Self::Text(text)) if !text.is_empty() => Ok(Value::File(folder.join(text))),
            (Kind::File, _) => Err("write the path of a file, in quotes.".to_owned()),
            (Kind::Secret, Self::Text(text)) => secret(text, folder, env),
            (Kind::Secret, _) => Err(SECRET_FORM.to_owned()),
        }
    }
}

/// How a secret is named.
const SECRET_WAYS: [&str; 4] = ["file", "env", "credential", "keyring"];
const SECRET_FORM: &str =
    "a secret does not stand in this file: write \"file:PATH\", \"env:NAME\", \"credential:NAME\" or \"keyring:NAME\".";

fn secret(text: &str, folder: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Value, String> {
    let found = match text.split_once(':') {
        Some(("file", path)) => small_file(&folder.join(path)),
        Some(("env", name)) => env(name),
        // What systemd decrypted for this service alone (`LoadCredential`, `LoadCredentialEncrypted`).
        Some(("credential", name)) if !name.contains(['/', '\\']) && name != ".." => {
            env("CREDENTIALS_DIRECTORY").and_then(|folder| small_file(&Path::new(&folder).join(name)))
        }
        Some(("keyring", name)) => keyring(name),
        _ => return Err(SECRET_FORM.to_owned()),
    };
    let secret = found
        .map(|secret| secret.trim().to_owned())
        .filter(|secret| !secret.is_empty());
    let secret = secret.ok_or("the file or variable that is named here is not there, or is empty.")?;
    Ok(Value::Secret(Arc::new(Phi::new(secret))))
}

fn small_file(path: &Path) -> Option<String> {
    let small = std::fs::metadata(path).is_ok_and(|about| about.len() <= MAX_SECRET);
    small.then(|| std::fs::read_to_string(path).ok()).flatten()
}

/// A key of type `user` in the kernel's key ring of this user, or of this session: `keyctl padd user NAME @u`.
#[cfg(target_os = "linux")]
fn keyring(name: &str) -> Option<String> {
    use linux_keyutils::{KeyRing, KeyRingIdentifier};
    let rings = [KeyRingIdentifier::Session, KeyRingIdentifier::User];
    rings.into_iter().find_map(|ring| {
        let key = KeyRing::from_special_id(ring, false).ok()?.search(name).ok()?;
        String::from_utf8(key.read_to_vec().ok()?).ok()
    })
}

#[cfg(not(target_os = "linux"))]
fn keyring(_: &str) -> Option<String> {
    // Only Linux keeps secrets in the kernel.
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Queue, Timeouts};
    use crate::{addresses::PerAddress, alert::Thresholds};

    fn of(text: &str) -> Result<Read, SettingsError> {
        let document = Document {
            name: "ward.toml",
            text,
            folder: Path::new(""),
        };
        let env = |name: &str| (name == "THE_KEY").then(|| "s3cret\n".to_owned());
        read(Some(document), &[], PathBuf::new(), &env)
    }

    fn check(text: &str, line: Option<usize>, path: &str, what: &str) {
        let error = of(text).err().unwrap_or_else(|| panic!("{text}"));
        assert_eq!((error.line, error.path.as_str()), (line, path), "{error}");
        assert!(error.what.contains(what), "{error}");
    }

    #[test]
    fn a_text_is_judged_without_what_it_names() {
        let fault = |text| {
            fault(Document {
                name: "ward.toml",
                text,
                folder: Path::new("/nowhere"),
            })
        };
        let good = "[serve.upstream]\nurl = \"https://a.example\"\nkey = \"file:none\"\n[serve.tls]\ncertificate = \"none\"\nkey = \"none\"\n";
        assert_eq!(fault(good).map(|error| error.path), None);
        for (text, line, path) in [
            ("[serve]\nnonsense = 1\n", 2, "serve.nonsense"),
            ("[serve]\nprofile = \"off\"\n", 2, "serve.profile"),
            ("[serve.upstream]\nkey = \"s3cret\"\n", 2, "serve.upstream.key"),
        ] {
            let error = fault(text).unwrap();
            assert_eq!((error.line, error.path.as_str()), (Some(line), path), "{text}");
        }
    }

    #[test]
    fn an_upstream_s_address_is_judged_by_its_text() {
        let upstream = |url: &str| {
            let text = format!("[serve.upstream]\nurl = \"{url}\"\n");
            let document = Document {
                name: "ward.toml",
                text: &text,
                folder: Path::new(""),
            };
            // The same words, whether the service is to start or only the text is judged.
            let error = fault(document);
            assert_eq!(
                of(&text).err().map(|error| (error.line, error.path, error.what)),
                error.clone().map(|error| (error.line, error.path, error.what)),
                "{url}"
            );
            error
        };
        for url in [
            "ftp://x",
            "models.example:443",
            "models.example",
            "https://",
            "https://a b",
            "https://x?y=1#z",
            "https://x#z",
            "https://x:99999",
            "unix:///x",
            concat!("https://u:", "p4ssw0rdX@x.example"),
            concat!("https://u:p4ssw0rdX", "/y@x.example"),
            concat!("u:p4ssw0rdX", "@x.example"),
            "http://10.0.0.5:11434",
            "http://ollama:11434",
            "http://[2001:db8::1]:1",
        ] {
            let error = upstream(url).unwrap_or_else(|| panic!("{url}"));
            assert_eq!((error.line, error.path.as_str()), (Some(2), "serve.upstream.url"));
            assert!(!error.to_string().contains("p4ssw0rdX"), "{error}");
        }
        for url in [
            "https://models.example",
            "https://models.example:8443/openai/v1/",
            "https://10.0.0.5",
            "https://[2001:db8::1]:1",
            "http://127.0.0.1:11434",
            "http://localhost",
            "http://[::1]:1/v1",
        ] {
            assert_eq!(upstream(url), None, "{url}");
        }
    }

    #[test]
    fn passwords_in_addresses_are_refused_or_not_shown() {
        let password = concat!("https://u:", "p4ssw0rdX@x.example");
        let keys = "[serve.oidc]\nissuer = \"https://i.example\"\nkeys = ";
        for (text, path) in [
            ("[serve.otlp]\nurl = ", "serve.otlp.url"),
            ("[serve.alerts]\nwebhook = ", "serve.alerts.webhook"),
            ("[serve.oidc]\nissuer = ", "serve.oidc.issuer"),
            (keys, "serve.oidc.keys"),
        ] {
            let error = of(&format!("{text}\"{password}\"")).err().unwrap();
            assert_eq!(error.path, path);
            assert!(!error.to_string().contains("p4ssw0rdX"), "{error}");
        }
        let rest = format!("audience = [\"{password}\"]\nrole_claim = \"{password}\"\nroles = [\"a=clinician\"]\n");
        let read = of(&format!("{keys}\"https://i.example/k\"\n{rest}")).unwrap();
        for path in ["oidc.audience", "oidc.role_claim"] {
            let one = read.effective.iter().find(|one| one.path == path).unwrap();
            assert!(one.value.contains("https://***@x.example") && !one.value.contains("p4ssw0rdX"));
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        check(
            "[serve]\nlisten = \"127.0.0.1:1\"\nlisteb = 1\n",
            Some(3),
            "serve.listeb",
            "no such setting",
        );
        check("[server]\n", Some(1), "server", "no such setting");
        check("a = 1\n", Some(1), "a", "no such setting");
        check("scan = 1\n", Some(1), "scan", "no such setting");
        assert!(
            of("[disclose]\nproduct = \"x\"\n[scan]\nprofile = \"default\"\n[policy]\n[serve]\n").is_ok(),
            "others' sections"
        );
        check(
            "[serve.limits]\n\nmax_bodies = 1",
            Some(3),
            "serve.limits.max_bodies",
            "no such setting",
        );
        check("[serve.colour]\nx = 1", Some(1), "serve.colour", "no such setting");
        check(
            "[serve]\nlimits.max_body = \"x\"",
            Some(2),
            "serve.limits.max_body",
            "a number from 1024",
        );
        check(
            "[serve]\nlimits.max_body = 1",
            Some(2),
            "serve.limits.max_body",
            "a number from 1024",
        );
        check(
            "[serve]\nlimits.max_body = -1",
            Some(2),
            "serve.limits.max_body",
            "a number from 1024",
        );
        check(
            "[serve]\npurpose_required = 1",
            Some(2),
            "serve.purpose_required",
            "true or false",
        );
        check("[serve]\nlog = \"xml\"", Some(2), "serve.log", "one of none, json");
        check("[serve]\nadmin = \"0.0.0.0:1\"", Some(2), "serve.admin", "loopback");
        check(
            "[serve]\nlisten = \"localhost\"",
            Some(2),
            "serve.listen",
            "address and a port",
        );
        check("[serve]\nhosts = [\"a:1\"]", Some(2), "serve.hosts", "names only");
        check("[serve]\nhosts = [1]", Some(2), "serve.hosts", "list of texts");
        check(
            "[serve]\nprofile = \"hospital\"",
            Some(2),
            "serve.profile",
            "dev, clinic, device",
        );
        check("[serve]\nlisten = \n", Some(2), "", "not TOML");
        check("[serve]\nlisten = \"a\"\nlisten = \"b\"\n", Some(3), "", "not TOML");
        check(
            "[serve]\nunsafe_tls = true",
            Some(2),
            "serve.unsafe_tls",
            "no such setting",
        );
        check(
            "[serve]\nalerts.webhook = \"http://example.org/x\"",
            Some(2),
            "serve.alerts.webhook",
            "https",
        );
        check(
            "[serve]\nupstream.model = \"m\"",
            Some(2),
            "serve.upstream.model",
            "upstream.url too",
        );
        check("[serve]\ntls.certificate = \"a\"", Some(2), "serve.tls", "go together");
        check(
            "[serve]\ntls.client_required = true",
            Some(2),
            "serve.tls.client_required",
            "client_ca too",
        );
        check(
            "[serve.oidc]\nissuer = \"https://i\"\naudience = [\"w\"]",
            Some(2),
            "serve.oidc.keys",
            "needs this too",
        );
        check(
            "[serve.oidc]\nissuer = \"https://i\"\nalgorithms = [\"HS256\"]",
            Some(3),
            "serve.oidc.algorithms",
            "public keys",
        );
        check(
            "[serve.oidc]\nissuer = \"https://i\"\nroles = [\"x=break-glass\"]",
            Some(3),
            "serve.oidc.roles",
            "reason",
        );
        check(
            "[[serve.client]]\nname = \"a\"",
            Some(1),
            "serve.client[].spki",
            "must be set",
        );
        check(
            "[[serve.client]]\nname = \"a\"\nkey = 1",
            Some(3),
            "serve.client[].key",
            "no such setting",
        );
        check(&"#".repeat(MAX_BYTES + 1), None, "", "longer");
    }

    #[test]
    fn secrets_stand_elsewhere_and_are_not_repeated() {
        let text = "[serve.upstream]\nurl = \"http://127.0.0.1:1\"\nkey = ";
        let key = |written: &str| {
            of(&format!("{text}\"{written}\"")).map(|read| read.config.upstream.unwrap().key.unwrap().into_exposed())
        };
        assert_eq!(key("env:THE_KEY").unwrap(), "s3cret");
        let credentials = tempfile::tempdir().unwrap();
        std::fs::write(credentials.path().join("key"), "s3cret\n").unwrap();
        let with_credentials = |written: &str| {
            let env = |name: &str| {
                (name == "CREDENTIALS_DIRECTORY").then(|| credentials.path().to_string_lossy().into_owned())
            };
            secret(written, Path::new(""), &env).map(|_| ())
        };
        assert_eq!(with_credentials("credential:key"), Ok(()));
        assert!(with_credentials("credential:../key").is_err() && with_credentials("credential:none").is_err());
        for bad in [
            "sk-look-alike",
            "env:NONE",
            "file:none",
            "keyring:no such key",
            "credential:key",
        ] {
            let error = key(bad).unwrap_err();
            assert_eq!((error.line, error.path.as_str()), (Some(3), "serve.upstream.key"));
            assert!(!error.to_string().contains("look-alike"));
        }
        let shown = of(&format!("{text}\"env:THE_KEY\"")).unwrap().effective;
        assert!(
            shown
                .iter()
                .any(|one| one.path == "upstream.key" && one.value == "\"env:THE_KEY\"")
        );
        assert!(!format!("{shown:?}").contains("s3cret"));
        // A secret that was written as a name is cut.
        let error = of(&format!("[serve]\n{} = 1", "k".repeat(100))).err().unwrap();
        assert!(error.path.len() <= 60);
    }

    #[test]
    fn the_defaults_in_the_table_are_those_of_the_program() {
        let mut text = "[serve]\n".to_owned();
        for setting in SETTINGS {
            let is_toml = matches!(setting.kind, Kind::Bool | Kind::Number { .. })
                || setting.default.starts_with('"')
                || setting.default == "[]";
            if is_toml
                && !setting.path.contains("[]")
                && !setting.path.starts_with("oidc")
                && !setting.path.starts_with("otlp")
                && !setting.path.starts_with("upstream")
            {
                text.push_str(&format!("{} = {}\n", setting.path, setting.default));
            }
        }
        let config = of(&text).unwrap().config;
        let usual = Config::new(PathBuf::new());
        assert_eq!(config.listen, usual.listen);
        assert_eq!(
            (config.max_body, config.max_requests, config.max_connections),
            (usual.max_body, usual.max_requests, usual.max_connections)
        );
        assert_eq!(
            (config.body_memory, config.key_age_days),
            (usual.body_memory, usual.key_age_days)
        );
        assert_eq!(
            (config.quotas, config.per_address, config.queue),
            (crate::quota::Quotas::default(), PerAddress::default(), Queue::default())
        );
        assert_eq!(format!("{:?}", config.timeouts), format!("{:?}", Timeouts::default()));
        assert_eq!(config.alerts.thresholds, Thresholds::default());
        assert!(config.weakened.is_empty());
        assert_eq!(config.policy, usual.policy);
    }

    #[test]
    fn what_the_guard_lets_pass_can_be_said() {
        use ward_guard::{policy::Response, unicode::Hidden};
        let text = r#"
            [serve.guard]
            instructions = "ask"
            block_at = 80
            hosts = ["ward.example", "*.ward.example"]
            control_tokens = ["<role>"]
            grounding = true
            compress = false
            [[serve.route]]
            path = "/v1/chat/completions"
            compress = true
            instructions = "block"
            hidden = "block"
            [[serve.tool]]
            name = "look_up"
            changes = false
            schema = '{"type":"object","properties":{"drug":{"type":"string"}}}'
        "#;
        let config = of(text).unwrap().config;
        assert_eq!(config.policy.injection.response, Response::Ask);
        assert!((config.policy.injection.block_at - 0.8).abs() < 1e-6);
        assert_eq!(config.policy.tools.len(), 1);
        assert!(!config.policy.tools[0].changes() && config.policy.tools[0].schema().contains("drug"));
        let route = config.routes[0].over(&config.policy);
        assert_eq!(route.injection.response, Response::Block);
        assert!(config.policy.whole && !route.whole);
        assert_eq!(route.hidden.of(Hidden::ZeroWidth), Response::Block);
        assert_eq!(config.policy.hidden.of(Hidden::ZeroWidth), Response::Mark);
        let tool = "[serve]\n[[serve.tool]]\nname = \"x\"\n";
        check(tool, Some(2), "serve.tool[].schema", "must be set");
        check(
            &format!("{tool}schema = '{{\"type\":\"string\",\"pattern\":\"a\"}}'"),
            Some(4),
            "serve.tool[].schema",
            "checked whole",
        );
        check(
            "[serve]\n[[serve.route]]\npath = \"/x\"",
            Some(3),
            "serve.route[].path",
            "no such route",
        );
        check(
            "[serve.guard]\ninstructions = \"allow\"",
            Some(2),
            "serve.guard.instructions",
            "mark, ask, block",
        );
        check(
            "[serve.guard]\nhosts = [\"https://x.example\"]",
            Some(2),
            "serve.guard.hosts",
            "no scheme",
        );
        let text = "[serve]\nunsafe_allow_instructions = true\n[[serve.route]]\npath = \"/v1/models\"\n";
        let config = of(text).unwrap().config;
        assert_eq!(config.weakened, ["unsafe_allow_instructions"]);
        assert_eq!(config.policy.injection.response, Response::Allow);
    }

    #[test]
    fn layers_count_in_their_order() {
        let read = of("[serve]\nprofile = \"clinic\"\nlimits.at_once = 3\n").unwrap();
        assert_eq!((read.profile, read.config.quotas.at_once), ("clinic", 3));
        assert_eq!(read.config.quotas.requests_per_minute, 240);
        assert!(read.config.purpose_required && read.config.admin.is_some());
        let source = |path: &str| read.effective.iter().find(|one| one.path == path).unwrap().source;
        assert_eq!(source("limits.at_once"), Source::File);
        assert_eq!(source("limits.requests_per_minute"), Source::Profile);
        assert_eq!(source("limits.max_body"), Source::Default);
        let document = Document {
            name: "gate.toml",
            text: "[serve]\nlisten = \"127.0.0.1:1\"\n",
            folder: Path::new(""),
        };
        let flags = [("listen", "\"127.0.0.1:2\"".to_owned())];
        let read = super::read(Some(document), &flags, PathBuf::new(), &|_| None).unwrap();
        assert_eq!(read.config.listen.port(), 2);
        // What a flag says stands in no file, whatever file there is.
        let flags = [("listen", "\"nowhere\"".to_owned())];
        let error = super::read(Some(document), &flags, PathBuf::new(), &|_| None)
            .err()
            .unwrap();
        assert_eq!((error.file.as_deref(), error.line), (None, None));
        assert!(error.to_string().starts_with("settings: serve.listen: "), "{error}");
        let wrong = Document {
            text: "[serve]\nlisten = \"nowhere\"\n",
            ..document
        };
        let error = super::read(Some(wrong), &[], PathBuf::new(), &|_| None).err().unwrap();
        assert!(
            error.to_string().starts_with("gate.toml, line 2: serve.listen: "),
            "{error}"
        );
        for profile in PROFILES {
            assert!(of(&format!("[serve]\nprofile = \"{}\"", profile.name)).is_ok());
        }
    }

    #[test]
    fn callers_are_limited_beyond_this_machine_and_not_on_it() {
        let here = of("[serve]\nlisten = \"127.0.0.1:1\"").unwrap().config;
        assert!(here.quotas.is_unlimited() && here.per_address == PerAddress::default());
        for address in ["0.0.0.0:1", "[::]:1", "192.0.2.1:1"] {
            let beyond = of(&format!("[serve]\nlisten = \"{address}\"")).unwrap().config;
            assert!(
                !beyond.quotas.is_unlimited() && beyond.per_address.connections > 0,
                "{address}"
            );
            let own = of(&format!("[serve]\nlisten = \"{address}\"\nlimits.at_once = 99"))
                .unwrap()
                .config;
            assert_eq!((own.quotas.at_once, own.quotas.requests_per_minute), (99, 240));
            let none = of(&format!("[serve]\nlisten = \"{address}\"\nunsafe_unlimited = true"))
                .unwrap()
                .config;
            assert!(none.quotas.is_unlimited());
            assert_eq!(none.weakened, ["unsafe_unlimited"]);
        }
    }

    #[test]
    fn what_weakens_says_so_in_its_name() {
        for setting in SETTINGS {
            let weakens = setting.doc.contains("Weakens") || setting.path == "unsafe_unlimited";
            assert_eq!(setting.path.starts_with("unsafe_"), weakens, "{}", setting.path);
            if weakens {
                let read = of(&format!("[serve]\n{} = true", setting.path)).unwrap();
                assert_eq!(read.config.weakened, [setting.path], "it is evidence");
            }
        }
    }

    #[test]
    fn everything_else_can_be_set() {
        let pin = "ab".repeat(32);
        let text = format!(
            "[serve]\nenvironment = \"production\"\nhosts = [\"ward.example\"]\n\
             tls = {{ client_ca = \"ca.pem\" }}\nunsafe_tls_1_2 = true\n\
             [[serve.client]]\nname = \"pacs\"\nspki = \"sha256:{pin}\"\nrole = \"service\"\n\
             [serve.upstream]\nurl = \"https://m.example\"\npins = [\"{pin}\"]\n\
             [serve.oidc]\nissuer = \"https://i.example\"\naudience = [\"ward\"]\nkeys = \"https://i.example/keys\"\n\
             roles = [\"doctors=clinician\", \"it=administrator\"]\n\
             [serve.alerts]\nsyslog = \"tcp:127.0.0.1:6514\"\n"
        );
        let config = of(&text).unwrap().config;
        assert_eq!(config.clients[0].spki, [0xab; 32]);
        assert_eq!(config.upstream.unwrap().pins, [[0xab; 32]]);
        assert_eq!(config.oidc.unwrap().roles[1], ("it".to_owned(), Role::Administrator));
        assert!(config.tls.tls12 && config.alerts.syslog.is_some());
    }
}
