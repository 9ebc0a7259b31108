//! Native libraries that models bring with them.

use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

pub(super) static CUSTOM_OPS: Rule = Rule {
    meta: RuleMeta {
        id: "ml/native-library",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "A native library is loaded into the process, as custom operators of a model.",
        docs: "Custom operators are machine code. Whoever can put a file at that path runs anything, below every check that \
            Python makes.\n\n\
            Example: `session_options.register_custom_ops_library(path)`\n\n\
            **Instead:** build the library in your own pipeline, install it with the package, load it by an absolute path that \
            only the installer can write, and check its digest.\n\n\
            Source: documentation of ONNX Runtime (custom operators), TensorFlow (`load_op_library`) and PyTorch \
            (`torch.ops.load_library`); CWE-114, CWE-426. A constant path, and one beside the program, are shown in the thorough profile only.",
    },
    on: &[
        On::Method("register_custom_ops_library"),
        On::Call("tensorflow.load_op_library"),
        On::Call("tensorflow.load_library"),
        On::Call("tensorflow.python.framework.load_library.load_op_library"),
        On::Call("torch.ops.load_library"),
        On::Call("torch.classes.load_library"),
        On::Call("numpy.ctypeslib.load_library"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        // The library lies beside the program: what `__file__` says is as safe as the program itself.
        let beside = ctx.text(&call.arguments).contains("__file__");
        let own = !call.arguments.args.is_empty() && call.arguments.args.iter().all(|path| ctx.str(path).is_some());
        let method = matches!(&*call.func, ruff_python_ast::Expr::Attribute(_)) || site.name.contains('.');
        if method {
            out.report(Hit::at(call).thorough_if(ctx.is_test() || beside || own));
        }
    },
    bad: &[
        "import onnxruntime as o\ns = o.SessionOptions()\ns.register_custom_ops_library(p)",
        "import torch\ntorch.ops.load_library(p)",
        "import numpy as np\nnp.ctypeslib.load_library('lib', p)",
    ],
    good: &[
        "import onnxruntime as o\ns = o.SessionOptions()",
        "import ctypes.util\nctypes.util.find_library('c')",
    ],
};
