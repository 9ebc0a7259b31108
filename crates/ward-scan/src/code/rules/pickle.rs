//! Loading pickles.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use ruff_python_ast::ExprCall;

use super::super::{
    Const, Ctx,
    rule::{Hit, On, Rule},
};

pub(super) static PICKLE: Rule = Rule {
    meta: RuleMeta {
        id: "code/pickle-load",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A pickle is loaded: it can run any program.",
        docs: "A pickle is a program for the unpickler, which may call any function. Loading one from a download, an upload \
            or a cache that others can write to hands them the process.\n\n\
            Example: `pickle.load(open(path, \"rb\"))`\n\n\
            **Instead:** JSON, safetensors, Parquet or Arrow for data and weights; where it has to be a pickle, scan it \
            (`ward scan --engines models`) and check its digest before.\n\n\
            Source: Python documentation of `pickle`; CWE-502.",
    },
    on: &[
        On::Call("pickle.load"),
        On::Call("pickle.loads"),
        On::Call("pickle.Unpickler"),
        On::Call("_pickle.load"),
        On::Call("_pickle.loads"),
        On::Call("_pickle.Unpickler"),
        On::Call("cPickle.load"),
        On::Call("cPickle.loads"),
        On::Call("cPickle.Unpickler"),
        On::Call("dill.load"),
        On::Call("dill.loads"),
        On::Call("dill.Unpickler"),
        On::Call("jsonpickle.decode"),
        On::Call("shelve.open"),
        On::Call("pandas.read_pickle"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        out.report(
            Hit::at(call)
                .note(format!("`{}` runs what the pickle says", site.name))
                .thorough_if(is_constant(ctx, call) || ctx.is_test())
                .bandit("B301", Severity::Medium),
        );
    },
    bad: &[
        "import pickle\npickle.load(f)",
        "from dill import loads\nloads(x)",
        "import pandas as pd\npd.read_pickle(p)",
    ],
    good: &[
        "import json\njson.load(f)",
        "import pickle\npickle.dump(x, f)",
        "import pandas as pd\npd.read_parquet(p)",
    ],
};

/// Whether what is loaded stands in the program. The name of a file does not count.
fn is_constant<'a>(ctx: &Ctx<'a>, call: &'a ExprCall) -> bool {
    let name = ctx.callee(call).unwrap_or_default();
    let bytes = name.ends_with("loads") || name.ends_with("decode");
    let first = call.arguments.args.first().map(|first| ctx.constant(first));
    bytes && matches!(first, Some(Const::Bytes(_) | Const::Str(_)))
}
