//! Loading PyTorch files.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged as _;
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::{
    super::{
        Arg,
        rule::{Hit, On, Rule},
    },
    mend,
};

pub(super) static TORCH_LOAD: Rule = Rule {
    meta: RuleMeta {
        id: "ml/torch-load",
        severity: Severity::High,
        controls: &[CODE_1A],
        summary: "`torch.load` without `weights_only=True` runs what the file says.",
        docs: "A PyTorch file is a pickle: loading it can run any program. `weights_only=True` allows tensors and a \
            short list of types instead. It is the default since PyTorch 2.6; before, and wherever somebody switches it \
            off, the file has the process.\n\n\
            Example: `torch.load(\"model.pt\")`\n\n\
            **Instead:** `torch.load(path, weights_only=True)`, or safetensors.\n\n\
            Source: PyTorch documentation of `torch.load`; CWE-502.",
    },
    on: &[On::Call("torch.load")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let given = ctx.arg(call, None, "weights_only");
        let safe = match given {
            Arg::Given(given) => !ctx.is_false(given),
            Arg::Absent => false,
            Arg::Unknown => true,
        };
        if safe {
            return;
        }
        let mut hit = Hit::at(call)
            .thorough_if(ctx.is_test())
            .bandit("B614", Severity::Medium);
        // Another pickle module cannot load tensors only.
        let plain = ctx.arg(call, 2, "pickle_module").is_absent();
        match given {
            Arg::Given(value) if plain && matches!(value, Expr::BooleanLiteral(_)) => {
                hit = hit.fix("load tensors only", value.range(), "True");
            }
            Arg::Absent if plain => {
                if let Some((range, text)) = mend::add_argument(ctx.source, call, "weights_only=True") {
                    hit = hit.fix("load tensors only", range, text);
                }
            }
            _ => {}
        }
        out.report(hit);
    },
    bad: &[
        "import torch\ntorch.load(p)",
        "from torch import load as l\nl(p, weights_only=False)",
    ],
    good: &[
        "import torch\ntorch.load(p, weights_only=True)",
        "import torch\ntorch.load(p, **options)",
        "from x import load\nload(p)",
    ],
};
