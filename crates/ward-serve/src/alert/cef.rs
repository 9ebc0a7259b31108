//! An alert in the Common Event Format, version 0.
//!
//! Source: ArcSight Common Event Format, implementation standard: seven header fields divided by `|`, an extension of
//! `key=value` pairs; `\` and `|` escaped in the header, `\`, `=` and line ends in the extension.

use super::Alert;

/// The alert as one line.
#[must_use]
pub fn line(alert: &Alert) -> String {
    format!(
        "CEF:0|Ward|ward|{}|{}|{}|{}|rt={} cnt={} suser={} cat=ward",
        header(env!("CARGO_PKG_VERSION")),
        header(alert.rule),
        header(alert.message),
        alert.severity,
        alert.at_unix_ms,
        alert.count,
        extension(&alert.subject),
    )
}

fn header(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('|', "\\|")
}

fn extension(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('=', "\\=")
}

/// Without characters that could end the line or the terminal's patience.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_field_can_be_taken_for_another_field() {
        let mut alert = Alert {
            rule: "auth_storm",
            severity: 6,
            message: "Many.",
            subject: "192.0.2.1".to_owned(),
            count: 20,
            at_unix_ms: 1_795_305_600_000,
        };
        let version = env!("CARGO_PKG_VERSION");
        let expect =
            format!("CEF:0|Ward|ward|{version}|auth_storm|Many.|6|rt=1795305600000 cnt=20 suser=192.0.2.1 cat=ward");
        assert_eq!(line(&alert), expect);
        alert.subject = "a=b|c\\d\n<1>e\u{1b}[0m".to_owned();
        let line = line(&alert);
        assert!(line.contains("suser=a\\=b|c\\\\d<1>e[0m cat=ward"), "{line}");
        assert!(!line.contains(['\n', '\u{1b}']));
    }
}
