//! NumPy files that hold objects.

use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::{
    Const,
    rule::{Hit, On, Rule},
};

pub(super) static ALLOW_PICKLE: Rule = Rule {
    meta: RuleMeta {
        id: "ml/numpy-pickle",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "`allow_pickle=True` lets a NumPy file run any program.",
        docs: "An array of objects is stored as a pickle. NumPy refuses to load one since 1.16.3 unless this is set; with it, \
            a file from elsewhere has the process.\n\n\
            Example: `np.load(\"data.npy\", allow_pickle=True)`\n\n\
            **Instead:** save arrays of numbers or fixed-length text, and leave `allow_pickle` out; safetensors, Parquet or \
            JSON for the rest.\n\n\
            Source: NumPy documentation of `numpy.load`; CVE-2019-6446; CWE-502.",
    },
    on: &[
        On::Call("numpy.load"),
        On::Call("numpy.lib.npyio.NpzFile"),
        On::Call("numpy.lib.format.read_array"),
        On::Call("numpy.lib.npyio.load"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let position = if site.name == "numpy.load" || site.name == "numpy.lib.npyio.load" {
            Some(2)
        } else {
            None
        };
        let allowed = ctx.arg(call, position, "allow_pickle").given();
        if allowed.is_some_and(|given| is_truthy(&ctx.constant(given))) {
            let own = ctx
                .arg(call, 0, "file")
                .given()
                .is_some_and(|file| ctx.str(file).is_some());
            let severity = if own { Severity::Medium } else { Severity::High };
            out.report(Hit::at(call).severity(severity).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import numpy as np\nnp.load(p, allow_pickle=True)",
        "from numpy import load\nload(p, None, True)",
        "import numpy as np\nnp.load(p, allow_pickle=1)",
    ],
    good: &[
        "import numpy as np\nnp.load(p)",
        "import numpy as np\nnp.load(p, allow_pickle=False)",
    ],
};

/// Whether Python takes a value for true.
fn is_truthy(value: &Const<'_>) -> bool {
    match value {
        Const::Bool(value) => *value,
        Const::Int(value) => *value != 0,
        Const::Float(value) => *value != 0.0,
        Const::Str(text) => !text.is_empty(),
        Const::Bytes(bytes) => !bytes.is_empty(),
        Const::List(items) => !items.is_empty(),
        Const::None | Const::Partial(_) | Const::Unknown => false,
    }
}
