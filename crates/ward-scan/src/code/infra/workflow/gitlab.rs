//! The rules about pipelines of GitLab.

use ward_evidence::Severity;
use ward_formats::yaml::{Shape, Value, Yaml};

use super::{
    checks,
    github::image_is_pinned,
    rules::{CHECK_CANNOT_FAIL, CREDENTIAL, DEBUG_TRACE, INJECTION, OPEN_DAEMON, UNPINNED_INCLUDE},
};
use crate::{
    code::infra::{
        command::{self, Downloads, Origin},
        file::File,
        pipeline::{self, gitlab_jobs, gitlab_scripts},
        shell,
    },
    inventory::requirement::is_commit,
};

/// Variables whose value whoever opens a merge request or pushes writes.
const WRITTEN: &[&str] = &[
    "CI_COMMIT_MESSAGE",
    "CI_COMMIT_TITLE",
    "CI_COMMIT_DESCRIPTION",
    "CI_COMMIT_AUTHOR",
    "CI_COMMIT_REF_NAME",
    "CI_COMMIT_BRANCH",
    "CI_COMMIT_TAG_MESSAGE",
    "CI_MERGE_REQUEST_TITLE",
    "CI_MERGE_REQUEST_DESCRIPTION",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_NAME",
    "GITLAB_USER_NAME",
];

/// Says what is wrong with a pipeline.
pub(in super::super) fn gitlab(file: &mut File<'_>, yaml: &Yaml) {
    // The first document may state inputs, the second is the pipeline.
    for root in yaml.documents().filter(|root| root.shape() == Shape::Mapping) {
        includes(file, root);
        variables(file, root);
        let default = root.get("default");
        for of in [Some(root), default].into_iter().flatten() {
            job_images(file, of);
            if of.shape() == Shape::Mapping {
                scripts(file, of);
            }
        }
        for (_, job) in gitlab_jobs(root) {
            variables(file, job);
            job_images(file, job);
            scripts(file, job);
            let found = gitlab_scripts(job)
                .iter()
                .find_map(|value| checks::script_check(value.text()?));
            if let Some(tool) = &found
                && let Some((key, value)) = job.entry("allow_failure")
                && pipeline::is_true(value)
            {
                let note = format!("{tool} is run, and `allow_failure` throws away what it says");
                file.report(&CHECK_CANNOT_FAIL, (key.line(), key.column()), note, tool);
            }
        }
    }
}

fn includes(file: &mut File<'_>, root: Value<'_>) {
    let Some(include) = root.get("include") else { return };
    let alone = (include.shape() != Shape::Sequence).then_some(include);
    for one in alone.into_iter().chain(include.items()) {
        let at = (one.line(), one.column());
        let remote = one
            .text_of("remote")
            .or_else(|| one.text().filter(|text| text.contains("://")));
        if let Some(address) = remote {
            let pinned = one.get("integrity").is_some() || address.split('/').any(is_commit);
            if address.starts_with("http://") {
                let note = "part of the pipeline comes over an unencrypted connection";
                file.report_as(&UNPINNED_INCLUDE, Severity::High, at, note, address);
            } else if !pinned {
                file.report(
                    &UNPINNED_INCLUDE,
                    at,
                    "part of the pipeline is whatever an address sends today",
                    address,
                );
            }
        }
        if let Some(project) = one.text_of("project") {
            match one.text_of("ref") {
                Some(revision) if is_commit(revision) || revision.starts_with('$') => {}
                Some(revision) => {
                    let note = format!("part of the pipeline comes from `{revision}` of {project}, which can change");
                    file.report_thorough(&UNPINNED_INCLUDE, Severity::Low, at, note, project);
                }
                None => {
                    let note = format!("part of the pipeline comes from the newest state of {project}");
                    file.report_as(&UNPINNED_INCLUDE, Severity::Low, at, note, project);
                }
            }
        }
    }
}

fn job_images(file: &mut File<'_>, of: Value<'_>) {
    let image = of.get("image").into_iter();
    let services = of.get("services").into_iter().flat_map(Value::items);
    for one in image.chain(services) {
        let value = one.get("name").unwrap_or(one);
        if let Some(text) = value.text() {
            image_is_pinned(file, text, (value.line(), value.column()));
        }
    }
}

fn variables(file: &mut File<'_>, of: Value<'_>) {
    for (key, value) in of.get("variables").into_iter().flat_map(Value::entries) {
        let value = value.get("value").unwrap_or(value);
        let (Some(name), Some(text)) = (key.text(), value.text()) else {
            continue;
        };
        let at = (key.line(), key.column());
        if matches!(name, "CI_DEBUG_TRACE" | "CI_DEBUG_SERVICES") && text.eq_ignore_ascii_case("true") {
            file.report(
                &DEBUG_TRACE,
                at,
                "every variable of the job, secrets too, is printed into the log",
                name,
            );
        }
        if name == "DOCKER_TLS_CERTDIR" && text.is_empty() {
            let note = "the daemon in the service listens without TLS: whatever reaches its port has root in it";
            file.report(&OPEN_DAEMON, at, note, name);
        }
        if let Some(what) = command::switches_tls_off(name, text) {
            file.report(&command::TLS_OFF, at, format!("`{name}` {what}"), name);
        }
        let toy = ["POSTGRES", "MYSQL", "TEST", "REDIS", "RABBIT"]
            .iter()
            .any(|word| name.to_ascii_uppercase().contains(word));
        if command::is_secret_name(name)
            && command::is_secret_value(text)
            && text.len() >= 8
            && !toy
            && text.bytes().any(|byte| byte.is_ascii_digit())
        {
            let note = format!("`{name}` is written into the pipeline");
            file.report_secret(
                &CREDENTIAL,
                CREDENTIAL.severity,
                (value.line(), value.column()),
                note,
                text,
            );
        }
    }
}

fn scripts(file: &mut File<'_>, job: Value<'_>) {
    let mut downloads = Downloads::of_job();
    for value in gitlab_scripts(job) {
        let text = value.text().unwrap_or_default();
        downloads.examine(file, text, Origin::Scalar(value));
        for command in shell::commands(text) {
            let Some((program, words)) = command.program() else {
                continue;
            };
            // The shell expands a variable once and does not run it. These read it as a program.
            let second_reading = program == "eval"
                || matches!(
                    program,
                    "sh" | "bash" | "python" | "python3" | "node" | "ruby" | "perl" | "ssh"
                ) && words
                    .iter()
                    .any(|word| matches!(word.text.as_str(), "-c" | "-e" | "-lc") || program == "ssh");
            let written = WRITTEN.iter().find(|name| {
                words.iter().any(|word| {
                    !word.literal
                        && (word.text.contains(&format!("${name}")) || word.text.contains(&format!("${{{name}")))
                })
            });
            if let (true, Some(name)) = (second_reading, written) {
                let note = format!(
                    "`{name}` is expanded and then read as a program by `{program}`: whoever writes it runs commands in the job"
                );
                file.report(&INJECTION, value.place_in(command.start()), note, name);
            }
        }
        let is_check: pipeline::Choice<'_> = &checks::is_check;
        if let Some(reason) = pipeline::forgiven(text, Some(is_check))
            && let Some(tool) = checks::script_check(text)
        {
            let note = format!("{tool} is run, and {reason} throws away what it says");
            file.report(&CHECK_CANNOT_FAIL, (value.line(), value.column()), note, &tool);
        }
        if text.contains("tcp://docker:2375") {
            let note = "the daemon is reached without TLS: whatever reaches its port has root in it";
            file.report(&OPEN_DAEMON, (value.line(), value.column()), note, "2375");
        }
    }
    downloads.finish(file);
}
