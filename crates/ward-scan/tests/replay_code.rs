//! Runs the fuzz body of the code engine over its corpus, and over mutations of it.

#![expect(unreachable_pub, reason = "the fuzz bodies are shared with the fuzz targets")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

#[path = "../../../fuzz/bodies/code_python.rs"]
mod code_python;
#[path = "../../../fuzz/replay.rs"]
mod replay;

use proptest::prelude::*;

/// See [`replay::mutated`].
#[test]
fn the_corpus_and_its_mutations() {
    let bytes = [
        0, b'"', b'\'', b'\\', b'(', b')', b'{', b'\n', b':', b' ', b'.', b'*', 0xff,
    ];
    replay::mutated(&replay::corpus("code_python", 4), 10, &bytes, code_python::run);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Words of the language in any order.
    #[test]
    fn any_words(kind in 0u8..4, words in proptest::collection::vec(0usize..WORDS.len(), 0..80)) {
        let mut program = vec![kind];
        for word in words {
            program.extend_from_slice(WORDS[word].as_bytes());
        }
        code_python::run(&program);
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        code_python::run(&bytes);
    }
}

const WORDS: &[&str] = &[
    "def f(a, *b, c=1, **d):\n ",
    "class A(B):\n ",
    "if ",
    "else:",
    "\n",
    "\n ",
    "\n  ",
    "return ",
    "lambda x: ",
    "x",
    "y",
    "self",
    ".x",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "= ",
    ":= ",
    " + ",
    " % ",
    "f'{",
    "}'",
    "'a'",
    "b'a'",
    "import os\n",
    "from flask import request\n",
    "request.args",
    "os.system(",
    "eval(",
    "for x in ",
    ":\n ",
    "while ",
    "try:\n ",
    "except E as e:\n ",
    "finally:\n ",
    "with open(x) as f:\n ",
    "match x:\n ",
    "case [a, *b]:\n  ",
    "async ",
    "await ",
    "yield ",
    "@app.route('/')\n",
    "global x\n",
    "del x\n",
    "not ",
    " in ",
    " is None",
    "assert ",
    "raise ",
    "*",
    "**",
    "%magic\n",
    "!ls\n",
    "#",
    "\\\n",
    "\t",
];
