//! What git knows: what is tracked and ignored, the history, repositories of every make, and mending what it can give back.

use super::*;

#[test]
fn git_decides_what_is_scanned() {
    let place = Place::new();
    if !place.git(&["init", "-q"]) {
        return;
    }
    place.write(".gitignore", "/build\n*.log\n.env\n");
    place.write("build/tracked.sh", secret());
    assert!(place.git(&["add", "-f", "build/tracked.sh"]));
    place.write("build/ignored.sh", secret());
    place.write("x.log", secret());
    place.write("sub/.gitignore", "!keep.log\n");
    place.write("sub/keep.log", secret());
    place.write("new.sh", secret());
    let secrets = ["--engines", "secrets"];
    let (_, report) = place.json(&secrets);
    assert_eq!(
        paths(&report),
        ["build/tracked.sh", "new.sh", "sub/keep.log"],
        "{report}"
    );
    assert!(report["stats"]["ignored"].as_u64().unwrap() >= 2);
    let (_, report) = place.json(&["--engines", "secrets", "--no-ignore"]);
    assert_eq!(
        paths(&report),
        [
            "build/ignored.sh",
            "build/tracked.sh",
            "new.sh",
            "sub/keep.log",
            "x.log"
        ]
    );
    // A credential file must be ignored.
    let rules = |place: &Place| -> Vec<String> {
        let report = place.json(&["--engines", "repository"]).1;
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["rule"].as_str().unwrap().to_owned())
            .collect()
    };
    place.write(".env", "A=1\n");
    assert!(rules(&place).is_empty());
    place.write(".gitignore", "\n");
    assert!(rules(&place).contains(&"repository/credential-file-not-ignored".to_owned()));
    assert!(place.git(&["add", ".env"]));
    assert!(rules(&place).contains(&"repository/credential-file-tracked".to_owned()));
    place.write("model.safetensors", vec![0; 8192]);
    assert!(place.git(&["add", "model.safetensors"]));
    assert!(rules(&place).contains(&"repository/weights-in-git".to_owned()));
    place.write(
        "model.safetensors",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
    );
    assert!(rules(&place).contains(&"repository/lfs-pointer".to_owned()));
}

#[test]
fn the_history_is_searched_and_remembered() {
    let place = Place::new();
    if !place.git(&["init", "-q", "-b", "main"]) {
        return;
    }
    place.write("a.txt", "clean\n");
    place.commit();
    place.write("deploy.sh", secret());
    place.commit();
    fs::remove_file(place.work.path().join("deploy.sh")).unwrap();
    place.commit();
    // Loose objects first, then packed with deltas.
    for step in ["loose", "packed", "cached"] {
        if step == "packed" {
            assert!(place.git(&["gc", "-q", "--aggressive", "--prune=now"]));
        }
        let (code, report) = place.json(&["--history", "--engines", "secrets"]);
        assert_eq!(
            (code, paths(&report)),
            (1, vec!["deploy.sh".to_owned()]),
            "{step}: {report}"
        );
        let finding = &report["findings"][0];
        assert_eq!(
            (finding["commit"].as_str().unwrap().len(), finding["author"].as_str()),
            (40, Some("Ann")),
            "{step}"
        );
        assert_eq!(report["stats"]["commits"], 3, "{step}");
        assert_eq!(
            report["stats"]["cached"].as_u64().unwrap() > 0,
            step != "loose",
            "{step}: {report}"
        );
    }
    assert_eq!(place.json(&["--engines", "secrets"]).0, 0);
    let (code, report) = place.json(&["--commits", "HEAD~1..HEAD", "--engines", "secrets"]);
    assert_eq!((code, paths(&report).len()), (0, 0), "{report}");
    assert_eq!(place.json(&["--commits", "HEAD~2..", "--engines", "secrets"]).0, 1);
    place.write("staged.sh", secret());
    place.write("not-staged.sh", secret());
    assert!(place.git(&["add", "staged.sh"]));
    let (code, report) = place.json(&["--staged", "--engines", "secrets"]);
    assert_eq!((code, paths(&report)), (1, vec!["staged.sh".to_owned()]), "{report}");
    // A pack with a byte that is wrong.
    let packs = place.work.path().join(".git/objects/pack");
    for file in fs::read_dir(&packs).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|end| end == "pack") {
            let mut bytes = fs::read(&file).unwrap();
            for at in (20..bytes.len() - 20).step_by(7) {
                bytes[at] ^= 0x20;
            }
            fs::remove_file(&file).unwrap();
            fs::write(&file, bytes).unwrap();
        }
    }
    let output = place.scan(&["--history", "--json", "--no-cache"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!told(&report).is_empty(), "{report}");
    let clone = Place::new();
    let from = format!("file://{}", place.work.path().display());
    if clone.git(&["clone", "-q", "--depth", "1", &from, "."]) {
        let (_, report) = clone.json(&["--history"]);
        assert!(told(&report).contains(&".git/shallow".to_owned()), "{report}");
    }
}

#[test]
fn repositories_of_every_make_are_read() {
    let place = Place::new();
    if !place.git(&["init", "-q", "-b", "main"]) {
        return;
    }
    place.write("deploy.sh", secret());
    place.commit();
    place.write("deploy.sh", "clean\n");
    place.commit();
    let from = place.work.path().to_str().unwrap().to_owned();
    let finds = |place: &Place, what: &str| {
        let (code, report) = place.json(&["--history", "--engines", "secrets"]);
        assert_eq!(
            (code, paths(&report)),
            (1, vec!["deploy.sh".to_owned()]),
            "{what}: {report}"
        );
    };
    // One that borrows its objects, a bare one, a second work tree, and ids of 32 bytes.
    let shared = Place::new();
    assert!(shared.git(&["clone", "-q", "--shared", &from, "."]));
    finds(&shared, "borrowed objects");
    let bare = Place::new();
    assert!(bare.git(&["clone", "-q", "--bare", &from, "."]));
    finds(&bare, "bare");
    assert_eq!(bare.scan(&[]).status.code(), Some(2));
    let second = Place::new();
    let tree = second.work.path().join("tree");
    if place.git(&["worktree", "add", "-q", "--detach", tree.to_str().unwrap()]) {
        let data = second.data.path().to_str().unwrap();
        let args = [
            "scan",
            tree.to_str().unwrap(),
            "--history",
            "--engines",
            "secrets",
            "--no-cache",
            "--data",
            data,
        ];
        assert_eq!(run(&args).status.code(), Some(1));
    }
    let wide = Place::new();
    if wide.git(&["init", "-q", "--object-format=sha256"]) {
        wide.write("deploy.sh", secret());
        wide.commit();
        wide.write("deploy.sh", "clean\n");
        wide.commit();
        finds(&wide, "sha256");
        assert!(wide.git(&["gc", "-q"]));
        finds(&wide, "sha256, packed");
    }
    // A submodule is named, and its files are scanned as files.
    let above = Place::new();
    assert!(above.git(&["init", "-q"]));
    if above.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &from,
        "inner",
    ]) {
        above.commit();
        let (code, report) = above.json(&["--history", "--engines", "secrets"]);
        // By the folder and by the history, in the same words: once.
        assert_eq!((code, told(&report)), (3, vec!["inner".to_owned()]), "{report}");
    }
}

#[test]
fn fixes_are_shown_and_made_only_when_told_to() {
    let place = Place::new();
    place.write("a.py", PROGRAM);
    let text = || fs::read_to_string(place.work.path().join("a.py")).unwrap();
    let shown = place.scan(&["--engines", "code", "--fix"]);
    assert_eq!(shown.status.code(), Some(1));
    let stdout = String::from_utf8(shown.stdout).unwrap();
    assert!(
        stdout.contains("+    return yaml.safe_load(requests.get(url, timeout=30))"),
        "{stdout}"
    );
    assert_eq!(text(), PROGRAM);
    let patch = place.scan(&["--engines", "code", "--fix", "--diff"]);
    assert!(patch.stdout.starts_with(b"--- a/a.py\n+++ b/a.py\n@@ "));
    assert_eq!(text(), PROGRAM);
    let done = place.scan(&["--engines", "code", "--fix", "--apply"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(
        text(),
        PROGRAM
            .replace("yaml.load(", "yaml.safe_load(")
            .replace("get(url)", "get(url, timeout=30)")
    );
}

#[test]
fn what_git_could_not_give_back_stays_as_it_is() {
    let place = Place::new();
    place.write("a.py", PROGRAM);
    if !place.git(&["init", "-q"]) {
        return;
    }
    let text = || fs::read_to_string(place.work.path().join("a.py")).unwrap();
    let mend = |more: &[&str]| {
        let mut args = vec!["--engines", "code", "--fix"];
        args.extend(more);
        place.scan(&args)
    };
    let refused = mend(&["--apply"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("git cannot give it back"));
    assert_eq!(text(), PROGRAM);
    // The patch is one that git takes.
    let patch = mend(&["--diff"]).stdout;
    place.write("fixes.patch", patch);
    assert!(place.git(&["add", "a.py"]));
    assert!(place.git(&["apply", "fixes.patch"]));
    let mended = text();
    assert_ne!(mended, PROGRAM);
    // It is now as the index does not have it; back to that, it is mended.
    assert!(place.git(&["checkout", "-q", "a.py"]));
    assert_eq!(mend(&["--apply"]).status.code(), Some(0));
    assert_eq!(text(), mended);
}
