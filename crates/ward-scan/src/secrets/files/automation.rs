//! Automation: Ansible, Jenkins, Chef, cloud-init.

use ward_evidence::{RuleMeta, Severity};

use super::{
    Format, below_folder, in_folder,
    syntax::{
        lines,
        xml::{self, Node},
        yaml,
    },
};
use crate::secrets::rule::META;

/// Ansible's variables and inventories, Salt's pillars, Puppet's Hiera.
pub static ANSIBLE: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-ansible",
        summary: "Variables of Ansible, Salt or Puppet hold a password or secret.",
        docs: "`ansible_password`, `ansible_become_pass` and other variables in clear text. Values in a vault \
            (`$ANSIBLE_VAULT`, `ENC[..]`) are no findings.\n\n\
            Encrypt them with ansible-vault, eyaml or GPG, and change them.\n\n\
            Source: the Ansible documentation, *Encrypting content with Ansible Vault*.",
        ..META
    },
    is: |page| {
        let variables = matches!(page.extension(), "yml" | "yaml" | "sls" | "eyaml" | "")
            && (["group_vars", "host_vars", "pillar", "hieradata", "hiera"]
                .iter()
                .any(|folder| below_folder(page, folder))
                || in_folder(page, "vars")
                || matches!(
                    page.name,
                    "vars.yml" | "vault.yml" | "secrets.yml" | "inventory.yml" | "hosts.yml"
                ));
        let inventory = matches!(page.name, "hosts" | "inventory" | "hosts.ini" | "inventory.ini")
            || in_folder(page, "inventory")
            || in_folder(page, "inventories");
        variables || inventory
    },
    read: |page, sink| {
        if page.text.starts_with(b"$ANSIBLE_VAULT") {
            return;
        }
        yaml::scalars(page.text, |entry| sink.setting(entry.key, entry.value.clone()));
        // Inventories: `host ansible_user=me ansible_password=secret`
        for (start, line) in lines::lines(page.text) {
            if line.trim_ascii_start().starts_with(b"#") {
                continue;
            }
            let mut at = 0;
            for word in line.split(u8::is_ascii_whitespace) {
                let begin = start + at;
                at += word.len() + 1;
                if let Some(equals) = memchr::memchr(b'=', word)
                    && word.starts_with(b"ansible_")
                {
                    let value = lines::unquoted(word.get(equals + 1..).unwrap_or_default());
                    sink.setting(
                        word.get(..equals).unwrap_or_default(),
                        begin + equals + 1 + value.start..begin + equals + 1 + value.end,
                    );
                }
            }
        }
    },
};

/// `credentials.xml` and other files of a Jenkins home.
pub static JENKINS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-jenkins",
        summary: "Jenkins' credentials are stored.",
        docs: "`credentials.xml` holds passwords, keys and tokens encrypted with the key in `secrets/`; with both, \
            they are read at once. Old versions and some plugins keep them in clear text. `secrets/master.key` and \
            `hudson.util.Secret` are those keys.\n\n\
            Keep the Jenkins home out of repositories, and replace what it holds.",
        ..META
    },
    is: |page| {
        page.name == "credentials.xml"
            || page.extension() == "xml"
                && (page.name.starts_with("hudson.")
                    || page.name.starts_with("jenkins.")
                    || page.name.starts_with("org.jenkins"))
            || in_folder(page, "secrets")
                && matches!(page.name, "master.key" | "initialadminpassword" | "hudson.util.secret")
    },
    read: |page, sink| {
        if page.extension() != "xml" {
            sink.login(0..page.text.trim_ascii_end().len());
            return;
        }
        xml::nodes(page.text, |node| {
            if let Node::Text(entry, _) = node
                && entry.is_any(&[
                    "password",
                    "passphrase",
                    "secret",
                    "apiToken",
                    "token",
                    "bindPassword",
                    "managerPasswordSecret",
                    "clientSecret",
                    "secretKey",
                    "privateKeyPassword",
                    "authToken",
                ])
            {
                let value = page.get(entry.value.clone());
                if value.starts_with(b"{") && value.ends_with(b"}") {
                    sink.encrypted(
                        entry.value.clone(),
                        Severity::Medium,
                        "encrypted with the key of the Jenkins home",
                    );
                } else {
                    sink.login(entry.value.clone());
                }
            }
        });
    },
};

/// Chef's `knife.rb`.
pub static CHEF: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-chef",
        summary: "Chef's settings hold a password or key.",
        docs: "`knife[:aws_secret_access_key] = '..'` and its like in clear text.\n\n\
            Take them from the environment, and replace them.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "knife.rb" | "client.rb" | "solo.rb" | "config.rb" | ".kitchen.yml" | "vagrantfile"
        )
    },
    read: |page, sink| {
        for (start, line) in lines::lines(page.text) {
            let Some(equals) = memchr::memchr(b'=', line) else {
                continue;
            };
            if line.trim_ascii_start().starts_with(b"#") {
                continue;
            }
            let name = line.get(..equals).unwrap_or_default().trim_ascii_end();
            let name = name.strip_suffix(b"]").unwrap_or(name);
            let name = name
                .rsplit(|byte| matches!(byte, b':' | b'[' | b'"' | b'\'' | b'.' | b' '))
                .find(|part| !part.is_empty())
                .unwrap_or_default();
            let rest = line.get(equals + 1..).unwrap_or_default();
            let space = rest.len() - rest.trim_ascii_start().len();
            let body = rest.get(space..).unwrap_or_default();
            if matches!(body.first(), Some(b'"' | b'\'')) {
                let value = lines::unquoted(body);
                let offset = start + equals + 1 + space;
                sink.setting(name, offset + value.start..offset + value.end);
            }
        }
    },
};

/// cloud-init's user data, kickstart, preseed.
pub static CLOUD_INIT: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-machine-setup",
        summary: "A machine's first settings hold a password.",
        docs: "`passwd`, `password` and `chpasswd` of cloud-init, `rootpw` of kickstart, `passwd/root-password` of \
            preseed.\n\n\
            Log in with keys, and change the password.\n\n\
            Source: the cloud-init documentation, *Users and Groups*.",
        ..META
    },
    is: |page| {
        page.text.starts_with(b"#cloud-config")
            || matches!(
                page.name,
                "user-data"
                    | "user_data"
                    | "userdata"
                    | "ks.cfg"
                    | "anaconda-ks.cfg"
                    | "preseed.cfg"
                    | "kickstart.cfg"
                    | "cloud-config.yml"
                    | "cloud-init.yml"
                    | "cloud-init.yaml"
            )
    },
    read: |page, sink| {
        yaml::scalars(page.text, |entry| {
            if entry.is_any(&["passwd", "password", "hashed_passwd", "plain_text_passwd"]) {
                let hash = page.get(entry.value.clone()).starts_with(b"$");
                if hash {
                    sink.hash(entry.value.clone())
                } else {
                    sink.login(entry.value.clone())
                }
            }
        });
        let mut listed = false;
        for (start, line) in lines::lines(page.text) {
            let trimmed = line.trim_ascii();
            if trimmed.starts_with(b"list:") {
                listed = true;
                continue;
            }
            let lead = line.len() - line.trim_ascii_start().len();
            if listed {
                let body = trimmed.strip_prefix(b"- ").unwrap_or(trimmed);
                match memchr::memchr(b':', body) {
                    Some(colon) if lead > 0 && !body.get(colon + 1..).unwrap_or_default().starts_with(b" ") => {
                        let end = start + line.trim_ascii_end().len();
                        let begin = end - (body.len() - colon - 1);
                        sink.login(begin..end);
                        continue;
                    }
                    _ => listed = false,
                }
            }
            if let Some(rest) = trimmed
                .strip_prefix(b"rootpw ")
                .or_else(|| trimmed.strip_prefix(b"d-i passwd/root-password password "))
            {
                let word = rest.rsplit(u8::is_ascii_whitespace).next().unwrap_or(rest);
                let end = start + lead + trimmed.len();
                if word.starts_with(b"$") {
                    sink.hash(end - word.len()..end)
                } else {
                    sink.login(end - word.len()..end)
                }
            }
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn ansible() {
        check(
            "group_vars/all.yml",
            "db_user: u\ndb_password: <<lower:9>>\nvault_x: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162\n",
            &[2],
        );
        check(
            "hosts",
            "[web]\na.io ansible_user=me ansible_password=<<lower:9>>\n",
            &[2],
        );
    }

    #[test]
    fn jenkins_and_chef() {
        check(
            "credentials.xml",
            "<a>\n<password>{<<b64:44>>}</password>\n<apiToken><<hex:32>></apiToken></a>",
            &[2, 3],
        );
        check(
            "knife.rb",
            "node_name 'me'\nknife[:aws_secret_access_key] = '<<b62:40>>'\n",
            &[2],
        );
    }

    #[test]
    fn machines() {
        check(
            "user-data",
            "#cloud-config\nusers:\n  - name: me\n    passwd: $6$<<b62:8>>$<<b62:86>>\nchpasswd:\n  list: |\n    root:<<lower:9>>\n    you:<<b62:9>>\n",
            &[4, 7, 8],
        );
        check("ks.cfg", "lang en\nrootpw --plaintext <<lower:9>>\n", &[2]);
    }
}
