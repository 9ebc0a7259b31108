//! Pipelines of GitLab that are put together from files, jobs of one name, and references.

use super::{manners::*, *};

const TEXT: &str = "- Every merge request is scanned with Bandit.";
const SCAN: &str = "bandit:\n  script: [bandit -r src]\n";

/// What becomes of the sentence beside these files.
#[track_caller]
fn with(files: &[(&str, &str)], (verdict, rule): (&str, &str)) {
    let mut all = vec![("src/a.py", "x = 1\n")];
    all.extend(files);
    check(TEXT, &all, Topic::StaticAnalysis, verdict, rule);
}

#[test]
fn a_file_that_is_included_under_a_condition_may_not_be_there() {
    let absent = ("broken", "policy-tool-absent");
    for (rules, expect) in [
        ("", KEPT),
        ("    rules:\n      - exists: [src/a.py]\n", KEPT),
        ("    rules:\n      - when: always\n", KEPT),
        (
            "    rules:\n      - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
            UNSEEN,
        ),
        ("    rules:\n      - if: $CI_COMMIT_TAG\n", UNSEEN),
        (
            "    rules:\n      - if: $RUN_SCANS == \"1\"\n        when: never\n      - when: always\n",
            UNSEEN,
        ),
        ("    rules:\n      - exists: [$FILE]\n", UNSEEN),
        ("    rules:\n      - exists: [nothere.txt]\n", absent),
        ("    rules:\n      - when: never\n", absent),
    ] {
        let main = format!("include:\n  - local: ci/scan.yml\n{rules}build:\n  script: [make]\n");
        with(&[(".gitlab-ci.yml", &main), ("ci/scan.yml", SCAN)], expect);
    }
    // What such a file includes is there with it, unless another includes it whatever happens.
    let main = "include:\n  - local: ci/a.yml\n    rules:\n      - if: $CI_COMMIT_TAG\n";
    let inner = ("ci/a.yml", "include: ci/scan.yml\n");
    with(&[(".gitlab-ci.yml", main), inner, ("ci/scan.yml", SCAN)], UNSEEN);
    let both = format!("{main}  - local: ci/scan.yml\n");
    with(&[(".gitlab-ci.yml", &both), inner, ("ci/scan.yml", SCAN)], KEPT);
}

#[test]
fn jobs_of_one_name_are_merged() {
    let soft = ("weak", "policy-scan-hollow");
    for (included, own, expect) in [
        ("bandit:\n  rules:\n    - if: $CI_COMMIT_TAG\n", SCAN, soft),
        ("bandit:\n  allow_failure: true\n", SCAN, soft),
        ("bandit:\n  image: python:3.12\n", SCAN, KEPT),
        // What the including file says goes before what it includes.
        (
            "bandit:\n  allow_failure: true\n",
            "bandit:\n  allow_failure: false\n  script: [bandit -r src]\n",
            KEPT,
        ),
        ("bandit:\n  script: ['true']\n", SCAN, KEPT),
        ("lint:\n  allow_failure: true\n", SCAN, KEPT),
    ] {
        let main = format!("include:\n  - local: ci/scan.yml\n{own}");
        with(&[(".gitlab-ci.yml", &main), ("ci/scan.yml", included)], expect);
    }
    // A later file goes before an earlier one.
    let main = "include: [ci/a.yml, ci/b.yml]\n";
    let firm = "bandit:\n  allow_failure: false\n  script: [bandit -r src]\n";
    let loose = "bandit:\n  allow_failure: true\n";
    with(
        &[(".gitlab-ci.yml", main), ("ci/a.yml", firm), ("ci/b.yml", loose)],
        soft,
    );
    with(
        &[(".gitlab-ci.yml", main), ("ci/a.yml", loose), ("ci/b.yml", firm)],
        KEPT,
    );
}

#[test]
fn references_are_followed_or_told() {
    let soft = ("weak", "policy-scan-hollow");
    for (part, rules, expect) in [
        (
            ".r:\n  rules:\n    - if: $CI_COMMIT_TAG\n",
            "[!reference [.r, rules]]",
            soft,
        ),
        (
            ".r:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n",
            "[!reference [.r, rules]]",
            KEPT,
        ),
        (
            ".q:\n  rules:\n    - if: $CI_COMMIT_TAG\n.r:\n  rules:\n    - !reference [.q, rules]\n",
            "!reference [.r, rules]",
            soft,
        ),
        ("", "[!reference [.elsewhere, rules]]", UNSEEN),
    ] {
        let main = format!("{part}bandit:\n  script: [bandit -r src]\n  rules: {rules}\n");
        with(&[(".gitlab-ci.yml", &main)], expect);
    }
}

#[test]
fn what_leaves_branches_alone_shows_on_merge_requests() {
    let differs = ("broken", "policy-schedule-absent");
    for (more, expect) in [
        ("  except: [tags]\n", KEPT),
        ("  except: [schedules]\n", KEPT),
        ("  except: [branches]\n", ("weak", "policy-scan-hollow")),
        ("  except: [/^feature/]\n", differs),
        (
            "  rules:\n    - if: $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == $CI_DEFAULT_BRANCH\n",
            KEPT,
        ),
        (
            "  rules:\n    - if: $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == \"stable\"\n",
            UNSEEN,
        ),
        ("  rules:\n    - exists: [go.mod]\n", ("weak", "policy-scan-hollow")),
        ("  rules:\n    - exists: [src/a.py]\n", KEPT),
    ] {
        with(&[(".gitlab-ci.yml", &format!("{SCAN}{more}"))], expect);
    }
}
