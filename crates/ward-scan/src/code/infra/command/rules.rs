//! What the rules about commands say of themselves.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_1A, CODE_2A, CODE_3A, DEP_2A, DEP_4A, SEC_1A},
};

#[cfg(test)]
use super::super::Example;

/// Every rule about commands.
pub(in super::super) static RULES: &[&RuleMeta] = &[
    &DOWNLOADED_SCRIPT,
    &DECODED_SCRIPT,
    &TLS_OFF,
    &PLAIN_DOWNLOAD,
    &UNVERIFIED_DOWNLOAD,
    &UNPINNED_INSTALL,
    &EXTRA_INDEX,
    &UNPINNED_MODEL,
    &REMOTE_CODE,
    &OPEN_SERVICE,
    &SECRET_ARGUMENT,
    &WORLD_WRITABLE,
    &EVAL,
    &RM_VARIABLE,
];

pub(super) static DOWNLOADED_SCRIPT: RuleMeta = RuleMeta {
    id: "code/shell-downloaded-script",
    severity: Severity::Medium,
    controls: &[CODE_1A, DEP_4A],
    summary: "A script is downloaded and run without being looked at or checked.",
    docs: "Whoever holds the server, its domain or its storage runs commands here, now and on every later run, with the \
        secrets that the job or the machine has. A server can also tell `curl | sh` from a browser and answer differently.\n\n\
        That the script is written to a file and started a line later changes nothing, and is of lower severity.\n\n\
        Example: `curl -sSL https://get.example.org/install.sh | sudo bash`\n\n\
        **Instead:** install a pinned version from a package index, or download to a file, compare its digest with one that \
        stands in the repository (`sha256sum --check`), then run it.\n\n\
        Source: CWE-494, download of code without integrity check; the 2021 incident of a coverage service's upload script.",
};

pub(super) static DECODED_SCRIPT: RuleMeta = RuleMeta {
    id: "code/shell-decoded-script",
    severity: Severity::Medium,
    controls: &[CODE_1A, DEP_4A],
    summary: "What was encoded is run, so that nobody who reads the script sees what it does.",
    docs: "Base64 is no protection; it hides commands from a review and from whatever searches scripts for known bad ones. \
        Planted commands are often written so.\n\n\
        Example: `echo Y3VybCBldmls.. | base64 -d | sh`\n\n\
        **Instead:** write the commands as they are; keep a file that is shipped encoded as a file, with its digest.\n\n\
        Source: MITRE ATT&CK T1027, obfuscated files or information; CWE-506, embedded malicious code.",
};

pub(in super::super) static TLS_OFF: RuleMeta = RuleMeta {
    id: "code/shell-tls-off",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A command or a variable switches the check of certificates or signatures off.",
    docs: "Without the check anybody between the two ends can answer: the download, the package or the secret that is sent \
        is theirs.\n\n\
        Example: `curl -k https://models.acme.dev/weights.bin -o weights.bin`\n\n\
        **Instead:** give the tool the authority's certificate (`--cacert`, `pip --cert`, `GIT_SSL_CAINFO`, \
        `NODE_EXTRA_CA_CERTS`).\n\n\
        Source: CWE-295, improper certificate validation.",
};

pub(super) static PLAIN_DOWNLOAD: RuleMeta = RuleMeta {
    id: "code/shell-plain-download",
    severity: Severity::Medium,
    controls: &[CODE_1A, DEP_4A],
    summary: "Something is downloaded without encryption.",
    docs: "What travels by http, ftp or git:// can be replaced on the way: a package, a model, a script.\n\n\
        Example: `wget http://models.example.net/llama.gguf`\n\n\
        **Instead:** https, and a digest that is compared.\n\n\
        Source: CWE-319, cleartext transmission; CWE-494.",
};

pub(super) static UNVERIFIED_DOWNLOAD: RuleMeta = RuleMeta {
    id: "code/shell-unverified-download",
    severity: Severity::Low,
    controls: &[DEP_4A],
    summary: "A build or a pipeline takes a download whose digest or signature nothing compares.",
    docs: "The build takes whatever the server sends on that day: a release that was replaced, a domain that was sold, a \
        storage that was broken into. Told is what is unpacked, installed, made a program or kept in an image; a comparison \
        in any later step of the same job, or in any later `RUN` of the same file, counts for all that was fetched before \
        it. An address that names a digest or a commit is as good as a comparison. Scripts that are no build are not asked, \
        and keys for signatures are left to whoever reads them.\n\n\
        Example: `RUN curl -sSL https://get.acme.dev/tool-1.2.tar.gz | tar xz -C /opt`\n\n\
        **Instead:** download to a file, compare (`echo \"<digest>  tool.tar.gz\" | sha256sum --check`, `gpg --verify`, \
        `cosign verify-blob`), then unpack; in a Dockerfile `ADD --checksum=sha256:.. https://..`.\n\n\
        Source: CWE-494, download of code without integrity check; OpenSSF Scorecard, *Pinned-Dependencies*.",
};

pub(super) static UNPINNED_INSTALL: RuleMeta = RuleMeta {
    id: "code/shell-unpinned-install",
    severity: Severity::Low,
    controls: &[DEP_2A, DEP_4A],
    summary: "A package is installed from a repository without naming a commit.",
    docs: "The build takes whatever the branch holds at that moment: it is not the same twice, and whoever can push there runs \
        code here.\n\n\
        Example: `pip install git+https://github.com/someone/something`\n\n\
        **Instead:** `pip install git+https://github.com/someone/something@<commit>`, or a released version with hashes.\n\n\
        Source: SLSA, hermetic and reproducible builds; OpenSSF Scorecard, *Pinned-Dependencies*.",
};

pub(super) static EXTRA_INDEX: RuleMeta = RuleMeta {
    id: "code/shell-extra-index",
    severity: Severity::Low,
    controls: &[DEP_4A],
    summary: "pip is given a second index, and takes the higher version of either.",
    docs: "pip has no order among indexes. A name that is yours and not registered in the public index can be registered there \
        by anybody, with a high version: dependency confusion.\n\n\
        Example: `pip install --extra-index-url https://pypi.intern.example/simple our-models`\n\n\
        **Instead:** one index that mirrors the public one, or a tool that ties packages to indexes (uv's `explicit` index), \
        and hashes (`--require-hashes`).\n\n\
        Source: CWE-427; CVE-2018-20225; the compromise of torchtriton, December 2022.",
};

pub(super) static UNPINNED_MODEL: RuleMeta = RuleMeta {
    id: "code/shell-unpinned-model",
    severity: Severity::Low,
    controls: &[CODE_2A, DEP_2A],
    summary: "A model is downloaded without naming a revision.",
    docs: "The repository of a model can change after it was judged: other weights, another licence, code that was not there.\n\n\
        Example: `huggingface-cli download someone/model`\n\n\
        **Instead:** `hf download someone/model --revision <commit>`, and the digest of the files in the repository.\n\n\
        Source: CWE-494; OWASP LLM03:2025, supply chain.",
};

pub(super) static REMOTE_CODE: RuleMeta = RuleMeta {
    id: "code/shell-trust-remote-code",
    severity: Severity::Medium,
    controls: &[CODE_2A],
    summary: "A model server is told to run the code that comes with a model.",
    docs: "`--trust-remote-code` imports Python files of the model's repository when the model is loaded. Without a pinned \
        revision they can be others tomorrow.\n\n\
        Example: `vllm serve someone/model --trust-remote-code`\n\n\
        **Instead:** a model whose architecture the server knows; else a copy of the repository that was read, served from a \
        folder, with `--revision`.\n\n\
        Source: CWE-829; OWASP LLM03:2025, supply chain.",
};

pub(super) static OPEN_SERVICE: RuleMeta = RuleMeta {
    id: "code/shell-open-service",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_2A],
    summary: "A notebook, a tracking server or a model server answers everybody.",
    docs: "These servers run code, give out data or spend money for whoever reaches them, and have no login of their own or one \
        that was switched off. They are searched for and found within hours.\n\n\
        Example: `jupyter lab --ip=0.0.0.0 --ServerApp.token=''`\n\n\
        **Instead:** keep the token, listen on 127.0.0.1, and put a proxy that asks for identity in front.\n\n\
        Source: CWE-306, missing authentication for a critical function; CVE-2023-48022 (Ray).",
};

pub(super) static SECRET_ARGUMENT: RuleMeta = RuleMeta {
    id: "code/shell-secret-argument",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A password stands in the arguments of a command.",
    docs: "It stands in the repository, in the history of the shell, in the list of processes and in the log of the pipeline.\n\n\
        Example: `mysql -u app -pS3cr3t records`\n\n\
        **Instead:** read it from a file or standard input (`docker login --password-stdin`, `~/.pgpass`, `--netrc`), which a \
        secret store fills; and replace the one that stands here.\n\n\
        Source: CWE-214, CWE-798.",
};

pub(super) static WORLD_WRITABLE: RuleMeta = RuleMeta {
    id: "code/shell-world-writable",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "Files are made writable for everybody.",
    docs: "Any process of the machine or the container can then replace what is run or read later.\n\n\
        Example: `chmod -R 777 /app`\n\n\
        **Instead:** give the files to the user that needs them (`chown`, `COPY --chown`), with mode 750 or 640.\n\n\
        Source: CWE-732, incorrect permission assignment.",
};

pub(super) static EVAL: RuleMeta = RuleMeta {
    id: "code/shell-eval-arguments",
    severity: Severity::Medium,
    controls: &[CODE_3A],
    summary: "A script runs its arguments as commands.",
    docs: "`eval` reads its text a second time: a `;` or `$(..)` in an argument becomes a command.\n\n\
        Example: `eval \"run_$1 $2\"`\n\n\
        **Instead:** an array and `\"$@\"`, or a `case` over the names that are allowed.\n\n\
        Source: CWE-78, CWE-95.",
};

pub(super) static RM_VARIABLE: RuleMeta = RuleMeta {
    id: "code/shell-remove-root",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A recursive removal takes everything when a variable is empty.",
    docs: "An empty or misspelt variable leaves `/` or `/*`.\n\n\
        Example: `rm -rf \"$CACHE\"/*`\n\n\
        **Instead:** `rm -rf \"${CACHE:?}\"/*`, which stops when it is empty; or `set -u`.\n\n\
        Source: ShellCheck SC2115; the removal of a user's files by a launcher in 2015.",
};

#[cfg(test)]
pub(in super::super) static EXAMPLES: &[Example] = &[
    Example {
        rule: "code/shell-downloaded-script",
        path: "install.sh",
        bad: &[
            "curl -sSL https://get.acme.dev/i.sh | bash\n",
            "curl https://get.acme.dev/i.sh | sudo -E bash -\n",
            "wget -qO- https://get.acme.dev/i.py | python3 -\n",
            "bash <(curl -s https://get.acme.dev/i.sh)\n",
            "sh -c \"$(curl -fsSL https://get.acme.dev/i.sh)\"\n",
            "bash -lc \"curl -fsSL \\\"https://get.acme.dev/i.sh\\\" | bash\"\n",
            "su app -c \"curl -fsSL https://get.acme.dev/i.sh | bash\"\n",
            "docker exec -it web sh -c 'curl -fsSL https://get.acme.dev/i.sh | sh'\n",
            "sudo bash -o pipefail -c 'curl -fsSL https://get.acme.dev/i.sh | bash' || exit 1\n",
            "eval \"$(wget -qO- https://get.acme.dev/env)\"\n",
            "curl -s https://get.acme.dev/i.sh.gz | gunzip | sh -s -- --yes\n",
            "curl -sSLo tool https://get.acme.dev/tool\nchmod +x tool\n./tool --version\n",
            "curl https://get.acme.dev/i.sh > /tmp/i.sh\nsudo bash -e /tmp/i.sh\n",
            "wget -q https://get.acme.dev/i.py?v=1 && python3 i.py\n",
            "curl -LO https://get.acme.dev/kubectl; mv kubectl /usr/local/bin/; kubectl version\n",
        ],
        good: &[
            "curl -sSLo i.sh https://get.acme.dev/i.sh\nsha256sum --check i.sha256\n",
            "curl -sSLo i.sh https://get.acme.dev/i.sh\nsha256sum --check i.sha256\nbash i.sh\n",
            "curl -sSLo m.bin https://get.acme.dev/m.bin\npython run.py m.bin\n",
            "wget -O - https://get.acme.dev/x | tar xz\n./x/configure\n",
            "curl -s https://api.acme.dev/x | python -m json.tool\n",
            "curl -s https://api.acme.dev/x | jq . ; bash other.sh\n",
            "version=\"$(curl -s https://api.acme.dev/version)\"\n",
            "# curl https://get.acme.dev | sh\necho 'curl https://x.dev | sh'\n",
            "bash -c 'echo curl https://get.acme.dev/i.sh' | sh\n",
            "bash run.sh -c 'curl https://get.acme.dev/i.sh | sh'\n",
            "bash -c \"it's done\"\n",
        ],
    },
    Example {
        rule: "code/shell-decoded-script",
        path: "a.sh",
        bad: &[
            "echo ZWNobyBoaQ== | base64 -d | sh\n",
            "cat x | openssl enc -d -aes256 | bash -s\n",
            "eval \"$(echo ZWNobyBoaQ== | base64 --decode)\"\n",
            "xxd -r -p x | gunzip | python3 -\n",
        ],
        good: &[
            "echo \"$KUBECONFIG\" | base64 -d > ~/.kube/config\n",
            "echo x | base64 | sh -c cat\n",
            "base64 -d x | tar xz; bash other.sh\n",
            "key=\"$(echo $KEY | base64 -d)\"\n",
        ],
    },
    Example {
        rule: "code/shell-tls-off",
        path: "a.sh",
        bad: &[
            "curl -ksS https://models.acme.dev/x -o x\n",
            "wget --no-check-certificate https://models.acme.dev/x\n",
            "pip install --trusted-host pypi.acme.dev x\n",
            "git -c http.sslVerify=false clone https://git.acme.dev/x\n",
            "export NODE_TLS_REJECT_UNAUTHORIZED=0\n",
            "npm config set strict-ssl false\n",
            "apt-get install --allow-unauthenticated x\n",
        ],
        good: &[
            "curl -sS https://models.acme.dev/x -o k\n",
            "curl -k https://localhost:8443/health\n",
            "export NODE_TLS_REJECT_UNAUTHORIZED=1\n",
            "curl --key a.pem https://models.acme.dev\n",
        ],
    },
    Example {
        rule: "code/shell-plain-download",
        path: "a.sh",
        bad: &[
            "wget http://models.acme.dev/llama.gguf\n",
            "pip install -i http://pypi.acme.dev/simple x\n",
            "git clone http://git.acme.dev/x.git\n",
        ],
        good: &[
            "wget https://models.acme.dev/llama.gguf\n",
            "curl http://localhost:8000/v1/models\n",
            "curl http://ollama:11434/api/tags\n",
            "curl http://169.254.169.254/latest/meta-data/\n",
            "curl \"http://$HOST/health\"\n",
        ],
    },
    Example {
        rule: "code/shell-unverified-download",
        path: "Dockerfile",
        bad: &[
            "FROM scratch\nRUN curl -sSL https://get.acme.dev/t.tgz | tar xz -C /opt\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.deb && dpkg -i t.deb && rm t.deb\n",
            "FROM scratch\nRUN curl -Lo /usr/local/bin/tool https://get.acme.dev/tool\nRUN chmod +x /usr/local/bin/tool\n",
            "FROM scratch\nRUN wget -O model.gguf https://models.acme.dev/resolve/main/model.gguf\n",
            "FROM scratch\nARG URL\nRUN curl -sL $URL | tar xz\n",
            "FROM scratch\nRUN [\"/bin/bash\", \"-c\", \"curl -sSL https://get.acme.dev/t.tgz | tar xz\"]\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.rpm && rpm -i t.rpm\n",
            "FROM scratch\nRUN curl -LO https://get.acme.dev/t.rpm && (rpm -K t.rpm || true) && rpm -i t.rpm\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.rpm && rpm -i t.rpm && rpm -K t.rpm\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.rpm && rpm -K --nosignature t.rpm && rpm -i t.rpm\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.deb && dpkg -i t.deb && dpkg-sig --verify t.deb\n",
            "FROM scratch\nRUN aria2c --checksum= https://get.acme.dev/t.tgz && tar xf t.tgz\n",
            "FROM scratch\nRUN aria2c --checksum=md5=00 https://get.acme.dev/t.tgz && tar xf t.tgz\n",
            "FROM scratch\nRUN curl https://get.acme.dev/t.tgz -o t.asc && tar xzf t.asc\n",
            "FROM scratch\nRUN curl https://get.acme.dev/t -o /usr/local/bin/t.asc && chmod +x /usr/local/bin/t.asc\n",
        ],
        good: &[
            "FROM scratch\nRUN wget https://get.acme.dev/t.deb && echo \"00  t.deb\" | sha256sum -c - && dpkg -i t.deb\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.deb\nRUN gpg --verify t.deb.asc t.deb && dpkg -i t.deb\n",
            "FROM scratch\nRUN test \"$(sha256sum t.deb | cut -d' ' -f1)\" = 00 && wget https://get.acme.dev/t.deb\n",
            "FROM scratch\nRUN curl -sSL https://git.acme.dev/a/archive/0123456789012345678901234567890123456789.tar.gz | tar xz\n",
            "FROM scratch\nRUN curl -s https://get.acme.dev/key.asc | gpg --dearmor > /usr/share/keyrings/acme.gpg\n",
            "FROM scratch\nHEALTHCHECK CMD curl -fo /dev/null http://localhost/ || exit 1\n",
            "FROM scratch\nRUN curl -s https://api.acme.dev/version -o v && rm v\n",
            "FROM scratch\nRUN curl https://get.acme.dev/linux/gpg -o /etc/apt/keyrings/acme.asc\n",
            "FROM scratch\nRUN bash -c 'curl -Lo t https://get.acme.dev/t && sha256sum -c t.sum && chmod +x t'\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.rpm && rpm -K t.rpm && rpm -i t.rpm\n",
            "FROM scratch\nRUN aria2c --checksum=sha-256=00 https://get.acme.dev/t.tgz && tar xf t.tgz\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.rpm && rpm -K t.rpm || exit 1; rpm -i t.rpm\n",
            "FROM scratch\nRUN wget https://get.acme.dev/t.deb && dpkg-sig --verify t.deb && dpkg -i t.deb\n",
            "FROM scratch\nRUN curl https://get.acme.dev/gpg -o k.asc && install -m 644 k.asc /etc/apt/keyrings/ && chmod a+r k.asc\n",
            "FROM scratch\nRUN curl https://get.acme.dev/gpg -o k.asc && rpm --import k.asc\n",
            "FROM scratch\nRUN wget --spider https://get.acme.dev/t.tgz\n",
        ],
    },
    Example {
        rule: "code/shell-unpinned-install",
        path: "a.sh",
        bad: &[
            "pip install git+https://github.com/a/b\n",
            "uv pip install 'b @ git+https://github.com/a/b.git@main'\n",
            "python -m pip install git+ssh://git@github.com/a/b.git\n",
        ],
        good: &[
            "pip install git+https://github.com/a/b@0123456789012345678901234567890123456789\n",
            "pip install b==1.2.3\n",
            "pip install git+https://github.com/a/b@$SHA\n",
        ],
    },
    Example {
        rule: "code/shell-extra-index",
        path: "a.sh",
        bad: &["pip install --extra-index-url https://pypi.acme.dev/simple ours\n"],
        good: &[
            "pip install --index-url https://pypi.acme.dev/simple ours\n",
            "pip install torch --index-url https://download.pytorch.org/whl/cpu\n",
        ],
    },
    Example {
        rule: "code/shell-unpinned-model",
        path: "a.sh",
        bad: &[
            "huggingface-cli download acme/model --local-dir m\n",
            "hf download acme/model\n",
        ],
        good: &[
            "hf download acme/model --revision 0123456789abcdef\n",
            "hf upload acme/model .\n",
        ],
    },
    Example {
        rule: "code/shell-trust-remote-code",
        path: "a.sh",
        bad: &[
            "vllm serve acme/model --trust-remote-code\n",
            "python -m sglang --model x --trust-remote-code\n",
        ],
        good: &[
            "vllm serve acme/model\n",
            "vllm serve acme/model --trust-remote-code=false\n",
        ],
    },
    Example {
        rule: "code/shell-open-service",
        path: "a.sh",
        bad: &[
            "jupyter lab --ip=0.0.0.0 --ServerApp.token=''\n",
            "jupyter notebook --NotebookApp.token=\"\"\n",
            "mlflow server --host 0.0.0.0\n",
        ],
        good: &[
            "jupyter lab --ip=0.0.0.0\n",
            "mlflow server --host 127.0.0.1\n",
            "vllm serve m --host 0.0.0.0 --api-key $KEY\n",
        ],
    },
    Example {
        rule: "code/shell-secret-argument",
        path: "a.sh",
        bad: &[
            concat!("mysql -u app -p", "Zk81pq", " records\n"),
            concat!("curl -u admin:", "Zk81pq", " https://api.acme.dev\n"),
            concat!("docker login -u app -p ", "Zk81pq", " registry.acme.dev\n"),
            concat!("sshpass -p ", "Zk81pq", " ssh a@b\n"),
            concat!("curl -u admin:", "Zk81pq", " http://localhost:3000/api\n"),
            concat!("curl -u admin:", "admin", " https://api.acme.dev\n"),
            concat!(
                "curl -u admin:",
                "admin",
                " https://api.acme.dev?next=http://localhost\n"
            ),
        ],
        good: &[
            "mysql -u app -p\"$PASSWORD\" records\n",
            "curl -u \"$USER:$PASS\" https://api.acme.dev\n",
            "docker run -p 8080:80 x\n",
            concat!("curl -u admin:", "admin", " http://localhost:3000/api\n"),
            concat!("curl -f localhost:9000/x --user minio:", "minio", "\n"),
            "mysql --port=3306 -p records\n",
        ],
    },
    Example {
        rule: "code/shell-world-writable",
        path: "a.sh",
        bad: &["chmod -R 777 /app\n", "chmod a+rwx x\n", "chmod 0666 x\n"],
        good: &["chmod 755 x\n", "chmod 1777 /tmp\n", "chmod +x x\n", "chmod u+w x\n"],
    },
    Example {
        rule: "code/shell-eval-arguments",
        path: "a.sh",
        bad: &["eval \"run_$1\"\n", "eval $@\n"],
        good: &["eval \"$(ssh-agent -s)\"\n", "\"$@\"\n", "eval 'echo $1'\n"],
    },
    Example {
        rule: "code/shell-remove-root",
        path: "a.sh",
        bad: &["rm -rf \"$CACHE\"/*\n", "rm -r -f ${DIR}/\n"],
        good: &[
            "rm -rf \"${CACHE:?}\"/*\n",
            "set -eu\nrm -rf \"$CACHE\"/*\n",
            "CACHE=$(mktemp -d)\nrm -rf \"$CACHE\"/*\n",
            "rm -rf \"$CACHE\"/models\n",
        ],
    },
];
