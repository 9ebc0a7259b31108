//! What goes into prompts.

use ruff_python_ast::{Expr, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::{
    Ctx,
    rule::{Hit, Node, On, Rule},
};
use super::mentions;

/// Names of parameters and variables that hold what a person or a document says.
const FROM_OUTSIDE: &[&str] = &[
    "user_input",
    "user_message",
    "user_prompt",
    "user_query",
    "user_question",
    "user_text",
    "question",
    "query",
    "message",
    "document",
    "doc",
    "docs",
    "documents",
    "context",
    "retrieved",
    "chunks",
    "chunk",
    "page",
    "html",
    "email",
    "note",
    "notes",
    "content",
    "body",
    "transcript",
    "search_results",
    "tool_result",
    "tool_output",
    "observation",
    "review",
    "comment",
    "text",
    "input_text",
];

pub(super) static SYSTEM: Rule = Rule {
    meta: RuleMeta {
        id: "ml/untrusted-text-in-instructions",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "Text from outside is put into a model's instructions.",
        docs: "What stands in the system message counts as the operator's own words. A question or a document that is put in \
            there can change the rules for the whole conversation.\n\n\
            Example: `{\"role\": \"system\", \"content\": f\"Answer from this page: {page}\"}`\n\n\
            **Instead:** constant instructions in the system message; the text in a message of its own with role `user` (or \
            `tool`), marked as data. That does not stop injection, but it no longer wears the operator's coat; what the answer \
            may do has to be limited as well.\n\n\
            Source: OWASP Top 10 for LLM applications 2025, LLM01; CWE-1427.",
    },
    on: &[
        On::Dict,
        On::Keyword("system"),
        On::Keyword("system_prompt"),
        On::Keyword("system_instruction"),
        On::Call("langchain_core.messages.SystemMessage"),
        On::Call("langchain.schema.SystemMessage"),
    ],
    check: |ctx, site, out| {
        let content: Option<&Expr> = match site.node {
            Node::Expr(Expr::Dict(dict)) => {
                let value = |name: &str| {
                    dict.items.iter().find_map(|item| match &item.key {
                        Some(Expr::StringLiteral(key)) if key.value.to_str() == name => Some(&item.value),
                        _ => None,
                    })
                };
                match value("role").and_then(|role| ctx.str(role)).as_deref() {
                    Some("system" | "developer") => value("content"),
                    _ => None,
                }
            }
            Node::Keyword(_, keyword) => Some(keyword.value),
            Node::Call(call) => ctx.arg(call, 0, "content").given(),
            _ => None,
        };
        let Some(content) = content else { return };
        let built = ctx.behind(content);
        // A whole variable as the message is somebody's choice of instructions; what is put into a text is data.
        if !matches!(built, Expr::FString(_) | Expr::BinOp(_) | Expr::Call(_)) {
            return;
        }
        let mut from_outside = None;
        mentions::inserted(built, &mut |leaf| {
            if from_outside.is_none() && is_from_outside(ctx, leaf) {
                from_outside = Some(leaf);
            }
        });
        if let Some(leaf) = from_outside {
            let hit = Hit::at(content).note(format!(
                "`{}`, text from outside by its name, is put into a model's instructions",
                short(ctx.text(leaf))
            ));
            out.report(hit.thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "def f(question):\n    return [{'role': 'system', 'content': f'You are kind. Answer: {question}'}]",
        "from flask import request\nm = [{'role': 'system', 'content': 'Use ' + request.args['page']}]",
        "def f(c, page):\n    c.messages.create(model='m', system='Read this: ' + page)",
    ],
    good: &[
        "def f(question):\n    return [{'role': 'system', 'content': 'You are kind.'}, {'role': 'user', 'content': question}]",
        "def f(name):\n    return [{'role': 'system', 'content': f'You are {ASSISTANT}.'}]",
        "def f(message):\n    return [{'role': 'user', 'content': f'Say: {message}'}]",
    ],
};

fn short(text: &str) -> &str {
    text.lines()
        .next()
        .unwrap_or_default()
        .get(..60)
        .unwrap_or(text.lines().next().unwrap_or_default())
}

/// Whether a name stands for text from outside: by what it is called, as a parameter or what a request holds.
fn is_from_outside<'a>(ctx: &Ctx<'a>, leaf: &'a Expr) -> bool {
    let root = {
        let mut at = leaf;
        loop {
            match at {
                Expr::Attribute(attribute) => at = &attribute.value,
                Expr::Subscript(subscript) => at = &subscript.value,
                Expr::Call(call) => at = &call.func,
                other => break other,
            }
        }
    };
    let name = ctx.name(root).unwrap_or_default();
    if matches!(name.as_str(), "flask.request" | "bottle.request" | "quart.request") {
        return true;
    }
    let Expr::Name(root) = root else { return false };
    let word = match leaf {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => root.id.as_str(),
    };
    let parameter = ctx.function().is_some_and(|function| {
        function
            .parameters
            .iter()
            .any(|parameter| parameter.name().as_str() == root.id.as_str())
    });
    let request = root.id.as_str() == "request";
    // Only what comes into the function: a variable that is made in it may be anything.
    let assigned_constant = matches!(ctx.statements().last(), Some(Stmt::Global(_)));
    !assigned_constant && (request || parameter && FROM_OUTSIDE.contains(&word.to_ascii_lowercase().as_str()))
}
