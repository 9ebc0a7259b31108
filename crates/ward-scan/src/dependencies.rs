//! The engine of dependencies: what manifests and lockfiles ask for, judged.
//!
//! While files are looked at it leaves facts: a [`Manifest`] for each file that names components, and the modules that Python
//! files import. When the last file was looked at, all manifests are judged together.

mod imports;

use ward_evidence::RuleMeta;

use crate::{
    Blob, Engine, Fact, Findings, Project,
    inventory::{Manifest, hub, reader},
};

/// The engine.
pub const ENGINE: Engine = Engine {
    name: "dependencies",
    what: "Packages, images, actions and models with known faults, without an exact version, or from doubtful places.",
    rules,
    scan,
    history: false,
    conclude: Some(conclude),
};

/// Every rule of the engine.
fn rules() -> &'static [&'static RuleMeta] {
    RULES
}

static RULES: &[&RuleMeta] = &[];

/// Largest Python file that is searched for imports.
const MAX_SOURCE: usize = 8 << 20;

fn scan(blob: &Blob<'_>, findings: &mut Findings) {
    if let Some((_, reading)) = reader::read(blob) {
        for problem in reading.problems {
            let place = blob.place.clone();
            let place = match problem.line {
                Some(line) => place.at(line, 1),
                None => place,
            };
            findings.not_examined(place, problem.why);
        }
        findings.facts.push(Fact::Manifest(Box::new(reading.manifest)));
    }
    let name = blob.name();
    if [".py", ".pyi", ".pyw", ".ipynb"].iter().any(|end| name.ends_with(end)) {
        python(blob, findings);
    }
}

fn python(blob: &Blob<'_>, findings: &mut Findings) {
    // A larger file is generated; the engine of code says so.
    let Ok(Some(bytes)) = blob.content.whole(MAX_SOURCE) else {
        return;
    };
    let modules = imports::of(&bytes);
    if !modules.is_empty() {
        findings.facts.push(Fact::Imports(modules.into()));
    }
    let Ok(source) = std::str::from_utf8(&bytes) else {
        return;
    };
    let components = hub::of_python(source);
    if !components.is_empty() {
        findings.facts.push(Fact::Manifest(Box::new(Manifest {
            format: hub::FORMAT,
            components,
            ..Manifest::default()
        })));
    }
}

fn conclude(_: &Project<'_>, _: &mut Findings) {}
