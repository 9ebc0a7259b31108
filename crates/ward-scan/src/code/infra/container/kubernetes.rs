//! The rules about Kubernetes objects, those that Helm renders too.
//!
//! Source: Kubernetes documentation, *Pod Security Standards* and *RBAC good practices*; NSA and CISA, *Kubernetes Hardening
//! Guide*, version 1.2.

use ward_evidence::Severity;
use ward_formats::yaml::{Shape, Value, Yaml};

use super::{
    capability, image_is_pinned, mount,
    rules::{
        CLUSTER_RIGHTS, ESCALATION, HOST_NAMESPACE, MOUNTED_ACCOUNT, NO_LIMITS, PRIVILEGED, ROOT, SECRET_MANIFEST,
        TILLER, UNCONFINED,
    },
    variable,
};
use crate::code::infra::{
    command,
    file::{At, File},
    pipeline::is_true,
};

fn at(value: Value<'_>) -> At {
    (value.line(), value.column())
}

/// Most objects of one file that are looked at.
const MOST_OBJECTS: usize = 5_000;

/// Says what is wrong with the objects of a file.
pub(in super::super) fn kubernetes(file: &mut File<'_>, yaml: &Yaml) {
    let mut objects: Vec<Value<'_>> = Vec::new();
    for root in yaml.documents() {
        objects.push(root);
        if root.text_of("kind").is_some_and(|kind| kind.ends_with("List")) {
            objects.extend(root.get("items").into_iter().flat_map(Value::items));
        }
    }
    if objects.len() > MOST_OBJECTS {
        file.not_examined(None, "more than 5,000 objects in one file: the rest was not examined");
    }
    for object in objects.into_iter().take(MOST_OBJECTS) {
        if object.shape() == Shape::Mapping && object.get("apiVersion").is_some() {
            look(file, object);
        }
    }
}

fn look(file: &mut File<'_>, object: Value<'_>) {
    let kind = object.text_of("kind").unwrap_or_default();
    let pod = match kind {
        "Pod" => object.get("spec"),
        "Deployment"
        | "StatefulSet"
        | "DaemonSet"
        | "ReplicaSet"
        | "Job"
        | "ReplicationController"
        | "DeploymentConfig"
        | "Rollout" => object.at(&["spec", "template", "spec"]),
        "CronJob" => object.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        "InferenceService" => object.at(&["spec", "predictor"]),
        "Service"
            if object.get("spec").is_some_and(|_| {
                object
                    .get("apiVersion")
                    .and_then(Value::text)
                    .is_some_and(|api| api.contains("knative"))
            }) =>
        {
            object.at(&["spec", "template", "spec"])
        }
        _ => None,
    };
    let name = object
        .at(&["metadata", "name"])
        .and_then(Value::text)
        .unwrap_or_default();
    if name == "tiller-deploy" {
        let note = "Tiller, of Helm 2, does for everybody who reaches it whatever it may do, which is everything";
        file.report(&TILLER, at(object), note, "tiller");
    }
    if let Some(pod) = pod {
        spec(file, pod);
    }
    match kind {
        "Role" | "ClusterRole" => {
            for rule in object.get("rules").into_iter().flat_map(Value::items) {
                let wild = |key: &str| {
                    rule.get(key)
                        .into_iter()
                        .flat_map(Value::texts)
                        .any(|(_, text)| text == "*")
                };
                let verbs = wild("verbs");
                let resources = wild("resources");
                // An aggregated role of a product's own group is meant to hold all of it.
                let groups = rule
                    .get("apiGroups")
                    .into_iter()
                    .flat_map(Value::texts)
                    .any(|(_, text)| text.is_empty() || text == "*");
                if verbs && resources && groups {
                    file.report(&CLUSTER_RIGHTS, at(rule), "every action on every resource", "wildcard");
                } else if groups && (resources && wild("apiGroups") || verbs && reaches_secrets(rule)) {
                    file.report_as(
                        &CLUSTER_RIGHTS,
                        Severity::Medium,
                        at(rule),
                        "more than one program needs: a star stands for what nobody listed",
                        "star",
                    );
                }
            }
        }
        "ClusterRoleBinding" | "RoleBinding" => {
            let role = object
                .at(&["roleRef", "name"])
                .and_then(Value::text)
                .unwrap_or_default();
            let to = object.get("subjects").into_iter().flat_map(Value::items);
            let everybody = to
                .filter_map(|subject| subject.text_of("name"))
                .any(|name| matches!(name, "system:anonymous" | "system:unauthenticated"));
            if everybody {
                file.report_as(
                    &CLUSTER_RIGHTS,
                    Severity::Critical,
                    at(object),
                    "rights for whoever reaches the cluster, without a login",
                    "anonymous",
                );
            } else if role == "cluster-admin" && kind == "ClusterRoleBinding" {
                let place = object.get("roleRef").map_or(at(object), at);
                file.report(
                    &CLUSTER_RIGHTS,
                    place,
                    "`cluster-admin`: every action on everything in the cluster",
                    "cluster-admin",
                );
            }
        }
        "Secret" => secret(file, object),
        "ConfigMap" => {
            for (key, value) in object.get("data").into_iter().flat_map(Value::entries) {
                if let (Some(name), Some(text)) = (key.text(), value.text())
                    && text.len() < 200
                    && !text.contains('\n')
                {
                    variable(file, name, text, at(value));
                }
            }
        }
        _ => {}
    }
}

fn reaches_secrets(rule: Value<'_>) -> bool {
    let names = rule.get("resources").into_iter().flat_map(Value::texts);
    names.map(|(_, text)| text).any(|text| {
        matches!(
            text,
            "secrets"
                | "pods"
                | "pods/exec"
                | "roles"
                | "clusterroles"
                | "rolebindings"
                | "clusterrolebindings"
                | "nodes"
        )
    })
}

fn spec(file: &mut File<'_>, pod: Value<'_>) {
    for name in ["hostNetwork", "hostPID", "hostIPC"] {
        if let Some((key, value)) = pod.entry(name)
            && is_true(value)
        {
            let what = match name {
                "hostNetwork" => "the network of the node, with what listens there for itself alone",
                "hostPID" => "the processes of the node, and their variables",
                _ => "the shared memory of the node",
            };
            file.report(&HOST_NAMESPACE, at(key), format!("the pod shares {what}"), name);
        }
    }
    for volume in pod.get("volumes").into_iter().flat_map(Value::items) {
        if let Some(path) = volume.at(&["hostPath", "path"])
            && let Some(text) = path.text()
        {
            mount(file, text, false, at(path));
        }
    }
    let mounted = pod.get("automountServiceAccountToken").and_then(Value::boolean) != Some(false);
    if mounted && pod.get("serviceAccountName").is_none() {
        let note = "the pod gets a token for the cluster that it does not ask for";
        file.report_thorough(&MOUNTED_ACCOUNT, Severity::Low, at(pod), note, "token");
    }
    let of_pod = pod.get("securityContext");
    let mut nobody_says = true;
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        for container in pod.get(list).into_iter().flat_map(Value::items) {
            let own = container.get("securityContext");
            nobody_says &= own
                .and_then(|own| own.get("runAsNonRoot").or_else(|| own.get("runAsUser")))
                .is_none();
            self::container(file, container, own, list);
        }
    }
    if let Some(context) = of_pod {
        context_is_root(file, context);
        unconfined(file, context);
        nobody_says &= context.get("runAsNonRoot").is_none() && context.get("runAsUser").is_none();
    }
    if nobody_says {
        let note = "nothing says that the containers do not run as root (`runAsNonRoot: true`)";
        file.report_thorough(&ROOT, Severity::Low, at(pod), note, "unsaid");
    }
}

fn context_is_root(file: &mut File<'_>, context: Value<'_>) {
    if let Some((key, value)) = context.entry("runAsUser")
        && value.text() == Some("0")
    {
        file.report_as(
            &ROOT,
            Severity::Medium,
            at(key),
            "the container runs as root",
            "runAsUser",
        );
    } else if let Some((key, value)) = context.entry("runAsNonRoot")
        && value.boolean() == Some(false)
    {
        file.report_as(
            &ROOT,
            Severity::Low,
            at(key),
            "the container may run as root",
            "runAsNonRoot",
        );
    }
}

fn unconfined(file: &mut File<'_>, context: Value<'_>) {
    for key in ["seccompProfile", "appArmorProfile"] {
        if let Some(profile) = context.get(key)
            && profile.text_of("type") == Some("Unconfined")
        {
            file.report(
                &UNCONFINED,
                at(profile),
                "the kernel's guard around the container is switched off",
                key,
            );
        }
    }
}

fn container(file: &mut File<'_>, container: Value<'_>, context: Option<Value<'_>>, list: &str) {
    if let Some(image) = container.get("image")
        && let Some(text) = image.text()
    {
        image_is_pinned(file, text, at(image));
    }
    if let Some(context) = context {
        if let Some((key, value)) = context.entry("privileged")
            && is_true(value)
        {
            file.report(
                &PRIVILEGED,
                at(key),
                "the container has the rights of the node it runs on",
                "privileged",
            );
        }
        if let Some((key, value)) = context.entry("allowPrivilegeEscalation")
            && is_true(value)
        {
            file.report(
                &ESCALATION,
                at(key),
                "a program in the container can get more rights than it was started with",
                "true",
            );
        }
        context_is_root(file, context);
        unconfined(file, context);
        for (value, name) in context.at(&["capabilities", "add"]).into_iter().flat_map(Value::texts) {
            capability(file, name, at(value));
        }
    }
    if context
        .and_then(|context| context.get("allowPrivilegeEscalation"))
        .is_none()
    {
        let note = "`allowPrivilegeEscalation: false` does not stand there: programs may get more rights";
        file.report_thorough(&ESCALATION, Severity::Low, at(container), note, "unsaid");
    }
    if container.at(&["resources", "limits"]).is_none() && list == "containers" {
        file.report_thorough(
            &NO_LIMITS,
            Severity::Info,
            at(container),
            "nothing limits the memory of the container",
            "limits",
        );
    }
    for item in container.get("env").into_iter().flat_map(Value::items) {
        if let (Some(name), Some(value)) = (item.text_of("name"), item.get("value"))
            && let Some(text) = value.text()
        {
            variable(file, name, text, at(value));
        }
    }
    for key in ["command", "args"] {
        let Some(words) = container.get(key) else { continue };
        for item in words.items() {
            if let Some(text) = item.text().filter(|text| text.contains([' ', '\n'])) {
                command::examine(file, text, command::Origin::Scalar(item));
            }
        }
    }
}

fn secret(file: &mut File<'_>, object: Value<'_>) {
    if object.text_of("type") == Some("kubernetes.io/service-account-token") || object.get("sops").is_some() {
        return;
    }
    for (key, value) in object.get("stringData").into_iter().flat_map(Value::entries) {
        if let Some(text) = value.text()
            && command::is_secret_value(text)
            && !text.contains("xxx")
        {
            report(file, key, value, text);
        }
    }
    for (key, value) in object.get("data").into_iter().flat_map(Value::entries) {
        let Some(text) = value.text() else { continue };
        let bytes = data_encoding::BASE64.decode(text.trim().replace(['\n', ' '], "").as_bytes());
        // What is no base64 is a template or a placeholder.
        let Ok(bytes) = bytes else { continue };
        match String::from_utf8(bytes) {
            Ok(decoded) if command::is_secret_value(decoded.trim()) => report(file, key, value, text),
            Err(_) if text.len() >= 16 => report(file, key, value, text),
            _ => {}
        }
    }
}

fn report(file: &mut File<'_>, key: Value<'_>, value: Value<'_>, secret: &str) {
    let name = key.text().unwrap_or_default();
    // Who logs in is no secret.
    let lower = name.to_ascii_lowercase();
    if [
        "user",
        "username",
        "username_in",
        "accountname",
        "host",
        "port",
        "database",
        "email",
    ]
    .iter()
    .any(|end| lower.ends_with(end))
    {
        return;
    }
    let note = format!("`{name}` of a Secret stands in the repository: base64 hides nothing");
    file.report_secret(&SECRET_MANIFEST, SECRET_MANIFEST.severity, at(value), note, secret);
}
