//! What is said to come before what in a pipeline: scans before what goes out.

use super::{manners::*, *};

#[test]
fn what_comes_before_publication_is_held_by_its_order() {
    let text = "- Images are scanned with Trivy before they are pushed.";
    let scan = "      - run: trivy fs --exit-code 1 .\n";
    let push = "      - run: docker push app\n";
    let scans = Topic::DependencyScan;
    beside(text, &format!("{push}{scan}"), &[], scans, UNSEEN);
    beside(text, &format!("{scan}{push}"), &[], scans, KEPT);
    beside(text, scan, &[], scans, UNSEEN);
    beside(
        "- Images are scanned with Trivy on every push.",
        &format!("{push}{scan}"),
        &[],
        scans,
        KEPT,
    );
    // Jobs go at once, unless one needs the other.
    let other = |needs: &str| {
        let head = on_changes(scan);
        format!("{head}  b:\n{needs}    runs-on: ubuntu-latest\n    steps:\n{push}")
    };
    for (needs, (verdict, rule)) in [("", UNSEEN), ("    needs: [a]\n", KEPT), ("    needs: a\n", KEPT)] {
        let workflow = other(needs);
        check(
            text,
            &[(".github/workflows/ci.yml", workflow.as_str())],
            scans,
            verdict,
            rule,
        );
    }
    let stages = |order: &str| {
        format!(
            "stages: {order}\nbuild:\n  stage: build\n  script:\n    - docker push app\nscan:\n  stage: scan\n  script:\n    - trivy fs --exit-code 1 .\n"
        )
    };
    for (order, (verdict, rule)) in [("[build, scan]", UNSEEN), ("[scan, build]", KEPT)] {
        check(
            text,
            &[(".gitlab-ci.yml", stages(order).as_str())],
            scans,
            verdict,
            rule,
        );
    }
}

#[test]
fn a_release_that_does_not_wait_is_seen() {
    let text = "- A finding of cargo-audit blocks the release.";
    let workflow = |needs: &str| {
        format!(
            "on:\n  push:\n    tags: ['v*']\njobs:\n  audit:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo audit\n  publish:\n{needs}    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo publish\n"
        )
    };
    for (needs, (verdict, rule)) in [
        ("", UNSEEN),
        ("    needs: audit\n", KEPT),
        ("    needs: audit\n    if: always()\n", UNSEEN),
        ("    needs: audit\n    if: ${{ !cancelled() }}\n", UNSEEN),
        ("    needs: audit\n    if: failure()\n", UNSEEN),
        ("    needs: audit\n    if: needs.audit.result != 'failure'\n", UNSEEN),
        ("    needs: audit\n    if: success()\n", KEPT),
        (
            "    needs: audit\n    if: success() || github.event_name == 'x'\n",
            UNSEEN,
        ),
        (
            "    needs: audit\n    if: success() && github.event_name == 'push'\n",
            KEPT,
        ),
        ("    needs: audit\n    if: github.ref_type == 'tag'\n", KEPT),
        (
            "    needs: audit\n    if: startsWith(github.ref, 'refs/tags/v')\n",
            KEPT,
        ),
    ] {
        let files = [
            (".github/workflows/release.yml", workflow(needs)),
            ("Cargo.lock", String::new()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        check(text, &files, Topic::DependencyScan, verdict, rule);
    }
}

#[test]
fn what_comes_before_releases_comes_with_their_tags() {
    let text = "- Bandit runs before every release.";
    let code = Topic::StaticAnalysis;
    let weak = ("weak", "policy-scan-hollow");
    let on = |events: &str, steps: &str, text: &str, expect: (&str, &str)| {
        let workflow = on_changes(steps).replace("[push, pull_request]", events);
        let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
        check(text, &files, code, expect.0, expect.1);
    };
    let tags = "{push: {tags: ['v*']}}";
    let (scan, send) = ("      - run: bandit -r src\n", "      - run: twine upload dist/*\n");
    on(tags, &format!("{scan}{send}"), text, KEPT);
    on(tags, &format!("{send}{scan}"), text, UNSEEN);
    let only = |condition: &str| format!("{scan}{send}        if: {condition}\n");
    on(tags, &only("always()"), text, UNSEEN);
    on(tags, &only("github.ref_type == 'tag'"), text, KEPT);
    on(
        tags,
        &format!("{scan}{send}      - run: echo done\n        if: always()\n"),
        text,
        KEPT,
    );
    on(tags, scan, text, UNSEEN);
    on(tags, scan, "- Bandit runs on every release.", KEPT);
    on(
        tags,
        &format!("{scan}{send}"),
        "- Bandit runs on every pull request.",
        weak,
    );
    on("[push, pull_request]", scan, text, KEPT);
    let calls = |needs: &str| {
        format!(
            "      - run: python -m build\n  c:\n    uses: ./.github/workflows/ci.yml\n  p:\n{needs}    runs-on: ubuntu-latest\n    steps:\n{send}"
        )
    };
    let ended = format!("{send}        if: github.event.workflow_run.conclusion == 'success'\n");
    let (checks, other) = (
        format!("name: CI\n{}", on_changes(scan)),
        "- Bandit runs on every pull request.",
    );
    for (events, steps, text, expect) in [
        (tags, send, text, UNSEEN),
        ("{release: {types: [published]}}", send, text, UNSEEN),
        (tags, "      - run: twine check dist/*\n", text, KEPT),
        // Packages, whatever starts the workflow; images and pages may be those of a branch.
        ("[push]", send, text, UNSEEN),
        ("{push: {branches: [main]}}", send, text, UNSEEN),
        ("workflow_dispatch", send, text, UNSEEN),
        ("[push]", "      - run: docker push a\n", text, KEPT),
        (
            "{push: {branches: [main]}}",
            "      - uses: actions/deploy-pages@v4\n",
            text,
            KEPT,
        ),
        ("[pull_request]", send, text, KEPT),
        (
            "{push: {branches: [main]}}",
            "      - run: cargo publish --dry-run\n",
            text,
            KEPT,
        ),
        (
            "{workflow_run: {workflows: [CI], types: [completed]}}",
            send,
            text,
            UNSEEN,
        ),
        (
            "{workflow_run: {workflows: [CI], types: [completed]}}",
            &ended,
            text,
            KEPT,
        ),
        (
            "{workflow_run: {workflows: [Docs], types: [completed]}}",
            &ended,
            text,
            UNSEEN,
        ),
        (tags, &calls(""), text, UNSEEN),
        (tags, &calls("    needs: c\n"), text, KEPT),
        (tags, &calls("    needs: [c]\n    if: always()\n"), text, UNSEEN),
        (tags, send, other, KEPT),
    ] {
        let release = on_changes(steps).replace("[push, pull_request]", events);
        let files = [
            (".github/workflows/ci.yml", checks.as_str()),
            (".github/workflows/release.yml", release.as_str()),
            ("src/a.py", ""),
        ];
        check(text, &files, code, expect.0, expect.1);
    }
}

#[test]
fn order_is_read_in_a_job_of_any_name() {
    let text = "- Trivy has to pass before anything is published.";
    let scan = "      - run: trivy fs --exit-code 1 .\n";
    for (job, send, expect) in [
        ("image", "docker push a", KEPT),
        ("cache", "mvn -B deploy", KEPT),
        ("a", "dotnet nuget push a.nupkg", KEPT),
        ("a", "docker compose push", KEPT),
        ("a", "ko build ./...", KEPT),
        ("a", "mvn -B verify", UNSEEN),
        ("a", "echo deploy", UNSEEN),
    ] {
        let send = format!("      - run: {send}\n");
        for (steps, expect) in [(format!("{scan}{send}"), expect), (format!("{send}{scan}"), UNSEEN)] {
            let workflow = on_changes(&steps).replace("  a:\n", &format!("  {job}:\n"));
            let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
            check(text, &files, Topic::DependencyScan, expect.0, expect.1);
        }
    }
    let gitlab = |more: &str| {
        format!(
            "stages: [test, up]\nscan:\n  stage: test\n  script:\n    - trivy fs --exit-code 1 .\nup:\n  stage: up\n  script:\n    - echo\n{more}"
        )
    };
    let release = "  release:\n    tag_name: $CI_COMMIT_TAG\n";
    let with = |more: &str| format!("{release}{more}");
    for (more, expect) in [
        (release, KEPT),
        ("", UNSEEN),
        (&with("  when: always\n"), UNSEEN),
        (&with("  when: on_success\n"), KEPT),
        (&with("  when: manual\n"), KEPT),
        (&with("  rules:\n    - if: $CI_COMMIT_TAG\n"), KEPT),
        (
            &with("  rules:\n    - if: $CI_COMMIT_TAG\n      when: always\n"),
            UNSEEN,
        ),
        (
            &with("  rules:\n    - if: $CI_COMMIT_BRANCH\n      when: never\n    - when: on_success\n"),
            KEPT,
        ),
    ] {
        let pipeline = gitlab(more);
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::DependencyScan, expect.0, expect.1);
    }
}

#[test]
fn what_does_not_come_with_tags_comes_before_nothing_that_does() {
    let text = "- Trivy has to pass before anything is published.";
    let send = "up:\n  stage: up\n  script:\n    - docker push a\n";
    let rules = |all: &[&str]| {
        let all: String = all.iter().map(|one| format!("    - {one}\n")).collect();
        format!("  rules:\n{all}")
    };
    let (branch, tag) = ("if: $CI_COMMIT_BRANCH", "if: $CI_COMMIT_TAG");
    for (scan, up, expect) in [
        (String::new(), String::new(), KEPT),
        (String::new(), "  only: [tags]\n".to_owned(), KEPT),
        ("  except: [tags]\n".to_owned(), "  only: [tags]\n".to_owned(), UNSEEN),
        ("  except: [tags]\n".to_owned(), String::new(), UNSEEN),
        ("  except: [tags]\n".to_owned(), "  except: [tags]\n".to_owned(), KEPT),
        (
            "  except: [schedules]\n".to_owned(),
            "  only: [tags]\n".to_owned(),
            KEPT,
        ),
        ("  only: [main]\n".to_owned(), "  only: [tags]\n".to_owned(), UNSEEN),
        ("  only: [main, tags]\n".to_owned(), "  only: [tags]\n".to_owned(), KEPT),
        (rules(&[branch]), rules(&[tag]), UNSEEN),
        (rules(&[branch]), rules(&[branch]), KEPT),
        (rules(&[branch, tag]), rules(&[tag]), KEPT),
        (rules(&["when: on_success"]), rules(&[tag]), KEPT),
    ] {
        let pipeline = format!(
            "stages: [test, up]\nscan:\n  stage: test\n  script:\n    - trivy fs --exit-code 1 .\n{scan}{send}{up}"
        );
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        check(text, &files, Topic::DependencyScan, expect.0, expect.1);
    }
}

#[test]
fn another_pipeline_that_is_started_is_not_followed() {
    let text = "- Tests run on every merge request.";
    let child = "go:\n  trigger:\n    include: ci/child.yml\n";
    let plain = "go:\n  script: [make]\n";
    for (pipeline, verdict) in [(child, "not_examined"), (plain, "broken")] {
        let files = [
            (".gitlab-ci.yml", pipeline),
            ("ci/child.yml", "a:\n  script: [pytest]\n"),
            ("src/a.py", ""),
        ];
        let report = judged(&with_policy(text, &files));
        let words: Vec<&str> = report.judged.iter().map(|one| one.verdict.word()).collect();
        assert_eq!(words, [verdict], "{pipeline}");
    }
}

#[test]
fn a_step_that_may_be_passed_over_comes_before_nothing_for_sure() {
    let (scan, send) = ("      - run: bandit -r src\n", "      - run: twine upload dist/*\n");
    let on_if = |condition: &str| format!("        if: {condition}\n");
    let steps = |one: &str, two: &str| format!("{scan}{one}{send}{two}");
    let weak = ("weak", "policy-scan-hollow");
    let hand = "{workflow_dispatch: {inputs: {scan: {type: boolean}}}}";
    let both = "{push: {tags: ['v*']}, workflow_dispatch: {}}";
    let input = on_if("inputs.scan");
    for (events, steps, expect) in [
        (hand, steps("", ""), KEPT),
        (hand, steps("", &on_if("inputs.publish")), KEPT),
        (
            hand,
            steps(&on_if("github.event_name == 'workflow_dispatch'"), ""),
            KEPT,
        ),
        (hand, steps(&input, &input), KEPT),
        (hand, steps(&input, &on_if("inputs.scan && inputs.publish")), KEPT),
        (hand, steps(&input, ""), weak),
        (hand, steps(&input, &on_if("inputs.scan || inputs.publish")), weak),
        (hand, steps(&on_if("vars.SCAN == '1'"), ""), weak),
        (both, steps("", ""), KEPT),
        (both, steps(&on_if("github.event_name == 'push'"), ""), UNSEEN),
        (
            both,
            steps(&on_if("github.ref_type == 'tag'"), &on_if("github.ref_type == 'tag'")),
            KEPT,
        ),
    ] {
        let workflow = on_changes(&steps).replace("[push, pull_request]", events);
        for text in [
            "- Bandit runs before every release.",
            "- Nothing is published before Bandit has passed.",
            "- Bandit gates every release.",
        ] {
            let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
            check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
        }
    }
    // What a matrix leaves out in one of its jobs is not done there.
    let workflow = on_changes(&steps(&on_if("matrix.scan"), "")).replace("[push, pull_request]", "workflow_dispatch");
    let workflow = workflow.replace(
        "    runs-on",
        "    strategy:\n      matrix:\n        scan: [true, false]\n    runs-on",
    );
    let files = [(".github/workflows/ci.yml", workflow.as_str()), ("src/a.py", "")];
    check(
        "- Bandit runs before every release.",
        &files,
        Topic::StaticAnalysis,
        weak.0,
        weak.1,
    );
}

#[test]
fn a_test_in_a_script_may_pass_a_scan_over() {
    let text = "- Bandit runs before every release.";
    for (script, expect) in [
        ("bandit -r src", KEPT),
        ("cd src && bandit -r .", KEPT),
        ("pip install bandit && bandit -r src", KEPT),
        ("[ -d src ] || exit 1\n          bandit -r src", KEPT),
        ("if ! bandit -r src; then exit 1; fi", KEPT),
        ("if [ \"$SCAN\" = 1 ]; then bandit -r src; fi", UNSEEN),
        ("[ -z \"$SKIP\" ] && bandit -r src", UNSEEN),
        ("test -n \"$SKIP\" || bandit -r src", UNSEEN),
        ("case \"$MODE\" in full) bandit -r src;; esac", UNSEEN),
        ("[ -n \"$SCAN\" ] || exit 0\n          bandit -r src", UNSEEN),
        ("make scan", UNSEEN),
        ("make lint", KEPT),
    ] {
        let steps = format!("      - run: |\n          {script}\n      - run: twine upload dist/*\n");
        let workflow = on_changes(&steps).replace("[push, pull_request]", "{push: {tags: ['v*']}}");
        let make = "scan:\n\tif [ -n \"$(SCAN)\" ]; then bandit -r src; fi\nlint:\n\tbandit -r src\n";
        let files = [
            (".github/workflows/ci.yml", workflow.as_str()),
            ("src/a.py", ""),
            ("Makefile", make),
        ];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
        // When it runs is another matter.
        check(
            "- Bandit runs on every release.",
            &files,
            Topic::StaticAnalysis,
            KEPT.0,
            KEPT.1,
        );
    }
}

#[test]
fn a_job_of_gitlab_is_waited_for_where_it_is_there() {
    let text = "- Trivy has to pass before anything is published.";
    let tag = "  rules:\n    - if: $CI_COMMIT_TAG\n";
    let by_rules = |more: &str| format!("{tag}{more}");
    for (scan, expect) in [
        (String::new(), KEPT),
        (by_rules(""), KEPT),
        (by_rules("      when: manual\n"), KEPT),
        (by_rules("      when: manual\n      allow_failure: true\n"), UNSEEN),
        (by_rules("      changes: [src/**/*]\n"), UNSEEN),
        ("  rules:\n    - changes: [src/**/*]\n".to_owned(), UNSEEN),
        (
            "  rules:\n    - if: $SKIP\n      when: never\n    - when: on_success\n".to_owned(),
            UNSEEN,
        ),
        (
            "  rules:\n    - if: $CI_COMMIT_BRANCH\n      when: never\n    - when: on_success\n".to_owned(),
            KEPT,
        ),
        ("  when: manual\n".to_owned(), UNSEEN),
        ("  when: manual\n  allow_failure: false\n".to_owned(), KEPT),
        ("  extends: .by-hand\n".to_owned(), UNSEEN),
        ("  extends: .plain\n".to_owned(), KEPT),
        ("  extends: .not-here\n".to_owned(), UNSEEN),
    ] {
        let pipeline = format!(
            "stages: [test, up]\n.by-hand:\n  when: manual\n.plain:\n  interruptible: true\nscan:\n  stage: test\n  script:\n    - trivy fs --exit-code 1 .\n{scan}up:\n  stage: up\n  script:\n    - docker push a\n{tag}"
        );
        let files = [(".gitlab-ci.yml", pipeline.as_str()), ("src/a.py", "")];
        let report = judged(&with_policy(text, &files));
        let kept = report
            .judged
            .iter()
            .any(|one| one.promise.topic == Topic::DependencyScan && one.verdict.word() == "kept");
        assert_eq!(kept, expect == KEPT, "{scan}");
    }
}

#[test]
fn where_nothing_is_published_images_wait_as_well() {
    let scan = "      - run: bandit -r src\n";
    let tags = on_changes(&format!("{scan}      - run: twine upload dist/*\n"))
        .replace("[push, pull_request]", "{push: {tags: ['v*']}}");
    let image = on_changes("      - run: docker push a\n").replace("[push, pull_request]", "push");
    for (text, expect) in [
        ("- Nothing is published before Bandit has passed.", UNSEEN),
        ("- Bandit has to pass before anything is published.", UNSEEN),
        ("- Bandit has to pass before packages are published.", KEPT),
        ("- Bandit runs before every release.", KEPT),
    ] {
        let files = [
            (".github/workflows/r.yml", tags.as_str()),
            (".github/workflows/i.yml", image.as_str()),
            ("src/a.py", ""),
        ];
        check(text, &files, Topic::StaticAnalysis, expect.0, expect.1);
    }
}
