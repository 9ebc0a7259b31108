//! Reports in every format, rules and profiles.

use super::*;

#[test]
fn sarif_has_what_services_read() {
    let place = Place::new();
    place.write("a b/deploy.sh", secret());
    let output = place.scan(&["--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!(
        (log["version"].as_str(), run["tool"]["driver"]["name"].as_str()),
        (Some("2.1.0"), Some("Ward"))
    );
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    let rule = &run["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], result["ruleId"]);
    assert!(rule["help"]["markdown"].as_str().is_some_and(|text| !text.is_empty()));
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/deploy.sh");
    assert!(place["region"]["startLine"].as_u64().is_some());
    assert!(
        result["partialFingerprints"]
            .as_object()
            .is_some_and(|prints| prints.len() == 1)
    );
}

#[test]
fn one_scan_writes_several_reports() {
    let place = Place::new();
    place.write("deploy.sh", secret());
    place.write("a.py", PROGRAM);
    let to = |format: &str| place.data.path().join(format);
    let words: Vec<String> = FORMATS
        .iter()
        .map(|format| format!("--report={format}={}", to(format).display()))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (code, report) = place.json(&words);
    assert_eq!(code, 1);
    let total = report["findings"].as_array().unwrap().len();
    let read = |format: &str| fs::read_to_string(to(format)).unwrap();
    let json = |format: &str| serde_json::from_str::<Value>(&read(format)).unwrap();
    let gitlab: usize = ["gitlab-sast", "gitlab-secrets", "gitlab-dependencies"]
        .iter()
        .map(|format| json(format)["vulnerabilities"].as_array().unwrap().len())
        .sum();
    assert_eq!(gitlab, total);
    assert_eq!(json("sarif")["runs"][0]["results"].as_array().unwrap().len(), total);
    assert_eq!(read("html").matches("<article ").count(), total);
    assert_eq!(read("junit").matches("<failure ").count(), total);
    assert!(read("text").contains(" --> a.py:") && read("markdown").contains(&format!("**{total} findings")));
    for format in FORMATS {
        holds_no_secret(read(format).as_bytes());
    }
    assert_eq!(place.scan(&["--report", "pdf=x"]).status.code(), Some(2));
    assert_eq!(place.scan(&["--report", "json="]).status.code(), Some(2));
    let schema: Value = serde_json::from_slice(&run(&["scan", "--schema"]).stdout).unwrap();
    assert!(schema["$defs"]["finding"].is_object());
}

#[test]
fn every_rule_can_be_listed_and_explained() {
    let output = run(&["rules", "--json"]);
    let rules: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rules = rules.as_array().unwrap();
    assert!(rules.len() > 100);
    let id = rules[rules.len() / 2]["id"].as_str().unwrap();
    let output = run(&["explain", id]);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains(id));
    assert_eq!(run(&["explain", "no/such"]).status.code(), Some(2));
    let listed = run(&["rules", "suppressions/"]);
    assert_eq!(String::from_utf8_lossy(&listed.stdout).lines().count(), 3);
}

#[test]
fn another_tools_names_are_used_when_they_are_asked_for() {
    let place = Place::new();
    place.write("a.py", PROGRAM);
    let (code, said) = place.json(&["--engines", "code", "--compat", "bandit"]);
    assert_eq!(code, 1);
    let rules: Vec<_> = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["rule"].as_str().unwrap(),
                one["line"].as_u64().unwrap(),
                one["severity"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        rules,
        [("B101", 6, "low"), ("B506", 7, "medium"), ("B113", 7, "medium")]
    );
    let sarif = place.scan(&["--engines", "code", "--compat", "bandit", "--format", "sarif"]);
    let sarif: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "B101");
}

#[test]
fn profiles_show_more_or_less() {
    let place = Place::new();
    place.write("a.py", PROGRAM);
    let rules = |more: &[&str]| -> Vec<String> {
        let mut args = vec!["--engines", "code"];
        args.extend(more);
        let (_, said) = place.json(&args);
        said["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["rule"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(!rules(&[]).contains(&"code/assert".to_owned()));
    assert!(rules(&["--profile", "thorough"]).contains(&"code/assert".to_owned()));
    place.write("ward.toml", "[scan]\nprofile = \"thorough\"\n");
    assert!(rules(&[]).contains(&"code/assert".to_owned()));
    assert!(!rules(&["--profile", "default"]).contains(&"code/assert".to_owned()));
}
