//! Modules and functions whose mere import or call is a result.

use std::sync::LazyLock;

use std::collections::HashMap;

use ruff_python_ast::{Alias, Expr};
use ruff_text_size::TextRange;
use ward_evidence::Severity::{self, High, Low, Medium};

use super::{
    values::{self, Value},
    walk::{Call, Walk},
};

/// Functions: the test, how bad, the names.
const CALLS: &[(&str, Severity, &[&str])] = &[
    (
        "B301",
        Medium,
        &[
            "pickle.loads",
            "pickle.load",
            "pickle.Unpickler",
            "dill.loads",
            "dill.load",
            "dill.Unpickler",
            "shelve.open",
            "shelve.DbfilenameShelf",
            "jsonpickle.decode",
            "jsonpickle.unpickler.decode",
            "jsonpickle.unpickler.Unpickler",
            "pandas.read_pickle",
        ],
    ),
    ("B302", Medium, &["marshal.load", "marshal.loads"]),
    (
        "B303",
        Medium,
        &[
            "Crypto.Hash.MD2.new",
            "Crypto.Hash.MD4.new",
            "Crypto.Hash.MD5.new",
            "Crypto.Hash.SHA.new",
            "Cryptodome.Hash.MD2.new",
            "Cryptodome.Hash.MD4.new",
            "Cryptodome.Hash.MD5.new",
            "Cryptodome.Hash.SHA.new",
            "cryptography.hazmat.primitives.hashes.MD5",
            "cryptography.hazmat.primitives.hashes.SHA1",
        ],
    ),
    (
        "B304",
        High,
        &[
            "Crypto.Cipher.ARC2.new",
            "Crypto.Cipher.ARC4.new",
            "Crypto.Cipher.Blowfish.new",
            "Crypto.Cipher.DES.new",
            "Crypto.Cipher.XOR.new",
            "Cryptodome.Cipher.ARC2.new",
            "Cryptodome.Cipher.ARC4.new",
            "Cryptodome.Cipher.Blowfish.new",
            "Cryptodome.Cipher.DES.new",
            "Cryptodome.Cipher.XOR.new",
            "cryptography.hazmat.primitives.ciphers.algorithms.ARC4",
            "cryptography.hazmat.primitives.ciphers.algorithms.Blowfish",
            "cryptography.hazmat.primitives.ciphers.algorithms.CAST5",
            "cryptography.hazmat.primitives.ciphers.algorithms.IDEA",
            "cryptography.hazmat.primitives.ciphers.algorithms.SEED",
            "cryptography.hazmat.primitives.ciphers.algorithms.TripleDES",
        ],
    ),
    ("B305", Medium, &["cryptography.hazmat.primitives.ciphers.modes.ECB"]),
    ("B306", Medium, &["tempfile.mktemp"]),
    ("B307", Medium, &["eval"]),
    ("B308", Medium, &["django.utils.safestring.mark_safe"]),
    (
        "B310",
        Medium,
        &[
            "urllib.request.urlopen",
            "urllib.request.urlretrieve",
            "urllib.request.URLopener",
            "urllib.request.FancyURLopener",
            "six.moves.urllib.request.urlopen",
            "six.moves.urllib.request.urlretrieve",
            "six.moves.urllib.request.URLopener",
            "six.moves.urllib.request.FancyURLopener",
        ],
    ),
    (
        "B311",
        Low,
        &[
            "random.Random",
            "random.random",
            "random.randrange",
            "random.randint",
            "random.choice",
            "random.choices",
            "random.uniform",
            "random.triangular",
            "random.randbytes",
            "random.sample",
            "random.getrandbits",
        ],
    ),
    ("B312", High, &["telnetlib.Telnet"]),
    (
        "B313",
        Medium,
        &[
            "xml.etree.cElementTree.parse",
            "xml.etree.cElementTree.iterparse",
            "xml.etree.cElementTree.fromstring",
            "xml.etree.cElementTree.XMLParser",
        ],
    ),
    (
        "B314",
        Medium,
        &[
            "xml.etree.ElementTree.parse",
            "xml.etree.ElementTree.iterparse",
            "xml.etree.ElementTree.fromstring",
            "xml.etree.ElementTree.XMLParser",
        ],
    ),
    ("B315", Medium, &["xml.sax.expatreader.create_parser"]),
    (
        "B316",
        Medium,
        &["xml.dom.expatbuilder.parse", "xml.dom.expatbuilder.parseString"],
    ),
    (
        "B317",
        Medium,
        &["xml.sax.parse", "xml.sax.parseString", "xml.sax.make_parser"],
    ),
    (
        "B318",
        Medium,
        &["xml.dom.minidom.parse", "xml.dom.minidom.parseString"],
    ),
    (
        "B319",
        Medium,
        &["xml.dom.pulldom.parse", "xml.dom.pulldom.parseString"],
    ),
    ("B321", High, &["ftplib.FTP"]),
    ("B323", Medium, &["ssl._create_unverified_context"]),
];

/// Modules: the test, how bad, the names with which an imported name begins. The first test that fits is the one.
const IMPORTS: &[(&str, Severity, &[&str])] = &[
    ("B401", High, &["telnetlib"]),
    ("B402", High, &["ftplib"]),
    ("B403", Low, &["pickle", "cPickle", "dill", "shelve"]),
    ("B404", Low, &["subprocess"]),
    ("B405", Low, &["xml.etree.cElementTree", "xml.etree.ElementTree"]),
    ("B406", Low, &["xml.sax"]),
    ("B407", Low, &["xml.dom.expatbuilder"]),
    ("B408", Low, &["xml.dom.minidom"]),
    ("B409", Low, &["xml.dom.pulldom"]),
    ("B411", High, &["xmlrpc"]),
    (
        "B412",
        High,
        &[
            "wsgiref.handlers.CGIHandler",
            "twisted.web.twcgi.CGIScript",
            "twisted.web.twcgi.CGIDirectory",
        ],
    ),
    (
        "B413",
        High,
        &[
            "Crypto.Cipher",
            "Crypto.Hash",
            "Crypto.IO",
            "Crypto.Protocol",
            "Crypto.PublicKey",
            "Crypto.Random",
            "Crypto.Signature",
            "Crypto.Util",
        ],
    ),
    ("B415", High, &["pyghmi"]),
];

/// Test and severity by the name that is called: those of the functions, then those of the modules.
static BY_NAME: LazyLock<HashMap<&str, (&str, Severity)>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (id, severity, names) in CALLS.iter().chain(IMPORTS) {
        for name in *names {
            all.entry(*name).or_insert((*id, *severity));
        }
    }
    all
});

/// An import statement: `prefix` is the module with a dot behind it, or nothing. One result at most.
pub(super) fn statement(walk: &mut Walk<'_>, prefix: &str, names: &[Alias], range: TextRange) {
    for (id, severity, starts) in IMPORTS {
        let begins = |name: &Alias| {
            starts.iter().any(|start| match start.strip_prefix(prefix) {
                Some(rest) => name.name.as_str().starts_with(rest),
                None => prefix.starts_with(start),
            })
        };
        if names.iter().any(begins) {
            walk.report(id, *severity, range, range);
            return;
        }
    }
}

/// A call by a name of the tables, or one that imports by the name it is given.
pub(super) fn call<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    let named = match call.full.as_str() {
        "importlib.import_module" | "importlib.__import__" => match call.arg(0) {
            Some(first) => values::argument(first),
            None => call.value("name"),
        },
        "__import__" if matches!(&*call.node.func, Expr::Name(_)) => match call.arg(0) {
            Some(Expr::StringLiteral(text)) => Some(Value::Word(text.value.to_str().into())),
            _ => None,
        },
        full => Some(Value::Word(full.into())),
    };
    let named = named.as_ref().and_then(Value::word);
    if let Some((id, severity)) = named.and_then(|name| BY_NAME.get(name)) {
        walk.about(id, *severity, call);
    }
}
