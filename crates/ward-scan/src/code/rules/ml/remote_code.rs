//! Programs that come with a model.

use ruff_python_ast::{Expr, ExprCall};
use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::{
    Ctx,
    rule::{Hit, Node, On, Rule},
};
use crate::inventory::requirement::is_commit;

pub(super) static TRUST: Rule = Rule {
    meta: RuleMeta {
        id: "ml/trust-remote-code",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "`trust_remote_code=True` runs the Python files that lie beside a model or a data set.",
        docs: "Whoever can change the repository on the hub changes what this process runs, with all its rights, the next \
            time it is started. Without a pinned commit that is everybody who ever gets the publisher's token.\n\n\
            Example: `AutoModel.from_pretrained(\"org/model\", trust_remote_code=True)`\n\n\
            **Instead:** a model whose architecture the library has; or read its files, pin the commit \
            (`revision=\"<40 hexadecimal digits>\"`, `code_revision` too) and keep a copy.\n\n\
            Source: Transformers documentation, custom models; CWE-829, CWE-94.",
    },
    on: &[On::Keyword("trust_remote_code"), On::Dict],
    check: |ctx, site, out| match site.node {
        Node::Keyword(call, keyword) if ctx.is_true(keyword.value) => {
            let pinned = is_pinned(ctx, call);
            let severity = if pinned { Severity::Low } else { Severity::High };
            let note = if pinned {
                "`trust_remote_code=True` runs the Python files of a pinned commit: somebody has to have read them"
            } else {
                TRUST.meta.summary
            };
            let hit = Hit::at(keyword).severity(severity).note(note);
            out.report(
                hit.value(ctx.text(call).split_whitespace().collect::<String>())
                    .thorough_if(ctx.is_test()),
            );
        }
        Node::Expr(Expr::Dict(dict)) => {
            for item in &dict.items {
                let key = item.key.as_ref().and_then(|key| ctx.str(key));
                if key.as_deref() == Some("trust_remote_code") && ctx.is_true(&item.value) {
                    out.report(
                        Hit::at(&item.value)
                            .severity(Severity::Medium)
                            .thorough_if(ctx.is_test()),
                    );
                }
            }
        }
        _ => {}
    },
    bad: &[
        "from transformers import AutoModel\nAutoModel.from_pretrained('org/m', trust_remote_code=True)",
        "import datasets\ndatasets.load_dataset('org/d', trust_remote_code=True)",
        "YES = True\nfrom x import load\nload('m', trust_remote_code=YES)",
        "kwargs = {'trust_remote_code': True}",
    ],
    good: &[
        "from transformers import AutoModel\nAutoModel.from_pretrained('org/m', trust_remote_code=False)",
        "from transformers import AutoModel\nAutoModel.from_pretrained('org/m', trust_remote_code=args.trust)",
        "kwargs = {'trust_remote_code': False}",
    ],
};

/// Whether a call names a commit.
fn is_pinned<'a>(ctx: &Ctx<'a>, call: &'a ExprCall) -> bool {
    let revision = ctx.arg(call, None, "revision").given().and_then(|given| ctx.str(given));
    revision.is_some_and(|text| is_commit(&text))
}

pub(super) static HUB: Rule = Rule {
    meta: RuleMeta {
        id: "ml/torch-hub",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "`torch.hub.load` runs `hubconf.py` of a repository that is not pinned to a commit.",
        docs: "`torch.hub` downloads a repository and runs its `hubconf.py`. A branch or a tag can be moved to other code at \
            any time; `trust_repo=True` switches the question off as well.\n\n\
            Example: `torch.hub.load(\"org/repo\", \"model\")`\n\n\
            **Instead:** `torch.hub.load(\"org/repo:<40 hexadecimal digits>\", ..)` after reading what stands there, or \
            `source=\"local\"` with a copy in the repository.\n\n\
            Source: PyTorch documentation of `torch.hub`; CWE-494, CWE-829.",
    },
    on: &[
        On::Call("torch.hub.load"),
        On::Call("torch.hub.help"),
        On::Call("torch.hub.list"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let Some(repository) = ctx
            .arg(call, 0, "repo_or_dir")
            .given()
            .or(ctx.arg(call, 0, "github").given())
        else {
            return;
        };
        let source = ctx.arg(call, None, "source").given().and_then(|given| ctx.str(given));
        if source.as_deref() == Some("local") {
            return;
        }
        let pinned = match ctx.str(repository) {
            Some(text) => text.rsplit_once(':').is_some_and(|(_, revision)| is_commit(revision)),
            None => false,
        };
        if !pinned {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import torch\ntorch.hub.load('org/repo', 'm')",
        "import torch\ntorch.hub.load('org/repo:main', 'm', trust_repo=True)",
    ],
    good: &[
        "import torch\ntorch.hub.load('./here', 'm', source='local')",
        "import torch\ntorch.hub.load('org/repo:0123456789abcdef0123456789abcdef01234567', 'm')",
    ],
};
