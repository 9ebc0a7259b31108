//! Settings of web applications: WordPress and other PHP, Django and Flask, Rails, Salesforce.

use std::ops::Range;

use ward_evidence::RuleMeta;

use super::{
    Format, in_folder,
    syntax::{lines, yaml},
};
use crate::secrets::{generic::values::names_itself, page::Page, rule::META};

mod connects;

/// `wp-config.php`.
pub static WORDPRESS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-wordpress",
        summary: "WordPress's configuration holds its database password, a key or a salt.",
        docs: "`wp-config.php` defines `DB_PASSWORD` and eight keys and salts; with one of the latter, sessions of \
            any user can be made.\n\n\
            Keep the file out of repositories, take the values from the environment, change the password and make \
            new salts.\n\n\
            Source: the WordPress developer handbook, *Editing wp-config.php*.",
        ..META
    },
    is: |page| page.name.starts_with("wp-config") && page.name.contains("php") && !page.name.contains("sample"),
    read: |page, sink| {
        quoted_pairs(page, |name, value| {
            let name = name.to_ascii_uppercase();
            if matches!(
                name.as_slice(),
                b"DB_PASSWORD" | b"FTP_PASS" | b"WP_CACHE_KEY_SALT" | b"SMTP_PASS"
            ) || [&b"_KEY"[..], b"_SALT", b"_SECRET", b"_PASSWORD", b"_TOKEN"]
                .iter()
                .any(|end| name.ends_with(end))
                && value.len() >= 8
            {
                sink.login(value);
            }
        });
    },
};

/// Other configuration files in PHP: Joomla, Drupal, MediaWiki, phpMyAdmin, Laravel, Magento, hand-made.
pub static PHP: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-php-config",
        summary: "A PHP configuration holds a password or a secret.",
        docs: "`config.php`, `configuration.php`, `LocalSettings.php`, `config.inc.php` and their like define the \
            password of a database or a secret of the application.\n\n\
            Keep the file out of repositories, take the values from the environment, and replace them.",
        ..META
    },
    is: |page| {
        let php = matches!(
            page.extension(),
            "php" | "inc" | "phtml" | "php5" | "php~" | "bak" | "old" | "save"
        ) || page.name.contains(".php");
        php && !page.name.starts_with("wp-config")
            && ([
                "config",
                "settings",
                "database",
                "connect",
                "credentials",
                "secrets",
                "env.php",
                "db.",
                "dbconn",
                "constants",
                "parameters",
            ]
            .iter()
            .any(|word| page.name.contains(word))
                || in_folder(page, "config"))
    },
    read: |page, sink| {
        quoted_pairs(page, |name, value| sink.setting(name, value));
    },
};

/// `settings.py`, `config.py`.
pub static PYTHON: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-python-settings",
        summary: "A Python settings file holds a password or a secret.",
        docs: "Django's `SECRET_KEY` signs sessions and password resets; `DATABASES`, `EMAIL_HOST_PASSWORD` and \
            others hold passwords. A key that Django marked with `django-insecure-` at the start of a project is \
            still the key of that project.\n\n\
            Take the values from the environment, and replace them.\n\n\
            Source: the Django documentation, *Settings*.",
        ..META
    },
    is: |page| {
        page.extension() == "py"
            && (page.name.contains("settings") || page.name.contains("secret") || page.name.contains("credentials") || in_folder(page, "settings")
                || matches!(page.name, "config.py" | "local.py" | "production.py" | "conf.py" | "airflow_local_settings.py" | "superset_config.py" | "webserver_config.py" | "jupyter_notebook_config.py"))
            // Libraries define names of settings, applications give them values: a module of definitions is no
            // settings file.
            && memchr::memmem::find(page.text, b"\nclass ").is_none_or(|_| page.name.contains("settings") || page.name == "config.py")
    },
    read: |page, sink| {
        quoted_pairs(page, |name, value| {
            let text = page.get(value.clone());
            let secret = name == b"SECRET_KEY" || name == b"secret_key";
            // The name of a variable of the environment: `Setting("secret_key", "APP_SECRET_KEY")`.
            let variable = text.ends_with(b"SECRET_KEY") && text.iter().all(|b| b.is_ascii_uppercase() || *b == b'_');
            if secret && variable {
                return;
            }
            if secret && text.len() >= 12 {
                sink.login(value);
                return;
            }
            let named =
                name.eq_ignore_ascii_case(b"password") || name.ends_with(b"PASSWORD") || name.ends_with(b"_PASS");
            let plain = !text.contains(&b' ') && text.len() >= 4 && !text.contains(&b'.');
            if named && plain && !str::from_utf8(text).is_ok_and(names_itself) {
                sink.setting(name, value);
            }
        });
    },
};

/// Rails: `secrets.yml`, `master.key`, `secret_token.rb`.
pub static RAILS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-rails",
        summary: "A Rails secret: the base of all keys, or the key of the encrypted credentials.",
        docs: "With `secret_key_base` sessions of any user can be made; with `master.key` the file \
            `credentials.yml.enc` beside it is read.\n\n\
            Keep both out of repositories, and make new ones.\n\n\
            Source: the Rails guides, *Securing Rails Applications*.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "secrets.yml"
                | "secrets.yaml"
                | "application.yml"
                | "credentials.yml"
                | "settings.local.yml"
                | "secret_token.rb"
                | "session_store.rb"
                | "devise.rb"
                | "figaro.yml"
                | "carrierwave.rb"
                | "omniauth.rb"
        ) || page.name == "master.key"
            || page.extension() == "key" && in_folder(page, "credentials")
    },
    read: |page, sink| {
        if page.extension() == "key" {
            let key = page.text.trim_ascii();
            if matches!(key.len(), 32 | 64) && key.iter().all(u8::is_ascii_hexdigit) {
                sink.login(0..key.len());
            }
        } else if page.extension() == "rb" {
            quoted_pairs(page, |name, value| {
                let name = name.rsplit(|byte| *byte == b'.').next().unwrap_or(name);
                sink.setting(name, value);
            });
        } else {
            yaml::scalars(page.text, |entry| sink.setting(entry.key, entry.value.clone()));
        }
    },
};

/// Programs that log in: `login(user, password + token)`, `mysqli_connect(host, user, password)`.
pub static SALESFORCE: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-login-call",
        summary: "A program logs in with a password that it carries.",
        docs: "A call such as `connection.login('user', 'password')` of jsforce, ftplib, smtplib or nodemailer, \
            `mysqli_connect('host', 'user', 'password')`, `pymysql.connect(..)` or `DriverManager.getConnection(..)`, or an \
            address `user:password@tcp(host)/db` of Go, with the password as a literal.\n\n\
            Take it from the environment, and change it.",
        ..META
    },
    is: |page| {
        (has_logins(page.extension()) || matches!(page.extension(), "go" | "java" | "kt")) && page.text.len() < 4 << 20
    },
    read: |page, sink| {
        connects::passwords(page, |span| sink.login(span));
        if !has_logins(page.extension()) {
            return;
        }
        let mut at = 0;
        while let Some(found) = page
            .text
            .get(at..)
            .and_then(|rest| memchr::memmem::find(rest, b"login("))
        {
            let from = at + found + 6;
            at = from;
            // A method of something: `conn.login('user', 'secret')`.
            if !matches!(page.text.get(from.saturating_sub(7)), Some(b'.' | b'>' | b':')) {
                continue;
            }
            let line = page.text.get(from..).unwrap_or_default();
            let line = line.get(..line.len().min(300)).unwrap_or_default();
            let Some(first) = string(line, 0) else { continue };
            let Some(comma) = line
                .get(first.end + 1..)
                .and_then(|rest| rest.iter().position(|byte| !byte.is_ascii_whitespace()))
            else {
                continue;
            };
            if line.get(first.end + 1 + comma) != Some(&b',') {
                continue;
            }
            let user = line.get(first.clone()).unwrap_or_default();
            let Some(second) = string(line, first.end + 2 + comma) else {
                continue;
            };
            let password = line.get(second.clone()).unwrap_or_default();
            let strong = crate::secrets::rarity::is_unwordlike(password);
            // An address as the user says that the login is a real one.
            if password.len() >= 6
                && user != password
                && (strong || user.contains(&b'@') && !page.place.is_doubtful())
                && !password.contains(&b' ')
            {
                sink.login(from + second.start..from + second.end);
            }
        }
    },
};

/// Languages in which `login(` is looked for.
fn has_logins(extension: &str) -> bool {
    matches!(
        extension,
        "js" | "ts" | "py" | "rb" | "php" | "mjs" | "cjs" | "pl" | "groovy"
    )
}

/// The string that starts at `at` or after white space behind it, without its quotes.
fn string(line: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = line.get(at..)?;
    let space = rest.len() - rest.trim_ascii_start().len();
    let quote = *rest.get(space)?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let start = at + space + 1;
    let length = memchr::memchr2(quote, b'\n', line.get(start..)?)?;
    (line.get(start + length) == Some(&quote)).then_some(start..start + length)
}

/// Calls `each` with every `name .. 'value'` of a program: a name in quotes, as a variable, a property or an
/// argument, with the string
/// that it is given on the same line.
fn quoted_pairs(page: &Page<'_>, mut each: impl FnMut(&[u8], Range<usize>)) {
    for (start, line) in lines::lines(page.text) {
        let trimmed = line.trim_ascii_start();
        if line.len() > 4096 || trimmed.starts_with(b"#") || trimmed.starts_with(b"//") || trimmed.starts_with(b"*") {
            continue;
        }
        let mut at = 0;
        let mut budget = 16;
        while let Some(found) = line
            .get(at..)
            .and_then(|rest| rest.iter().position(|byte| matches!(byte, b'=' | b':' | b',')))
        {
            let sign = at + found;
            at = sign + 1;
            budget -= 1;
            if budget == 0 {
                break;
            }
            let before = line.get(..sign).unwrap_or_default().trim_ascii_end();
            let before = before.strip_suffix(b"]").unwrap_or(before);
            let quoted = matches!(before.last(), Some(b'"' | b'\''));
            let before = before
                .strip_suffix(b"\"")
                .or_else(|| before.strip_suffix(b"'"))
                .unwrap_or(before);
            let length = before
                .iter()
                .rev()
                .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
                .count();
            let name = before.get(before.len() - length..).unwrap_or_default();
            if name.is_empty() || line.get(sign) == Some(&b',') && !quoted {
                continue;
            }
            let rest = line.get(at..).unwrap_or_default();
            let skip = rest
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b':'))
                .count();
            let mark = usize::from(
                rest.get(skip).is_some_and(|b| matches!(b, b'b' | b'r' | b'u'))
                    && rest.get(skip + 1).is_some_and(|b| matches!(b, b'"' | b'\'')),
            );
            if let Some(value) = string(line, at + skip + mark) {
                at = value.end + 1;
                each(name, start + value.start..start + value.end);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn wordpress() {
        check(
            "www/wp-config.php",
            "<?php\ndefine('DB_NAME', 'x');\ndefine('DB_PASSWORD', '<<lower:9>>');\ndefine( 'AUTH_KEY',  '<<b62:30>>|-$%<<b62:20>>' );\ndefine('NONCE_SALT', 'put your unique phrase here');\ndefine('WP_DEBUG', false);\n",
            &[3, 4],
        );
    }

    #[test]
    fn php() {
        check(
            "app/config.php",
            "<?php\n$db['password'] = '<<b62:9>>';\n$cfg = ['secret' => \"<<b62:20>>\", 'host' => 'x'];\n",
            &[2, 3],
        );
        check(
            "configuration.php",
            "class J {\n public $password = '<<lower:10>>';\n public $user = 'u';\n}",
            &[2],
        );
    }

    #[test]
    fn python() {
        check(
            "site/settings.py",
            "import os\nSECRET_KEY = 'django-insecure-<<b62:30>>'\nDATABASES = {\n  'default': {\n    'PASSWORD': '<<b62:9>>',\n    'USER': 'u',\n}}\nEMAIL_HOST_PASSWORD = os.environ['X']\n",
            &[2, 5],
        );
        check(
            "lib/settings.py",
            "secret_key = Setting(\"secret_key\", \"APP_SECRET_KEY\")\n",
            &[],
        );
    }

    #[test]
    fn rails() {
        check("config/master.key", "<<hex:32>>", &[1]);
        check(
            "config/secrets.yml",
            "production:\n  secret_key_base: <<hex:64>>\ntest:\n  secret_key_base: <%= ENV[\"X\"] %>\n",
            &[2],
        );
    }

    #[test]
    fn logins() {
        check(
            "web/x.js",
            "conn.login('me@a.io', '<<b62:12>>', function(e) {});\nconn.login(user, pass);\nx.login('user', 'password');\n",
            &[1],
        );
    }
}
