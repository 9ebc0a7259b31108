//! .gitignore: files that are made to hold credentials.

use super::{block, hashed};
use crate::init::blocks::{Other, Wanted};

pub(super) fn file() -> Wanted {
    let text = "# Files that are made to hold credentials.\n.env\n.env.*\n!.env.example\n*.pem\n*.key\n*.p12\n.netrc\n.pypirc\n";
    Wanted {
        other: Other::Append,
        ..hashed(
            ".gitignore",
            "credential files stay out of git",
            vec![block("credentials", text.to_owned())],
        )
    }
}
