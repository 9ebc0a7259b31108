//! Settings that only a start takes up: which of them were changed since the last one.

use ward_seal::hash;

use super::Value;

/// What the settings were that a running service does not take up, as digests: some of them are secret.
#[derive(Clone, Default)]
pub struct AtStart(Vec<(&'static str, [u8; 32])>);

impl AtStart {
    pub(super) fn add(&mut self, path: &'static str, value: &Value) {
        let bytes = match value {
            Value::Bool(on) => vec![u8::from(*on)],
            Value::Number(number) => number.to_be_bytes().to_vec(),
            Value::Text(text) => text.clone().into_bytes(),
            Value::Texts(texts) => texts.join("\0").into_bytes(),
            Value::File(path) => path.as_os_str().as_encoded_bytes().to_vec(),
            Value::Secret(secret) => return self.0.push((path, hash::sha256(secret.expose().as_bytes()))),
        };
        self.0.push((path, hash::sha256(&bytes)));
    }

    /// The settings, by name below `[serve]`, that are another thing in `now`: they wait for the next start.
    #[must_use]
    pub fn waits(&self, now: &Self) -> Vec<&'static str> {
        let missing = |from: &Self, to: &Self| -> Vec<&'static str> {
            let gone = from.0.iter().filter(|one| !to.0.contains(one));
            gone.map(|(path, _)| *path).collect()
        };
        let mut names = missing(now, self);
        // Those that are not set any more.
        names.extend(missing(self, now));
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::AtStart;
    use crate::settings::read::{Document, read};

    fn at_start(text: &str) -> AtStart {
        let document = Document {
            name: "ward.toml",
            text,
            folder: Path::new(""),
        };
        let env = |name: &str| Some(format!("what {name} holds"));
        match read(Some(document), &[], PathBuf::new(), &env) {
            Ok(read) => read.at_start,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn only_what_takes_a_start_and_is_another_thing_waits() {
        let before = "[serve]\nlisten = \"127.0.0.1:9001\"\n[serve.upstream]\nurl = \"http://127.0.0.1:1\"\nkey = \"env:A\"\n\
                      [serve.limits]\nmax_requests = 10\n";
        let upstream = "[serve.upstream]\nurl = \"http://127.0.0.1:1\"\n";
        let check = |now: &str, expect: &[&str]| {
            assert_eq!(at_start(before).waits(&at_start(now)), expect, "{now}");
        };
        check(before, &[]);
        check(&before.replace("= 10", "= 20"), &["limits.max_requests"]);
        check(&before.replace("env:A", "env:B"), &["upstream.key"]);
        check(&before.replace("127.0.0.1:1\"", "127.0.0.1:2\""), &["upstream.url"]);
        // What is taken up at once is not named.
        check(&format!("{before}at_once = 4\n[serve.guard]\ngrounding = true\n"), &[]);
        // What stands there no more is what it is without being set.
        check(upstream, &["limits.max_requests", "listen", "upstream.key"]);
        // To write down what holds anyway changes nothing.
        assert_eq!(
            at_start(upstream).waits(&at_start(&format!("{upstream}[serve.limits]\nmax_requests = 256\n"))),
            Vec::<&str>::new()
        );
    }

    #[test]
    fn an_address_that_is_shown_no_further_than_its_host_is_compared_whole() {
        let of = |path: &str| at_start(&format!("[serve.alerts]\nwebhook = \"https://a.example/{path}\"\n"));
        assert_eq!(of("one").waits(&of("two")), ["alerts.webhook"]);
        assert!(of("one").waits(&of("one")).is_empty());
    }
}
