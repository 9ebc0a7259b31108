//! What may hand something out for all that is known of it, where something is said to come before every release.

use super::{manners::*, *};

/// What becomes of a sentence where this workflow stands beside one that scans on every change.
#[track_caller]
fn beside_checks(events: &str, job: &str, steps: &str, others: &[(&str, &str)], expect: (&str, &str)) {
    let text = "- Bandit runs before every release.";
    let checks = on_changes("      - run: bandit -r src\n");
    let other = on_changes(steps).replace("[push, pull_request]", events);
    let other = other.replace("    runs-on", &format!("{job}    runs-on"));
    let mut files = vec![
        (".github/workflows/ci.yml", checks.as_str()),
        (".github/workflows/other.yml", other.as_str()),
        ("src/a.py", ""),
    ];
    files.extend(others);
    check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
}

#[test]
fn what_may_be_a_release_for_all_that_is_known_is_waited_for() {
    let tags = "{push: {tags: ['v*']}}";
    let build = "      - uses: docker/build-push-action@v6\n        with:\n          push: ";
    for (events, steps, expect) in [
        (tags, "      - uses: acme/release-action@v1\n", UNSEEN),
        (tags, "      - run: pdm publish\n", UNSEEN),
        (tags, "      - run: make push\n", UNSEEN),
        (tags, "      - run: npm run ship\n", UNSEEN),
        (tags, "      - run: ./tools/ship.sh\n", UNSEEN),
        (tags, "      - run: git push origin v1\n", UNSEEN),
        (tags, "      - run: curl -T dist/a.whl https://pkg.acme.dev/\n", UNSEEN),
        (tags, "      - run: ${{ inputs.command }}\n", UNSEEN),
        (tags, "      - uses: ./.github/actions/gone\n", UNSEEN),
        (tags, &format!("{build}${{{{ github.event_name != 'x' }}}}\n"), UNSEEN),
        (tags, &format!("{build}false\n"), KEPT),
        (
            tags,
            "      - uses: actions/setup-python@v5\n      - run: pip install -r requirements.txt\n",
            KEPT,
        ),
        (
            tags,
            "      - run: ruff check .\n      - run: pytest -q\n      - run: python -m build\n",
            KEPT,
        ),
        (
            tags,
            "      - run: |\n          if [ -d dist ]; then ls dist; fi\n          echo done > log\n",
            KEPT,
        ),
        (
            tags,
            "      - run: curl -sSfL -o a.tgz https://acme.dev/a.tgz && tar xzf a.tgz\n",
            KEPT,
        ),
        ("workflow_dispatch", "      - run: ./tools/ship.sh\n", UNSEEN),
        (
            "{schedule: [{cron: '0 3 * * 1'}]}",
            "      - run: npm run ship\n",
            UNSEEN,
        ),
        (
            "{schedule: [{cron: '0 3 * * 1'}]}",
            "      - uses: actions/stale@v9\n",
            KEPT,
        ),
        (
            "{push: {branches: [main]}}",
            "      - uses: acme/release-please@v4\n",
            UNSEEN,
        ),
        (
            "{push: {branches: [main]}}",
            "      - run: mkdocs gh-deploy --force\n",
            KEPT,
        ),
        (
            "{push: {branches: [main]}}",
            "      - run: docker build -t a . && docker push a\n",
            KEPT,
        ),
        (
            "{pull_request: {types: [closed]}}",
            "      - run: twine upload dist/*\n",
            UNSEEN,
        ),
        ("[pull_request]", "      - run: ./tools/comment.sh\n", KEPT),
        // What every pull request runs as well is no release, unless it asks what it runs for, or is called one.
        ("[push, pull_request]", "      - run: ./tools/check.sh\n", KEPT),
        ("[push, pull_request]", "      - run: python tools/check.py\n", KEPT),
        ("[push]", "      - run: ./tools/check.sh\n", UNSEEN),
        ("[push, pull_request]", "      - run: ./tools/ship.sh\n", UNSEEN),
        (
            "[push, pull_request]",
            "      - run: if [ \"$GITHUB_REF_TYPE\" = tag ]; then ./tools/go.sh; fi\n",
            UNSEEN,
        ),
        (
            "[push, pull_request]",
            "      - run: ./tools/go.sh\n        if: github.event_name == 'push'\n",
            UNSEEN,
        ),
        (
            "{push: {tags: ['v*']}, pull_request: {}}",
            "      - run: ./tools/comment.sh\n        if: github.event_name == 'pull_request'\n",
            KEPT,
        ),
    ] {
        beside_checks(events, "", steps, &[], expect);
    }
}

#[test]
fn what_a_task_does_is_followed_before_it_may_be_a_release() {
    let tags = "{push: {tags: ['v*']}}";
    let package = |script: &str| format!("{{\"scripts\": {{\"build\": \"{script}\"}}}}");
    let (sends, builds) = (package("npm publish"), package("tsc -p ."));
    for (steps, path, text, expect) in [
        ("make push", "Makefile", "push:\n\ttwine upload dist/*\n", UNSEEN),
        ("make push", "Makefile", "include rules.mk\nall:\n\techo\n", UNSEEN),
        (
            "make dist",
            "Makefile",
            "dist: test\n\tpython -m build\ntest:\n\tpytest\n",
            KEPT,
        ),
        ("npm run build", "package.json", sends.as_str(), UNSEEN),
        ("npm run build", "package.json", builds.as_str(), KEPT),
        ("bash tools/up.sh", "tools/up.sh", "pdm publish\n", UNSEEN),
        (
            "bash tools/up.sh",
            "tools/up.sh",
            "set -e\nmkdir -p dist\npip install build\n",
            KEPT,
        ),
        ("bash tools/up.sh", "tools/up.sh", "up() { pdm publish; }\nup\n", UNSEEN),
        ("bash tools/up.sh", "tools/up.sh", "up() { mkdir dist; }\nup\n", KEPT),
    ] {
        let steps = format!("      - run: {steps}\n");
        beside_checks(tags, "", &steps, &[(path, text)], expect);
    }
}

#[test]
fn a_job_without_rights_and_secrets_releases_nothing() {
    let tags = "{push: {tags: ['v*']}}";
    let step = "      - run: ./tools/check.py\n";
    let secret = format!("{step}        env:\n          A: ${{{{ secrets.PYPI }}}}\n");
    let own = format!("{step}        env:\n          A: ${{{{ secrets.GITHUB_TOKEN }}}}\n");
    for (job, steps, expect) in [
        ("", step, UNSEEN),
        ("    permissions:\n      contents: read\n", step, KEPT),
        ("    permissions: {}\n", step, KEPT),
        ("    permissions: read-all\n", step, KEPT),
        ("    permissions: write-all\n", step, UNSEEN),
        ("    permissions:\n      contents: read\n", own.as_str(), KEPT),
        ("    permissions:\n      contents: read\n", secret.as_str(), UNSEEN),
        ("    permissions:\n      id-token: write\n", step, UNSEEN),
        ("    permissions:\n      contents: write\n", step, UNSEEN),
        // What is called a release is not taken for harmless on the word of a token.
        (
            "    permissions:\n      contents: read\n",
            "      - uses: acme/release-action@v1\n",
            UNSEEN,
        ),
        (
            "    permissions:\n      contents: read\n",
            "      - run: make push\n",
            UNSEEN,
        ),
    ] {
        beside_checks(tags, job, steps, &[], expect);
    }
}

#[test]
fn a_step_that_tags_leave_out_comes_before_none_of_their_releases() {
    let text = "- Bandit runs before every release.";
    let both = "{push: {branches: [main], tags: ['v*']}, pull_request: {}}";
    let send = "      - run: twine upload dist/*\n        if: startsWith(github.ref, 'refs/tags/')\n";
    let scan = |condition: &str| format!("      - run: bandit -r src\n{condition}");
    let make = "      - run: make lint\n".to_owned();
    let task = ("Makefile", "lint:\n\tbandit -r src\n");
    for (steps, expect) in [
        (format!("{}{send}", scan("")), KEPT),
        (
            format!("{}{send}", scan("        if: github.ref == 'refs/heads/main'\n")),
            UNSEEN,
        ),
        (
            format!("{}{send}", scan("        if: github.event_name == 'pull_request'\n")),
            UNSEEN,
        ),
        (
            format!("{}{send}", scan("        if: github.event_name != 'schedule'\n")),
            KEPT,
        ),
        (
            format!(
                "{}{send}",
                scan("        if: github.event_name == 'push' || vars.SCAN\n")
            ),
            KEPT,
        ),
        (
            format!(
                "{}{send}",
                scan("        if: github.event_name == 'pull_request' || vars.SCAN\n")
            ),
            UNSEEN,
        ),
        (format!("{make}{send}"), KEPT),
        (format!("{send}{make}"), UNSEEN),
    ] {
        let workflow = on_changes(&steps).replace("[push, pull_request]", both);
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", ""), task];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn a_workflow_that_is_only_named_is_not_waited_for() {
    let text = "- Bandit runs before every release.";
    let checks = on_changes("      - run: bandit -r src\n")
        .replace("[push, pull_request]", "[push, pull_request, workflow_call]");
    let release = |needs: &str| {
        format!(
            "on: {{push: {{tags: ['v*']}}}}\njobs:\n  c:\n    uses: ./.github/workflows/ci.yml\n  p:\n{needs}    runs-on: ubuntu-latest\n    steps:\n      - uses: acme/release-action@v1\n"
        )
    };
    let alone =
        on_changes("      - run: twine upload dist/*\n").replace("[push, pull_request]", "{push: {tags: ['v*']}}");
    for (other, expect) in [
        (release("    needs: c\n"), KEPT),
        (release(""), UNSEEN),
        (format!("# See .github/workflows/ci.yml.\n{alone}"), UNSEEN),
    ] {
        let files = [
            (".github/workflows/ci.yml", checks.as_str()),
            (".github/workflows/release.yml", other.as_str()),
            ("src/a.py", ""),
        ];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}

#[test]
fn what_is_published_only_after_a_scan_waits_for_it() {
    let code = Topic::StaticAnalysis;
    let tags = "{push: {tags: ['v*']}}";
    let (scan, send) = ("      - run: bandit -r src\n", "      - run: twine upload dist/*\n");
    let maybe = "      - run: bandit -r src\n        if: vars.SCAN == 'yes'\n";
    let job = |needs: &str| format!("  b:\n{needs}    runs-on: ubuntu-latest\n    steps:\n{send}");
    let weak = ("weak", "policy-scan-hollow");
    for (text, steps, expect) in [
        (
            "- Packages are published only after Bandit has passed.",
            format!("{scan}{send}"),
            KEPT,
        ),
        (
            "- Packages are published only after Bandit has passed.",
            format!("{send}{scan}"),
            UNSEEN,
        ),
        (
            "- Packages are published only once Bandit has passed.",
            format!("{scan}{}", job("    needs: a\n")),
            KEPT,
        ),
        (
            "- Packages are published only after Bandit has passed.",
            format!("{scan}{}", job("")),
            UNSEEN,
        ),
        (
            "- Packages are published only after Bandit has passed.",
            format!("{maybe}{send}"),
            UNSEEN,
        ),
        (
            "- Pull requests are merged only after Bandit has passed.",
            format!("{scan}{send}"),
            weak,
        ),
    ] {
        let workflow = on_changes(&steps).replace("[push, pull_request]", tags);
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
        check(text, &files, code, expect.0, expect.1);
    }
}
