//! The models engine against files that would do harm, files that would not, and files that lie.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
#![expect(unreachable_pub, reason = "the assembler is shared with the replay of the fuzz body")]

#[path = "models/assembler.rs"]
mod assembler;

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

/// Types of NumPy's items that make it take numbers for addresses.
fn types_that_lie() -> Vec<(&'static str, Vec<u8>)> {
    let put = |parts: &[&[u8]]| parts.concat();
    let none = || b"N".to_vec();
    let number = |n: i32| [b"J".to_vec(), n.to_le_bytes().to_vec()].concat();
    // `numpy.dtype(code, False, True)` with the state `(3, "|", None, names, fields, size, alignment, flags)`.
    let of = |code: &str| {
        call(
            global("numpy", "dtype"),
            &[text(code), b"\x89".to_vec(), b"\x88".to_vec()],
        )
    };
    let typed = |code: &str, names: Vec<u8>, fields: Vec<u8>, size: i32, flags: i32| {
        let state = [
            number(3),
            text("|"),
            none(),
            names,
            fields,
            number(size),
            number(-1),
            number(flags),
        ]
        .concat();
        put(&[&of(code), b"(", &state, b"tb"])
    };
    let field = |of: Vec<u8>, offset: i32| put(&[b"}", &text("a"), &of, &number(offset), b"\x86s"]);
    let names = || put(&[&text("a"), b"\x85"]);
    let objects = || typed("O8", none(), none(), -1, 63);
    vec![
        ("objects that are not counted", typed("O8", none(), none(), -1, 0)),
        (
            "a field of objects that is not counted",
            typed("V8", names(), field(objects(), 0), 8, 16),
        ),
        (
            "a field of a field of objects",
            typed(
                "V8",
                names(),
                field(typed("V8", names(), field(objects(), 0), 8, 63), 0),
                8,
                16,
            ),
        ),
        (
            "a field outside of its item",
            typed("V8", names(), field(of("f8"), 1 << 20), 8, 16),
        ),
        (
            "a field before its item",
            typed("V8", names(), field(of("f8"), -8), 8, 16),
        ),
        ("a number with fields", typed("f8", names(), field(objects(), 0), 8, 63)),
        (
            "objects over given bytes",
            call(
                global("numpy", "ndarray"),
                &[b"K\x01\x85".to_vec(), text("O"), bytes(b"AAAAAAAA")],
            ),
        ),
    ]
}

/// Everything that is handed over is called by somebody else, with other arguments.
#[test]
fn what_is_called_later_is_judged() {
    let put = |parts: &[&[u8]]| parts.concat();
    let none = || b"N".to_vec();
    let new = |class: Vec<u8>, args: &[u8]| put(&[&class, args, b"\x81"]);
    let build = |target: Vec<u8>, key: &str, value: &[u8]| put(&[&target, b"}", &text(key), value, b"sb"]);
    let get = || global("builtins", &["get", "attr"].concat());
    let rebuild = || global("copyreg", "_reconstructor");
    let partial = |of: &[u8]| call(global("functools", "partial"), &[of.to_vec()]);
    let space = || new(global("types", "SimpleNamespace"), b")");
    let estimator = || new(global("sklearn.linear_model._base", "LinearRegression"), b")");
    let bound = || partial(&call(global("operator", "itemgetter"), &[text("x")]));
    let loads = |value: Vec<u8>| call(global("torch.storage", "_load_from_bytes"), &[value]);
    let latin: String = harmful().iter().map(|byte| char::from(*byte)).collect();
    let numbers: Vec<u8> = harmful().iter().flat_map(|byte| [b'K', *byte]).collect();
    let critical: Vec<(&str, Vec<u8>)> = vec![
        (
            "a distribution's template",
            build(
                new(global("scipy.stats._continuous_distns", "norm_gen"), b")"),
                "_parse_arg_template",
                &text("print(1)"),
            ),
        ),
        (
            "a template with a call among its defaults",
            build(
                new(global("scipy.stats._distn_infrastructure", "rv_continuous"), b")"),
                "_parse_arg_template",
                &text("def _parse_args(self, a=print(1)):\n    return (a, ), 0, 1\n"),
            ),
        ),
        (
            "bytes in a text of Latin-1",
            loads(call(global("_codecs", "encode"), &[text(&latin), text("latin1")])),
        ),
        (
            "bytes in numbers",
            loads(call(global("builtins", "bytes"), &[put(&[b"(", &numbers, b"l"])])),
        ),
    ];
    for (what, body) in critical {
        harms(what, "m.pkl", &pickle(body), Severity::Critical);
    }
    let high: Vec<(&str, Vec<u8>)> = vec![
        ("a distribution's template in pairs", {
            let class = global("scipy.stats._discrete_distns", "poisson_gen");
            put(&[
                &new(class, b")"),
                b"}",
                &call(global("builtins", "str"), &[text("_parse")]),
                &text("x"),
                b"sb",
            ])
        }),
        ("partial of getattr", partial(&get())),
        ("partial of what partial gave", partial(&bound())),
        (
            "partial without __init__",
            put(&[&global("functools", "partial"), b"(", &get(), b"t}\x92"]),
        ),
        (
            "the state of partial",
            put(&[
                &new(
                    global("functools", "partial"),
                    &put(&[&global("builtins", "list"), b"\x85"]),
                ),
                b"(",
                &rebuild(),
                b")}Ntb",
            ]),
        ),
        (
            "the factory of a dictionary",
            call(global("collections", "defaultdict"), &[bound()]),
        ),
        ("a value that is called", put(&[&get(), b"\x85"])),
        ("what rebuilds, as a value", put(&[b"}", &text("a"), &rebuild(), b"s"])),
        ("a special attribute", build(estimator(), "__setstate__", &bound())),
        (
            "a base that is made",
            call(rebuild(), &[global("collections", "OrderedDict"), space(), text("x")]),
        ),
        (
            "a generator of something else",
            call(
                global("numpy.random._pickle", "__generator_ctor"),
                &[text("x"), bound()],
            ),
        ),
        (
            "a method of a path",
            call(
                get(),
                &[call(global("pathlib", "PosixPath"), &[text("x")]), text("unlink")],
            ),
        ),
        ("an attribute of a namespace", call(get(), &[space(), text("k")])),
        (
            "a file of time zones",
            call(global("dateutil.tz.tz", "tzfile"), &[text("/etc/x")]),
        ),
        (
            "a method that writes",
            put(&[
                b"}",
                &text("f"),
                &call(get(), &[new(global("pandas", "DataFrame"), b")"), text("to_pickle")]),
                b"s",
            ]),
        ),
        (
            "an item that is a special attribute",
            put(&[
                &new(global("scipy.optimize._optimize", "OptimizeResult"), b")"),
                &text("__setstate__"),
                &call(get(), &[estimator(), text("predict")]),
                b"s",
            ]),
        ),
        (
            "an item of a base that is a special attribute",
            call(
                rebuild(),
                &[
                    global("sklearn.utils._bunch", "Bunch"),
                    global("builtins", "dict"),
                    put(&[b"}", &text("__setstate__"), &bound(), b"s"]),
                ],
            ),
        ),
        (
            "a special attribute of a parameter",
            call(
                global("torch._utils", "_rebuild_parameter_with_state"),
                &[
                    none(),
                    none(),
                    none(),
                    put(&[b"}", &text("__class__"), &global("collections", "OrderedDict"), b"s"]),
                ],
            ),
        ),
        (
            "a special attribute in what Cython sets",
            call(
                global("pandas._libs.index", "__pyx_unpickle_BoolEngine"),
                &[
                    global("pandas._libs.index", "BoolEngine"),
                    none(),
                    put(&[b"}", &text("__setstate__"), &bound(), b"s\x85"]),
                ],
            ),
        ),
        (
            "a logger of everybody",
            build(
                call(global("logging", "getLogger"), &[text("root")]),
                "disabled",
                b"\x88",
            ),
        ),
        (
            "an address that is freed",
            build(new(global("lightgbm.basic", "Dataset"), b")"), "_handle", b"M\x39\x30"),
        ),
        (
            "partial through copyreg",
            call(
                global("copyreg", "__newobj__"),
                &[global("functools", "partial"), bound()],
            ),
        ),
        (
            "an array elsewhere",
            build(
                new(global("joblib.numpy_pickle_compat", "NDArrayWrapper"), b")"),
                "filename",
                &text("/tmp/x.npy"),
            ),
        ),
    ];
    for (what, body) in high {
        harms(what, "m.pkl", &pickle(body), Severity::High);
    }
    for (what, body) in types_that_lie() {
        harms(what, "m.pkl", &pickle(body), Severity::High);
    }
    let medium: Vec<(&str, Vec<u8>)> = vec![
        (
            "an own method that appends",
            put(&[&build(space(), "append", &bound()), &text("x"), b"a"]),
        ),
        ("items of a model", put(&[&estimator(), &text("x"), b"a"])),
        (
            "an attribute whose name is computed",
            put(&[
                &estimator(),
                b"}",
                &call(global("builtins", "str"), &[bytes(b"__setstate__"), text("ascii")]),
                &bound(),
                b"sb",
            ]),
        ),
        (
            "a list that never ends",
            call(
                global("builtins", "list"),
                &[call(global("builtins", "range"), &[b"\x8a\x06\0\0\0\0\0\x01".to_vec()])],
            ),
        ),
        (
            "all memory",
            call(global("builtins", "bytearray"), &[b"\x8a\x06\0\0\0\0\0\x01".to_vec()]),
        ),
        (
            "a reader that opens its file when it is asked for items",
            call(
                global("builtins", "list"),
                &[new(global("pandas.api.typing", "StataReader"), b")")],
            ),
        ),
        ("two states", build(build(estimator(), "a", b"N"), "b", b"N")),
        (
            "itemgetter as a value",
            put(&[&global("operator", "itemgetter"), b"\x85"]),
        ),
        (
            "bytes that nobody knows",
            loads(call(global("builtins", "str"), &[text("x")])),
        ),
    ];
    for (what, body) in medium {
        harms(what, "m.pkl", &pickle(body), Severity::Medium);
    }
    let template = concat!(
        "\ndef _parse_args(self, a, b, loc=0, scale=1):\n    return (a, b,), loc, scale\n\n",
        "def _parse_args_rvs(self, a, b, loc=0, scale=1, size=None):\n",
        "    return self._argcheck_rvs(a, b, loc, scale, size=size)\n\n",
        "def _parse_args_stats(self, a, b, loc=0, scale=1, moments='mv'):\n    return (a, b,), loc, scale, moments\n"
    );
    let clean: Vec<(&str, Vec<u8>)> = vec![
        (
            "a method of texts",
            call(get(), &[global("builtins", "str"), text("split")]),
        ),
        (
            "a factory",
            call(global("collections", "defaultdict"), &[global("builtins", "list")]),
        ),
        (
            "items of a dictionary",
            put(&[&call(global("collections", "OrderedDict"), &[]), &text("a"), b"Ns"]),
        ),
        (
            "a distribution",
            build(
                new(global("scipy.stats._continuous_distns", "beta_gen"), b")"),
                "_parse_arg_template",
                &text(template),
            ),
        ),
        (
            "a partial function",
            put(&[
                &partial(&global("builtins", "int")),
                b"(",
                &global("builtins", "int"),
                b")}Ntb",
            ]),
        ),
    ];
    for (what, body) in clean {
        check(what, "m.pkl", &pickle(body), None);
    }
}

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
