//! Whole files, read.

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
        by_text(Document {
            name: "ward.toml",
            text,
            folder: Path::new("/nowhere"),
        })
        .err()
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
        let error = by_text(document).err();
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
fn an_address_that_lets_in_is_not_shown_and_may_stand_elsewhere() {
    let webhook = |written: &str| {
        let read = of(&format!("[serve.alerts]\nwebhook = \"{written}\"\n"))?;
        let shown = read.effective.iter().find(|one| one.path == "alerts.webhook").unwrap();
        let url = read.config.alerts.webhook.unwrap().expose().clone();
        Ok::<_, SettingsError>((shown.value.clone(), url))
    };
    for (written, shown) in [
        (
            "https://hooks.example/services/T1/s3cret",
            "\"https://hooks.example/***\"",
        ),
        (
            "https://hooks.example:8443?token=s3cret",
            "\"https://hooks.example:8443/***\"",
        ),
        ("https://hooks.example", "\"https://hooks.example\""),
        ("https://hooks.example/", "\"https://hooks.example/\""),
    ] {
        assert_eq!(webhook(written).unwrap(), (shown.to_owned(), written.to_owned()));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hook");
    std::fs::write(&file, "https://hooks.example/s3cret\n").unwrap();
    let written = format!("file:{}", file.display());
    assert_eq!(
        webhook(&written).unwrap(),
        (format!("\"{written}\""), "https://hooks.example/s3cret".to_owned())
    );
    std::fs::write(&file, "hooks.example/s3cret").unwrap();
    for bad in [written.as_str(), "file:none", "env:NONE"] {
        let error = webhook(bad).unwrap_err();
        assert_eq!(
            (error.line, error.path.as_str()),
            (Some(2), "serve.alerts.webhook"),
            "{bad}"
        );
        assert!(!error.to_string().contains("s3cret"));
    }
    let text = "[serve.alerts]\nwebhook = \"file:none\"\n";
    let document = Document {
        name: "ward.toml",
        text,
        folder: Path::new(""),
    };
    assert_eq!(by_text(document).err(), None, "nothing is looked up for a text alone");
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
        let env =
            |name: &str| (name == "CREDENTIALS_DIRECTORY").then(|| credentials.path().to_string_lossy().into_owned());
        secrets::find(written, Path::new(""), &env).map(|_| ())
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
    for setting in table::all() {
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
    for setting in table::all() {
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
