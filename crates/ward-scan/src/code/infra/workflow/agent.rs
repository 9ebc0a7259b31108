//! Language models that act in a pipeline, on text of strangers.

use ward_evidence::Severity;
use ward_formats::yaml::Value;

use super::{
    expression::{Untrusted, expressions, flows, untrusted},
    github::Workflow,
    rules::AGENT,
};
use crate::code::infra::file::File;

/// Actions that give a prompt to a model and let it use tools, by the start of their name.
const AGENTS: &[&str] = &[
    "anthropics/claude-code-action",
    "anthropics/claude-code-base-action",
    "openai/codex-action",
    "google-github-actions/run-gemini-cli",
    "google-gemini/gemini-cli-action",
    "cursor/",
    "sst/opencode/",
    "github/copilot",
];

/// Commands that do the same.
const COMMANDS: &[&str] = &[
    "claude",
    "codex",
    "gemini",
    "opencode",
    "aider",
    "cursor-agent",
    "copilot",
    "goose",
];

/// Words that take the guard off an agent.
const UNGUARDED: &[&str] = &[
    "--dangerously-skip-permissions",
    "--dangerously-bypass-approvals-and-sandbox",
    "danger-full-access",
    "--yolo",
    "--allow-all-tools",
    "--yes-always",
];

/// Says where strangers can tell an agent what to do.
pub(super) fn look(file: &mut File<'_>, workflow: &Workflow<'_>, step: Value<'_>) {
    let uses = step.text_of("uses").unwrap_or_default().to_ascii_lowercase();
    let run = step.get("run");
    let agent = AGENTS.iter().any(|agent| uses.starts_with(agent));
    let command = run.and_then(Value::text).is_some_and(|text| {
        let commands = crate::code::infra::shell::commands(&super::blanked(text));
        commands.iter().any(|command| {
            command.program().is_some_and(|(program, words)| {
                COMMANDS.contains(&program)
                    && words.iter().any(|word| {
                        matches!(
                            word.text.as_str(),
                            "-p" | "exec" | "run" | "--message" | "--print" | "--prompt"
                        )
                    })
            })
        })
    });
    if !agent && !command {
        return;
    }
    let strangers = workflow.is_privileged()
        || workflow.on(&["pull_request", "pull_request_review_comment", "pull_request_review"]);
    let given = step
        .get("with")
        .into_iter()
        .flat_map(Value::entries)
        .chain(run.map(|run| (run, run)));
    for (key, value) in given {
        let Some(text) = value.text() else { continue };
        let name = key.text().unwrap_or_default();
        if name.starts_with("allowed_non_write_users") || name == "allow-users" || name == "allowed_bots" {
            if text.trim() == "*" {
                let note = "everybody may start the agent, whatever rights they have in the repository";
                file.report(&AGENT, (value.line(), value.column()), note, name);
            }
            continue;
        }
        let written = expressions(text).into_iter().find_map(|(range, inside)| {
            let context = flows(inside)
                .into_iter()
                .find(|context| untrusted(context) == Some(Untrusted::Text))?;
            Some((range.start, context))
        });
        if let Some((offset, context)) = written
            && strangers
        {
            let note =
                format!("`{context}` becomes part of the prompt: whoever writes it can tell the agent what to do");
            let severity = if workflow.is_privileged() {
                AGENT.severity
            } else {
                Severity::Medium
            };
            file.report_as(&AGENT, severity, value.place_in(offset), note, &context);
        }
        for word in UNGUARDED {
            if let Some(offset) = text.find(word)
                && strangers
            {
                let note = format!("`{word}` lets the agent use every tool, on what strangers wrote");
                file.report(&AGENT, value.place_in(offset), note, word);
            }
        }
    }
}
