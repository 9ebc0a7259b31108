//! SQL that is put together from pieces.

use std::sync::LazyLock;

use regex::Regex;
use ruff_python_ast::{Expr, ExprCall};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::{
    Const, Ctx,
    open::{has_open_part, loops},
    rule::{Hit, On, Rule},
};

/// What begins like a statement, with a place for something that is not known.
static STATEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?is)^[\s(]*(?:with\s.{1,2000}?\sas\s*\(\s*)?(?:select\s.*\sfrom\s|insert\s+(?:or\s+\w+\s+)?into\s|update\s.*\sset\s|delete\s+from\s|replace\s+into\s|drop\s+(?:table|database|view|index)\s|alter\s+table\s|create\s+(?:table|database|view|user)\s|merge\s+into\s|truncate\s+table\s)",
    )
    .ok()
});

pub(super) static SQL_STRING: Rule = Rule {
    meta: RuleMeta {
        id: "code/sql-string",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A statement of SQL is put together from pieces.",
        docs: "What is put into the text can end it and begin another statement. Quoting by hand misses cases; parameters do not.\n\nExample: `cursor.execute(f\"SELECT * FROM notes WHERE patient = '{name}'\")`\n\n**Instead:** `cursor.execute(\"SELECT * FROM notes WHERE patient = ?\", (name,))`; names of tables from a fixed list.\n\nSource: Python documentation of `sqlite3`, placeholders; CWE-89. In the default profile: what a query is given, unless all that is put into it is constant, a number, a list of placeholders or of a table of constants; the thorough one shows every such text.",
    },
    on: &[On::BinOp, On::FString, On::Method("format"), On::AnyCall],
    check: |ctx, site, out| {
        // A query: its statement may have been put together before.
        if let Some(call) = site.call().filter(|call| is_query(call)) {
            if let Some(text @ Expr::Name(name)) = call.arguments.args.first()
                && is_statement(&ctx.constant(text))
            {
                let note = format!("`{}` is a statement of SQL that was put together from pieces", name.id);
                out.report(
                    Hit::at(call)
                        .note(note)
                        .thorough_if(ctx.is_test() || !has_open_part(ctx, &loops(ctx), [ctx.behind(text)]))
                        .bandit("B608", Severity::Medium),
                );
            }
            return;
        }
        // The outermost operation is the statement.
        if matches!(ctx.parent(), Some(Expr::BinOp(_) | Expr::FString(_))) {
            return;
        }
        let mut open = true;
        let statement = match (site.call(), site.expr()) {
            (Some(call), _) => match &*call.func {
                Expr::Attribute(attribute) if attribute.attr.as_str() == "format" => {
                    let text = ctx.constant(&attribute.value);
                    let fixed = call.arguments.args.iter().all(|arg| ctx.str(arg).is_some())
                        && call
                            .arguments
                            .keywords
                            .iter()
                            .all(|keyword| ctx.str(&keyword.value).is_some());
                    let values = call.arguments.keywords.iter().map(|keyword| &keyword.value);
                    open = has_open_part(ctx, &loops(ctx), call.arguments.args.iter().chain(values));
                    !fixed && text.as_str().is_some_and(looks_like_a_statement)
                }
                _ => false,
            },
            (None, Some(expr)) => {
                open = has_open_part(ctx, &loops(ctx), [expr]);
                is_statement(&ctx.constant(expr))
            }
            _ => false,
        };
        if statement {
            // In a variable it is judged where it is used; here only what has nobody between it and the database.
            let asked = ctx
                .expressions()
                .iter()
                .rev()
                .take(3)
                .any(|expr| matches!(expr, Expr::Call(call) if is_query(call)));
            out.report(
                Hit::at(site.range())
                    .thorough_if(!asked || ctx.is_test() || !open)
                    .bandit("B608", Severity::Medium),
            );
        }
    },
    bad: &[
        "import sqlite3\ncur.execute(f'SELECT a FROM b WHERE c = {x}')",
        "import sqlite3\nq = 'SELECT a FROM b WHERE c = %s' % x\ncur.execute(q)",
        "cur.execute('DELETE FROM b WHERE c = ' + x)",
        "import sqlite3\ncur.execute('SELECT {} FROM b'.format(x))",
    ],
    good: &[
        "cur.execute('SELECT a FROM b WHERE c = ?', (x,))",
        "import sqlite3\nprint(f'Please select a file from {x}')",
        "T = 'b'\ncur.execute(f'SELECT a FROM {T}')",
    ],
};

fn is_statement(constant: &Const<'_>) -> bool {
    matches!(constant, Const::Partial(_)) && constant.template().is_some_and(|text| looks_like_a_statement(&text))
}

fn looks_like_a_statement(text: &str) -> bool {
    STATEMENT.as_ref().is_some_and(|statement| statement.is_match(text))
}

/// Whether a call runs a query, by the name of the method.
fn is_query(call: &ExprCall) -> bool {
    let name = match &*call.func {
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Name(name) => name.id.as_str(),
        _ => return false,
    };
    matches!(
        name,
        "execute"
            | "executemany"
            | "executescript"
            | "execute_sql"
            | "raw"
            | "text"
            | "fetch"
            | "fetchrow"
            | "fetchval"
            | "read_sql"
            | "read_sql_query"
            | "RawSQL"
            | "exec_driver_sql"
            | "execute_async"
            | "fetch_all"
            | "fetch_one"
            | "cursor"
            | "prepare"
            | "run"
            | "mogrify"
            | "stream"
            | "scalar"
            | "scalars"
    )
}

pub(super) static DJANGO_RAW: Rule = Rule {
    meta: RuleMeta {
        id: "code/django-raw-sql",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A query of Django is extended by SQL that is put together.",
        docs: "`extra`, `raw` and `RawSQL` put their text into the statement as it is.\n\nExample: `User.objects.extra(where=[\"name = '\" + name + \"'\"])`\n\n**Instead:** the query interface; `params=[..]` for what is not constant.\n\nSource: Django documentation, `extra` and `RawSQL`; CWE-89.",
    },
    on: &[
        On::Method("extra"),
        On::Method("raw"),
        On::Call("django.db.models.expressions.RawSQL"),
        On::Call("django.db.models.RawSQL"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let django = ctx.has_import("django") || ctx.path.ends_with("models.py") || ctx.path.ends_with("views.py");
        if !django {
            return;
        }
        let unsure = |expr| !is_fixed(&ctx.constant(expr));
        let (found, id) = match site.name.rsplit('.').next() {
            Some("RawSQL") => (ctx.arg(call, 0, "sql").given().is_some_and(unsure), "B611"),
            Some("raw") => {
                let query = ctx.arg(call, 0, "raw_query").given();
                (
                    query.is_some_and(|query| matches!(ctx.constant(query), Const::Partial(_))),
                    "B611",
                )
            }
            _ => {
                let parts = [(0, "select"), (1, "where"), (3, "tables")];
                let mut given = parts
                    .iter()
                    .filter_map(|(position, name)| ctx.arg(call, *position, name).given());
                (given.any(|part| is_put_together(ctx, part)), "B610")
            }
        };
        if found {
            out.report(Hit::at(call).thorough_if(ctx.is_test()).bandit(id, Severity::Medium));
        }
    },
    bad: &[
        "from django.db.models.expressions import RawSQL\nRawSQL(x, [])",
        "from django.contrib.auth.models import User\nUser.objects.extra(where=['a = ' + x])",
        "import django\nUser.objects.raw('SELECT * FROM a WHERE b = %s' % x)",
    ],
    good: &[
        "from django.db.models.expressions import RawSQL\nRawSQL('a', [])",
        "import django\nUser.objects.extra(where=['a = %s'], params=[x])",
        "log.extra(where=x)",
    ],
};

fn is_fixed(constant: &Const<'_>) -> bool {
    matches!(constant, Const::Str(_))
}

/// Whether any text in a list or a dictionary is not constant.
fn is_put_together<'a>(ctx: &Ctx<'a>, part: &'a Expr) -> bool {
    let unsure = |expr| !is_fixed(&ctx.constant(expr));
    match ctx.behind(part) {
        Expr::List(list) => list.elts.iter().any(unsure),
        Expr::Tuple(tuple) => tuple.elts.iter().any(unsure),
        Expr::Dict(dict) => dict
            .items
            .iter()
            .any(|item| unsure(&item.value) || item.key.as_ref().is_none_or(unsure)),
        _ => true,
    }
}
