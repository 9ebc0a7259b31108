//! Names that have no business in a model file, by what they would do.
//!
//! The list does not decide what is clean (only the list of allowed names does); it decides how loud an alarm is. Sources:
//! Python's library reference, the published advisories against scanners of pickles, and the frameworks' own sources.

use std::{collections::HashMap, sync::OnceLock};

use ward_evidence::Severity;

/// What a dangerous name does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gadget {
    /// Critical for running code, high for files, network and attributes.
    pub(crate) severity: Severity,
    /// What it does, for a sentence: "runs a command".
    pub(crate) does: &'static str,
}

struct Group {
    severity: Severity,
    does: &'static str,
    /// Modules, everything in which is meant.
    modules: &'static str,
    /// `module: name name`, one a line, for modules only some of whose names are meant.
    names: &'static [(&'static str, &'static str)],
}

static GROUPS: &[Group] = &[
    Group {
        severity: Severity::Critical,
        does: "runs commands or changes processes",
        modules: "os posix nt subprocess _posixsubprocess commands popen2 pty multiprocessing _multiprocessing billiard \
            concurrent.futures loky joblib.externals.loky psutil pexpect sh fabric invoke plumbum paramiko winappdbg msvcrt \
            _winapi _winreg winreg win32api win32com asyncio.subprocess asyncio.unix_events asyncio.windows_events \
            asyncio.base_events asyncio.events asyncio.runners asyncio nturl2path.os posixpath.os ntpath.os \
            torch.multiprocessing torch.distributed.elastic torch.distributed.run torch.distributed.launch pip._internal \
            git GitPython",
        names: &[
            ("platform", "popen _syscmd_ver _syscmd_file architecture libc_ver"),
            (
                "uuid",
                "_popen _get_command_stdout getnode _ifconfig_getter _arp_getter",
            ),
            ("distutils.spawn", "spawn"),
            (
                "webbrowser",
                "open get GenericBrowser BackgroundBrowser UnixBrowser Mozilla",
            ),
            ("antigravity", "geohash"),
            ("aifc", "open"),
            ("cgitb", "enable Hook"),
        ],
    },
    Group {
        severity: Severity::Critical,
        does: "runs code",
        modules: "runpy code codeop imp importlib _imp _frozen_importlib _frozen_importlib_external zipimport pip timeit pdb bdb \
            cProfile profile _lsprof trace doctest idlelib lib2to3 distutils setuptools pkg_resources _distutils_hack venv \
            ensurepip site webbrowser ctypes _ctypes cffi _cffi_backend marshal pickle _pickle cPickle dill cloudpickle \
            joblib.externals.cloudpickle shelve jsonpickle IPython pytest _pytest py unittest test antigravity turtle \
            turtledemo tkinter pydoc py_compile compileall zipapp sched atexit _xxsubinterpreters _interpreters \
            interpreters signal faulthandler sys numpy.testing numpy.f2py numpy.distutils numpy.testing._private \
            scipy.weave scipy._lib._testutils torch.hub torch.utils.cpp_extension torch.utils.bottleneck \
            torch.utils.collect_env torch.utils._config_module torch._inductor torch._dynamo torch.fx torch.jit.unsupported_tensor_ops \
            torch.utils.data.datapipes.utils.decoder torch.utils.model_zoo torch.utils._pytree torch._export torch.package \
            torch.distributed.rpc torch.testing torch._library torch.ops torch.classes torch.onnx torch.profiler \
            torch.utils.benchmark torch.utils.show_pickle tensorflow keras theano cntk yaml ruamel jinja2 mako mlflow \
            gradio streamlit sympy numexpr numba cython Cython pyximport llvmlite execnet celery rq dask ray pyspark \
            uwsgi gdb lldb code_inspect greenlet gevent cgi.parse wsgiref rlcompleter sitecustomize usercustomize",
        names: &[
            (
                "builtins",
                "eval exec compile __import__ execfile breakpoint input raw_input apply reload __build_class__ help",
            ),
            ("pkgutil", "*"),
            (
                "types",
                "CodeType FunctionType LambdaType MethodType ModuleType GeneratorType CoroutineType BuiltinFunctionType new_class DynamicClassAttribute coroutine",
            ),
            ("new", "*"),
            (
                "functools",
                "reduce singledispatch cached_property lru_cache partialmethod _lru_cache_wrapper total_ordering wraps",
            ),
            ("_functools", "reduce"),
            (
                "itertools",
                "starmap accumulate takewhile dropwhile filterfalse groupby",
            ),
            ("threading", "Thread Timer _start_new_thread setprofile settrace"),
            ("_thread", "start_new_thread start_new start_joinable_thread"),
            ("thread", "*"),
            ("weakref", "finalize"),
            ("contextlib", "*"),
            ("logging.config", "*"),
            ("logging", "basicConfig FileHandler"),
            ("codecs", "getdecoder getencoder register lookup"),
            ("torch", "load compile package"),
            ("torch.serialization", "load _load _legacy_load"),
            ("torch.jit", "load script trace _load fork"),
            (
                "numpy",
                "load vectorize apply_along_axis apply_over_axes piecewise frompyfunc fromfunction",
            ),
            ("numpy.lib.npyio", "load"),
            ("pandas", "read_pickle eval"),
            ("pandas.io.pickle", "*"),
            ("pandas.core.computation", "*"),
            ("joblib", "load Parallel delayed Memory"),
            ("joblib.numpy_pickle", "load load_temporary_memmap NumpyUnpickler"),
            ("sklearn.utils", "_pprint"),
            ("inspect", "*"),
            ("gc", "*"),
            ("trace", "*"),
            ("ast", "*"),
            ("symtable", "*"),
            ("dis", "*"),
            ("bdb", "*"),
            ("smtpd", "*"),
            ("mailcap", "findmatch test"),
            ("statistics", "eval"),
            ("collections", "namedtuple"),
            ("dataclasses", "make_dataclass"),
            ("typing", "get_type_hints ForwardRef _eval_type"),
            ("annotationlib", "*"),
            ("xml.sax", "make_parser"),
            ("gettext", "c2py"),
            ("hotshot", "*"),
            ("ensurepip", "*"),
            ("pyexpat", "*"),
            ("curses", "*"),
            ("readline", "*"),
            ("sre_compile", "*"),
            ("encodings", "*"),
        ],
    },
    Group {
        severity: Severity::High,
        does: "takes or changes attributes by name, or calls what it is given",
        modules: "operator _operator",
        names: &[
            (
                "builtins",
                "getattr setattr delattr globals locals vars dir type super map filter zip iter next callable property \
                classmethod staticmethod print memoryview id hash format exit quit credits copyright license",
            ),
            (
                "copyreg",
                "add_extension remove_extension pickle constructor clear_extension_cache",
            ),
            ("copy", "*"),
            ("types", "prepare_class resolve_bases"),
            ("collections.abc", "*"),
            ("functools", "update_wrapper cmp_to_key"),
            ("string", "Formatter"),
            ("_string", "*"),
            ("abc", "*"),
            ("warnings", "*"),
        ],
    },
    Group {
        severity: Severity::High,
        does: "opens files",
        modules: "io _io shutil tempfile glob fileinput linecache mmap zipfile tarfile gzip bz2 lzma zlib dbm _dbm _gdbm sqlite3 \
            _sqlite3 filecmp tokenize fcntl resource pwd grp spwd mailbox plistlib configparser csv netrc optparse os.path \
            posixpath ntpath genericpath macpath stat wave sunau aifc imghdr sndhdr chunk pandas.io h5py tables \
            numpy.lib.npyio numpy.lib._datasource numpy.ctypeslib numpy.memmap scipy.io PIL cv2 imageio skimage torchvision.io \
            safetensors crypt getpass pip._vendor",
        names: &[
            ("builtins", "open file"),
            ("codecs", "open"),
            (
                "numpy",
                "memmap fromfile save savez savez_compressed savetxt loadtxt genfromtxt fromregex DataSource tofile",
            ),
            ("numpy.core.memmap", "*"),
            ("numpy._core.memmap", "*"),
            ("numpy.core.multiarray", "fromfile"),
            ("numpy._core.multiarray", "fromfile"),
            ("numpy.core.records", "fromfile"),
            (
                "pandas",
                "read_csv read_excel read_json read_html read_sql read_parquet read_hdf read_table read_fwf read_xml \
                read_feather read_orc read_sas read_spss read_stata read_clipboard read_gbq ExcelFile ExcelWriter HDFStore",
            ),
            ("torch", "save from_file"),
            ("torch.storage", "from_file"),
            ("joblib", "dump"),
            ("sklearn.datasets", "*"),
            ("scipy.datasets", "*"),
            ("datasets", "*"),
            ("transformers", "pipeline AutoModel AutoTokenizer"),
        ],
    },
    Group {
        severity: Severity::High,
        does: "speaks to the network",
        modules: "socket _socket socketserver SocketServer ssl _ssl http httplib urllib urllib2 urllib3 urlparse requests aiohttp \
            httpx smtplib smtpd ftplib poplib imaplib telnetlib nntplib xmlrpc xmlrpclib SimpleHTTPServer BaseHTTPServer select \
            selectors asyncore asynchat websocket websockets huggingface_hub boto3 botocore s3fs fsspec gcsfs dns scapy \
            tornado twisted flask django fastapi uvicorn grpc zmq pika kombu redis pymongo psycopg2 MySQLdb sqlalchemy \
            email cgi nltk torch.distributed torchvision.datasets wandb tensorboard comet_ml neptune clearml",
        names: &[],
    },
];

/// Attributes that are dangerous wherever they are found: the end of a path of names.
const LAST: &[&str] = &[
    "system",
    "popen",
    "Popen",
    "eval",
    "exec",
    "execfile",
    "__import__",
    "import_module",
    "check_output",
    "check_call",
    "getoutput",
    "getstatusoutput",
    "run_path",
    "run_module",
    "run_code",
    "load_module",
    "exec_module",
    "runstring",
    "rundocs",
    "__globals__",
    "__builtins__",
    "__subclasses__",
    "__getattribute__",
    "__class__",
    "__bases__",
    "__mro__",
    "__dict__",
    "__code__",
    "__reduce__",
    "__reduce_ex__",
    "__init_subclass__",
    "load_library",
    "urlopen",
    "urlretrieve",
    "modules",
    "startfile",
    "loads",
    "resolve_name",
    "spawn",
    "fork",
    "execute",
    "runcall",
    "runctx",
    "runeval",
    "interact",
    "run_script",
];

type Table = HashMap<&'static str, Vec<(&'static str, Gadget)>>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::new();
        for group in GROUPS {
            let gadget = Gadget {
                severity: group.severity,
                does: group.does,
            };
            for module in group.modules.split_whitespace() {
                table.entry(module).or_default().push(("*", gadget));
            }
            for (module, names) in group.names {
                table
                    .entry(module)
                    .or_default()
                    .extend(names.split_whitespace().map(|name| (name, gadget)));
            }
        }
        table
    })
}

/// Parts of a path of names that are looked at; a longer path is dangerous for being so long.
const LONGEST: usize = 24;

/// What taking `name` from `module` would do, when that is known to be dangerous. Both may be paths: `numpy` and
/// `f2py.os.system` is `os.system`.
pub(crate) fn find(module: &str, name: &str) -> Option<Gadget> {
    let module = modern(module);
    let whole = format!("{module}.{name}");
    let dots: Vec<usize> = whole.match_indices('.').map(|(at, _)| at).collect();
    let walks = Gadget {
        severity: Severity::High,
        does: "takes or changes attributes by name, or calls what it is given",
    };
    if dots.len() > LONGEST {
        return Some(walks);
    }
    let starts = std::iter::once(0).chain(dots.iter().map(|dot| dot + 1));
    let mut worst: Option<Gadget> = None;
    for start in starts {
        for dot in dots.iter().filter(|dot| **dot > start) {
            let (Some(path), Some(rest)) = (whole.get(start..*dot), whole.get(dot + 1..)) else {
                continue;
            };
            let next = rest.split('.').next().unwrap_or(rest);
            let hits = table().get(path).into_iter().flatten();
            for (wanted, gadget) in hits.filter(|(wanted, _)| *wanted == "*" || *wanted == next) {
                // In the middle of a path only what is dangerous by itself counts: `x.copy.y` is not the module `copy`.
                let certain = start == 0 || *wanted != "*" || is_known_module(path);
                if certain && worst.is_none_or(|known| gadget.severity > known.severity) {
                    worst = Some(*gadget);
                }
            }
        }
    }
    let last = whole.rsplit('.').next().unwrap_or(&whole);
    let by_name = LAST.contains(&last)
        || name
            .split('.')
            .any(|part| part.starts_with("__") && part.ends_with("__") && part.len() > 4);
    worst.or(by_name.then_some(walks))
}

/// Modules that are dangerous also when they are reached through another one.
fn is_known_module(path: &str) -> bool {
    matches!(
        path,
        "os" | "posix"
            | "nt"
            | "subprocess"
            | "sys"
            | "builtins"
            | "importlib"
            | "imp"
            | "runpy"
            | "pty"
            | "socket"
            | "shutil"
            | "ctypes"
            | "pickle"
            | "marshal"
            | "code"
            | "commands"
            | "pdb"
            | "timeit"
            | "webbrowser"
            | "multiprocessing"
            | "tempfile"
    )
}

/// The module's name in Python 3, for the names that `pickle` translates when it reads protocol 0 to 2.
pub(crate) fn modern(module: &str) -> &str {
    match module {
        "__builtin__" | "__builtins__" | "exceptions" => "builtins",
        "copy_reg" => "copyreg",
        "cPickle" | "_pickle" => "pickle",
        "cStringIO" | "StringIO" => "io",
        "Queue" => "queue",
        "UserDict" | "UserList" | "UserString" => "collections",
        "itertools" => "itertools",
        "whichdb" | "anydbm" | "dbhash" => "dbm",
        "tkMessageBox" | "Tkinter" => "tkinter",
        "urllib2" => "urllib",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(module: &str, name: &str, expect: Option<Severity>) {
        assert_eq!(
            find(module, name).map(|gadget| gadget.severity),
            expect,
            "{module} {name}"
        );
    }

    #[test]
    fn dangerous_names_are_known_by_any_path() {
        let (critical, high) = (Some(Severity::Critical), Some(Severity::High));
        check("os", "system", critical);
        check("posix", "system", critical);
        check("__builtin__", "eval", critical);
        check("builtins", "getattr", high);
        check("numpy", "f2py.os.system", critical);
        check("numpy.f2py.os", "system", critical);
        check("somewhere.deep", "inside.subprocess.Popen", critical);
        check("pip", "main", critical);
        check("pip._internal.cli.main", "main", critical);
        check("pkgutil", "resolve_name", critical);
        check("torch.hub", "load", critical);
        check("numpy", "load", critical);
        check("urllib.request", "urlopen", high);
        check("mymodule", "Thing.__globals__", high);
        check("mymodule", "runstring", high);
        check("a", &"x.".repeat(40), high);
        check("sklearn.linear_model._base", "LinearRegression", None);
        check("mymodel", "Net", None);
        check("thing.copy", "Net", None);
    }
}
