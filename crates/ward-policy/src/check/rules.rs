//! The rules of this layer, with their documentation: one entry each.

use ward_evidence::{
    RuleMeta, Severity,
    controls::{
        CODE_1A, CODE_2A, CODE_3A, CODE_4B, CODE_5A, DEP_2A, DEP_2B, DEP_4A, DIS_1A, DIS_1C, DIS_2A, DIS_3A, DIS_4C,
        MOD_1A, MOD_2A, MOD_3B, RUN_7A, SEC_1A, SEC_1B, SEC_2A, STD_1A,
    },
};

pub(super) static PROMISE: RuleMeta = RuleMeta {
    id: "policy-promise",
    severity: Severity::Info,
    controls: &[DIS_1A],
    summary: "A promise of a policy, and what became of it.",
    docs: "What is said here is that a promise was looked at, and that nothing worse than its verdict is to be \
        said. A promise that is kept names what shows it, and what that does not show.\n\nExample: `Bandit \
        runs on every pull request`, and a workflow that runs it and fails.\n\n**Instead:** nothing; read \
        the limit beside the verdict.",
};

pub(super) static ADVICE: RuleMeta = RuleMeta {
    id: "policy-advice",
    severity: Severity::Info,
    controls: &[DIS_1A],
    summary: "Advice to users or reporters: the project promises nothing by it.",
    docs: "Most technical sentences of policies tell users what to do. Read as promises they would be broken by \
        everybody.\n\nExample: `Run untrusted models in a sandbox.`\n\n**Instead:** nothing.",
};

pub(super) static ADVICE_GAP: RuleMeta = RuleMeta {
    id: "policy-advice-gap",
    severity: Severity::Low,
    controls: &[CODE_1A],
    summary: "Users are told to do what the project itself does not do.",
    docs: "Whoever tells others to load models with `weights_only=True` and does not do so, shows that the \
        advice is not practised.\n\nExample: `Always pass weights_only=True`, beside a `torch.load(path)` in \
        the project's own code.\n\n**Instead:** follow the advice in the project's own code.",
};

pub(super) static DELEGATED: RuleMeta = RuleMeta {
    id: "policy-delegated",
    severity: Severity::Info,
    controls: &[DIS_1A],
    summary: "Somebody else promises it.",
    docs: "A policy that points to an organisation's or a platform's is kept or broken there. What stands there \
        was not examined.\n\n**Instead:** nothing; examine the other policy.",
};

pub(super) static PLANNED: RuleMeta = RuleMeta {
    id: "policy-planned",
    severity: Severity::Info,
    controls: &[DIS_1A],
    summary: "It is planned, and nothing is promised for now.",
    docs: "`We plan to add CodeQL` is no promise that it runs, however far the plan is.\n\n**Instead:** write \
        what is done today.",
};

pub(super) static VAGUE: RuleMeta = RuleMeta {
    id: "policy-vague",
    severity: Severity::Low,
    controls: &[DIS_1A],
    summary: "Nothing can be held against it: no tool, no time, no thing.",
    docs: "A sentence that nobody can find false says nothing: `we take security seriously`, `we respond \
        promptly`, `regular audits`.\n\nExample: `We regularly review our dependencies.`\n\n**Instead:** \
        name the tool, the time, or the thing: `pip-audit runs every Monday`.",
};

pub(super) static TOOL_ABSENT: RuleMeta = RuleMeta {
    id: "policy-tool-absent",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "A tool is promised, and nothing here runs it.",
    docs: "A policy that names a scanner which runs nowhere makes its readers trust a check that does not \
        exist. Workflows, pipelines, hooks and the tasks they call were read.\n\nExample: `All code is \
        scanned by Bandit`, and no workflow or hook has it.\n\n**Instead:** run it, or take the sentence \
        out.",
};

pub(super) static SCAN_HOLLOW: RuleMeta = RuleMeta {
    id: "policy-scan-hollow",
    severity: Severity::High,
    controls: &[CODE_1A],
    summary: "A promised scan runs, and cannot fail or looks at nothing.",
    docs: "A scan is worth something when a finding stops something. `|| true`, `continue-on-error`, a tool \
        whose default is to end with 0, a folder that is not there, an environment without packages: each \
        makes a green tick out of nothing. The reasons are a closed list, each with fixtures. A control is \
        hollow only if no run of it gates.\n\nExample: `run: bandit -r src || true`\n\n**Instead:** let the \
        scan fail the job, and record what is accepted in a baseline.",
};

pub(crate) static KEPT_BACK: RuleMeta = RuleMeta {
    id: "policy-finding-kept-back",
    severity: Severity::Medium,
    controls: &[SEC_1A],
    summary: "What is promised not to be there was found, and is kept back.",
    docs: "A line of `.wardignore`, a comment or a baseline keeps a finding out of the scan's report. It may be a \
        made-up value of a test; it may be the fault itself. Whoever wrote the line decided that, and a promise \
        that rests on it is as good as that decision.\n\nExample: `No secrets are committed`, and `* * because` in \
        `.wardignore`.\n\n**Instead:** take out what is found, or write into the policy what is excepted and why.",
};

pub(super) static PICKLE_TRACKED: RuleMeta = RuleMeta {
    id: "policy-pickle-tracked",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "No pickles are promised, and a file that is one by its name is tracked.",
    docs: "A pickle is a program: whoever loads it runs it. Files of joblib, dill and PyTorch hold pickles too.\n\n\
        Example: `We never ship pickle files`, and `models/best.pkl`.\n\n**Instead:** ship safetensors or ONNX, or \
        say in the policy which pickles there are and why.",
};

pub(super) static STOCK_RULES: RuleMeta = RuleMeta {
    id: "policy-stock-rules",
    severity: Severity::Medium,
    controls: &[CODE_2A],
    summary: "Own rules are promised, and only rules that came with the tool run.",
    docs: "Rules for a project's own faults are what stock rules do not have.\n\nExample: `custom Semgrep rules \
        for LLM code`, and `semgrep --config auto`.\n\n**Instead:** keep the rules in the repository and \
        name them in the run.",
};

pub(super) static SHALLOW_HISTORY: RuleMeta = RuleMeta {
    id: "policy-shallow-history",
    severity: Severity::High,
    controls: &[SEC_1B],
    summary: "The whole history is promised, and the checkout holds the newest commits.",
    docs: "`actions/checkout` takes one commit and GitLab twenty unless told otherwise: a secret that was \
        committed and removed again is not seen.\n\nExample: Gitleaks after `actions/checkout` without \
        `fetch-depth: 0`.\n\n**Instead:** `fetch-depth: 0`, or `GIT_DEPTH: 0`.",
};

pub(super) static SCHEDULE_ABSENT: RuleMeta = RuleMeta {
    id: "policy-schedule-absent",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "It runs, but not as often as is promised.",
    docs: "A promise of a weekly scan needs a schedule: on changes alone, nothing runs in a week without \
        changes, and new advisories are for old code.\n\nExample: `weekly dependency scans`, and a workflow \
        with `on: push`.\n\n**Instead:** add a `schedule`, or write when it runs.",
};

pub(super) static RUN_DIFFERS: RuleMeta = RuleMeta {
    id: "policy-run-differs",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "It runs, but not as the sentence says.",
    docs: "A sentence that names a folder, a workflow, a part of a tool or a pipeline is kept by a run that does that, \
        and not by any run of the tool.\n\nExample: `Bandit scans src/ and tools/`, and `bandit -r src`; `ward scan \
        checks dependencies`, and `--engines secrets`; `in CI`, and only a hook of pre-commit.\n\n**Instead:** \
        run what the sentence says, or write what runs.",
};

pub(super) static HOOKS_ABSENT: RuleMeta = RuleMeta {
    id: "policy-hooks-absent",
    severity: Severity::Medium,
    controls: &[CODE_5A],
    summary: "Hooks before a commit are promised, and there are none.",
    docs: "Hooks that no file configures are hooks that nobody can install.\n\n**Instead:** add \
        `.pre-commit-config.yaml`, or take the sentence out.",
};

pub(super) static CODE_FAULTS: RuleMeta = RuleMeta {
    id: "policy-code-faults",
    severity: Severity::High,
    controls: &[CODE_3A],
    summary: "Code is promised to be free of faults that the scan found.",
    docs: "The findings are named with their places. They may be judged one by one; the sentence in the policy \
        may not.\n\nExample: `All queries are parameterised`, and SQL built from text.\n\n**Instead:** mend \
        them, or accept them with reasons in a baseline.",
};

pub(super) static SECRETS: RuleMeta = RuleMeta {
    id: "policy-secrets",
    severity: Severity::Critical,
    controls: &[SEC_1A],
    summary: "No secrets are promised, and the scan found some.",
    docs: "A secret in a repository is known to everybody who has a copy.\n\n**Instead:** revoke it, then \
        remove it.",
};

pub(super) static ENV_TRACKED: RuleMeta = RuleMeta {
    id: "policy-env-tracked",
    severity: Severity::High,
    controls: &[SEC_2A],
    summary: "Files of credentials are tracked.",
    docs: "`.env` is where secrets go by habit; a tracked one publishes them.\n\n**Instead:** `git rm --cached \
        .env`, ignore it, revoke what it held.",
};

pub(super) static ENV_NOT_IGNORED: RuleMeta = RuleMeta {
    id: "policy-env-not-ignored",
    severity: Severity::Medium,
    controls: &[SEC_2A],
    summary: "Nothing ignores `.env`.",
    docs: "Where no line ignores it, the next `git add .` commits it.\n\n**Instead:** add `.env` to \
        `.gitignore`.",
};

pub(super) static UNSAFE_LOADING: RuleMeta = RuleMeta {
    id: "policy-unsafe-loading",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "Safe loading of models is promised, and code loads them unsafely.",
    docs: "A model file that is a pickle runs what it says when it is loaded.\n\nExample: `weights_only=True is \
        always used`, and `torch.load(path, weights_only=False)`.\n\n**Instead:** safetensors, or \
        `weights_only=True`.",
};

pub(super) static UNPINNED_MODEL: RuleMeta = RuleMeta {
    id: "policy-unpinned-model",
    severity: Severity::Medium,
    controls: &[MOD_2A],
    summary: "Verified models are promised, and downloads have no revision.",
    docs: "A download without a revision takes whatever stands there today.\n\n**Instead:** give `revision=` a \
        commit.",
};

pub(super) static WORKFLOWS: RuleMeta = RuleMeta {
    id: "policy-workflows",
    severity: Severity::Medium,
    controls: &[DEP_4A],
    summary: "Hardened workflows are promised, and they are not.",
    docs: "A tag of an action can be moved to other code; a token with wide permissions lets that code \
        write.\n\n**Instead:** pin actions to commits, and give `permissions:` in each workflow.",
};

pub(super) static IMAGES: RuleMeta = RuleMeta {
    id: "policy-images",
    severity: Severity::Medium,
    controls: &[DEP_4A],
    summary: "Images by digest are promised, and an image is named without one.",
    docs: "A tag can be moved to another image; a digest cannot.\n\nExample: `FROM python:3.13-slim`.\n\n**Instead:** \
        `FROM python:3.13-slim@sha256:..`, and a bot that renews it.",
};

pub(super) static CONTAINER_ROOT: RuleMeta = RuleMeta {
    id: "policy-container-root",
    severity: Severity::Medium,
    controls: &[CODE_1A],
    summary: "Containers are promised not to run as root, and one does.",
    docs: "Without a `USER`, the program of an image runs as the base image's user, which is root in most.\n\nExample: \
        `FROM python:3.13` and no `USER`.\n\n**Instead:** make a user in the Dockerfile, and end with `USER` and its name.",
};

pub(super) static OWNERS_ABSENT: RuleMeta = RuleMeta {
    id: "policy-owners-absent",
    severity: Severity::Medium,
    controls: &[CODE_4B],
    summary: "Owners of code are promised, and there is no CODEOWNERS.",
    docs: "Forges look in the root, `docs/` and `.github/` (GitLab: `.gitlab/`).\n\n**Instead:** add \
        `.github/CODEOWNERS`.",
};

pub(super) static OWNERS_HOLLOW: RuleMeta = RuleMeta {
    id: "policy-owners-hollow",
    severity: Severity::Medium,
    controls: &[CODE_4B],
    summary: "Lines of CODEOWNERS match nothing or name nobody.",
    docs: "A forge leaves out faulty lines without a word.\n\nExample: a pattern of a folder that was \
        renamed.\n\n**Instead:** mend the lines.",
};

pub(super) static FORGE_SETTING: RuleMeta = RuleMeta {
    id: "policy-forge-setting",
    severity: Severity::Info,
    controls: &[CODE_4B],
    summary: "It is a setting of the forge, which no file shows.",
    docs: "Protection of branches, required reviews, private reports: settings, unless they are kept as \
        code.\n\n**Instead:** keep settings as code, or show an export of them.",
};

pub(super) static WEIGHTS: RuleMeta = RuleMeta {
    id: "policy-weights",
    severity: Severity::Medium,
    controls: &[MOD_3B],
    summary: "Weights are promised to be outside of git, and are not.",
    docs: "What is in the history of git stays there in every copy.\n\n**Instead:** Git LFS, or a store with \
        digests.",
};

pub(super) static SIGNATURES: RuleMeta = RuleMeta {
    id: "policy-signatures",
    severity: Severity::Medium,
    controls: &[DEP_4A],
    summary: "Signatures are promised, and tags carry none.",
    docs: "That a signature is there is looked at; whose it is, and whether it is good, is not.\n\n**Instead:** \
        `git tag -s`.",
};

pub(super) static UNPINNED: RuleMeta = RuleMeta {
    id: "policy-unpinned",
    severity: Severity::Medium,
    controls: &[DEP_2A],
    summary: "Fixed versions are promised, and dependencies have none.",
    docs: "Without a lock or `==`, every installation takes other code.\n\n**Instead:** a lock file.",
};

pub(super) static UNHASHED: RuleMeta = RuleMeta {
    id: "policy-unhashed",
    severity: Severity::Medium,
    controls: &[DEP_4A],
    summary: "Verified downloads are promised, and no dependency has a hash.",
    docs: "A version names what is wanted; only a digest shows what came.\n\n**Instead:** `pip-compile \
        --generate-hashes`, or a lock file with digests.",
};

pub(super) static UPDATE_BOT: RuleMeta = RuleMeta {
    id: "policy-update-bot",
    severity: Severity::Medium,
    controls: &[DEP_2B],
    summary: "A bot for updates is promised, and none is configured so that it works.",
    docs: "Dependabot and Renovate do what their file says: without an entry for an ecosystem, nothing is \
        proposed for it.\n\n**Instead:** an entry for each ecosystem that is there.",
};

pub(super) static CHANNEL_ABSENT: RuleMeta = RuleMeta {
    id: "policy-channel-absent",
    severity: Severity::High,
    controls: &[DIS_1A],
    summary: "A private way to report is promised, and none is named.",
    docs: "Whoever finds no private way reports in public, or not at all.\n\n**Instead:** name an address or a \
        form.",
};

pub(super) static CONTACT_PLACEHOLDER: RuleMeta = RuleMeta {
    id: "policy-contact-placeholder",
    severity: Severity::High,
    controls: &[DIS_1A],
    summary: "A contact is a placeholder or takes no mail.",
    docs: "`security@example.com` is kept for examples by RFC 2606: mail to it arrives nowhere. What a template \
        left is no contact.\n\n**Instead:** an address that is read.",
};

pub(super) static CONTACTS_DISAGREE: RuleMeta = RuleMeta {
    id: "policy-contacts-disagree",
    severity: Severity::Medium,
    controls: &[DIS_1A],
    summary: "Two contacts disagree.",
    docs: "When two documents name different addresses, one of them is out of date, and nobody knows \
        which.\n\n**Instead:** one address, in every document.",
};

pub(super) static PUBLIC_TEMPLATE: RuleMeta = RuleMeta {
    id: "policy-public-template",
    severity: Severity::High,
    controls: &[DIS_1A],
    summary: "A template asks for vulnerabilities in a public issue.",
    docs: "The policy says never to report in public, and the tracker offers a form for it.\n\n**Instead:** \
        remove the template; link to the private way in `config.yml`.",
};

pub(super) static CLOCKS_DISAGREE: RuleMeta = RuleMeta {
    id: "policy-clocks-disagree",
    severity: Severity::Medium,
    controls: &[DIS_2A],
    summary: "Two sections give different times for the same.",
    docs: "A reporter cannot know which of them holds.\n\nExample: `within 48 hours` above and `within 5 days` \
        below.\n\n**Instead:** one time, in one table.",
};

pub(super) static CONDUCT: RuleMeta = RuleMeta {
    id: "policy-conduct",
    severity: Severity::Info,
    controls: &[DIS_2A],
    summary: "It is about how reports are handled, which cases show and files do not.",
    docs: "Whether a report was acknowledged in 48 hours is shown by the cases, not by the \
        repository.\n\n**Instead:** keep cases with `ward disclose`.",
};

pub(super) static THREAT: RuleMeta = RuleMeta {
    id: "policy-threat",
    severity: Severity::Medium,
    controls: &[DIS_4C],
    summary: "The policy threatens those who report.",
    docs: "Who may be prosecuted for looking does not report what was found: the fault stays, and somebody else finds it.\n\n**Instead:** \
        say what research is welcome, and that nobody is sued for it who acts in good faith; `ward policy init` writes such a section.",
};

pub(super) static SECURITY_TXT: RuleMeta = RuleMeta {
    id: "policy-security-txt",
    severity: Severity::Medium,
    controls: &[DIS_1C],
    summary: "A security.txt is absent, expired or faulty.",
    docs: "RFC 9116 requires `Contact` and `Expires`; after its day of expiry nobody should rely on \
        it.\n\nSource: RFC 9116.\n\n**Instead:** renew it, at least once a year.",
};

pub(super) static VERSIONS_ENDED: RuleMeta = RuleMeta {
    id: "policy-versions-ended",
    severity: Severity::Medium,
    controls: &[DIS_3A],
    summary: "Versions are called supported whose support has ended.",
    docs: "The table gives an end that lies in the past.\n\n**Instead:** move the row, or the date.",
};

pub(super) static VERSIONS_DISAGREE: RuleMeta = RuleMeta {
    id: "policy-versions-disagree",
    severity: Severity::Medium,
    controls: &[DIS_3A],
    summary: "Two places say different things about the support of one version.",
    docs: "Nobody can tell which of them holds.\n\nExample: `1.x is supported until 2027-01-01` above a table in which 1.x \
        ends on 2026-06-01.\n\n**Instead:** one table, and no day outside of it.",
};

pub(super) static VERSIONS: RuleMeta = RuleMeta {
    id: "policy-versions",
    severity: Severity::Medium,
    controls: &[DIS_3A],
    summary: "The table of versions disagrees with tags and manifests.",
    docs: "A table that names a version which was never released, or leaves out the newest, was not kept up or \
        was copied.\n\nExample: `1.0.x` is supported, and the package is 0.1.0.\n\n**Instead:** mend the \
        table with each release.",
};

pub(super) static SERVICE: RuleMeta = RuleMeta {
    id: "policy-service",
    severity: Severity::Info,
    controls: &[RUN_7A],
    summary: "It is about a running system, which files do not show.",
    docs: "Encryption, limits of rates, audit logs: a system shows them, a repository does not.\n\n**Instead:** \
        show the running system: its configuration, its ledger, tests against it.",
};

pub(super) static SERVICE_DIFFERS: RuleMeta = RuleMeta {
    id: "policy-service-differs",
    severity: Severity::High,
    controls: &[RUN_7A],
    summary: "The settings of `ward serve` do something else than is promised.",
    docs: "`[serve]` of ward.toml says what the service does. A setting that weakens what the policy promises makes \
        the sentence untrue as soon as it is read.\n\nExample: `TLS 1.3 only`, and `unsafe_tls_1_2 = true`; `at \
        most 60 requests a minute`, and `requests_per_minute = 600`.\n\n**Instead:** change the setting, or the \
        sentence.",
};

pub(super) static INSIGHTS: RuleMeta = RuleMeta {
    id: "policy-insights",
    severity: Severity::Medium,
    controls: &[DIS_1A],
    summary: "SECURITY-INSIGHTS claims what the repository does not show.",
    docs: "The file is read by machines that ask nobody. A day that has passed, another project's address or a tool \
        that no pipeline runs is taken for true.\n\nExample: `integration.ci: true` of a tool that is in no \
        workflow.\n\n**Instead:** renew the file, or take the claim out.",
};

pub(super) static STANDARD: RuleMeta = RuleMeta {
    id: "policy-standard",
    severity: Severity::Low,
    controls: &[STD_1A],
    summary: "A law or a standard is claimed to be met.",
    docs: "A statement of compliance is no evidence, and no tool can give it. What can be shown is which \
        controls hold, with what evidence.\n\nExample: `HIPAA compliant`.\n\n**Instead:** say which \
        requirements are met and how that is shown.",
};

pub(super) static LINK_DEAD: RuleMeta = RuleMeta {
    id: "policy-link-dead",
    severity: Severity::Low,
    controls: &[DIS_1A],
    summary: "A link leads to a file that is not there.",
    docs: "Whoever follows it to report something finds nothing.\n\n**Instead:** mend it.",
};

pub(super) static LINK_ELSEWHERE: RuleMeta = RuleMeta {
    id: "policy-link-elsewhere",
    severity: Severity::Medium,
    controls: &[DIS_1A],
    summary: "A form for reports belongs to another repository.",
    docs: "After a move or a copy, reports arrive at somebody else.\n\n**Instead:** the address of this \
        repository's own form.",
};

pub(super) static LINK_DECEIVES: RuleMeta = RuleMeta {
    id: "policy-link-deceives",
    severity: Severity::High,
    controls: &[DIS_1A],
    summary: "A link shows one address and leads to another.",
    docs: "Whoever clicks reports to somebody else than whoever copies what is shown.\n\nExample: \
        `[security@acme.dev](mailto:someone@elsewhere.dev)`.\n\n**Instead:** one address.",
};

pub(super) static COPIED: RuleMeta = RuleMeta {
    id: "policy-copied",
    severity: Severity::Medium,
    controls: &[DIS_1A],
    summary: "The policy speaks of another project.",
    docs: "A policy that was copied promises what another project does.\n\n**Instead:** write what this project \
        does.",
};

pub(super) static TRICKS: RuleMeta = RuleMeta {
    id: "policy-hidden-characters",
    severity: Severity::High,
    controls: &[DIS_1A],
    summary: "The text holds characters that are not what they seem.",
    docs: "Invisible characters and letters of other scripts make an address look like another \
        one.\n\n**Instead:** type the address anew.",
};

pub(super) static HIDDEN_INSTRUCTIONS: RuleMeta = RuleMeta {
    id: "policy-hidden-instructions",
    severity: Severity::Medium,
    controls: &[DIS_1A],
    summary: "A comment speaks to machines.",
    docs: "Text that readers do not see and that tells programs what to do is never followed here, and should \
        not be there.\n\n**Instead:** remove it.",
};

pub(super) static SECOND_POLICY: RuleMeta = RuleMeta {
    id: "policy-second",
    severity: Severity::Low,
    controls: &[DIS_1A],
    summary: "There are two policies, and forges show one.",
    docs: "GitHub takes the one in `.github`, then the root, then `docs`.\n\n**Instead:** keep one.",
};

pub(super) static EMPTY: RuleMeta = RuleMeta {
    id: "policy-empty",
    severity: Severity::Medium,
    controls: &[DIS_1A],
    summary: "The document holds no words.",
    docs: "An empty policy hides an organisation's default one.\n\n**Instead:** write it, or remove it.",
};

static RULES: &[&RuleMeta] = &[
    &PROMISE,
    &ADVICE,
    &ADVICE_GAP,
    &DELEGATED,
    &PLANNED,
    &VAGUE,
    &TOOL_ABSENT,
    &SCAN_HOLLOW,
    &KEPT_BACK,
    &PICKLE_TRACKED,
    &STOCK_RULES,
    &SHALLOW_HISTORY,
    &SCHEDULE_ABSENT,
    &RUN_DIFFERS,
    &HOOKS_ABSENT,
    &CODE_FAULTS,
    &SECRETS,
    &ENV_TRACKED,
    &ENV_NOT_IGNORED,
    &UNSAFE_LOADING,
    &UNPINNED_MODEL,
    &WORKFLOWS,
    &IMAGES,
    &CONTAINER_ROOT,
    &OWNERS_ABSENT,
    &OWNERS_HOLLOW,
    &FORGE_SETTING,
    &WEIGHTS,
    &SIGNATURES,
    &UNPINNED,
    &UNHASHED,
    &UPDATE_BOT,
    &CHANNEL_ABSENT,
    &CONTACT_PLACEHOLDER,
    &CONTACTS_DISAGREE,
    &PUBLIC_TEMPLATE,
    &CLOCKS_DISAGREE,
    &CONDUCT,
    &THREAT,
    &SECURITY_TXT,
    &VERSIONS_ENDED,
    &VERSIONS_DISAGREE,
    &VERSIONS,
    &SERVICE,
    &SERVICE_DIFFERS,
    &INSIGHTS,
    &STANDARD,
    &LINK_DEAD,
    &LINK_ELSEWHERE,
    &LINK_DECEIVES,
    &COPIED,
    &TRICKS,
    &HIDDEN_INSTRUCTIONS,
    &SECOND_POLICY,
    &EMPTY,
];

/// Every rule of this layer.
#[must_use]
pub fn rules() -> &'static [&'static RuleMeta] {
    RULES
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rules_are_documented_and_named_once() {
        let mut seen = BTreeSet::new();
        for rule in rules() {
            assert_eq!(rule.fault(), None, "{}", rule.id);
            assert!(rule.docs.contains("**Instead:**"), "{}", rule.id);
            assert!(seen.insert(rule.id), "{}", rule.id);
        }
    }
}
