//! Expressions that libraries of numbers run.

use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

pub(super) static FRAME_EVAL: Rule = Rule {
    meta: RuleMeta {
        id: "ml/frame-eval",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "A text that is put together is run as an expression.",
        docs: "`pandas.eval`, `DataFrame.eval`, `DataFrame.query`, `numexpr.evaluate` and `sympy.sympify` run expressions; with \
            the Python engine, or through attributes of objects, that is any program.\n\n\
            Example: `frame.query(f\"name == '{name}'\")`\n\n\
            **Instead:** boolean masks (`frame[frame[\"name\"] == name]`), or `@name` inside a constant text.\n\n\
            Source: pandas documentation of `eval` (warning); SymPy documentation of `sympify`; CWE-95.",
    },
    on: &[
        On::Call("pandas.eval"),
        On::Call("pandas.core.computation.eval.eval"),
        On::Call("numexpr.evaluate"),
        On::Call("sympy.sympify"),
        On::Call("sympy.parsing.sympy_parser.parse_expr"),
        On::Call("pandas.DataFrame.eval"),
        On::Call("pandas.DataFrame.query"),
        On::Call("pandas.read_csv.query"),
        On::Call("pandas.read_csv.eval"),
        On::Method("query"),
        On::Method("eval"),
    ],
    check: |ctx, site, out| {
        use ruff_python_ast::Expr;
        let Some(call) = site.call() else { return };
        let Some(text) = call.arguments.args.first() else {
            return;
        };
        if ctx.str(text).is_some() {
            return;
        }
        let method = site.name.rsplit('.').next().unwrap_or_default();
        let named =
            site.name.starts_with("pandas") || site.name.starts_with("numexpr") || site.name.starts_with("sympy");
        if !named {
            // `frame.query(f"..")`, `df.eval(text)`: an object by its usual name, in a file that uses pandas.
            let Expr::Attribute(attribute) = &*call.func else {
                return;
            };
            let Expr::Name(object) = &*attribute.value else { return };
            let object = object.id.as_str();
            let frame =
                object == "df" || object.ends_with("_df") || object.starts_with("df_") || object.contains("frame");
            if !frame || !matches!(method, "query" | "eval") && !matches!(attribute.attr.as_str(), "query" | "eval") {
                return;
            }
            if !ctx.has_import("pandas") {
                return;
            }
        }
        out.report(Hit::at(call).thorough_if(ctx.is_test()));
    },
    bad: &[
        "import pandas as pd\npd.eval(text)",
        "import pandas as pd\ndf.query(f\"name == '{n}'\")",
        "import sympy\nsympy.sympify(user)",
    ],
    good: &[
        "import pandas as pd\npd.eval('a + b')",
        "import pandas as pd\ndf.query('name == @n')",
        "session.query(User)",
        "model.eval()",
    ],
};

pub(super) static F2PY: Rule = Rule {
    meta: RuleMeta {
        id: "ml/f2py",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "`numpy.f2py` compiles and loads a program while this one runs.",
        docs: "What is compiled is machine code in this process. Whoever can influence the source text or the folder it is \
            compiled in runs anything.\n\n\
            Example: `numpy.f2py.compile(source, modulename=\"m\")`\n\n\
            **Instead:** compile when the package is built, and import the result.\n\n\
            Source: NumPy documentation of F2PY; CWE-94. A constant source text is shown in the thorough profile only.",
    },
    on: &[
        On::Call("numpy.f2py.compile"),
        On::Call("numpy.f2py.run_main"),
        On::Call("numpy.f2py.main"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let own = call
            .arguments
            .args
            .first()
            .is_some_and(|source| ctx.str(source).is_some());
        out.report(Hit::at(call).thorough_if(ctx.is_test() || own));
    },
    bad: &[
        "import numpy.f2py\nnumpy.f2py.compile(s)",
        "from numpy import f2py\nf2py.run_main(a)",
    ],
    good: &["import numpy\nnumpy.compress(a, b)"],
};
