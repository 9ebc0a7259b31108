//! safetensors and GGUF: formats without code, which can still lie about their layout or carry a template.

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};
use ward_formats::{gguf, safetensors};

use super::{found, lies, not_read, template_finding};
use crate::{
    Blob, Findings,
    models::{Walk, pickle},
};

/// A header that does not fit its file.
pub(crate) static LAYOUT: RuleMeta = RuleMeta {
    id: "models/layout-lies",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The file says something of its own layout that is not so.",
    docs: "A file of tensors begins with a table of where each one lies. When the table points outside of the file, lets two tensors share \
        bytes, leaves bytes that belong to nobody, names a tensor twice, or claims a size that its shape does not have, then \
        loaders differ in what they read, or read what is not theirs. Honest writers make no such files; a damaged download may \
        look like this as well.\n\n\
        Example: a header that claims to be 2^50 bytes long makes a careless loader allocate them.\n\n\
        Instead: get the file again and compare its digest with the one its author published.\n\n\
        Source: the description of the safetensors format; ggml's `docs/gguf.md`; CWE-130.",
};

/// Text that would run.
pub(crate) static METADATA: RuleMeta = RuleMeta {
    id: "models/metadata-code",
    severity: Severity::Medium,
    controls: &[MOD_1A],
    summary: "The model's metadata holds commands or code.",
    docs: "The header of a safetensors file may hold notes of its author. No loader runs them; but pages that show them, and tools that \
        take settings from them, may. Notes on a model need no `os.system`, no `exec(`, no `<script>` and no `rm -rf`.\n\n\
        Example: `{\"__metadata__\":{\"hook\":\"import os; os.system('id')\"}}`.\n\n\
        Instead: read the metadata; take the tensors alone into a file of your own.\n\n\
        Source: the description of the safetensors format; CWE-506.",
};

/// Pieces of text that run, wherever they are given to somebody who runs them.
const RUNS: &[&str] = &[
    "os.system(",
    "os.popen(",
    "subprocess.",
    "exec(",
    "eval(",
    "__import__(",
    "__globals__",
    "__subclasses__",
    "<script",
    "javascript:",
    "rm -rf ",
    "| sh",
    "|sh ",
    "| bash",
    "|bash",
    "/bin/sh",
    "/bin/bash",
    "powershell",
    "chmod 777",
    "base64.b64decode",
    "marshal.loads",
    "pickle.loads",
    "/dev/tcp/",
    "nc -e",
];

/// safetensors by its first bytes, or by its name when the first bytes are a lie.
pub(crate) fn is_safetensors(blob: &Blob<'_>, head: &[u8]) -> bool {
    safetensors::sniff(head) || blob.name().ends_with(".safetensors")
}

/// Checks what the format promises.
pub(crate) fn safetensors(blob: &Blob<'_>, findings: &mut Findings) {
    match safetensors::check(&blob.content) {
        Ok(read) => {
            for fault in read.faults {
                lies(blob, findings, fault.sentence(), "safetensors");
            }
            for text in &read.metadata {
                let lower = text.to_ascii_lowercase();
                if let Some(run) = RUNS.iter().find(|run| lower.contains(**run)) {
                    let note = format!("its metadata holds `{}`", run.trim());
                    found(blob, findings, &METADATA, Severity::Medium, note, run);
                    break;
                }
            }
        }
        Err(_) => not_read(blob, findings),
    }
}

/// GGUF by its magic.
pub(crate) fn is_gguf(_: &Blob<'_>, head: &[u8]) -> bool {
    gguf::sniff(head)
}

/// Checks the header and the templates, and looks for pickles behind the last tensor.
pub(crate) fn gguf(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let findings = &mut *walk.findings;
    match gguf::read(&blob.content) {
        Ok(read) => {
            if let Some(fault) = read.fault {
                lies(blob, findings, fault.sentence(), "GGUF");
            }
            if read.left_out {
                findings.not_examined(blob.place.clone(), "it holds more templates than are looked at");
            }
            for (key, template) in &read.templates {
                template_finding(blob, findings, key, template);
            }
            if let Some(end) = read.end.filter(|end| *end < blob.content.len()) {
                pickle::search(blob.content, end, &blob.place, walk);
            }
        }
        Err(_) => not_read(blob, findings),
    }
}
