//! Package managers and what they run, bills of materials, settings that leave tests out, services that look elsewhere.

use super::{manners::*, *};

const WEAK: (&str, &str) = ("weak", "policy-scan-hollow");
const ABSENT: (&str, &str) = ("broken", "policy-tool-absent");
const DIFFERS: (&str, &str) = ("broken", "policy-run-differs");

fn scripts(scripts: &str) -> String {
    format!("{{\"name\": \"a\", \"scripts\": {{{scripts}}}}}")
}

#[test]
fn scripts_are_found_where_the_manager_looks() {
    let text = "- ESLint runs on every pull request.";
    let lint = scripts("\"lint\": \"eslint .\", \"build\": \"tsc\"");
    let none = scripts("\"lint\": \"tsc\"");
    let members = |package: &str| package.replace("{\"name\": \"a\"", "{\"name\": \"root\", \"workspaces\": [\"web\"]");
    for (command, root, web, expect) in [
        ("node --run lint", &lint, &none, KEPT),
        ("node --run=lint", &lint, &none, KEPT),
        ("node --run build", &lint, &none, ABSENT),
        ("node --test", &lint, &none, ABSENT),
        ("npm --prefix web run lint", &none, &lint, KEPT),
        ("npm run lint --prefix=web", &none, &lint, KEPT),
        ("npm -C web run lint", &none, &lint, KEPT),
        ("npm --prefix web run lint", &lint, &none, ABSENT),
        ("yarn --cwd web lint", &none, &lint, KEPT),
        ("yarn --cwd web lint", &lint, &none, ABSENT),
        ("yarn eslint src", &none, &none, KEPT),
        ("yarn run eslint src", &none, &none, KEPT),
        ("pnpm eslint src", &none, &none, KEPT),
        ("pnpm --dir web lint", &lint, &none, ABSENT),
        ("npm run eslint", &none, &none, ABSENT),
        ("pnpm -r lint", &lint, &none, UNSEEN),
        ("pnpm -r lint", &members(&none), &lint, KEPT),
        ("pnpm -r run lint", &members(&lint), &none, ABSENT),
        ("pnpm --filter ./web lint", &members(&none), &lint, KEPT),
        ("pnpm --filter a lint", &members(&none), &lint, KEPT),
        ("pnpm --filter other lint", &members(&none), &lint, UNSEEN),
        ("pnpm --filter a lint", &members(&lint), &none, ABSENT),
        ("npm run lint --workspaces", &members(&none), &lint, KEPT),
        ("npm run lint -w web", &members(&none), &lint, KEPT),
        ("npm run lint --workspace=web", &members(&lint), &none, ABSENT),
        ("yarn workspace a lint", &members(&none), &lint, KEPT),
        ("yarn workspace a run lint", &members(&lint), &none, ABSENT),
        ("yarn workspaces foreach -A run lint", &members(&none), &lint, KEPT),
        (
            "yarn workspaces foreach -A --include x run lint",
            &members(&none),
            &lint,
            UNSEEN,
        ),
        ("yarn workspaces run lint", &members(&none), &lint, KEPT),
        ("pnpm --filter web lint", &lint, &none, UNSEEN),
        ("yarn workspace web lint", &lint, &none, UNSEEN),
        ("npm run lint --workspace=web", &lint, &none, UNSEEN),
        ("npm run lint -w web", &none, &lint, UNSEEN),
        ("npm run lint -- -w web", &lint, &none, KEPT),
    ] {
        let files = [
            ("package.json", root.as_str()),
            ("web/package.json", web.as_str()),
            ("web/src/a.js", ""),
            ("src/a.js", ""),
        ];
        beside(text, &format!("      - run: {command}\n"), &files, Topic::Lint, expect);
    }
}

#[test]
fn scripts_before_and_after_others_run_where_the_manager_runs_them() {
    let text = "- ESLint runs on every pull request.";
    let package = scripts("\"pretest\": \"eslint .\", \"test\": \"jest\"");
    for (command, file, expect) in [
        ("npm test", ("LICENSE", ""), KEPT),
        ("npm test", (".npmrc", "ignore-scripts = true\n"), ABSENT),
        ("npm test", (".npmrc", "# ignore-scripts=true\n"), KEPT),
        ("npm test", (".npmrc", "ignore-scripts=false\n"), KEPT),
        ("npm test --ignore-scripts", ("LICENSE", ""), ABSENT),
        ("node --run test", ("LICENSE", ""), ABSENT),
        ("yarn test", (".yarnrc.yml", "nodeLinker: node-modules\n"), ABSENT),
        ("yarn test", ("LICENSE", ""), KEPT),
    ] {
        let files = [("package.json", package.as_str()), ("src/a.js", ""), file];
        beside(text, &format!("      - run: {command}\n"), &files, Topic::Lint, expect);
    }
}

#[test]
fn what_makes_a_bill_of_materials_is_seen() {
    let text = "- An SBOM is made for every release.";
    for (step, expect) in [
        ("run: trivy fs --format cyclonedx --output sbom.json .", KEPT),
        ("run: trivy image --format=spdx-json -o sbom.json acme/x", KEPT),
        ("run: cyclonedx-gomod mod -json -output sbom.json", KEPT),
        ("run: cargo sbom > sbom.json", KEPT),
        ("run: npm sbom --sbom-format cyclonedx > sbom.json", KEPT),
        ("run: npx @cyclonedx/cyclonedx-npm --output-file sbom.json", KEPT),
        (
            "run: mvn -B org.cyclonedx:cyclonedx-maven-plugin:makeAggregateBom",
            UNSEEN,
        ),
        (
            "uses: aquasecurity/trivy-action@0.28.0\n        with:\n          scan-type: fs\n          format: cyclonedx",
            KEPT,
        ),
        ("run: trivy fs --exit-code 1 .", ABSENT),
        ("run: trivy fs --format sarif .", ABSENT),
        ("run: mvn -B verify", ABSENT),
    ] {
        let workflow =
            on_changes(&format!("      - {step}\n")).replace("[push, pull_request]", "{push: {tags: ['v*']}}");
        let files = [
            (".github/workflows/r.yml", workflow.as_str()),
            ("src/a.py", ""),
            ("pom.xml", "<project/>\n"),
        ];
        check(text, &files, Topic::Sbom, expect.0, expect.1);
    }
    // What makes a bill looks for nothing.
    let scan = "- Trivy checks our dependencies for vulnerabilities on every pull request.";
    for (command, expect) in [
        ("trivy fs --format cyclonedx --output sbom.json .", DIFFERS),
        ("trivy fs --exit-code 1 --format json .", KEPT),
        ("trivy fs --exit-code 1 .", KEPT),
    ] {
        beside(
            scan,
            &format!("      - run: {command}\n"),
            &[],
            Topic::DependencyScan,
            expect,
        );
    }
}

#[test]
fn a_check_of_dependencies_by_a_plugin_may_run() {
    let plugin = "<artifactId>dependency-check-maven</artifactId>\n";
    let gradle = "plugins { id(\"org.owasp.dependencycheck\") version \"10.0.4\" }\n";
    for text in [
        "- Dependencies are checked for known vulnerabilities on every pull request.",
        "- Our dependencies are scanned for known vulnerabilities in CI.",
    ] {
        for (command, file, expect) in [
            ("mvn -B verify", ("pom.xml", plugin), UNSEEN),
            ("./gradlew build", ("build.gradle.kts", gradle), UNSEEN),
            (
                "mvn -B org.owasp:dependency-check-maven:check",
                ("pom.xml", "<project/>\n"),
                UNSEEN,
            ),
            ("mvn -B verify", ("pom.xml", "<project/>\n"), ABSENT),
            ("pytest", ("pom.xml", plugin), ABSENT),
        ] {
            beside(
                text,
                &format!("      - run: {command}\n"),
                &[file],
                Topic::DependencyScan,
                expect,
            );
        }
    }
}

#[test]
fn settings_may_leave_the_tests_out() {
    let tests = ("tests/test_a.py", "");
    let more = ("tests/fixtures/b.py", "");
    let bandit = |left: &str| format!("[tool.bandit]\nexclude_dirs = {left}\n");
    let (all, some) = (bandit("[\"tests\"]"), bandit("[\"tests/fixtures\"]"));
    let code = Topic::StaticAnalysis;
    for (text, command, file, expect) in [
        (
            "- Bandit also scans our tests.",
            "bandit -c pyproject.toml -r .",
            ("pyproject.toml", all.as_str()),
            DIFFERS,
        ),
        (
            "- Bandit scans our code and tests on every pull request.",
            "bandit -c pyproject.toml -r .",
            ("pyproject.toml", all.as_str()),
            DIFFERS,
        ),
        (
            "- Bandit also scans our tests.",
            "bandit -c pyproject.toml -r .",
            ("pyproject.toml", some.as_str()),
            KEPT,
        ),
        // Without the flag it reads no such file.
        (
            "- Bandit also scans our tests.",
            "bandit -r .",
            ("pyproject.toml", all.as_str()),
            KEPT,
        ),
        (
            "- Bandit scans our code.",
            "bandit -c pyproject.toml -r .",
            ("pyproject.toml", all.as_str()),
            KEPT,
        ),
        (
            "- Bandit also scans our tests.",
            "bandit -r .",
            (".bandit", "[bandit]\nexclude = ./tests\n"),
            DIFFERS,
        ),
        (
            "- Bandit also scans our tests on every pull request.",
            "bandit -r src",
            ("LICENSE", ""),
            DIFFERS,
        ),
    ] {
        let steps = format!("      - run: {command}\n");
        beside(text, &steps, &[tests, more, file], code, expect);
    }
    for (text, file, expect) in [
        (
            "- Ruff also checks the tests.",
            ("ruff.toml", "extend-exclude = [\"tests\"]\n"),
            DIFFERS,
        ),
        (
            "- Ruff also checks the tests.",
            ("ruff.toml", "extend-exclude = [\"docs\"]\n"),
            KEPT,
        ),
        (
            "- Ruff checks our code on every pull request.",
            ("ruff.toml", "extend-exclude = [\"tests\"]\n"),
            KEPT,
        ),
    ] {
        beside(
            text,
            "      - run: ruff check .\n",
            &[tests, more, file],
            Topic::Lint,
            expect,
        );
    }
}

#[test]
fn tests_that_are_looked_at_need_not_run() {
    let topics = |text: &str| {
        let report = judged(&with_policy(text, &[("src/a.py", "")]));
        report.judged.iter().map(|one| one.promise.topic).collect::<Vec<_>>()
    };
    for (text, expect) in [
        ("- Bandit scans our code and tests on every pull request.", false),
        ("- Ruff checks our code and tests.", false),
        ("- Bandit scans our code and tests run on every pull request.", true),
        (
            "- Bandit scans our code, and tests are run on every pull request.",
            true,
        ),
        ("- Bandit and tests run on every pull request.", true),
    ] {
        assert_eq!(topics(text).contains(&Topic::Tests), expect, "{text}");
    }
}

#[test]
fn a_file_that_a_service_does_not_look_for_is_none_of_its_pipelines() {
    let text = "- Bandit runs on every pull request.";
    for (path, expect) in [
        ("Jenkinsfile", UNSEEN),
        ("azure-pipelines.yml", UNSEEN),
        (".azure-pipelines/ci.yml", UNSEEN),
        // A setting of the service may name it.
        ("ci/Jenkinsfile", UNSEEN),
        ("azure-pipelines-release.yml", UNSEEN),
        ("azure-pipelines/release.yml", UNSEEN),
        ("Jenkinsfile.release", UNSEEN),
        ("cloudbuild-release.yaml", UNSEEN),
        ("bamboo-specs/bamboo.yml", UNSEEN),
        ("bitrise.yml", UNSEEN),
        ("codemagic.yaml", UNSEEN),
        ("Jenkinsfile.md", ABSENT),
        ("src/azure-pipelines-client.py", ABSENT),
        ("docs/azure-pipelines-release.yml", ABSENT),
        ("src/cloudbuild.py", ABSENT),
        ("tests/fixtures/Jenkinsfile", ABSENT),
        ("examples/a/Jenkinsfile", ABSENT),
        ("docs/azure-pipelines.yml", ABSENT),
        ("docs/.travis.yml", ABSENT),
    ] {
        let files = [(path, "script: bandit -r src\n")];
        beside(text, "      - run: pytest\n", &files, Topic::StaticAnalysis, expect);
    }
}

#[test]
fn a_list_without_what_it_requires_is_not_all_that_is_checked() {
    let text = "- Dependencies are checked with pip-audit on every pull request.";
    let made = "requests==2.32.0\n    # via -r requirements.in\n";
    for (command, list, expect) in [
        ("pip-audit -r requirements.txt", "requests==2.32.0\n", KEPT),
        ("pip-audit --no-deps -r requirements.txt", "requests==2.32.0\n", UNSEEN),
        (
            "pip-audit --disable-pip --no-deps -r requirements.txt",
            "requests==2.32.0\n",
            UNSEEN,
        ),
        // Without that flag it takes a list with hashes alone.
        (
            "pip-audit --disable-pip -r requirements.txt",
            "requests==2.32.0\n",
            KEPT,
        ),
        ("pip-audit --no-deps -r requirements.txt", made, KEPT),
        ("pip-audit --no-deps -r requirements.txt", "", WEAK),
    ] {
        let files = [("requirements.txt", list)];
        beside(
            text,
            &format!("      - run: {command}\n"),
            &files,
            Topic::DependencyScan,
            expect,
        );
    }
}

#[test]
fn images_of_kustomize_and_of_containers_for_developers_are_images() {
    let text = "- All container images are pinned by digest.";
    let sum = "a".repeat(64);
    let docker = format!("FROM python:3.13@sha256:{sum}\n");
    let pinned = format!("images:\n  - name: acme/x\n    digest: sha256:{sum}\n");
    let named = format!("{{\n  // \"image\": \"old:1\",\n  \"image\": \"acme/dev@sha256:{sum}\"\n}}\n");
    let loose = ("weak", "policy-images");
    for (path, file, expect) in [
        (
            "k8s/kustomization.yaml",
            "images:\n  - name: acme/x\n    newTag: v1\n",
            loose,
        ),
        ("k8s/kustomization.yaml", pinned.as_str(), KEPT),
        ("k8s/kustomization.yaml", "resources: [a.yaml]\n", KEPT),
        (
            ".devcontainer/devcontainer.json",
            "{\n  \"image\": \"acme/dev:1\"\n}\n",
            loose,
        ),
        (".devcontainer/devcontainer.json", named.as_str(), KEPT),
        (
            ".devcontainer/devcontainer.json",
            "{\"build\": {\"dockerfile\": \"../Dockerfile\"}}\n",
            KEPT,
        ),
        ("docs/devcontainer.json", "{\"image\": \"acme/dev:1\"}\n", KEPT),
    ] {
        let files = [("Dockerfile", docker.as_str()), (path, file)];
        beside(text, "      - run: pytest\n", &files, Topic::ImageDigests, expect);
    }
}

#[test]
fn digests_that_kustomize_gives_count_where_everything_goes_through_them() {
    let text = "- All container images are pinned by digest.";
    let sum = "a".repeat(64);
    let docker = format!("FROM python:3.13@sha256:{sum}\n");
    let pins = format!("images:\n  - name: acme/app\n    digest: sha256:{sum}\n");
    let lists = |what: &str| format!("resources: [{what}]\n");
    let runs =
        |image: &str| format!("apiVersion: apps/v1\nkind: Deployment\nspec:\n  containers:\n    - image: {image}\n");
    let (both, over) = (
        format!("{}{pins}", lists("d.yaml")),
        format!("{}{pins}", lists("../../base")),
    );
    let (file, base) = (lists("d.yaml"), lists("../../base"));
    let tagged = both.replace("digest: sha256", "newTag: sha256");
    let (top, prod, dev) = (
        "k8s/base/kustomization.yaml",
        "k8s/over/prod/kustomization.yaml",
        "k8s/over/dev/kustomization.yaml",
    );
    let (loose, unknown) = (("weak", "policy-images"), ("not_examined", "policy-images"));
    for (image, layers, expect) in [
        ("acme/app", vec![(top, &both)], KEPT),
        ("acme/app:1.0", vec![(top, &both)], KEPT),
        ("acme/app", vec![(top, &file), (prod, &over)], KEPT),
        ("acme/app", vec![(top, &both), (prod, &base), (dev, &base)], KEPT),
        ("acme/app", vec![(top, &file), (prod, &over), (dev, &base)], unknown),
        ("acme/app", vec![(top, &file), (prod, &pins)], unknown),
        ("acme/app", vec![(top, &pins)], unknown),
        ("acme/app", vec![(top, &file)], loose),
        ("acme/app", vec![(top, &tagged)], loose),
        ("acme/application", vec![(top, &both)], loose),
        ("registry.acme.dev:5000/acme/app", vec![(top, &both)], loose),
        ("acme/app", vec![], loose),
    ] {
        let run = runs(image);
        let mut files = vec![("Dockerfile", docker.as_str()), ("k8s/base/d.yaml", run.as_str())];
        files.extend(layers.iter().map(|(path, text)| (*path, text.as_str())));
        beside(text, "      - run: pytest\n", &files, Topic::ImageDigests, expect);
    }
    // Layers that list one another without an end, and one that is no YAML.
    let run = runs("acme/app");
    let round: Vec<(String, String)> = (0..40)
        .map(|at| {
            let others: Vec<String> = (0..40).map(|other| format!("../{other}")).collect();
            let text = format!("resources: [d.yaml, {}]\n{pins}", others.join(", "));
            (format!("k8s/{at}/kustomization.yaml"), text)
        })
        .collect();
    let over = lists("0, base/d.yaml");
    let mut files = vec![("Dockerfile", docker.as_str()), ("k8s/base/d.yaml", run.as_str())];
    files.push(("k8s/kustomization.yaml", over.as_str()));
    files.extend(round.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    beside(text, "", &files, Topic::ImageDigests, unknown);
    let files = [
        ("Dockerfile", docker.as_str()),
        ("k8s/base/d.yaml", run.as_str()),
        (top, both.as_str()),
        (prod, "a: [b\n"),
    ];
    beside(text, "", &files, Topic::ImageDigests, unknown);
    let files = [
        ("Dockerfile", docker.as_str()),
        ("k8s/base/d.yaml", run.as_str()),
        (top, both.as_str()),
    ];
    for (command, expect) in [
        ("kubectl apply -f k8s/base/d.yaml", unknown),
        ("kubectl apply -k k8s/base", KEPT),
        ("kustomize build k8s/base | kubectl apply -f -", KEPT),
    ] {
        let step = format!("      - run: {command}\n");
        beside(text, &step, &files, Topic::ImageDigests, expect);
    }
}
