//! NumPy files that hold objects.

use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

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
        if ctx
            .arg(call, position, "allow_pickle")
            .given()
            .is_some_and(|given| ctx.is_true(given))
        {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import numpy as np\nnp.load(p, allow_pickle=True)",
        "from numpy import load\nload(p, None, True)",
    ],
    good: &[
        "import numpy as np\nnp.load(p)",
        "import numpy as np\nnp.load(p, allow_pickle=False)",
    ],
};
