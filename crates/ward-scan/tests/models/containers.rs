//! Archives that lie, and wrappers around each other.

use ward_evidence::Severity;

use super::assembler::{Member, bzip2, gzip, harmful, harmless, npy, tar, zip, zlib};
use super::{check, harms, scan};

#[test]
fn archives_are_read_by_both_accounts() {
    let evil = || Member::new("archive/data.pkl", harmful());
    let good = || Member::new("archive/data.pkl", harmless());
    let one = |change: &dyn Fn(&mut Member)| {
        let mut member = evil();
        change(&mut member);
        zip(&[member, Member::new("archive/version", b"3\n".to_vec())])
    };
    let plain = one(&|_| {});
    let end = plain.windows(4).position(|window| window == b"PK\x05\x06").unwrap();
    let directory = plain.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("plain", plain.clone()),
        ("deflated", one(&|m| m.method = 8)),
        ("flag in the directory", one(&|m| m.flags = 1)),
        ("flag in the header", one(&|m| m.local_flags = 1)),
        ("both flags", one(&|m| (m.flags, m.local_flags) = (1, 1))),
        ("checksum", one(&|m| m.crc = Some(7))),
        (
            "another name in the header",
            one(&|m| m.local_name = Some("archive/read.txt".to_owned())),
        ),
        (
            "another name in the directory",
            one(&|m| (m.name, m.local_name) = ("archive/read.txt".to_owned(), Some(m.name.clone()))),
        ),
        ("another method in the header", one(&|m| m.local_method = Some(8))),
        (
            "another method in the directory",
            one(&|m| (m.method, m.local_method) = (8, Some(0))),
        ),
        (
            "methods that do not exist",
            one(&|m| (m.method, m.local_method) = (99, Some(99))),
        ),
        (
            "not in the directory",
            zip(&[
                Member {
                    listed: false,
                    ..evil()
                },
                good(),
            ]),
        ),
        ("twice, first", zip(&[evil(), good()])),
        ("twice, last", zip(&[good(), evil()])),
        ("bytes in front", [b"#!/bin/sh\n", &plain[..]].concat()),
        ("a pickle in front", [harmless(), plain.clone()].concat()),
        ("bytes behind", [&plain[..], b"behind"].concat()),
        ("two archives, first", [plain.clone(), zip(&[good()])].concat()),
        ("two archives, last", [zip(&[good()]), plain.clone()].concat()),
        ("no end", plain[..end].to_vec()),
        ("no directory", plain[..directory].to_vec()),
        ("a backslash", zip(&[Member::new("archive\\data.pkl", harmful())])),
        ("a way out", zip(&[Member::new("../../data.pkl", harmful())])),
        (
            "another ending",
            zip(&[good(), Member::new("archive/readme.txt", harmful())]),
        ),
        (
            "beside tensors",
            zip(&[good(), Member::new("archive/data/readme", harmful())]),
        ),
        ("inside another", zip(&[Member::new("inner.zip", plain.clone())])),
        (
            "inside another, deflated",
            zip(&[Member {
                method: 8,
                ..Member::new("x", plain.clone())
            }]),
        ),
        (
            "constants of TorchScript",
            zip(&[
                good(),
                Member::new("archive/constants.pkl", harmful()),
                Member::new("archive/code/a.py", vec![]),
            ]),
        ),
    ];
    for (what, content) in &cases {
        for name in ["m.pt", "m.bin", "m"] {
            harms(
                &format!("{what} as {name}"),
                name,
                content,
                if what.starts_with("bytes behind") && name == "m" {
                    Severity::Low
                } else {
                    Severity::Critical
                },
            );
        }
    }
    // What is honest is not called a liar.
    check(
        "plain and harmless",
        "m.pt",
        &zip(&[good(), Member::new("archive/data/0", vec![0x80; 400])]),
        None,
    );
    check(
        "a liar without harm",
        "m.pt",
        &zip(&[Member { crc: Some(1), ..good() }]),
        Some(Severity::Medium),
    );
}

#[test]
fn wrappers_are_taken_off() {
    let evil = harmful();
    type Pack = fn(&[u8]) -> Vec<u8>;
    let packers: [(&str, Pack); 3] = [("gzip", gzip), ("zlib", zlib), ("bzip2", bzip2)];
    for (what, pack) in packers {
        for name in ["m.pkl", "m.pkl.gz", "m.joblib", "m"] {
            harms(what, name, &pack(&evil), Severity::Critical);
            harms(what, name, &gzip(&pack(&evil)), Severity::Critical);
            check(what, name, &pack(&harmless()), None);
        }
    }
    let zfile = [
        b"ZF",
        format!("{:<19}", format!("{:#x}", evil.len())).as_bytes(),
        &zlib(&evil),
    ]
    .concat();
    harms("joblib's first format", "m.joblib", &zfile, Severity::Critical);
    harms(
        "an array of objects",
        "a.npy",
        &npy("'|O'", evil.clone()),
        Severity::Critical,
    );
    harms(
        "an array of structures",
        "a.npy",
        &npy("[('a', '<f4'), ('b', '|O')]", evil.clone()),
        Severity::Critical,
    );
    harms(
        "arrays",
        "a.npz",
        &zip(&[Member::new("a.npy", npy("'|O'", evil.clone()))]),
        Severity::Critical,
    );
    harms(
        "a header that is evaluated",
        "a.npy",
        &npy("eval('1')", vec![]),
        Severity::Medium,
    );
    check("an array of numbers", "a.npy", &npy("'<f8'", evil.clone()), None);
    harms("a pickle called an array", "a.npy", &evil, Severity::Critical);
    harms(
        "a tar",
        "m.nemo",
        &tar(&[
            ("model_config.yaml", b"a: 1\n".to_vec()),
            ("weights.ckpt", evil.clone()),
        ]),
        Severity::Critical,
    );
    harms(
        "PyTorch's first format",
        "m.pt",
        &tar(&[("storages", harmless()), ("pickle", evil.clone())]),
        Severity::Critical,
    );
    let hydra = ["a:\n  _target_: os.sys", "tem\n"].concat().into_bytes();
    harms(
        "settings that call",
        "m.nemo",
        &tar(&[("model_config.yaml", hydra), ("w.ckpt", harmless())]),
        Severity::Critical,
    );
    // Two places are two findings, also where the path of one ends like that of the other.
    let twice = zip(&[
        Member::new("backup.zip", zip(&[Member::new("model.pkl", evil.clone())])),
        Member::new("model.pkl", evil.clone()),
    ]);
    let members: Vec<_> = scan("bundle.zip", &twice)
        .found
        .into_iter()
        .filter_map(|one| one.at.member)
        .collect();
    for place in ["backup.zip!model.pkl", "model.pkl"] {
        assert!(members.iter().any(|member| member == place), "{place} {members:?}");
    }
    // Members that are unpacked elsewhere, of archives that are unpacked.
    let climbing = |name: &str| tar(&[("model_config.yaml", b"a: 1\n".to_vec()), (name, b"x".to_vec())]);
    harms("a member outside", "m.nemo", &climbing("../../.bashrc"), Severity::High);
    harms(
        "an absolute member",
        "m.nemo",
        &climbing("/etc/cron.d/x"),
        Severity::High,
    );
    check("members inside", "m.nemo", &climbing("./a/b..c"), None);
    check("a layer of an image", "layer.tar", &climbing("/etc/cron.d/x"), None);
    let mar = zip(&[
        Member::new("MAR-INF/MANIFEST.json", b"{}".to_vec()),
        Member::new("../x", b"x".to_vec()),
    ]);
    harms(
        "a member outside of an archive of TorchServe",
        "m.mar",
        &mar,
        Severity::High,
    );
    let header = [&b"GGUF\x03\0\0\0"[..], &[0; 16]].concat();
    harms(
        "a pickle behind a GGUF file",
        "m.gguf",
        &[header.clone(), vec![0; 40], evil.clone()].concat(),
        Severity::Critical,
    );
    check("a padded GGUF file", "m.gguf", &[header, vec![0; 40]].concat(), None);
    // Settings that stand by themselves.
    let called = |before: &str, name: &str| [before, name].concat().into_bytes();
    let run = ["o", "s.sys", "tem"].concat();
    for before in [
        "x: !!python/object/apply:",
        "x: !new:",
        "x:\n  _target_: ",
        "x: !<tag:yaml.org,2002:python/name:",
        "- _target_: ",
        "x: {\"_target_\": ",
        "{a: 1, _target_: '",
        "\"\\x5ftarget_\" : ",
        "x: [1, &a !!python/object/apply:",
        "!!python/object/apply:",
        "about: |\n  text\nx:\n  _target_: ",
        "x: '#'\n_target_: ",
    ] {
        harms(before, "hparams.yaml", &called(before, &run), Severity::Critical);
    }
    for name in ["eval", "exec", "builtins.eval", "pickle.loads"] {
        for before in ["x: !!python/object/apply:", "x: !!python/name:"] {
            harms(name, "hparams.yaml", &called(before, name), Severity::Critical);
        }
    }
    for (before, name) in [
        ("x: !!python/name:", "material.extensions.emoji.twemoji"),
        ("x:\n  _target_: ", "functools.partial"),
        ("x:\n  _target_: ", "torch.load"),
        ("x:\n  _target_: ", "clinic.models.Net"),
        ("# x: os.sys", "tem"),
        ("x:\n  _target_: ", "os.getcwd"),
        ("x:\n  _target_: ", "os.cpu_count"),
        ("x:\n  _target_: ", "os.makedirs"),
        ("x:\n  _target_: ", "subprocess.list2cmdline"),
        ("x:\n  _target_: ", "code.build_model"),
        ("x: !!python/name:", "len"),
        ("# x: !!python/object/apply:", run.as_str()),
        ("# do not write `_target_: ", run.as_str()),
        ("x: 1 # never\n#_target_: ", run.as_str()),
        ("x: 1  # never: !!python/object/apply:", run.as_str()),
        ("pattern: \"!!python/object/apply:", run.as_str()),
        ("pattern: '_target_: ", run.as_str()),
        ("about: Do not write !!python/object/apply:", run.as_str()),
        ("about: |\n  Do not write\n  _target_: ", run.as_str()),
        ("about: >-\n  Do not write:\n\n  !!python/object/apply:", run.as_str()),
    ] {
        check("settings of a program", "mkdocs.yml", &called(before, name), None);
    }
    let script = |code: &str| {
        zip(&[
            Member::new("s/data.pkl", harmless()),
            Member::new("s/constants.pkl", harmless()),
            Member::new("s/code/__torch__.py", code.as_bytes().to_vec()),
        ])
    };
    check(
        "TorchScript",
        "s.pt",
        &script("def forward(self):\n  return torch.add(1, 2)\n"),
        None,
    );
    harms(
        "TorchScript that reads files",
        "s.pt",
        &script("def forward(self):\n  return torch.from_file(\"x\", False, 1)\n"),
        Severity::High,
    );
    harms(
        "TorchScript that imports",
        "s.pt",
        &script("import os\ndef forward(self):\n  return os.getcwd()\n"),
        Severity::High,
    );
    let handler = ["import os\nos.sys", "tem('id')\n"].concat().into_bytes();
    let mar = |code: Vec<u8>| {
        zip(&[
            Member::new("handler.py", code),
            Member::new("w.pt", zip(&[Member::new("a/data.pkl", harmless())])),
        ])
    };
    harms("a handler that runs commands", "m.mar", &mar(handler), Severity::High);
    check(
        "a handler",
        "m.mar",
        &mar(b"def handle(data):\n    return data\n".to_vec()),
        Some(Severity::Low),
    );
}

#[test]
fn models_of_onnx_are_told_in_archives_by_their_whole_content() {
    let put = |number: u8, data: &[u8]| {
        let len = data.len();
        let length = [(len & 127) as u8 | 128, (len >> 7 & 127) as u8 | 128, (len >> 14) as u8];
        [&[number << 3 | 2][..], &length, data].concat()
    };
    let model = |domain: &str| {
        let node = put(1, &[put(4, b"Twist"), put(7, domain.as_bytes())].concat());
        [put(6, &b"about it ".repeat(2_000)), put(7, &node), vec![8, 8]].concat()
    };
    let text = "# about it\n".repeat(2_000).into_bytes();
    let deflated = |body: &[u8]| Member {
        method: 8,
        ..Member::new("weights.dat", body.to_vec())
    };
    for (body, expect) in [
        (model("com.other"), Some(Severity::Medium)),
        (model("ai.onnx"), None),
        (text, None),
    ] {
        check("in zip", "m.zip", &zip(&[deflated(&body)]), expect);
        check("in gzip", "weights.dat.gz", &gzip(&body), expect);
        check("in tar", "m.tar", &tar(&[("weights.dat", body.clone())]), expect);
        check("alone", "weights.dat", &body, expect);
    }
    // The marks of other formats in a text of it, and operators that another loader takes for its own.
    let marked = |before: &[u8], at: usize, mark: &[u8]| {
        let mut about = b"about it ".repeat(200);
        let at = at - before.len() - 4;
        about[at..at + mark.len()].copy_from_slice(mark);
        [before, &put(6, &about), &model("com.other")].concat()
    };
    let python = put(1, &[put(1, b"n"), put(2, b"PyFunc")].concat());
    for (what, name, body, least) in [
        (
            "a mark of TensorFlow Lite",
            "m.onnx",
            marked(b"", 4, b"TFL3"),
            Severity::Medium,
        ),
        (
            "a mark of TensorFlow Lite",
            "m.bin",
            marked(b"", 4, b"TFL3"),
            Severity::Medium,
        ),
        (
            "a mark of HDF5",
            "m.bin",
            marked(b"", 512, b"\x89HDF\r\n\x1a\n"),
            Severity::Medium,
        ),
        (
            "a mark of tar",
            "m.bin",
            marked(b"", 257, b"ustar\x0000"),
            Severity::Medium,
        ),
        (
            "a graph of TensorFlow",
            "m.pb",
            [python.clone(), model("ai.onnx")].concat(),
            Severity::Critical,
        ),
        (
            "a saved model",
            "saved_model.pb",
            [marked(b"", 4, b"TFL3"), put(2, &put(2, &python))].concat(),
            Severity::Critical,
        ),
    ] {
        harms(what, name, &body, least);
    }
}
