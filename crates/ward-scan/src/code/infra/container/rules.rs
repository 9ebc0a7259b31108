//! What the rules about containers say of themselves.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_1A, DEP_2A, DEP_4A, SEC_1A},
};

#[cfg(test)]
use crate::code::infra::Example;

/// Every rule about containers.
pub(in super::super) static RULES: &[&RuleMeta] = &[
    &UNPINNED_IMAGE,
    &ROOT,
    &ADD_URL,
    &SECRET_IN_BUILD,
    &CREDENTIAL_COPIED,
    &COPY_EVERYTHING,
    &EXPOSED_LOGIN,
    &INSECURE_BUILD,
    &SUDO,
    &APT_LOOSE,
    &NO_HEALTHCHECK,
    &PRIVILEGED,
    &ESCALATION,
    &CAPABILITY,
    &UNCONFINED,
    &HOST_NAMESPACE,
    &HOST_PATH,
    &RUNTIME_SOCKET,
    &PUBLISHED_DATABASE,
    &SECRET_IN_ENVIRONMENT,
    &SECRET_MANIFEST,
    &CLUSTER_RIGHTS,
    &MOUNTED_ACCOUNT,
    &TILLER,
    &NO_LIMITS,
];

pub(super) static UNPINNED_IMAGE: RuleMeta = RuleMeta {
    id: "container/unpinned-image",
    severity: Severity::Medium,
    controls: &[DEP_2A, DEP_4A],
    summary: "An image is built upon or run without a version.",
    docs: "Without a tag, or with `latest`, the image is another one after the next push to its registry. What was tested is not \
        what runs. In the thorough profile every image without a digest is shown: tags can be moved too.\n\n\
        Example: `FROM pytorch/pytorch`\n\n\
        **Instead:** `FROM pytorch/pytorch:2.9.0-cuda12.8-cudnn9-runtime@sha256:..`\n\n\
        Source: CIS Docker Benchmark 4.2; OpenSSF Scorecard, *Pinned-Dependencies*; CWE-829.",
};

pub(super) static ROOT: RuleMeta = RuleMeta {
    id: "container/root-user",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "A container runs as root.",
    docs: "A fault in the program, or a model file that runs code, has root in the container, and from there a short way to the \
        machine: through a mounted folder, the kernel, or a runtime's fault.\n\n\
        Example: a Dockerfile without `USER`; `runAsUser: 0`\n\n\
        **Instead:** `RUN useradd --system app` and `USER app`; in Kubernetes `runAsNonRoot: true`.\n\n\
        Source: CIS Docker Benchmark 4.1; Kubernetes Pod Security Standards, *restricted*; CWE-250.",
};

pub(super) static ADD_URL: RuleMeta = RuleMeta {
    id: "container/add-url",
    severity: Severity::Medium,
    controls: &[DEP_4A],
    summary: "A build puts into the image whatever an address sends.",
    docs: "ADD of an address checks nothing and is not noticed when the content changes.\n\n\
        Example: `ADD https://models.example.org/weights.bin /models/`\n\n\
        **Instead:** `ADD --checksum=sha256:.. https://..`\n\n\
        Source: CIS Docker Benchmark 4.9; CWE-494.",
};

pub(super) static SECRET_IN_BUILD: RuleMeta = RuleMeta {
    id: "container/secret-in-build",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A secret becomes part of an image through ENV or ARG.",
    docs: "ENV stands in the image's configuration and ARG in its history: `docker history` shows both to everybody who can pull \
        it, whatever a later step unsets.\n\n\
        Example: `ARG HF_TOKEN`, `ENV OPENAI_API_KEY=..`\n\n\
        **Instead:** `RUN --mount=type=secret,id=hf_token ..` while building; at run time a secret of the platform.\n\n\
        Source: Docker documentation, *Build secrets*, and its build check SecretsUsedInArgOrEnv; CWE-538.",
};

pub(super) static CREDENTIAL_COPIED: RuleMeta = RuleMeta {
    id: "container/credential-copied",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A file of credentials is copied into an image.",
    docs: "It stays in its layer, whatever a later step removes, and goes to everybody who pulls the image.\n\n\
        Example: `COPY .env /app/`, `COPY id_rsa /root/.ssh/`\n\n\
        **Instead:** `RUN --mount=type=secret` or `--mount=type=ssh`; at run time a secret of the platform.\n\n\
        Source: Docker documentation, *Build secrets*; CWE-538.",
};

pub(super) static COPY_EVERYTHING: RuleMeta = RuleMeta {
    id: "container/copy-everything",
    severity: Severity::Info,
    controls: &[SEC_1A],
    summary: "A whole folder is copied into an image.",
    docs: "What `.dockerignore` does not name goes along: the history of the repository, files of settings, data.\n\n\
        Example: `COPY . /app`\n\n\
        **Instead:** name what the program needs; a `.dockerignore` that begins with `*` and lets through what is named.\n\n\
        Source: Docker documentation, *Build context*.",
};

pub(super) static EXPOSED_LOGIN: RuleMeta = RuleMeta {
    id: "container/exposed-login",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A port for logging in is exposed.",
    docs: "A second way in, with its own passwords and keys, and its own faults.\n\n\
        Example: `EXPOSE 22`\n\n\
        **Instead:** `docker exec` or `kubectl exec`, which know who asks.\n\n\
        Source: CIS Docker Benchmark 5.6; CWE-1125.",
};

pub(super) static INSECURE_BUILD: RuleMeta = RuleMeta {
    id: "container/insecure-build",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A step of a build has all rights of the machine.",
    docs: "`--security=insecure` runs the step as `--privileged` would.\n\n\
        Example: `RUN --security=insecure make`\n\n\
        **Instead:** find what the step needs; few need more than the default.\n\n\
        Source: Dockerfile reference, *RUN --security*; CWE-250.",
};

pub(super) static SUDO: RuleMeta = RuleMeta {
    id: "container/sudo",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "A build uses sudo.",
    docs: "An image with `sudo` without a password runs as root, whatever `USER` says.\n\n\
        Example: `RUN sudo apt-get install -y git`\n\n\
        **Instead:** do what needs root before `USER`.\n\n\
        Source: Docker documentation, *Building best practices: USER*; CWE-250.",
};

pub(super) static APT_LOOSE: RuleMeta = RuleMeta {
    id: "container/apt-loose",
    severity: Severity::Info,
    controls: &[DEP_2A],
    summary: "Packages of the system are installed without versions, or with more than was asked for.",
    docs: "The image is another one after every build, and larger than it has to be.\n\n\
        Example: `RUN apt-get install -y git`\n\n\
        **Instead:** a base image by digest and a snapshot of the package archive; `--no-install-recommends`.\n\n\
        Source: Docker documentation, *Building best practices: apt-get*.",
};

pub(super) static NO_HEALTHCHECK: RuleMeta = RuleMeta {
    id: "container/no-healthcheck",
    severity: Severity::Info,
    controls: &[CODE_1A],
    summary: "An image does not say how to see that its program still answers.",
    docs: "A program that hangs looks like one that runs. Orchestrators with probes of their own do not need it.\n\n\
        Example: a Dockerfile with `CMD` and without `HEALTHCHECK`\n\n\
        **Instead:** `HEALTHCHECK CMD curl -f http://localhost:8000/health`\n\n\
        Source: CIS Docker Benchmark 4.6.",
};

pub(in super::super) static PRIVILEGED: RuleMeta = RuleMeta {
    id: "container/privileged",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "A container has the rights of the machine it runs on.",
    docs: "A privileged container sees the machine's devices and may load into its kernel: leaving it takes one command.\n\n\
        Example: `privileged: true`\n\n\
        **Instead:** the devices it needs (`devices:`, a GPU through the runtime's plugin) and single capabilities.\n\n\
        Source: Kubernetes Pod Security Standards, *baseline*; CIS Docker Benchmark 5.5; CWE-250.",
};

pub(super) static ESCALATION: RuleMeta = RuleMeta {
    id: "container/privilege-escalation",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "Programs in a container may get more rights than they were started with.",
    docs: "A set-uid program in the image makes root of any user.\n\n\
        Example: `allowPrivilegeEscalation: true`\n\n\
        **Instead:** `allowPrivilegeEscalation: false`.\n\n\
        Source: Kubernetes Pod Security Standards, *restricted*; CWE-269.",
};

pub(super) static CAPABILITY: RuleMeta = RuleMeta {
    id: "container/capability",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A container gets a capability with which it can be left.",
    docs: "Some capabilities are root by another name: SYS_ADMIN mounts, SYS_MODULE loads into the kernel, SYS_PTRACE reads other \
        processes.\n\n\
        Example: `cap_add: [SYS_ADMIN]`\n\n\
        **Instead:** drop all of them and add the one that is needed.\n\n\
        Source: Kubernetes Pod Security Standards, *baseline*; capabilities(7); CWE-250.",
};

pub(super) static UNCONFINED: RuleMeta = RuleMeta {
    id: "container/unconfined",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "The kernel's guard around a container is switched off.",
    docs: "seccomp and AppArmor keep a container from calls that no ordinary program needs, and that most ways out of a container \
        need.\n\n\
        Example: `security_opt: [seccomp:unconfined]`\n\n\
        **Instead:** the default profile, or one of your own that adds the call which is missing.\n\n\
        Source: Kubernetes Pod Security Standards, *baseline*; CIS Docker Benchmark 5.21.",
};

pub(super) static HOST_NAMESPACE: RuleMeta = RuleMeta {
    id: "container/host-namespace",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A container shares the network, the processes or the memory of its machine.",
    docs: "What separates the container from the machine is gone: it reaches services that listen on 127.0.0.1, the cloud's \
        metadata, or the variables of other programs.\n\n\
        Example: `network_mode: host`, `hostPID: true`\n\n\
        **Instead:** published ports; for shared memory of GPU work `shm_size` or an `emptyDir` in memory.\n\n\
        Source: Kubernetes Pod Security Standards, *baseline*; CIS Docker Benchmark 5.10, 5.16, 5.17.",
};

pub(super) static HOST_PATH: RuleMeta = RuleMeta {
    id: "container/host-path",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "A container sees a folder of the machine that holds its settings or keys.",
    docs: "Writing to `/`, `/etc` or `/root` is root on the machine; reading them gives out its keys.\n\n\
        Example: `volumes: [/:/host]`\n\n\
        **Instead:** a volume, or one folder made for it, read only.\n\n\
        Source: Kubernetes Pod Security Standards, *baseline*; CIS Docker Benchmark 5.6.",
};

pub(super) static RUNTIME_SOCKET: RuleMeta = RuleMeta {
    id: "container/runtime-socket",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "A container holds the socket of the container runtime.",
    docs: "Whoever can write to it starts a privileged container: it is root on the machine. Read only makes no difference, since \
        a socket is not written like a file.\n\n\
        Example: `volumes: [/var/run/docker.sock:/var/run/docker.sock]`\n\n\
        **Instead:** a proxy that lets the needed calls through, or a builder without a daemon.\n\n\
        Source: OWASP Docker Security Cheat Sheet, rule 1; CIS Docker Benchmark 5.32.",
};

pub(super) static PUBLISHED_DATABASE: RuleMeta = RuleMeta {
    id: "container/published-database",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A database or a model server is published on every address of the machine.",
    docs: "A published port without an address is open to the network, and Docker's rules come before those of most firewalls. \
        Stores without a password are found and emptied within hours.\n\n\
        Example: `ports: [\"6379:6379\"]`\n\n\
        **Instead:** no `ports` where only other services need it; `127.0.0.1:6379:6379` for work on the machine.\n\n\
        Source: Docker documentation, *Packet filtering and firewalls*; CWE-668.",
};

pub(super) static SECRET_IN_ENVIRONMENT: RuleMeta = RuleMeta {
    id: "container/secret-in-environment",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A secret is written out in a compose file or a Kubernetes object.",
    docs: "Everybody who reads the repository has it, and everybody who may look at the container (`docker inspect`, \
        `kubectl describe`). A default password is low, since it protects nothing, and worth changing all the same.\n\n\
        Example: `environment: {OPENAI_API_KEY: ..}`\n\n\
        **Instead:** `secrets:` of compose, `valueFrom: {secretKeyRef: ..}`, or a variable that must be set (`${NAME:?}`).\n\n\
        Source: CWE-798, CWE-526.",
};

pub(super) static SECRET_MANIFEST: RuleMeta = RuleMeta {
    id: "container/secret-manifest",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A Kubernetes Secret with its value stands in the repository.",
    docs: "base64 is a spelling and no encryption: everybody who ever clones has the value.\n\n\
        Example: `kind: Secret` with `data: {password: ..}`\n\n\
        **Instead:** Sealed Secrets, SOPS or the External Secrets Operator; and replace the value that stands here.\n\n\
        Source: Kubernetes documentation, *Good practices for Kubernetes Secrets*; CWE-798.",
};

pub(super) static CLUSTER_RIGHTS: RuleMeta = RuleMeta {
    id: "container/cluster-rights",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "A role gives more rights in a cluster than a program needs.",
    docs: "Whoever gets into a pod with this account has the cluster.\n\n\
        Example: `rules: [{apiGroups: [\"*\"], resources: [\"*\"], verbs: [\"*\"]}]`\n\n\
        **Instead:** name the resources and the verbs.\n\n\
        Source: Kubernetes documentation, *RBAC good practices*; CWE-250.",
};

pub(super) static MOUNTED_ACCOUNT: RuleMeta = RuleMeta {
    id: "container/mounted-account",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "A pod gets a token for the cluster that it may not need.",
    docs: "Where nothing else is said every pod holds the token of the default account.\n\n\
        Example: a pod without `automountServiceAccountToken`\n\n\
        **Instead:** `automountServiceAccountToken: false`, and an account of its own where it is needed.\n\n\
        Source: NSA and CISA, *Kubernetes Hardening Guide*.",
};

pub(super) static TILLER: RuleMeta = RuleMeta {
    id: "container/tiller",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "The server of Helm 2 is installed.",
    docs: "It has been without repairs since 2020, and does what everybody in the cluster asks of it.\n\n\
        Example: `metadata: {name: tiller-deploy}`\n\n\
        **Instead:** Helm 3 or later, which has no server.\n\n\
        Source: Helm documentation, *Changes since Helm 2*.",
};

pub(super) static NO_LIMITS: RuleMeta = RuleMeta {
    id: "container/no-limits",
    severity: Severity::Info,
    controls: &[CODE_1A],
    summary: "Nothing limits what a container takes.",
    docs: "One container that grows takes the others on its machine with it.\n\n\
        Example: a container without `resources: {limits: ..}`\n\n\
        **Instead:** limits for memory and processors.\n\n\
        Source: CIS Docker Benchmark 5.11; NSA and CISA, *Kubernetes Hardening Guide*.",
};

#[cfg(test)]
const COMPOSE: &str = "docker-compose.yml";
#[cfg(test)]
const POD: &str = "deploy/pod.yaml";

#[cfg(test)]
pub(in super::super) static EXAMPLES: &[Example] = &[
    Example {
        rule: "container/unpinned-image",
        path: "Dockerfile",
        bad: &[
            "FROM python\n",
            "FROM acme/x:latest AS a\n",
            "ARG V=latest\nFROM acme/x:${V}\n",
        ],
        good: &[
            "FROM python@sha256:00\nUSER 1\n",
            "FROM scratch\n",
            "FROM a@sha256:00 AS build\nFROM build\n",
            "ARG BASE\nFROM ${BASE}\n",
        ],
    },
    Example {
        rule: "container/unpinned-image",
        path: COMPOSE,
        bad: &["services: {a: {image: acme/x}}\n"],
        good: &["services: {a: {image: acme/x, build: .}, b: {image: \"${IMAGE}\"}}\n"],
    },
    Example {
        rule: "container/root-user",
        path: "Dockerfile",
        bad: &[
            "FROM python:3.13\nCMD [\"python\"]\n",
            "FROM python:3.13\nUSER 1000\nUSER root\n",
        ],
        good: &[
            "FROM python:3.13\nUSER root\nRUN x\nUSER 1000\nCMD x\n",
            "FROM gcr.io/distroless/base:nonroot\nCMD x\n",
            "FROM a:1 AS b\nUSER app\nFROM b\nCMD x\n",
        ],
    },
    Example {
        rule: "container/root-user",
        path: POD,
        bad: &["apiVersion: v1\nkind: Pod\nspec: {securityContext: {runAsUser: 0}, containers: []}\n"],
        good: &["apiVersion: v1\nkind: Pod\nspec: {securityContext: {runAsNonRoot: true}, containers: [{name: a}]}\n"],
    },
    Example {
        rule: "container/add-url",
        path: "Dockerfile",
        bad: &[
            "FROM a:1\nADD https://models.acme.dev/w.bin /w\n",
            "FROM a:1\nADD http://models.acme.dev/w.bin /w\n",
        ],
        good: &["FROM a:1\nADD --checksum=sha256:00 https://models.acme.dev/w.bin /w\nADD local.tar /x\n"],
    },
    Example {
        rule: "container/secret-in-build",
        path: "Dockerfile",
        bad: &[
            "FROM a:1\nARG HF_TOKEN\n",
            concat!("FROM a:1\nENV OPENAI_API_KEY=", "Zk81pq77Lm", "\n"),
            "FROM a:1\nARG T\nENV HF_TOKEN=${T}\n",
            concat!("FROM a:1\nENV DB_PASSWORD ", "Zk81pq77Lm", "\n"),
        ],
        good: &[
            "FROM a:1\nENV HF_TOKEN=\"\"\nENV TOKENIZERS_PARALLELISM=false\nRUN --mount=type=secret,id=hf_token x\n",
            "FROM a:1\nENV PASSWORD_FILE=/run/secrets/p\n",
        ],
    },
    Example {
        rule: "container/credential-copied",
        path: "Dockerfile",
        bad: &[
            "FROM a:1\nCOPY .env /app/\n",
            "FROM a:1\nCOPY --chown=1 keys/id_rsa /root/.ssh/\n",
            "FROM a:1\nCOPY [\".aws\", \"/root/.aws\"]\n",
        ],
        good: &[
            "FROM a:1\nCOPY .env.example app.py /app/\n",
            "FROM a:1\nCOPY --from=b .env /app/\n",
        ],
    },
    Example {
        rule: "container/copy-everything",
        path: "Dockerfile",
        bad: &["FROM a:1\nCOPY . /app\n"],
        good: &["FROM a:1\nCOPY src /app\n"],
    },
    Example {
        rule: "container/exposed-login",
        path: "Dockerfile",
        bad: &["FROM a:1\nEXPOSE 22/tcp\n"],
        good: &["FROM a:1\nEXPOSE 8080 2222\n"],
    },
    Example {
        rule: "container/insecure-build",
        path: "Dockerfile",
        bad: &["FROM a:1\nRUN --security=insecure make\n"],
        good: &["FROM a:1\nRUN --network=none make\n"],
    },
    Example {
        rule: "container/sudo",
        path: "Dockerfile",
        bad: &["FROM a:1\nRUN sudo make\n"],
        good: &["FROM a:1\nRUN apt-get install -y sudo\n"],
    },
    Example {
        rule: "container/apt-loose",
        path: "Dockerfile",
        bad: &[
            "FROM a:1\nRUN apt-get update && apt-get install -y git\n",
            "FROM a:1\nRUN apt install -y git=1\n",
        ],
        good: &["FROM a:1\nRUN apt-get install -y --no-install-recommends git=1:2.39\n"],
    },
    Example {
        rule: "container/no-healthcheck",
        path: "Dockerfile",
        bad: &["FROM a:1\nCMD x\n"],
        good: &["FROM a:1\nHEALTHCHECK CMD y\nCMD x\n", "FROM a:1\nRUN x\n"],
    },
    Example {
        rule: "container/privileged",
        path: COMPOSE,
        bad: &[
            "services: {a: {privileged: true}}\n",
            "x: &x {privileged: true}\nservices: {a: {<<: *x}}\n",
        ],
        good: &["services: {a: {privileged: false}}\n"],
    },
    Example {
        rule: "container/privileged",
        path: POD,
        bad: &["apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, securityContext: {privileged: true}}]}\n"],
        good: &["apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, securityContext: {privileged: false}}]}\n"],
    },
    Example {
        rule: "container/privilege-escalation",
        path: POD,
        bad: &[
            "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{securityContext: {allowPrivilegeEscalation: true}}]}}}\n",
        ],
        good: &[
            "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{securityContext: {allowPrivilegeEscalation: false}}]}}}\n",
        ],
    },
    Example {
        rule: "container/capability",
        path: COMPOSE,
        bad: &[
            "services: {a: {cap_add: [SYS_ADMIN]}}\n",
            "services: {a: {cap_add: [cap_net_admin]}}\n",
        ],
        good: &["services: {a: {cap_add: [NET_BIND_SERVICE], cap_drop: [ALL]}}\n"],
    },
    Example {
        rule: "container/unconfined",
        path: COMPOSE,
        bad: &["services: {a: {security_opt: [\"seccomp:unconfined\"]}}\n"],
        good: &["services: {a: {security_opt: [\"no-new-privileges:true\"]}}\n"],
    },
    Example {
        rule: "container/host-namespace",
        path: COMPOSE,
        bad: &["services: {a: {network_mode: host}}\n", "services: {a: {pid: host}}\n"],
        good: &["services: {a: {network_mode: bridge}}\n"],
    },
    Example {
        rule: "container/host-namespace",
        path: POD,
        bad: &[
            "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {hostNetwork: true, containers: []}}}}}\n",
        ],
        good: &[
            "apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {hostNetwork: false, containers: []}}}}}\n",
        ],
    },
    Example {
        rule: "container/host-path",
        path: COMPOSE,
        bad: &[
            "services: {a: {volumes: [\"/:/host\"]}}\n",
            "services: {a: {volumes: [{type: bind, source: /etc, target: /x}]}}\n",
        ],
        good: &["services: {a: {volumes: [\"./data:/data\", \"data:/x\", \"/srv/data:/y\"]}}\n"],
    },
    Example {
        rule: "container/host-path",
        path: POD,
        bad: &["apiVersion: v1\nkind: Pod\nspec: {volumes: [{hostPath: {path: /etc}}], containers: []}\n"],
        good: &["apiVersion: v1\nkind: Pod\nspec: {volumes: [{hostPath: {path: /data/models}}], containers: []}\n"],
    },
    Example {
        rule: "container/runtime-socket",
        path: COMPOSE,
        bad: &["services: {a: {volumes: [\"/var/run/docker.sock:/var/run/docker.sock:ro\"]}}\n"],
        good: &["services: {a: {volumes: [\"./docker.socket:/x\"]}}\n"],
    },
    Example {
        rule: "container/published-database",
        path: COMPOSE,
        bad: &[
            "services: {a: {ports: [\"6379:6379\"]}}\n",
            "services: {a: {ports: [\"0.0.0.0:15432:5432\"]}}\n",
            "services: {a: {ports: [{target: 27017, published: 27017}]}}\n",
        ],
        good: &["services: {a: {ports: [\"127.0.0.1:6379:6379\", \"8080:80\", \"6379\"]}}\n"],
    },
    Example {
        rule: "container/secret-in-environment",
        path: COMPOSE,
        bad: &[
            concat!("services: {a: {environment: {OPENAI_API_KEY: ", "Zk81pq77Lm", "}}}\n"),
            "services: {a: {environment: [POSTGRES_PASSWORD=postgres]}}\n",
            concat!(
                "services: {a: {environment: [\"JWT_SECRET=${JWT_SECRET:-",
                "Zk81pq77Lm",
                "}\"]}}\n"
            ),
        ],
        good: &[
            "services: {a: {environment: {OPENAI_API_KEY: \"${OPENAI_API_KEY}\", POSTGRES_PASSWORD_FILE: /run/secrets/p, A: b}}}\n",
        ],
    },
    Example {
        rule: "container/secret-in-environment",
        path: POD,
        bad: &[concat!(
            "apiVersion: v1\nkind: Pod\nspec: {containers: [{env: [{name: HF_TOKEN, value: ",
            "Zk81pq77Lm",
            "}]}]}\n"
        )],
        good: &[
            "apiVersion: v1\nkind: Pod\nspec: {containers: [{env: [{name: HF_TOKEN, valueFrom: {secretKeyRef: {name: a, key: b}}}]}]}\n",
        ],
    },
    Example {
        rule: "container/secret-manifest",
        path: POD,
        bad: &[
            "apiVersion: v1\nkind: Secret\ndata: {password: WmtScTdMbTk5\n}\n",
            concat!(
                "apiVersion: v1\nkind: Secret\nstringData: {token: ",
                "Zk81pq77Lm",
                "}\n"
            ),
        ],
        good: &[
            "apiVersion: v1\nkind: Secret\ndata: {password: \"{{ .Values.password | b64enc }}\"}\n",
            "apiVersion: v1\nkind: Secret\nstringData: {token: changeme}\n",
        ],
    },
    Example {
        rule: "container/cluster-rights",
        path: POD,
        bad: &[
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nrules: [{apiGroups: [\"*\"], resources: [\"*\"], verbs: [\"*\"]}]\n",
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nroleRef: {name: cluster-admin}\nsubjects: [{name: x}]\n",
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: RoleBinding, subjects: [{name: \"system:anonymous\"}]}]\n",
        ],
        good: &[
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules: [{apiGroups: [\"\"], resources: [configmaps], verbs: [get]}]\n",
        ],
    },
    Example {
        rule: "container/mounted-account",
        path: POD,
        bad: &["apiVersion: v1\nkind: Pod\nspec: {containers: []}\n"],
        good: &["apiVersion: v1\nkind: Pod\nspec: {automountServiceAccountToken: false, containers: []}\n"],
    },
    Example {
        rule: "container/tiller",
        path: POD,
        bad: &["apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: tiller-deploy}\n"],
        good: &["apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app}\n"],
    },
    Example {
        rule: "container/no-limits",
        path: POD,
        bad: &["apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n"],
        good: &["apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, resources: {limits: {memory: 1Gi}}}]}\n"],
    },
];
