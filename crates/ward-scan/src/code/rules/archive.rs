//! Archives that write where they like.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::{
    super::{
        Arg,
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
    on: &[On::Method("extractall")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
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
    ],
    good: &[
        "import tarfile\ntarfile.open(p).extractall(d, filter='data')",
        "import zipfile\nzipfile.ZipFile(p).extractall(d)",
        "x.extractall(d)",
    ],
};
