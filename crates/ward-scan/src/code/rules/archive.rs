//! Archives that write where they like.

use ruff_python_ast::{BoolOp, CmpOp, Expr, Operator, Stmt};
use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::{
    super::{
        Arg, Const, Ctx,
        rule::{Hit, On, Rule},
    },
    mend,
};

pub(super) static EXTRACTION: Rule = Rule {
    meta: RuleMeta {
        id: "code/archive-extraction",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A tar archive is unpacked without a filter.",
        docs: "A member called `../../.ssh/authorized_keys`, or a link out of the folder, is written where it says. Models and data sets come as archives.\n\nExample: `tarfile.open(path).extractall(folder)`\n\n**Instead:** `extractall(folder, filter=\"data\")`, which refuses such members.\n\nSource: PEP 706; CVE-2007-4559; CWE-22. Python 3.14 does so by default, versions before 3.8.17, 3.9.17, 3.10.12 and 3.11.4 do not know the argument. With `members` the finding is shown in the thorough profile.",
    },
    on: &[
        On::Method("extractall"),
        On::Call("tarfile.open.extract"),
        On::Call("tarfile.TarFile.extract"),
        On::Call("shutil.unpack_archive"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if site.name == "shutil.unpack_archive" {
            let says = |position, name, end: &str| {
                let given = ctx.arg(call, position, name).given();
                given.is_some_and(|given| ends_with(ctx, given, end))
            };
            let zip = says(0, "filename", ".zip") || says(2, "format", "zip");
            if !zip && ctx.arg(call, None, "filter").is_absent() {
                let note = "a tar archive that is unpacked here writes where it says";
                out.report(
                    Hit::at(call)
                        .note(note)
                        .severity(Severity::Low)
                        .thorough_if(ctx.is_test()),
                );
            }
            return;
        }
        let known = site.name.starts_with("tarfile.");
        let other = site.name.starts_with("zipfile.") || site.name.starts_with("py7zr.") || site.name.starts_with("~");
        // What the archive is when its variable does not say: only a file without another kind of archive is judged.
        let likely = ctx.has_import("tarfile") && !ctx.has_import("zipfile") && !other;
        if !known && !likely {
            return;
        }
        let filter = ctx.arg(call, None, "filter");
        let trusting = |filter| ctx.str(filter).is_some_and(|filter| filter == "fully_trusted");
        let mut hit = Hit::at(call).bandit("B202", Severity::High);
        if let Expr::Attribute(method) = &*call.func
            && let Some(opened) = ctx.made_by(&method.value)
        {
            hit = hit
                .step(opened, "the archive is opened here")
                .step(call, "it is unpacked here");
        }
        match filter {
            Arg::Given(filter) if trusting(filter) => {}
            Arg::Absent => {
                if let Some((range, text)) = mend::add_argument(ctx.source, call, "filter=\"data\"") {
                    hit = hit.fix("refuse members that leave the folder", range, text);
                }
            }
            _ => return,
        }
        let chosen = !ctx.arg(call, 1, "members").is_absent();
        out.report(hit.thorough_if(chosen || ctx.is_test()));
    },
    bad: &[
        "import tarfile\nwith tarfile.open(p) as t:\n    t.extractall(d)",
        "import tarfile\ndef f(t):\n    t.extractall()",
        "import tarfile\ntarfile.open(p).extractall(d, filter='fully_trusted')",
        "import tarfile\nwith tarfile.open(p) as t:\n    t.extract(m, d)",
        "import shutil\nshutil.unpack_archive(p, d)",
        "import shutil\nshutil.unpack_archive(f'{p}.tar.gz', d)",
    ],
    good: &[
        "import shutil\nshutil.unpack_archive(p, d, filter='data')",
        "import shutil\nshutil.unpack_archive('a.zip', d)",
        "import shutil\nshutil.unpack_archive(f'{p}.zip', d)",
        "import shutil\nshutil.unpack_archive(p + '.zip', d)",
        "import shutil\nfrom pathlib import Path\nshutil.unpack_archive(Path(p).with_suffix('.zip'), d)",
        "import shutil\nfrom pathlib import Path\nA = Path('a.zip')\nshutil.unpack_archive(str(A), d)",
        "import shutil\nshutil.unpack_archive(folder / 'a.zip', d)",
        "import shutil\nshutil.unpack_archive(filename='b.ZIP', extract_dir=d)",
        "import tarfile\ntarfile.open(p).extractall(d, filter='data')",
        "import zipfile\nzipfile.ZipFile(p).extractall(d)",
        "x.extractall(d)",
    ],
};

pub(super) static MEMBER_NAME: Rule = Rule {
    meta: RuleMeta {
        id: "code/archive-member-path",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "A member of an archive is written under the name that the archive gives it.",
        docs: "A name such as `../../.ssh/authorized_keys` leads out of the folder, and the file is written there.\n\nExample: `for n in z.namelist(): open(os.path.join(folder, n), \"wb\").write(z.read(n))`\n\n**Instead:** `ZipFile.extractall`, which drops such parts; or compare `Path(folder, n).resolve()` with the folder (`is_relative_to`) before anything is written.\n\nSource: CWE-22 (*Zip Slip*). A loop that speaks of `..`, of a common or real path, of the name without its folders, of a pattern for the whole name or of a list of names that are wanted is taken to check.",
    },
    on: &[On::Call("open"), On::Method("write_bytes"), On::Method("write_text")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let path = match &*call.func {
            Expr::Attribute(method) => &*method.value,
            _ => {
                let mode = ctx.arg(call, 1, "mode").given().and_then(|mode| ctx.str(mode));
                let writes = mode.is_some_and(|mode| mode.starts_with(['w', 'a', 'x']));
                match ctx.arg(call, 0, "file") {
                    Arg::Given(path) if writes => path,
                    _ => return,
                }
            }
        };
        let (typed, behind) = (ctx.text(path), ctx.text(ctx.behind(path)));
        let hashed = ["hexdigest", "uuid"]
            .iter()
            .any(|word| typed.contains(word) || behind.contains(word));
        let chooses = |stmt: &Stmt| {
            let Stmt::For(each) = stmt else { return false };
            let listed = ["namelist()", "infolist()", "getnames()", "getmembers()"];
            let Expr::Name(member) = &*each.target else {
                return false;
            };
            let (over, body) = (ctx.text(&*each.iter), ctx.text(each));
            listed.iter().any(|list| over.contains(list))
                && [typed, behind].iter().any(|text| has_word(text, &member.id))
                && !CHECKS.iter().any(|word| body.contains(word))
                && !keeps_wanted(over)
                && !each.body.iter().any(|stmt| leaves_unwanted(ctx, stmt, &member.id))
                && !ctx.statements().iter().any(|stmt| is_for_wanted(ctx, stmt, &member.id))
        };
        if hashed {
            return;
        }
        if ctx.statements().iter().any(|stmt| chooses(stmt)) {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import os\nfor n in z.namelist():\n    with open(os.path.join(d, n), 'wb') as f:\n        f.write(z.read(n))",
        "for m in t.getmembers():\n    path = d / m.name\n    path.write_bytes(t.extractfile(m).read())",
        "for n in z.namelist():\n    if n in seen:\n        continue\n    open(os.path.join(d, n), 'wb')",
        "for n in [x for x in z.namelist() if 'data' in x]:\n    open(os.path.join(d, n), 'wb')",
    ],
    good: &[
        "for n in z.namelist():\n    open(os.path.join(d, os.path.basename(n)), 'wb')",
        "for n in z.namelist():\n    if '..' in n:\n        continue\n    open(os.path.join(d, n), 'wb')",
        "for n in z.namelist():\n    open(os.path.join(d, n)).read()",
        "for n in names:\n    open(os.path.join(d, n), 'wb')",
        "for n in z.namelist():\n    if n not in KNOWN:\n        continue\n    open(os.path.join(d, n), 'wb')",
        "for m in z.infolist():\n    if m.filename in KNOWN and m.file_size < 9:\n        open(os.path.join(d, m.filename), 'wb')",
        "for n in z.namelist():\n    (Path(d) / Path(n).name).write_bytes(z.read(n))",
        "for n in z.namelist():\n    p = Path(d) / hashlib.sha256(n.encode()).hexdigest()\n    p.write_bytes(z.read(n))",
        "for n in z.namelist():\n    if not re.fullmatch(r'[a-z]+', n):\n        raise ValueError(n)\n    open(os.path.join(d, n), 'wb')",
        "for n in sorted(x for x in z.namelist() if x in KNOWN):\n    (d / n).write_bytes(z.read(n))",
    ],
};

/// What a loop holds that looks where a name leads.
const CHECKS: &[&str] = &[
    "..",
    "basename",
    "commonp",
    "realpath",
    "abspath",
    "resolve(",
    "is_relative_to",
    "secure_filename",
    "safe",
    ".stem",
    ").name",
    "fullmatch(",
];

/// Whether what a loop goes over holds only names of another list: `(n for n in z.namelist() if n in KNOWN)`.
fn keeps_wanted(over: &str) -> bool {
    let mut conditions = over.split(" if ").skip(1).map(str::trim_start);
    conditions.any(|condition| {
        condition.contains(" in ") && !condition.contains(" not in ") && !condition.starts_with(['\'', '"'])
    })
}

/// Whether a condition compares a member's name with names that are known, by `operators`; also as one part of several that
/// `joined` joins.
fn compares(ctx: &Ctx<'_>, test: &Expr, joined: BoolOp, member: &str, operators: [CmpOp; 2]) -> bool {
    let parts = match test {
        Expr::BoolOp(parts) if parts.op == joined => parts.values.as_slice(),
        one => std::slice::from_ref(one),
    };
    parts.iter().any(|part| {
        let Expr::Compare(compare) = part else { return false };
        let left = ctx.text(&*compare.left);
        let left = left.strip_prefix(member).unwrap_or("?");
        matches!(left, "" | ".name" | ".filename") && matches!(&*compare.ops, [only] if operators.contains(only))
    })
}

/// Whether a statement goes on to the next member, or out, where a name is not a wanted one.
fn leaves_unwanted(ctx: &Ctx<'_>, stmt: &Stmt, member: &str) -> bool {
    match stmt {
        Stmt::If(unless) => {
            let leaves = matches!(
                unless.body.last(),
                Some(Stmt::Continue(_) | Stmt::Raise(_) | Stmt::Return(_) | Stmt::Break(_))
            );
            leaves && compares(ctx, &unless.test, BoolOp::Or, member, [CmpOp::NotIn, CmpOp::NotEq])
        }
        _ => false,
    }
}

/// Whether a statement is a condition for what stands in it: that a name is a wanted one.
fn is_for_wanted(ctx: &Ctx<'_>, stmt: &Stmt, member: &str) -> bool {
    matches!(stmt, Stmt::If(only) if compares(ctx, &only.test, BoolOp::And, member, [CmpOp::In, CmpOp::Eq]))
}

/// Whether a text or a path ends with `end`, in letters of either case, as far as that is written in the program.
fn ends_with<'a>(ctx: &Ctx<'a>, given: &'a Expr, end: &str) -> bool {
    let mut given = given;
    for _ in 0..8 {
        given = ctx.behind(given);
        let constant = ctx.constant(given);
        let last = match &constant {
            Const::Str(text) => Some(&**text),
            Const::Partial(parts) => parts.last().and_then(|part| part.as_deref()),
            _ => None,
        };
        if let Some(last) = last {
            return last.to_ascii_lowercase().ends_with(end);
        }
        given = match given {
            Expr::BinOp(joined) if joined.op == Operator::Div => &joined.right,
            Expr::Call(call) => match (&*call.func, call.arguments.args.last()) {
                // `Path(..).resolve()`.
                (Expr::Attribute(method), None) => &method.value,
                (Expr::Attribute(method), Some(last))
                    if matches!(
                        &*method.attr,
                        "with_suffix" | "with_name" | "joinpath" | "Path" | "fspath"
                    ) =>
                {
                    last
                }
                (Expr::Name(made), Some(last)) if matches!(&*made.id, "Path" | "PurePath" | "str" | "fspath") => last,
                _ => return false,
            },
            _ => return false,
        };
    }
    false
}

/// Whether a text holds a name as a whole word.
fn has_word(text: &str, name: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word == name)
}
