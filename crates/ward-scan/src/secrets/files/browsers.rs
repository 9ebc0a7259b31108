//! Browsers.

use ward_evidence::{RuleMeta, Severity};

use super::{Format, syntax::json};
use crate::secrets::rule::META;

/// Firefox's and Thunderbird's `logins.json`.
pub static FIREFOX: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-firefox-logins",
        summary: "Firefox's stored logins.",
        docs: "`logins.json` holds user names and passwords, encrypted with a key in `key4.db` beside it. Without a \
            primary password they are read at once.\n\n\
            Keep profiles out of repositories, set a primary password, and change the passwords.",
        ..META
    },
    is: |page| matches!(page.name, "logins.json" | "logins-backup.json" | "signons.json"),
    read: |page, sink| {
        json::strings(page.text, |entry| {
            if entry.is("encryptedPassword") {
                sink.encrypted(entry.value.clone(), Severity::High, "encrypted with the key beside it");
            } else if entry.is("encryptedUsername") {
                sink.encrypted(
                    entry.value.clone(),
                    Severity::Medium,
                    "a user name, encrypted with the key beside it",
                );
            }
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn firefox() {
        check(
            "logins.json",
            "{\"logins\":[{\n\"hostname\":\"https://a.io\",\n\"encryptedUsername\":\"M<<b62:59>>\",\n\"encryptedPassword\":\"M<<b62:59>>\"}]}",
            &[3, 4],
        );
    }
}
