//! What a pickle hands over so that other code calls it later, and what its types make of bytes.

use ward_evidence::Severity;

use super::{
    assembler::{bytes, call, global, harmful, pickle, text},
    check, harms,
};

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
fn dill_rebuilds_arrays_as_numpy_does_and_calls_nothing_else() {
    let none = || b"N".to_vec();
    let tuple = |parts: &[Vec<u8>]| [b"(".to_vec(), parts.concat(), b"t".to_vec()].concat();
    let number = |n: u8| vec![b'K', n];
    let of = |class: Vec<u8>| tuple(&[class, tuple(&[number(0)]), bytes(b"b")]);
    let floats = || {
        call(
            global("numpy", "dtype"),
            &[text("f8"), b"\x89".to_vec(), b"\x88".to_vec()],
        )
    };
    let state = || {
        tuple(&[
            number(1),
            tuple(&[number(1)]),
            floats(),
            b"\x89".to_vec(),
            bytes(&[0; 8]),
        ])
    };
    let dill = || global("dill._dill", "_create_array");
    let rebuilds = || global("numpy._core.multiarray", "_reconstruct");
    let array = || of(global("numpy", "ndarray"));
    for module in ["numpy._core.multiarray", "numpy.core.multiarray"] {
        let plain = call(dill(), &[global(module, "_reconstruct"), array(), state(), none()]);
        check("an array", "m.dill", &pickle(plain), None);
    }
    let run = global("os", &["sys", "tem"].concat());
    let args = || tuple(&[text("id")]);
    let computed = [
        call(global("builtins", "str"), &[text("numpy._core.multiarray")]),
        text("_reconstruct"),
        b"\x93".to_vec(),
    ];
    for (what, body) in [
        ("a command", call(dill(), &[run.clone(), args(), state(), none()])),
        (
            "a class that NumPy has and does not rebuild",
            call(dill(), &[rebuilds(), of(global("numpy", "memmap")), state(), none()]),
        ),
        (
            "a function of NumPy's that reads a file",
            call(dill(), &[global("numpy", "fromfile"), args(), state(), none()]),
        ),
        (
            "a name that is computed",
            call(dill(), &[computed.concat(), array(), state(), none()]),
        ),
        (
            "attributes",
            call(dill(), &[rebuilds(), array(), state(), b"}".to_vec()]),
        ),
        (
            "a state of another kind",
            call(dill(), &[rebuilds(), array(), none(), none()]),
        ),
        ("no arguments", call(dill(), &[])),
        (
            "handed over",
            call(global("functools", "partial"), &[dill(), run, args()]),
        ),
        (
            "another function of dill's",
            call(global("dill._dill", "_import_module"), &[text("os")]),
        ),
    ] {
        harms(what, "m.dill", &pickle(body), Severity::Critical);
    }
}

#[test]
fn types_that_dill_names() {
    let dill = || global("dill._dill", "_load_type");
    let named = |name: &str| call(dill(), &[text(name)]);
    let none = || b"N".to_vec();
    for (what, body) in [
        ("a slice", call(named("slice"), &[none(), none(), none()])),
        ("a type", named("int")),
        (
            "what fills a dictionary",
            call(global("collections", "defaultdict"), &[named("list")]),
        ),
        ("an error", call(named("ValueError"), &[text("x")])),
    ] {
        check(what, "m.dill", &pickle(body), None);
    }
    for (what, body) in [
        ("a type that holds code", named("CodeType")),
        (
            "a function made of code",
            call(named("FunctionType"), &[none(), none()]),
        ),
        ("what runs code", call(named(&["ev", "al"].concat()), &[text("1")])),
        (
            "a name that is computed",
            call(dill(), &[call(global("builtins", "str"), &[text("int")])]),
        ),
        ("no name", call(dill(), &[])),
        ("two names", call(dill(), &[text("int"), text("int")])),
        (
            "handed over",
            call(global("functools", "partial"), &[dill(), text("CodeType")]),
        ),
        (
            "what fills a dictionary with modules",
            call(global("collections", "defaultdict"), &[named("ModuleType")]),
        ),
    ] {
        harms(what, "m.dill", &pickle(body), Severity::Critical);
    }
}
