//! The rules about compose files.
//!
//! Source: Compose Specification, <https://github.com/compose-spec/compose-spec>.

use ward_evidence::Severity;
use ward_formats::yaml::{Shape, Value, Yaml};

use super::{
    capability, image_is_pinned, mount,
    rules::{HOST_NAMESPACE, NO_LIMITS, PRIVILEGED, PUBLISHED_DATABASE, ROOT, UNCONFINED},
    variable,
};
use crate::code::infra::{
    command::{self, Origin},
    file::{At, File},
    pipeline::is_true,
};

fn at(value: Value<'_>) -> At {
    (value.line(), value.column())
}

/// Ports of stores that ask for no password, or for one that everybody knows, where nothing else is set.
const STORES: &[(&str, &str)] = &[
    ("5432", "PostgreSQL"),
    ("3306", "MySQL"),
    ("27017", "MongoDB"),
    ("6379", "Redis"),
    ("9200", "Elasticsearch"),
    ("11211", "memcached"),
    ("5984", "CouchDB"),
    ("9042", "Cassandra"),
    ("2379", "etcd"),
    ("6333", "Qdrant"),
    ("19530", "Milvus"),
    ("11434", "Ollama"),
    ("1433", "SQL Server"),
    ("7687", "Neo4j"),
];

/// Says what is wrong with a compose file.
pub(in super::super) fn compose(file: &mut File<'_>, yaml: &Yaml) {
    let Some(root) = yaml.root().filter(|root| root.shape() == Shape::Mapping) else {
        return;
    };
    for (_, service) in root.get("services").into_iter().flat_map(Value::entries) {
        if let Some(image) = service.get("image")
            && service.get("build").is_none()
            && let Some(text) = image.text()
        {
            image_is_pinned(file, text, at(image));
        }
        if let Some((key, value)) = service.entry("privileged")
            && is_true(value)
        {
            file.report(
                &PRIVILEGED,
                at(key),
                "the container has the rights of the machine it runs on",
                "privileged",
            );
        }
        for name in ["network_mode", "pid", "ipc", "userns_mode", "uts", "cgroup"] {
            if let Some((key, value)) = service.entry(name)
                && value.text() == Some("host")
            {
                namespace(file, name, at(key));
            }
        }
        for (value, name) in service.get("cap_add").into_iter().flat_map(Value::texts) {
            capability(file, name, at(value));
        }
        for (value, text) in service.get("security_opt").into_iter().flat_map(Value::texts) {
            if matches!(
                text,
                "seccomp:unconfined"
                    | "seccomp=unconfined"
                    | "apparmor:unconfined"
                    | "apparmor=unconfined"
                    | "label:disable"
                    | "label=disable"
            ) {
                let note = "the kernel's guard around the container is switched off";
                file.report(&UNCONFINED, at(value), note, text);
            }
        }
        if let Some(user) = service.get("user")
            && user
                .text()
                .is_some_and(|text| matches!(text.split(':').next(), Some("root" | "0")))
        {
            let note = "the container runs as root";
            file.report(&ROOT, at(user), note, "user");
        }
        for volume in service.get("volumes").into_iter().flat_map(Value::items) {
            if let Some(text) = volume.text() {
                let mut parts = text.split(':');
                let source = parts.next().unwrap_or_default();
                let read_only = parts
                    .next_back()
                    .is_some_and(|mode| mode.split(',').any(|word| word == "ro"));
                mount(file, source, read_only, at(volume));
            } else if let Some(source) = volume.text_of("source") {
                let read_only = volume.get("read_only").is_some_and(is_true);
                mount(file, source, read_only, at(volume));
            }
        }
        for port in service.get("ports").into_iter().flat_map(Value::items) {
            published(file, port);
        }
        environment(file, service);
        for key in ["command", "entrypoint"] {
            if let Some(value) = service.get(key) {
                match value.text() {
                    Some(text) => command::examine(file, text, Origin::Scalar(value)),
                    None => {
                        let words: Vec<&str> = value.items().filter_map(Value::text).collect();
                        if let Some(first) = value.items().next() {
                            // The words are one command; their place is that of the first.
                            let text = words
                                .iter()
                                .map(|word| word.replace(char::is_whitespace, "_"))
                                .collect::<Vec<_>>()
                                .join(" ");
                            list(file, &text, first);
                        }
                    }
                }
            }
        }
        let limited = service.at(&["deploy", "resources", "limits"]).is_some() || service.get("mem_limit").is_some();
        if !limited {
            file.report_thorough(
                &NO_LIMITS,
                Severity::Info,
                at(service),
                "nothing limits the memory of the service",
                "limits",
            );
        }
    }
}

/// A command as a list of words: its faults stand at the list's first word.
fn list(file: &mut File<'_>, text: &str, first: Value<'_>) {
    command::examine(file, text, Origin::Scalar(first));
}

fn namespace(file: &mut File<'_>, name: &str, place: At) {
    let what = match name {
        "network_mode" | "hostNetwork" => "the network of the machine, with what listens there for itself alone",
        "pid" | "hostPID" => "the processes of the machine, and their variables",
        "ipc" | "hostIPC" => "the shared memory of the machine",
        _ => "what else separates it from the machine",
    };
    let severity = if matches!(name, "ipc") {
        Severity::Low
    } else {
        HOST_NAMESPACE.severity
    };
    file.report_as(
        &HOST_NAMESPACE,
        severity,
        place,
        format!("the container shares {what}"),
        name,
    );
}

/// A port that is published on every address of the machine.
fn published(file: &mut File<'_>, port: Value<'_>) {
    let (host, inner) = match port.text() {
        Some(text) => {
            let text = text.split('/').next().unwrap_or_default();
            let Some((outer, inner)) = text.rsplit_once(':') else {
                return;
            };
            // `127.0.0.1:5432:5432` names an address.
            let host = outer.rsplit_once(':').map_or("", |(host, _)| host);
            (host.to_owned(), inner.to_owned())
        }
        None => {
            let (Some(target), Some(_)) = (port.text_of("target"), port.text_of("published")) else {
                return;
            };
            (
                port.text_of("host_ip").unwrap_or_default().to_owned(),
                target.to_owned(),
            )
        }
    };
    let open = host.is_empty() || matches!(host.as_str(), "0.0.0.0" | "[::]" | "::");
    if let Some((_, name)) = STORES.iter().find(|(number, _)| *number == inner)
        && open
    {
        let note = format!("{name} listens on every address of the machine, past most firewalls");
        file.report(&PUBLISHED_DATABASE, at(port), note, &inner);
    }
}

fn environment(file: &mut File<'_>, service: Value<'_>) {
    let Some(environment) = service.get("environment") else {
        return;
    };
    for (key, value) in environment.entries() {
        if let (Some(name), Some(text)) = (key.text(), value.text()) {
            variable(file, name, text, at(value));
        }
    }
    for item in environment.items() {
        if let Some((name, value)) = item.text().and_then(|text| text.split_once('=')) {
            variable(file, name, value, at(item));
        }
    }
}
