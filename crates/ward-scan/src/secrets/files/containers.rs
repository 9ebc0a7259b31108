//! Docker and Kubernetes.

use data_encoding::BASE64;
use ward_evidence::RuleMeta;

use super::{
    Format, in_folder, starts_with_mark,
    syntax::{json, yaml},
};
use crate::secrets::rule::META;

/// `~/.docker/config.json`, `.dockercfg`, `auth.json` of Podman.
pub static DOCKER: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-docker",
        summary: "A container registry's login is stored.",
        docs: "`auth` is base64 of `user:password`; `identitytoken` and `registrytoken` open the registry too.\n\n\
            Use a credential helper, keep the file out of repositories, and replace the password.\n\n\
            Source: the Docker documentation, *docker login*.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            ".dockercfg" | ".dockerconfigjson" | "dockerconfig.json" | "dockercfg" | "docker-config.json"
        ) || page.name == "config.json" && (in_folder(page, ".docker") || starts_with_mark(page, "\"auths\""))
            || page.name == "auth.json" && (in_folder(page, "containers") || starts_with_mark(page, "\"auths\""))
    },
    read: |page, sink| {
        json::strings(page.text, |entry| {
            if entry.is("auth") {
                let value = page.get(entry.value.clone());
                let decoded = BASE64.decode(value).unwrap_or_default();
                let login = memchr::memchr(b':', &decoded).is_some_and(|colon| colon + 1 < decoded.len());
                if login {
                    sink.login_noted(entry.value.clone(), "base64 of a user and a password");
                } else if value.len() >= 8 {
                    sink.login(entry.value.clone());
                }
            } else if entry.is_any(&["identitytoken", "registrytoken", "password"]) {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// Kubernetes: cluster logins and secrets.
pub static KUBERNETES: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-kubernetes",
        summary: "A Kubernetes login or secret is stored.",
        docs: "A kubeconfig holds client keys, tokens and passwords of clusters; a manifest of kind `Secret` holds \
            values in base64, which hides nothing.\n\n\
            Keep kubeconfigs out of repositories, seal or encrypt secrets, and replace the values.\n\n\
            Source: the Kubernetes documentation, *Organizing Cluster Access* and *Secrets*.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            "kubeconfig" | "admin.conf" | "kubelet.conf" | "controller-manager.conf"
        ) || page.extension() == "kubeconfig"
            || page.name == "config" && in_folder(page, ".kube")
            || matches!(page.extension(), "yml" | "yaml")
                && (starts_with_mark(page, "kind: Secret") || starts_with_mark(page, "kind: Config\n"))
    },
    read: |page, sink| {
        // Manifests come several to a file: what stands under `data` counts in documents of kind Secret.
        let secret = starts_with_mark(page, "kind: Secret");
        yaml::scalars(page.text, |entry| {
            let names = [
                "client-key-data",
                "token",
                "password",
                "id-token",
                "refresh-token",
                "client-secret",
                "access-token",
            ];
            let login = entry.is_any(&names) && !entry.below("data");
            if login || secret && entry.above.len() == 1 && entry.below("stringData") {
                sink.login(entry.value.clone());
            } else if secret && entry.above.len() == 1 && entry.below("data") {
                let value = page.get(entry.value.clone());
                let decoded = BASE64.decode(value).unwrap_or_default();
                let public = entry.is_any(&[
                    "ca.crt",
                    "tls.crt",
                    "namespace",
                    "username",
                    "user",
                    "host",
                    "port",
                    "database",
                    "url",
                ]);
                if decoded.len() >= 4 && !public && !decoded.starts_with(b"{{") {
                    sink.login_noted(entry.value.clone(), "base64 hides nothing");
                }
            }
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn docker() {
        check(
            "a/.docker/config.json",
            "{\"auths\":{\n\"r.io\":{\n\"auth\":\"bWU6aHVudGVyMg==\"}},\n\"HttpHeaders\":{\"User-Agent\":\"x\"}}",
            &[3],
        );
        check(
            ".dockercfg",
            "{\"https://r.io\":{\"auth\":\"bWU6aHVudGVyMg==\",\n\"email\":\"a@b.io\"}}",
            &[1],
        );
    }

    #[test]
    fn kubernetes() {
        check(
            "kubeconfig",
            "users:\n- name: a\n  user:\n    client-certificate-data: LS0t\n    client-key-data: <<b64:64>>\n    token: <<b62:30>>\n",
            &[5, 6],
        );
        check(
            "secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  username: bWU=\n  password: aHVudGVyMjE=\nstringData:\n  key: <<b62:9>>\n",
            &[7, 9],
        );
    }
}
