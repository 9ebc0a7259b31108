//! Faults of images and of how they are run: Dockerfiles, compose files, Kubernetes objects.

mod compose;
mod dockerfile;
mod kubernetes;
mod rules;

pub(super) use compose::compose;
pub(super) use dockerfile::dockerfile;
pub(super) use kubernetes::kubernetes;
#[cfg(test)]
pub(super) use rules::EXAMPLES;
pub(super) use rules::{PRIVILEGED, RULES};

use ward_evidence::Severity;

use super::{
    command,
    file::{At, File},
    workflow::{Pin, pin},
};
use rules::{CAPABILITY, HOST_PATH, RUNTIME_SOCKET, SECRET_IN_ENVIRONMENT, UNPINNED_IMAGE};

/// An image that is run or built upon.
fn image_is_pinned(file: &mut File<'_>, image: &str, at: At) {
    match pin(image) {
        Pin::Nothing => {
            let note = format!("{image} is whatever its registry holds today");
            file.report(&UNPINNED_IMAGE, at, note, image);
        }
        Pin::Tag => {
            let note = format!("the tag of {image} can be moved: only a digest (`@sha256:..`) names one content");
            file.report_thorough(&UNPINNED_IMAGE, Severity::Low, at, note, image);
        }
        Pin::Digest | Pin::Unknown => {}
    }
}

/// Passwords that everybody tries first.
const DEFAULTS: &[&str] = &[
    "password",
    "passwd",
    "admin",
    "root",
    "postgres",
    "mysql",
    "secret",
    "changeme",
    "change_me",
    "123456",
    "12345678",
    "test",
    "guest",
    "minioadmin",
    "rabbitmq",
    "redis",
    "mongo",
    "neo4j",
    "elastic",
    "toor",
    "example",
    "pass",
    "1234",
    "langfuse",
    "difyai123456",
];

/// A variable of the environment with a value.
fn variable(file: &mut File<'_>, name: &str, value: &str, at: At) {
    if let Some(what) = command::switches_tls_off(name, value) {
        file.report(&command::TLS_OFF, at, format!("`{name}` {what}"), name);
    }
    if !command::is_secret_name(name) {
        return;
    }
    let bare = value.trim().trim_matches(['"', '\'']);
    // `${NAME:-default}`: what stands there when nobody sets anything.
    let fallback = bare
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .and_then(|rest| rest.split_once(":-").or_else(|| rest.split_once('-')))
        .map(|(_, fallback)| fallback);
    let stated = fallback.unwrap_or(bare);
    if DEFAULTS.contains(&stated.to_ascii_lowercase().as_str()) {
        let note = format!("`{name}` is a password that everybody tries first");
        file.report_secret(&SECRET_IN_ENVIRONMENT, Severity::Low, at, note, stated);
    } else if command::is_secret_value(stated) && !stated.contains("{{") {
        // A word is a password for trying things out more often than one that protects something.
        let word = stated.len() < 12 && !stated.bytes().any(|byte| byte.is_ascii_digit());
        let severity = if fallback.is_some() || word {
            Severity::Medium
        } else {
            SECRET_IN_ENVIRONMENT.severity
        };
        let note = format!("the value of `{name}` is written out");
        file.report_secret(&SECRET_IN_ENVIRONMENT, severity, at, note, stated);
    }
}

/// A path of the machine that a container sees.
fn mount(file: &mut File<'_>, path: &str, read_only: bool, at: At) {
    let path = path.trim();
    let sockets = [
        "docker.sock",
        "containerd.sock",
        "crio.sock",
        "podman.sock",
        "containerd/containerd.sock",
    ];
    if sockets.iter().any(|socket| path.ends_with(socket)) {
        let note = "whoever is in the container starts others with all rights of the machine";
        file.report(&RUNTIME_SOCKET, at, note, path);
        return;
    }
    let trimmed = path.trim_end_matches('/');
    let whole = trimmed.is_empty() && path.starts_with('/');
    let below =
        |folder: &str| trimmed == folder || trimmed.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    let sensitive = whole
        || [
            "/etc",
            "/root",
            "/var/lib/docker",
            "/var/lib/kubelet",
            "/proc",
            "/sys",
            "/boot",
            "/dev",
            "/var/run",
            "/run",
            "/home",
        ]
        .contains(&trimmed)
        || below("/etc/kubernetes")
        || below("/root/.ssh")
        || trimmed.ends_with("/.ssh")
        || trimmed.ends_with("/.aws")
        || trimmed.ends_with("/.kube");
    if sensitive {
        let severity = if read_only && !whole {
            Severity::Low
        } else {
            HOST_PATH.severity
        };
        let note = format!("the container sees `{path}` of the machine");
        file.report_as(&HOST_PATH, severity, at, note, path);
    }
}

/// A capability that is added.
fn capability(file: &mut File<'_>, name: &str, at: At) {
    let name = name.trim().to_ascii_uppercase();
    let name = name.strip_prefix("CAP_").unwrap_or(&name);
    let severity = match name {
        "ALL" | "SYS_ADMIN" | "SYS_MODULE" | "SYS_RAWIO" | "BPF" | "DAC_READ_SEARCH" => Severity::High,
        "SYS_PTRACE" | "NET_ADMIN" | "SYS_BOOT" | "SYS_TIME" | "MAC_ADMIN" | "DAC_OVERRIDE" | "PERFMON" | "SYSLOG" => {
            Severity::Medium
        }
        _ => return,
    };
    let note = format!("the container gets {name}: more than most programs need, and enough to leave it");
    file.report_as(&CAPABILITY, severity, at, note, name);
}
