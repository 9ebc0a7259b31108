//! Formats that are no pickles: what each can hold besides numbers.
//!
//! One file a format or family, one line in the table of [`super`].

pub(crate) mod boosted;
pub(crate) mod flat;
pub(crate) mod hdf5;
pub(crate) mod keras;
pub(crate) mod markup;
pub(crate) mod mlflow;
pub(crate) mod protobuf;
pub(crate) mod rds;
pub(crate) mod settings;
pub(crate) mod skops;
pub(crate) mod template;
pub(crate) mod tensors;

use ward_evidence::{RuleMeta, Severity};

use crate::{
    Blob, Findings, Found,
    report::{More, Value},
};

/// Every rule of these formats.
pub(crate) static RULES: &[&RuleMeta] = &[
    &tensors::LAYOUT,
    &tensors::METADATA,
    &protobuf::EXTERNAL,
    &protobuf::CUSTOM,
    &protobuf::GRAPH,
    &keras::LAMBDA,
    &keras::MODULE,
    &hdf5::OUTSIDE,
    &settings::REMOTE,
    &settings::TEMPLATE,
    &markup::ENTITY,
    &rds::PROMISE,
];

/// True for a path that does not stay in the folder of the model.
pub(super) fn leaves(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    path.starts_with(['/', '\\', '~'])
        || drive
        || path.contains("://")
        || path.split(['/', '\\']).any(|part| part == "..")
        || path.contains('\0')
}

/// A name from the file, fit for a report.
fn shown(name: &str) -> String {
    let cut: String = name.chars().take(60).collect();
    cut.escape_debug().to_string()
}

/// Reports a fault of the whole file.
fn found(
    blob: &Blob<'_>,
    findings: &mut Findings,
    rule: &'static RuleMeta,
    severity: Severity,
    note: String,
    value: &str,
) {
    findings.found.push(Found {
        rule,
        severity,
        at: blob.place.clone(),
        note: note.into(),
        details: Vec::new(),
        value: Value::new(value),
        more: More::default(),
    });
}

/// Reports a layout that is not what the file says.
fn lies(blob: &Blob<'_>, findings: &mut Findings, sentence: &'static str, format: &str) {
    found(
        blob,
        findings,
        &tensors::LAYOUT,
        Severity::High,
        format!("{format}: {sentence}"),
        sentence,
    );
}

/// Reports what a template reaches for.
fn template_finding(blob: &Blob<'_>, findings: &mut Findings, key: &str, template: &str) {
    for reach in template::reaches(template) {
        let severity = if reach.severe { Severity::High } else { Severity::Low };
        let key: String = key.chars().take(60).collect();
        let note = format!(
            "{}: {}, at character {} of the template",
            key.escape_debug(),
            reach.what,
            reach.at
        );
        found(blob, findings, &settings::TEMPLATE, severity, note, reach.what);
    }
}

/// Reports that reading failed.
fn not_read(blob: &Blob<'_>, findings: &mut Findings) {
    findings.not_examined(blob.place.clone(), "it could not be read to its end");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_well_made() {
        for rule in RULES {
            assert_eq!(rule.fault(), None, "{}", rule.id);
        }
    }
}
