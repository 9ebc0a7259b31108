//! The models engine against files that would do harm, files that would not, and files that lie.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(unreachable_pub, reason = "the assembler is shared with the replay of the fuzz body")]

#[path = "models/assembler.rs"]
mod assembler;
#[path = "models/containers.rs"]
mod containers;
#[path = "models/later.rs"]
mod later;

use std::{fs, path::Path};

use assembler::{
    Member, bytes, bzip2, call, global, gzip, harm, harmful, harmless, lz4, npy, pickle, stack_global, tar, text, ways,
    xz, zip, zlib, zstd,
};
use ward_evidence::Severity;
use ward_scan::{Blob, Findings, engine};

fn scan(name: &str, content: &[u8]) -> Findings {
    let mut findings = Findings::default();
    (engine::by_name("models").unwrap().scan)(&Blob::of_bytes(name, content), &mut findings);
    findings
}

fn worst(findings: &Findings) -> Option<Severity> {
    findings.found.iter().map(|found| found.severity).max()
}

#[track_caller]
fn check(what: &str, name: &str, content: &[u8], expect: Option<Severity>) {
    let findings = scan(name, content);
    let told: Vec<_> = findings
        .found
        .iter()
        .map(|found| format!("{} {}", found.rule.id, found.note))
        .collect();
    assert_eq!(worst(&findings), expect, "{what}: {told:?} {:?}", findings.not_examined);
}

/// Flagged at least this badly.
#[track_caller]
fn harms(what: &str, name: &str, content: &[u8], least: Severity) {
    let findings = scan(name, content);
    assert!(
        worst(&findings) >= Some(least),
        "{what}: {:?} {:?}",
        worst(&findings),
        findings.not_examined
    );
}

/// Modules and names, split so that no scanner takes this file for an attack.
const GADGETS: &[(&str, &str)] = &[
    ("o.s", "sys.tem"),
    ("pos.ix", "sys.tem"),
    ("n.t", "sys.tem"),
    ("o.s", "po.pen"),
    ("sub.process", "Pop.en"),
    ("sub.process", "check_.output"),
    ("buil.tins", "ev.al"),
    ("buil.tins", "ex.ec"),
    ("__buil.tin__", "ev.al"),
    ("__buil.tin__", "exec.file"),
    ("buil.tins", "com.pile"),
    ("buil.tins", "__imp.ort__"),
    ("import.lib", "import_.module"),
    ("run.py", "run_.path"),
    ("run.py", "_run_.code"),
    ("pkg.util", "resolve_.name"),
    ("pi.p", "ma.in"),
    ("co.de", "inter.act"),
    ("pt.y", "spa.wn"),
    ("cty.pes", "CD.LL"),
    ("web.browser", "op.en"),
    ("time.it", "time.it"),
    ("pd.b", "ru.n"),
    ("cPro.file", "run.ctx"),
    ("bd.b", "Bdb\0run"),
    ("idle.lib\0pyshell", "ModifiedInterpreter\0run.code"),
    ("numpy\0test.ing\0_private\0utils", "run.string"),
    ("numpy", "f2py\0o.s\0sys.tem"),
    ("torch\0hu.b", "lo.ad"),
    ("torch", "lo.ad"),
    ("torch\0utils\0_config_.module", "load_.config"),
    ("torch\0_induc.tor\0codecache", "compile_.file"),
    ("func.tools", "redu.ce"),
    ("types", "Code.Type"),
    ("types", "Function.Type"),
    ("mar.shal", "lo.ads"),
    ("pick.le", "lo.ads"),
    ("di.ll", "lo.ads"),
    ("cloud.pickle\0cloudpickle", "_make_.function"),
    ("logging\0con.fig", "lis.ten"),
    ("async.io\0unix_events", "_Unix\0_start"),
    ("multi.processing\0util", "spawnv_.passfds"),
    ("sy.s", "mod.ules"),
    ("dist.utils\0spawn", "spa.wn"),
    ("set.uptools", "set.up"),
    ("ven.v", "crea.te"),
    ("ensure.pip", "boot.strap"),
    ("doc.test", "debug_.script"),
    ("tra.ce", "Trace\0run"),
    ("lib.2to3\0pgen2\0grammar", "Grammar\0lo.ads"),
    ("plat.form", "po.pen"),
    ("uu.id", "_get_command_.stdout"),
    ("job.lib", "lo.ad"),
    ("pan.das", "read_.pickle"),
    ("num.py", "lo.ad"),
    ("weak.ref", "final.ize"),
    ("ate.xit", "regis.ter"),
    ("zip.import", "zip.importer"),
    ("threa.ding", "Thre.ad"),
    ("site", "exec.sitecustomize"),
];

/// As above; these reach for files, the network or attributes.
const REACHES: &[(&str, &str)] = &[
    ("buil.tins", "get.attr"),
    ("buil.tins", "op.en"),
    ("buil.tins", "set.attr"),
    ("buil.tins", "ma.p"),
    ("opera.tor", "attr.getter"),
    ("opera.tor", "method.caller"),
    ("soc.ket", "create_.connection"),
    ("shu.til", "rm.tree"),
    ("s.sl", "get_server_.certificate"),
    ("http\0client", "HTTP.Connection"),
    ("url.lib\0request", "url.open"),
    ("reque.sts", "get"),
    ("smtp.lib", "SM.TP"),
    ("ftp.lib", "F.TP"),
    ("sql.ite3", "conn.ect"),
    ("temp.file", "Named.TemporaryFile"),
    ("zip.file", "ZipFile\0extract.all"),
    ("i.o", "op.en"),
    ("copy.reg", "add_.extension"),
    ("num.py", "from.file"),
    ("collections", "OrderedDict\0__in.it__"),
];

fn joined(name: &str) -> String {
    name.replace('.', "").replace('\0', ".")
}

#[test]
fn gadgets_are_found_in_every_way_of_calling_them() {
    for (list, least) in [(GADGETS, Severity::Critical), (REACHES, Severity::High)] {
        for (module, name) in list {
            let (module, name) = (joined(module), joined(name));
            for (way, content) in ways(&module, &name).into_iter().enumerate() {
                harms(&format!("{module} {name}, way {way}"), "m.pkl", &content, least);
                harms(
                    &format!("{module} {name}, way {way}, without a name"),
                    "download",
                    &content,
                    least,
                );
            }
        }
    }
}

#[test]
fn unknown_is_never_clean() {
    for (module, name) in [
        ("mymodel", "Net"),
        ("__main__", "Net"),
        ("a.b.c", "d"),
        ("numpy.nothing", "such"),
        ("sklearn", "Made"),
        ("", ""),
        ("é", "ü"),
    ] {
        for content in ways(module, name) {
            harms(&format!("{module} {name}"), "m.pkl", &content, Severity::Medium);
        }
        check("an import", "m.pkl", &pickle(global(module, name)), Some(Severity::Low));
    }
    // Allowed to be made or referred to, not to be called.
    let called = call(global("torch", "FloatStorage"), &[text("x")]);
    check(
        "a call of what is only referred to",
        "m.pkl",
        &pickle(called),
        Some(Severity::Medium),
    );
    // Python writes the class of `None` as a call; no other class may be made so.
    let class = |of: Vec<u8>| pickle(call(global("builtins", "type"), &[of]));
    check("the class of None", "m.pkl", &class(b"N".to_vec()), None);
    check(
        "the class of a text",
        "m.pkl",
        &class(text("x")),
        Some(Severity::Medium),
    );
    let made = call(call(global("builtins", "type"), &[b"N".to_vec()]), &[]);
    check("an instance of it", "m.pkl", &pickle(made), Some(Severity::High));
}

#[test]
fn nothing_hides_an_effect() {
    let none = b"N".to_vec();
    let put = |parts: &[&[u8]]| parts.concat();
    let wrapper = |size: &str, payload: &[u8]| {
        let dtype = call(
            global("numpy", "dtype"),
            &[text(size), b"\x89".to_vec(), b"\x88".to_vec()],
        );
        let state = [
            text("subclass"),
            global("numpy", "ndarray"),
            text("shape"),
            b"K\x40\x85".to_vec(),
            text("dtype"),
            dtype,
        ]
        .concat();
        put(&[
            b"\x80\x04",
            &global("joblib.numpy_pickle", "NumpyArrayWrapper"),
            b")\x81}(",
            &state,
            b"ub",
            payload,
            b".",
        ])
    };
    let mut payload = put(&[&harm(), b"0N."]);
    payload.resize(64, b'.');
    let ordered = || global("collections", "OrderedDict");
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("POP", pickle(put(&[&harm(), b"0N"]))),
        ("POP_MARK", pickle(put(&[b"(", &harm(), b"1N"]))),
        ("an unknown opcode after it", put(&[b"\x80\x02", &harm(), b"\xff"])),
        (
            "an end in the middle",
            put(&[b"\x80\x02", &harm(), b"X\xff\xff\xff\x7f"]),
        ),
        ("no end", put(&[b"\x80\x02", &harm()])),
        ("an empty stack after it", pickle(put(&[&harm(), b"0000"]))),
        ("a second pickle", put(&[&harmless(), &harmful()])),
        (
            "a second pickle after padding",
            put(&[&harmless(), &[0; 40], &harmless(), b"\n", &harmful()]),
        ),
        (
            "a pickle of protocol 0 after garbage",
            put(&[&harmless(), b"#### and more", b"cos\nsystem\n(S'id'\ntR."]),
        ),
        (
            "a pickle after garbage",
            put(&[&harmless(), b"some garbage", &harmful()]),
        ),
        (
            "a pickle after the data of an array",
            npy("'<f8'", put(&[&[0; 8], &harmful()])),
        ),
        (
            "a pickle after two arrays and padding",
            put(&[
                &npy("[('a', '<f4'), ('b', '|S4')]", vec![0; 8]),
                &npy("'<i2'", vec![0; 2]),
                &[0; 5],
                &harmful(),
            ]),
        ),
        (
            "a pickle somewhere after the data of an array",
            put(&[&npy("'|u1'", vec![7]), b"some garbage", &harmful()]),
        ),
        (
            "a compressed pickle after the data of an array",
            put(&[&npy("'|u1'", vec![7]), &gzip(&harmful())]),
        ),
        ("a pickle after a gzip stream", put(&[&gzip(&harmless()), &harmful()])),
        ("a second gzip stream", put(&[&gzip(&harmless()), &gzip(&harmful())])),
        ("a second bzip2 stream", put(&[&bzip2(&harmless()), &bzip2(&harmful())])),
        ("a second xz stream", put(&[&xz(&harmless()), &[0; 8], &xz(&harmful())])),
        (
            "a pickle after an xz stream",
            put(&[&xz(&harmless()), b"....", &harmful()]),
        ),
        (
            "a second frame of Zstandard",
            put(&[&zstd(&harmless()), &zstd(&harmful())]),
        ),
        (
            "a frame of Zstandard after one to be skipped",
            put(&[&zstd(&harmless()), b"\x50\x2a\x4d\x18\x02\0\0\0ab", &zstd(&harmful())]),
        ),
        (
            "a frame of Zstandard after nothing but one to be skipped",
            put(&[b"\x5f\x2a\x4d\x18\x0c\0\0\0abcdefghijkl", &zstd(&harmful())]),
        ),
        (
            "a frame of LZ4 after two to be skipped",
            put(&[&b"\x50\x2a\x4d\x18\x02\0\0\0ab".repeat(2), &lz4(&harmful())]),
        ),
        (
            "a pickle after a frame of Zstandard",
            put(&[&zstd(&harmless()), &harmful()]),
        ),
        ("a second frame of LZ4", put(&[&lz4(&harmless()), &lz4(&harmful())])),
        ("a pickle after a frame of LZ4", put(&[&lz4(&harmless()), &harmful()])),
        ("a pickle after a zlib stream", put(&[&zlib(&harmless()), &harmful()])),
        (
            "a pickle after a tar archive",
            put(&[&tar(&[("a.txt", vec![b'a'])]), &harmful()]),
        ),
        (
            "a pickle after a zip archive",
            put(&[&zip(&[Member::new("a.txt", vec![b'a'])]), &harmful()]),
        ),
        ("a pickle in bytes", pickle(bytes(&harmful()))),
        (
            "a pickle of protocol 0 in a text",
            pickle(text("cos\nsystem\n(S'id'\ntR.")),
        ),
        (
            "a pickle in base64",
            pickle(text(&data_encoding::BASE64.encode(&harmful()))),
        ),
        (
            "a packed pickle in base64",
            pickle(text(&data_encoding::BASE64.encode(&zlib(&harmful())))),
        ),
        ("a packed pickle in bytes", pickle(bytes(&zlib(&harmful())))),
        (
            "a pickle of protocol 0 in a text of protocol 0",
            put(&[b"Vcos\\u000asystem\\u000a(S'id'\\u000atR.\n."]),
        ),
        (
            "a pickle in base64 in a text of Python 2",
            put(&[b"S'", data_encoding::BASE64.encode(&harmful()).as_bytes(), b"'\n."]),
        ),
        (
            "bytes that PyTorch loads",
            pickle(call(global("torch.storage", "_load_from_bytes"), &[bytes(&harmful())])),
        ),
        (
            "an archive in bytes",
            pickle(bytes(&zip(&[Member::new("archive/data.pkl", harmful())]))),
        ),
        (
            "a memo that is written over",
            pickle(put(&[
                &ordered(),
                b"q\x00",
                &text("os"),
                b"q\x00",
                &text("system"),
                b"q\x01h\x00h\x01\x93",
                &text("id"),
                b"\x85R",
            ])),
        ),
        (
            "DUP",
            pickle(put(&[&global("os", "system"), b"2", &text("id"), b"\x85R0"])),
        ),
        (
            "a frame that lies",
            put(&[b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f", &harm(), b"."]),
        ),
        (
            "a frame that is short",
            put(&[b"\x80\x04\x95\x01\0\0\0\0\0\0\0", &harm(), b"."]),
        ),
        ("a protocol that does not exist", put(&[b"N0\x80\xff", &harm(), b"."])),
        (
            "a long way to it",
            put(&[b"\x80\x02", &b"K\x010".repeat(50_000), &harm(), b"."]),
        ),
        (
            "a long way to it in protocol 0",
            put(&[&b"Vx\n0".repeat(50_000), &harm(), b"."]),
        ),
        (
            "deep inside",
            pickle(put(&[&b"(".repeat(5000), &harm(), &b"t".repeat(5000)])),
        ),
        (
            "the factory of a dictionary",
            pickle(call(global("collections", "defaultdict"), &[global("os", "system")])),
        ),
        (
            "partial",
            pickle(call(
                call(global("functools", "partial"), &[global("os", "system")]),
                &[text("id")],
            )),
        ),
        (
            "copyreg",
            pickle(call(
                global("copy_reg", "_reconstructor"),
                &[
                    global("subprocess", "Popen"),
                    global("builtins", "object"),
                    none.clone(),
                ],
            )),
        ),
        (
            "a ufunc by name",
            pickle(call(
                global("numpy.core", "_ufunc_reconstruct"),
                &[text("os"), text("system")],
            )),
        ),
        ("what joblib takes for an array", wrapper("u1", &payload)),
        ("a pickle among joblib's arrays", wrapper("O8", &harmful())),
        (
            "PyTorch's old format",
            put(&[
                b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.",
                b"\x80\x02M\xe9\x03.",
                b"\x80\x02}.",
                &harmful(),
                b"\x80\x02].",
            ]),
        ),
        (
            "after PyTorch's old format",
            put(&[
                b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.",
                b"\x80\x02M\xe9\x03.",
                b"\x80\x02}.",
                &harmless(),
                b"\x80\x02].",
                b"abc",
                &harmful(),
            ]),
        ),
    ];
    for (what, content) in &cases {
        harms(what, "m.pkl", content, Severity::Critical);
    }
    let hexadecimal = data_encoding::HEXLOWER.encode(&harmful());
    harms(
        "a pickle in hexadecimal",
        "m.pkl",
        &pickle(text(&hexadecimal)),
        Severity::Critical,
    );
    let padded = pickle(text("as long as anything that is looked into"));
    check(
        "a harmless pickle in bytes",
        "m.pkl",
        &pickle(bytes(&padded)),
        Some(Severity::Low),
    );
    let set = |target: Vec<u8>| pickle(put(&[&target, &text("a"), &text("b"), b"s"]));
    let reach: Vec<(&str, Vec<u8>)> = vec![
        (
            "attributes of a class",
            pickle(put(&[&ordered(), b"}", &text("a"), b"Nsb"])),
        ),
        ("items of a module's object", set(global("mymodule", "registry"))),
        (
            "items of what getattr gave",
            set(call(
                global("builtins", "getattr"),
                &[global("pandas.core.frame", "DataFrame"), text("flags")],
            )),
        ),
        (
            "special slots",
            pickle(put(&[&ordered(), b")RN}", &text("__class__"), &ordered(), b"s\x86b"])),
        ),
        (
            "a name that is computed",
            pickle(put(&[
                &call(stack_global("builtins", "str"), &[text("os")]),
                &text("system"),
                b"\x93",
            ])),
        ),
        (
            "a chain of attributes",
            pickle(call(
                global("builtins", "getattr"),
                &[call(global("builtins", "getattr"), &[ordered(), text("x")]), text("y")],
            )),
        ),
        (
            "a call of what getattr gave",
            pickle(call(
                call(
                    global("builtins", "getattr"),
                    &[global("pandas.core.frame", "DataFrame"), text("to_csv")],
                ),
                &[text("x")],
            )),
        ),
        (
            "a function that PyTorch is given",
            pickle(call(
                global("torch._tensor", "_rebuild_from_type_v2"),
                &[ordered(), global("torch", "Tensor"), b")".to_vec(), b"}".to_vec()],
            )),
        ),
    ];
    for (what, content) in &reach {
        harms(what, "m.pkl", content, Severity::High);
    }
    for (what, content) in [
        ("an extension code", pickle(b"\x82\x01")),
        ("a persistent id", b"Pos.system\n.".to_vec()),
        ("the state of nothing", pickle(b"N}b")),
    ] {
        harms(what, "m.pkl", &content, Severity::Medium);
    }
}

/// A 7z archive of one pickle, which runs a command, as py7zr writes it.
const SEVENZ: &str = "377abcaf271c0004cde53f288b000000000000001400000000000000329e081c01002680048c026f738c0673797374656d935810000000746f756368\
    202f746d702f70776e313085522e00e0005a00585d0000813307ae0fd0b528fc9f39109c6cea561a8ee1ce421bf7dcefe64b5a60bbef702dda8201fc\
    217d6e4ea5e4f396d67b9bb7bf9bd31a53d694fbd29db6dc4792e6928ef3bd838da0c8d619cf069ce84169866497000000000017062b01096000070b\
    010001212101180c5b0000";

#[test]
fn a_7z_archive_is_opened_also_behind_a_program() {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap() as u8;
    let archive: Vec<u8> = SEVENZ
        .as_bytes()
        .chunks(2)
        .map(|two| digit(&two[0]) << 4 | digit(&two[1]))
        .collect();
    let behind = [&b"MZ"[..], &[0; 300], &archive].concat();
    harms("as it is", "m.7z", &archive, Severity::Critical);
    harms("behind a program", "m.7z", &behind, Severity::Critical);
}

#[test]
fn what_cannot_be_followed_is_not_examined() {
    let deep = (0..12).fold(harmless(), |inner, _| gzip(&inner));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("m.pkl", b"\x80\x04\xff".to_vec()),
        ("m.pkl", b"\x80\x04N".to_vec()),
        ("m.pkl", b"not a pickle at all".to_vec()),
        ("m.pkl", [&harmless()[..], b"and something behind"].concat()),
        (
            "m.pt",
            zip(&[Member {
                method: 99,
                ..Member::new("archive/data.pkl", vec![1, 2, 3])
            }]),
        ),
        ("m.pkl", deep),
        ("m.npy", b"\x93NUMPY\x01\x00\xff\xff".to_vec()),
        (
            "m.pt",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n".to_vec(),
        ),
        ("m.7z", b"7z\xbc\xaf\x27\x1c broken".to_vec()),
        ("m.7z", b"MZ, and no archive".to_vec()),
    ];
    for (name, content) in cases {
        let findings = scan(name, &content);
        assert!(
            !findings.not_examined.is_empty(),
            "{name} {:?}",
            &content[..content.len().min(12)]
        );
    }
    for (name, content) in [
        ("m.pkl", &b""[..]),
        ("notes", b"Nothing here.\n"),
        ("a.txt", b"(c) 2026\nAll rights\n"),
        ("a.json", b"[1, 2]"),
        ("S.cfg", b"I am\nnot\n"),
    ] {
        let findings = scan(name, content);
        assert!(findings.found.is_empty() && findings.not_examined.is_empty(), "{name}");
    }
}

#[test]
fn bombs_are_linear() {
    let members: Vec<Member> = (0..3000)
        .map(|n| Member::new(&format!("a/{n}.pkl"), harmless()))
        .collect();
    check("many members", "m.zip", &zip(&members), None);
    check(
        "many memos",
        "m.pkl",
        &pickle([b"N".to_vec(), vec![0x94; 300_000]].concat()),
        None,
    );
    check(
        "many copies",
        "m.pkl",
        &pickle([b"N".to_vec(), b"2\x86".repeat(100_000)].concat()),
        None,
    );
    check("a list in itself", "m.pkl", b"\x80\x02]q\x00h\x00ah\x00a.", None);
    let many: Vec<u8> = (0..3000)
        .flat_map(|n| call(global("m", &format!("f{n}")), &[]))
        .chain(harm())
        .collect();
    let findings = scan("m.pkl", &pickle(many));
    assert!(findings.found.len() <= 60);
    assert_eq!(worst(&findings), Some(Severity::Critical));
    let zeros = gzip(&[b"\x80\x02B\x00\x00\x00\x04".to_vec(), vec![0; 4 << 20]].concat());
    assert!(!scan("m.pkl.gz", &zeros).not_examined.is_empty());
}

#[test]
fn a_finding_explains_itself() {
    let findings = scan("m.pkl", &pickle([text("before"), b"0".to_vec(), harm()].concat()));
    let [found] = &findings.found[..] else {
        panic!("one finding")
    };
    assert_eq!(
        found.note,
        "loading calls os.system(\"id\"), which runs commands or changes processes"
    );
    let marked: Vec<_> = found.details.iter().filter(|line| line.starts_with('>')).collect();
    assert_eq!(marked.len(), 1);
    assert!(marked[0].ends_with(": REDUCE"), "{marked:?}");
    assert!(
        found
            .details
            .iter()
            .any(|line| line.contains("GLOBAL \"os\" \"system\""))
    );
}

/// Files that scikit-learn, NumPy, pandas, joblib and PyTorch wrote; see the folder's README.
#[test]
fn real_models_are_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/models_scan");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("real-") {
            count += 1;
            let content = fs::read(&path).unwrap();
            let findings = scan(&name, &content);
            assert!(findings.not_examined.is_empty(), "{name}: {:?}", findings.not_examined);
            check(&name, &name, &content, None);
            // The same without its name.
            check(&name, "download", &content, None);
        }
    }
    assert!(count >= 10, "the files are there");
}

#[test]
fn pickles_behind_other_bytes_are_found_where_a_name_says_model() {
    let names = ["pytorch_model.bin", "model.ckpt", "m.pt", "m.pkl", "m.joblib", "m.pth"];
    for name in names {
        for front in [
            vec![0; 2],
            vec![0; 16],
            b"\xffgarbage\x01\x02".to_vec(),
            vec![0xfe; 100],
        ] {
            let content = [front.clone(), harmful()].concat();
            harms(
                &format!("{name} behind {} bytes", front.len()),
                name,
                &content,
                Severity::High,
            );
            // In what is no format that is known, nothing is called clean.
            let findings = scan(name, &[front, b"\xf0\xf1\xf2 no pickle".to_vec()].concat());
            assert!(findings.found.is_empty() && !findings.not_examined.is_empty(), "{name}");
        }
    }
    for name in ["data.bin", "firmware.bin"] {
        let findings = scan(name, &[&[0; 16][..], b"\xf0\xf1\xf2 no pickle"].concat());
        assert!(findings.found.is_empty() && findings.not_examined.is_empty(), "{name}");
    }
}
