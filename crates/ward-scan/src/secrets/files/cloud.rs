//! Clouds: AWS, S3 clients, Google Cloud, Azure, rclone, Terraform, command lines of hosters.

use std::ops::Range;

use ward_evidence::RuleMeta;

use super::{
    Format, below_folder, in_folder, starts_with_mark,
    syntax::{
        json,
        lines::{self, Between},
        xml::{self, Node},
        yaml,
    },
};
use crate::secrets::{generic::names, rarity::is_random, rule::META};

/// `~/.aws/credentials`, `.s3cfg`, `.passwd-s3fs`, key files that the console gives.
pub static AWS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-aws",
        summary: "A file of AWS or an S3 client holds a secret key.",
        docs: "`aws_secret_access_key`, `aws_session_token`, `secret_key` of s3cmd: with the key id beside it, they \
            act as the user or role.\n\n\
            Use roles or single sign-on, make the key inactive, delete it, and look through CloudTrail.\n\n\
            Source: the AWS documentation, *Configuration and credential file settings*.",
        severity: ward_evidence::Severity::Critical,
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            ".s3cfg"
                | "s3cfg"
                | ".s3curl"
                | ".passwd-s3fs"
                | "passwd-s3fs"
                | ".aws-credentials"
                | "aws-credentials"
                | "awscredentials.properties"
                | "rootkey.csv"
                | "accesskeys.csv"
                | "credentials.csv"
                | ".awsrc"
                | ".mc.json"
                | "s3.ini"
        ) || matches!(page.name, "credentials" | "config") && below_folder(page, ".aws")
            || matches!(page.name, "credentials" | ".credentials") && starts_with_mark(page, "aws_")
    },
    read: |page, sink| {
        if page.extension() == "csv" {
            for (start, line) in lines::lines(page.text).skip(1) {
                if let Some(comma) = memchr::memrchr(b',', line) {
                    let value = line.get(comma + 1..).unwrap_or_default().trim_ascii();
                    if value.len() == 40 {
                        sink.login(start + comma + 1..start + comma + 1 + value.len());
                    }
                }
            }
            return;
        }
        if page.name.ends_with("passwd-s3fs") {
            for (start, line) in lines::lines(page.text) {
                if let Some(colon) = memchr::memrchr(b':', line) {
                    sink.login(start + colon + 1..start + line.trim_ascii_end().len());
                }
            }
            return;
        }
        lines::pairs(page.text, Between::Sign, |pair| {
            if pair.is_any(&[
                "aws_secret_access_key",
                "aws_session_token",
                "aws_security_token",
                "secret_key",
                "secretkey",
                "secret",
                "gpg_passphrase",
                "secret_access_key",
                "secretAccessKey",
                "AWSSecretKey",
                "token",
            ]) {
                sink.login(pair.value.clone());
            }
        });
    },
};

/// `.boto` of gsutil and boto.
pub static BOTO: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-boto",
        summary: "A boto configuration holds a secret key.",
        docs: "`aws_secret_access_key`, `gs_secret_access_key`, `gs_oauth2_refresh_token` of `.boto`.\n\n\
            Let gcloud keep the login, keep the file out of repositories, and replace the keys.",
        ..META
    },
    is: |page| matches!(page.name, ".boto" | "boto.cfg" | ".gsutil" | ".gutil"),
    read: |page, sink| {
        lines::pairs(page.text, Between::Sign, |pair| {
            let secret = [
                &b"secret_access_key"[..],
                b"refresh_token",
                b"key_file_password",
                b"client_secret",
                b"proxy_pass",
            ]
            .iter()
            .any(|end| pair.key.ends_with(end));
            if secret {
                sink.login(pair.value.clone());
            }
        });
    },
};

/// Google Cloud's application credentials.
pub static GCLOUD: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-google-cloud",
        summary: "A Google Cloud login is stored.",
        docs: "`application_default_credentials.json` and `client_secret_*.json` hold a client secret and a refresh \
            token; a service account's file holds its private key, which is a finding of its own.\n\n\
            Use workload identity, and revoke the login.\n\n\
            Source: the Google Cloud documentation, *Application Default Credentials*.",
        ..META
    },
    is: |page| {
        page.extension() == "json"
            && (page.name.starts_with("application_default_credentials")
                || page.name.starts_with("client_secret")
                || page.name == "adc.json"
                || in_folder(page, "gcloud")
                || starts_with_mark(page, "\"authorized_user\""))
    },
    read: |page, sink| {
        json::strings(page.text, |entry| {
            if entry.is_any(&["client_secret", "refresh_token", "access_token", "id_token"]) {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// Azure's command line and publish profiles.
pub static AZURE: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-azure",
        summary: "An Azure login is stored.",
        docs: "`accessTokens.json`, `msal_token_cache.json`, service principals' files and publish profiles \
            (`userPWD`) hold tokens and passwords.\n\n\
            Use managed identities, keep the files out of repositories, and replace what they hold.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "accesstokens.json"
                | "msal_token_cache.json"
                | "azureauth.json"
                | "azure-credentials.json"
                | "service_principal_entries.json"
                | "azureauth.properties"
                | ".azureauth"
        ) || matches!(page.extension(), "publishsettings" | "pubxml" | "azureauth")
            || in_folder(page, ".azure") && page.extension() == "json"
    },
    read: |page, sink| {
        if matches!(page.extension(), "publishsettings" | "pubxml") {
            xml::nodes(page.text, |node| match node {
                Node::Attribute(entry, _) if entry.is_any(&["userPWD", "ManagementCertificate", "password"]) => {
                    sink.login(entry.value.clone())
                }
                Node::Text(entry, _) if entry.is_any(&["Password", "userPWD"]) => sink.login(entry.value.clone()),
                _ => {}
            });
            return;
        }
        json::strings(page.text, |entry| {
            if entry.is_any(&[
                "accessToken",
                "refreshToken",
                "secret",
                "client_secret",
                "clientSecret",
                "servicePrincipalKey",
            ]) {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// `rclone.conf`.
pub static RCLONE: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-rclone",
        summary: "An rclone configuration holds a password, key or token.",
        docs: "`pass` is hidden with a key that is in rclone's source: as good as clear text. `token` is an OAuth \
            login.\n\n\
            Encrypt the configuration with a password of its own, and replace what it holds.\n\n\
            Source: the rclone documentation.",
        ..META
    },
    is: |page| matches!(page.name, "rclone.conf" | ".rclone.conf"),
    read: |page, sink| {
        lines::pairs(page.text, Between::Sign, |pair| {
            if pair.is_any(&[
                "pass",
                "password",
                "password2",
                "key",
                "secret_access_key",
                "client_secret",
                "bearer_token",
                "api_key",
                "service_account_credentials",
            ]) {
                sink.login_noted(pair.value.clone(), "clear text, or hidden with a known key");
            } else if pair.is_any(&["token"]) && page.get(pair.value.clone()).len() > 40 {
                sink.hash(pair.value.clone());
            }
        });
    },
};

/// Command lines of hosters and forges: Heroku, tugboat, hub, gh, doctl, flyctl.
pub static COMMAND_LINES: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-command-line-login",
        summary: "A command line tool's login is stored.",
        docs: "`~/.config/hub`, `.tugboat`, `heroku.json`, `doctl`'s `config.yaml`, `hosts.yml` of gh and their like \
            hold a token or key.\n\n\
            Keep them in the home folder, and revoke the token.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "hub"
                | ".hub"
                | ".tugboat"
                | "heroku.json"
                | "hosts.yml"
                | ".travis.yaml"
                | ".cloudapp"
                | ".netlify"
                | ".vercel"
                | "doctl.yaml"
                | ".dropbox_uploader"
                | ".transifexrc"
                | ".gist"
                | ".todoist"
                | ".ghi.yml"
                | ".ghost"
                | "access_token"
                | ".githubtoken"
                | ".cf.json"
                | ".stripe"
                | "sentry.properties"
                | ".sentryclirc"
                | ".jira.yml"
                | ".gemfury"
                | "ngrok.yml"
                | ".sauce-api-key"
        ) || matches!(
            page.name,
            "config.yml" | "config.yaml" | "config.json" | "auth.json" | "credentials.json" | "token.json"
        ) && [
            "doctl",
            "hub",
            "gh",
            ".travis",
            ".fly",
            "heroku",
            "linode-cli",
            "ngrok",
            "ngrok2",
            "com.vercel.cli",
            "glab-cli",
            "netlify",
            "configstore",
            ".config",
        ]
        .iter()
        .any(|folder| in_folder(page, folder))
            || below_folder(page, "cloud") && matches!(page.extension(), "json" | "yml" | "yaml")
    },
    read: |page, sink| {
        if page.extension() == "json" {
            json::strings(page.text, |entry| {
                let name = entry.key.to_ascii_lowercase();
                if name == b"client_key" {
                    sink.login(entry.value.clone());
                } else {
                    sink.setting(entry.key, entry.value.clone());
                }
            });
            return;
        }
        yaml::scalars(page.text, |entry| {
            if entry.is_any(&[
                "oauth_token",
                "client_key",
                "access_token",
                "access-token",
                "authtoken",
                "api_key",
                "token",
                "password",
            ]) {
                sink.login(entry.value.clone());
            } else {
                sink.setting(entry.key, entry.value.clone());
            }
        });
        lines::pairs(page.text, Between::Sign, |pair| {
            if memchr::memchr(b'=', page.text).is_some()
                && page
                    .get(pair.value.end..(pair.value.end + 1).min(page.text.len()))
                    .iter()
                    .all(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\''))
            {
                sink.setting(pair.key, pair.value.clone());
            }
        });
    },
};

/// Terraform: state, variables, logins.
pub static TERRAFORM: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-terraform",
        summary: "Terraform's state or variables hold a password, key or token.",
        docs: "The state holds every attribute of every resource in clear text, passwords too; `terraform.tfvars` \
            what was given.\n\n\
            Keep state in an encrypted backend, take secrets from a store, and replace what was published.\n\n\
            Source: the Terraform documentation, *Sensitive Data in State*.",
        ..META
    },
    is: |page| {
        matches!(page.extension(), "tfstate" | "tfvars" | "tf")
            || page.name.contains(".tfstate")
            || matches!(page.name, ".terraformrc" | "terraform.rc" | "credentials.tfrc.json")
            || page.name.ends_with(".tfvars.json")
    },
    read: |page, sink| {
        if page.name.contains("tfstate") || page.extension() == "json" {
            let mut kind: &[u8] = b"";
            json::strings(page.text, |entry| {
                if entry.is("type") && entry.below("resources") && !entry.below("instances") {
                    kind = page.get(entry.value.clone());
                }
                let drawn = kind == b"random_password" && entry.is("result");
                let output = entry.is("value") && entry.below("outputs");
                let name = entry.above.last().copied().unwrap_or_default();
                let value = page.get(entry.value.clone());
                if drawn || output && is_sensitive(page.text, entry.value.end) {
                    // Addresses, users and paths are kept from the screen too.
                    let telling = drawn || names::kind(name).is_some() || is_random(value);
                    if telling && !is_withheld(value) && (drawn || !is_place(value)) {
                        sink.login(entry.value.clone());
                    }
                } else if output {
                    sink.setting(name, entry.value.clone());
                } else if !entry.is_any(&["id", "type", "name", "key", "provider", "arn"]) {
                    sink.setting(entry.key, entry.value.clone());
                }
            });
        } else if page.extension() == "tf" {
            defaults(page.text, |name, value| sink.given(name, value));
        } else {
            lines::pairs(page.text, Between::Sign, |pair| {
                sink.setting(pair.key, pair.value.clone())
            });
        }
    },
};

/// Calls `each` with the variables of a Terraform module that have a text as their default: `variable "name" {` and, before
/// the bracket that closes it, `default = "value"`.
fn defaults(text: &[u8], mut each: impl FnMut(&[u8], Range<usize>)) {
    let mut variable: Option<&[u8]> = None;
    for (start, line) in lines::lines(text) {
        let mut at = line.len() - line.trim_ascii_start().len();
        if let Some(rest) = line.strip_prefix(b"variable ") {
            let name = rest.trim_ascii_start().strip_prefix(b"\"");
            variable = name.and_then(|rest| rest.split(|byte| *byte == b'"').next());
            // All of it on one line.
            let Some(open) = memchr::memchr(b'{', line) else {
                continue;
            };
            let inside = line.get(open + 1..).unwrap_or_default();
            at = open + 1 + inside.len() - inside.trim_ascii_start().len();
        } else if line.starts_with(b"}") {
            variable = None;
        }
        let assigned = line.get(at..).and_then(|rest| rest.strip_prefix(b"default"));
        let value = assigned
            .and_then(|rest| rest.trim_ascii_start().strip_prefix(b"="))
            .and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\""));
        if let (Some(name), Some(value)) = (variable, value)
            && let Some(length) = memchr::memchr(b'"', value)
        {
            let from = start + line.len() - value.len();
            each(name, from..from + length);
        }
    }
}

/// Whether the output of a Terraform state whose value ends at `at` says that it is sensitive: members of the object follow,
/// none of which holds another one.
fn is_sensitive(text: &[u8], at: usize) -> bool {
    let rest = text.get(at..text.len().min(at + 512)).unwrap_or_default();
    let rest = rest.split(|byte| *byte == b'}').next().unwrap_or_default();
    let told = memchr::memmem::find(rest, b"\"sensitive\"").and_then(|found| rest.get(found + 11..));
    told.is_some_and(|said| {
        said.trim_ascii_start()
            .strip_prefix(b":")
            .is_some_and(|said| said.trim_ascii_start().starts_with(b"true"))
    })
}

/// Whether a value of a Terraform state is what stands on the screen for one: `(sensitive value)`, `(known after apply)`.
fn is_withheld(value: &[u8]) -> bool {
    let inner = value.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")"));
    inner.is_some_and(|words| words.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b' '))
}

/// Whether a value says where something is: a path, an address, the name of a host or of a resource.
fn is_place(value: &[u8]) -> bool {
    let path = [&b"/"[..], b"./", b"../", b"~/", b"arn:"]
        .iter()
        .any(|start| value.starts_with(start));
    let address = memchr::memmem::find(value, b"://").is_some() && memchr::memchr(b'@', value).is_none();
    let host = value.split(|byte| *byte == b':').next().unwrap_or_default();
    let mut labels = host.rsplit(|byte| *byte == b'.');
    let letters = |label: &[u8]| label.len() >= 2 && label.iter().all(u8::is_ascii_lowercase);
    let number = |label: &[u8]| !label.is_empty() && label.iter().all(u8::is_ascii_digit);
    let plain = |label: &[u8]| {
        let sign = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
        !label.is_empty() && label.iter().all(sign)
    };
    let top = labels.next().is_some_and(|top| letters(top) || number(top));
    let below = labels.by_ref().take(8).filter(|label| plain(label)).count();
    path || address || top && below > 0 && below + 1 == host.split(|byte| *byte == b'.').count()
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn aws() {
        check(
            "x/.aws/credentials",
            "[default]\naws_secret_access_key = <<b64:40>>\n[b]\nregion=us-east-1\naws_secret_access_key=<<b64:40>>\n",
            &[2, 5],
        );
        check(
            ".s3cfg",
            "[default]\nbucket_location = US\nsecret_key = <<b64:40>>\ngpg_passphrase = <<lower:8>>\nsecret = \n",
            &[3, 4],
        );
        check("rootkey.csv", "Access key ID,Secret access key\nX,<<b64:40>>\n", &[2]);
    }

    #[test]
    fn others() {
        check(
            "gcloud/adc.json",
            "{\n\"client_secret\": \"<<b62:24>>\",\n\"refresh_token\": \"1//<<b62:40>>\",\n\"type\": \"authorized_user\"}",
            &[2, 3],
        );
        check("rclone.conf", "[r]\ntype = sftp\nuser = u\npass = <<url64:30>>\n", &[4]);
        check(
            "x/hub",
            "github.com:\n- user: me\n  oauth_token: <<hex:40>>\n  protocol: https\n",
            &[3],
        );
        check(
            "a.publishsettings",
            "<publishData><publishProfile\n userPWD=\"<<b62:60>>\" userName=\"$x\"/></publishData>",
            &[2],
        );
    }

    #[test]
    fn terraform() {
        check(
            "terraform.tfstate",
            "{\"resources\":[{\"attributes\":{\n\"master_password\":\"<<b62:10>>\",\n\"username\":\"u\",\n\"kms_key_id\":\"arn:x\"}}]}",
            &[2],
        );
        check(
            "terraform.tfstate",
            "{\"resources\":[{\"type\":\"random_password\",\"instances\":[{\"attributes\":{\n\"length\":9,\"result\":\"<<b62:12>>\"}}]},\
             {\"type\":\"random_pet\",\"instances\":[{\"attributes\":{\n\"result\":\"calm-otter\"}}]}]}",
            &[2],
        );
        check(
            "terraform.tfstate",
            "{\"outputs\":{\"a\":{\n\"value\":\"<<b62:12>>\",\"type\":\"string\",\"sensitive\": true},\"b\":{\n\"value\":\"<<b62:12>>\",\
             \"type\":\"string\"},\"db_password\":{\n\"value\":\"<<b62:12>>\"}}}",
            &[2, 4],
        );
        check(
            "terraform.tfstate",
            "{\"outputs\":{\"db_endpoint\":{\n\"value\":\"clinic.abc.eu-central-1.rds.amazonaws.com:5432\",\"type\":\"string\",\"sensitive\":true},\
             \"admin_user\":{\n\"value\":\"clinic_admin\",\"sensitive\":true},\"kubeconfig_path\":{\n\"value\":\"/srv/ci/.kube/config\",\
             \"sensitive\":true},\"secret_key\":{\n\"value\":\"/run/secrets/key\",\"sensitive\":true},\"db_password\":{\n\
             \"value\":\"(sensitive value)\",\"sensitive\":true},\"admin_password\":{\n\"value\":\"Sommer<<digit:2>>\",\"sensitive\":true}},\
             \"resources\":[{\"type\":\"random_password\",\"instances\":[{\"attributes\":{\n\"result\":\"(sensitive value)\"}}]}]}",
            &[7],
        );
        check(
            "variables.tf",
            "variable \"db_password\" {\n  type    = string\n  default = \"Sommer<<digit:4>>!\"\n}\nvariable \"api_token\" { default = \"<<b62:32>>\" }\n",
            &[3, 5],
        );
        check(
            "variables.tf",
            "variable \"db_password\" {\n  default = \"\"\n  description = \"Sommer<<digit:4>>!\"\n}\nvariable \"db_password\" {\n  default = \"kis-db-password\"\n}\n\
             variable \"db_password\" {\n  default = \"changeme\"\n}\nvariable \"password\" {\n  default = null\n}\nvariable \"db_password\" {\n  default = \"postgres\"\n}\n\
             variable \"ssh_password\" { default = \"foundry\" }\nvariable \"db_password\" { default = \"TODO\" }\nvariable \"secret\" {\n  default = \"kis/prod/db\"\n}\nvariable \"region\" {\n  default = \"Sommer<<digit:4>>!\"\n}\n\
             variable \"db_password\" {\n  type = string\n}\nlocals {\n  default = \"Sommer<<digit:4>>!\"\n}\n",
            &[],
        );
        check("prod.tfvars", "db_password = \"<<b62:10>>\"\nregion = \"eu\"\n", &[1]);
    }
}
