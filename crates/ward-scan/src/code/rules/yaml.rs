//! YAML that makes objects.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged as _;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Arg,
    rule::{Hit, On, Rule},
};

pub(super) static YAML_LOAD: Rule = Rule {
    meta: RuleMeta {
        id: "code/unsafe-yaml",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "YAML is loaded with a loader that makes any object.",
        docs: "`Loader` and `UnsafeLoader` build whatever Python object a tag names, and call its constructor with arguments \
            of the file's choice. So did `FullLoader`, and `load` without a loader, before PyYAML 5.4; since then `FullLoader` \
            only looks up names, and is told with severity low: which version reads the file the program does not say.\n\n\
            Example: `yaml.load(f, Loader=yaml.Loader)`\n\n\
            **Instead:** `yaml.safe_load(f)`.\n\n\
            Source: PyYAML documentation; CVE-2017-18342; CWE-502.",
    },
    on: &[
        On::Call("yaml.load"),
        On::Call("yaml.load_all"),
        On::Call("yaml.unsafe_load"),
        On::Call("yaml.unsafe_load_all"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let mut full = false;
        let safe = !site.name.contains("unsafe")
            && match ctx.arg(call, 1, "Loader") {
                Arg::Given(loader) => {
                    let name = ctx.name(loader).unwrap_or_default();
                    let name = name.rsplit('.').next().unwrap_or_default();
                    full = matches!(name, "FullLoader" | "CFullLoader");
                    matches!(name, "SafeLoader" | "CSafeLoader" | "BaseLoader" | "CBaseLoader")
                }
                Arg::Absent => false,
                Arg::Unknown => true,
            };
        if safe {
            return;
        }
        let mut hit = Hit::at(call)
            .thorough_if(ctx.is_test())
            .bandit("B506", Severity::Medium);
        if full {
            let note = "`FullLoader` of PyYAML before 5.4 makes any object";
            hit = hit.severity(Severity::Low).note(note);
        }
        if let Expr::Attribute(callee) = &*call.func {
            hit = match ctx.arg(call, 1, "Loader") {
                Arg::Given(loader) => {
                    let module = ctx.text(&*callee.value);
                    hit.fix(
                        "make plain objects only",
                        loader.range(),
                        format!("{module}.SafeLoader"),
                    )
                }
                _ => {
                    let safe = format!("safe_{}", callee.attr.trim_start_matches("unsafe_"));
                    hit.fix("make plain objects only", callee.attr.range(), safe)
                }
            };
        }
        out.report(hit);
    },
    bad: &[
        "import yaml\nyaml.load(f)",
        "import yaml\nyaml.load(f, Loader=yaml.Loader)",
        "import yaml\nyaml.load(f, yaml.FullLoader)",
    ],
    good: &[
        "import yaml\nyaml.safe_load(f)",
        "import yaml\nyaml.load(f, Loader=yaml.SafeLoader)",
        "from yaml import load, SafeLoader\nload(f, SafeLoader)",
    ],
};
