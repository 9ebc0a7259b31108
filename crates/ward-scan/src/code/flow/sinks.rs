//! Where a value does harm when somebody else chose it.
//!
//! One line for each name: the qualified name of what is called (or only its last part, for methods of objects whose type
//! nobody can say), the argument that matters, and what happens there.

/// What happens to a value. A set of them is a mask of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Sink {
    /// It is run as a program.
    Code,
    /// It is a part of a shell's command, or the program that is started.
    Command,
    /// It is a part of a query's text.
    Sql,
    /// It is a part of a path.
    Path,
    /// It is a template.
    Template,
    /// It is unpickled, or loaded by a loader that makes any object.
    Deserialise,
    /// It is where a browser is sent.
    Redirect,
    /// It is where a request of this program goes.
    Url,
    /// It is a part of an XPath or LDAP query.
    Query,
    /// It is a part of a page.
    Html,
    /// It is written into a log.
    Log,
    /// It is a part of a prompt.
    Prompt,
    /// It is a regular expression.
    Regex,
    /// It is a part of an address whose host is fixed.
    Address,
}

impl Sink {
    /// What happens there, as the last step of a way.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Sink::Code => "it is run as a program",
            Sink::Command => "it is started as a command",
            Sink::Sql => "it becomes a part of a query",
            Sink::Path => "it becomes a part of a path",
            Sink::Template => "it is read as a template",
            Sink::Deserialise => "objects are made of it",
            Sink::Redirect => "a browser is sent there",
            Sink::Url => "a request goes there",
            Sink::Query => "it becomes a part of a query",
            Sink::Html => "it becomes a part of a page",
            Sink::Log => "it is written into a log",
            Sink::Prompt => "it becomes a part of a prompt",
            Sink::Regex => "it is read as a pattern",
            Sink::Address => "it becomes a part of an address",
        }
    }

    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Every sink.
pub(crate) const ALL: u32 = (1 << 14) - 1;
/// None.
pub(crate) const NONE: u32 = 0;

/// Which argument matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The one at this position or of this name.
    At(usize, &'static str),
    /// Any of them.
    Any,
    /// The object whose method is called.
    Receiver,
}

use Which::{Any, At, Receiver};

/// By whole name.
const CALLS: &[(&str, Which, Sink)] = &[
    // Programs
    ("eval", At(0, "source"), Sink::Code),
    ("exec", At(0, "source"), Sink::Code),
    ("compile", At(0, "source"), Sink::Code),
    ("execfile", At(0, ""), Sink::Code),
    ("code.InteractiveInterpreter.runcode", At(0, "code"), Sink::Code),
    ("code.InteractiveConsole.push", At(0, "line"), Sink::Code),
    ("code.InteractiveConsole.runcode", At(0, "code"), Sink::Code),
    ("code.InteractiveConsole.runsource", At(0, "source"), Sink::Code),
    ("__import__", At(0, "name"), Sink::Code),
    ("importlib.import_module", At(0, "name"), Sink::Code),
    ("ctypes.CDLL", At(0, "name"), Sink::Code),
    ("ctypes.PyDLL", At(0, "name"), Sink::Code),
    ("ctypes.cdll.LoadLibrary", At(0, "name"), Sink::Code),
    ("pandas.eval", At(0, "expr"), Sink::Code),
    ("pandas.DataFrame.eval", At(0, "expr"), Sink::Code),
    ("pandas.DataFrame.query", At(0, "expr"), Sink::Code),
    ("numexpr.evaluate", At(0, "ex"), Sink::Code),
    ("sympy.sympify", At(0, "a"), Sink::Code),
    ("sympy.parsing.sympy_parser.parse_expr", At(0, "s"), Sink::Code),
    (
        "langchain_experimental.utilities.PythonREPL.run",
        At(0, "command"),
        Sink::Code,
    ),
    ("langchain.utilities.PythonREPL.run", At(0, "command"), Sink::Code),
    ("IPython.get_ipython.run_cell", At(0, "raw_cell"), Sink::Code),
    ("_xxsubinterpreters.run_string", At(1, "script"), Sink::Code),
    ("_testcapi.run_in_subinterp", At(0, ""), Sink::Code),
    ("test.support.run_in_subinterp", At(0, "code"), Sink::Code),
    // Commands
    ("os.system", At(0, "command"), Sink::Command),
    ("os.popen", At(0, "cmd"), Sink::Command),
    ("os.popen2", At(0, "cmd"), Sink::Command),
    ("os.popen3", At(0, "cmd"), Sink::Command),
    ("os.execl", Any, Sink::Command),
    ("os.execle", Any, Sink::Command),
    ("os.execlp", Any, Sink::Command),
    ("os.execlpe", Any, Sink::Command),
    ("os.execv", Any, Sink::Command),
    ("os.execve", Any, Sink::Command),
    ("os.execvp", Any, Sink::Command),
    ("os.execvpe", Any, Sink::Command),
    ("os.spawnl", Any, Sink::Command),
    ("os.spawnle", Any, Sink::Command),
    ("os.spawnlp", Any, Sink::Command),
    ("os.spawnlpe", Any, Sink::Command),
    ("os.spawnv", Any, Sink::Command),
    ("os.spawnve", Any, Sink::Command),
    ("os.spawnvp", Any, Sink::Command),
    ("os.spawnvpe", Any, Sink::Command),
    ("os.posix_spawn", Any, Sink::Command),
    ("os.posix_spawnp", Any, Sink::Command),
    ("os.startfile", At(0, "path"), Sink::Command),
    ("subprocess.run", At(0, "args"), Sink::Command),
    ("subprocess.call", At(0, "args"), Sink::Command),
    ("subprocess.check_call", At(0, "args"), Sink::Command),
    ("subprocess.check_output", At(0, "args"), Sink::Command),
    ("subprocess.Popen", At(0, "args"), Sink::Command),
    ("subprocess.getoutput", At(0, "cmd"), Sink::Command),
    ("subprocess.getstatusoutput", At(0, "cmd"), Sink::Command),
    ("commands.getoutput", At(0, "cmd"), Sink::Command),
    ("commands.getstatusoutput", At(0, "cmd"), Sink::Command),
    ("asyncio.create_subprocess_shell", At(0, "cmd"), Sink::Command),
    ("asyncio.create_subprocess_exec", Any, Sink::Command),
    (
        "asyncio.subprocess.create_subprocess_shell",
        At(0, "cmd"),
        Sink::Command,
    ),
    ("asyncio.subprocess.create_subprocess_exec", Any, Sink::Command),
    ("popen2.popen2", At(0, "cmd"), Sink::Command),
    ("popen2.popen3", At(0, "cmd"), Sink::Command),
    ("pexpect.spawn", At(0, "command"), Sink::Command),
    ("pexpect.run", At(0, "command"), Sink::Command),
    ("pty.spawn", At(0, "argv"), Sink::Command),
    ("fabric.Connection.run", At(0, "command"), Sink::Command),
    ("invoke.run", At(0, "command"), Sink::Command),
    ("paramiko.SSHClient.exec_command", At(0, "command"), Sink::Command),
    (
        "langchain_community.tools.ShellTool.run",
        At(0, "tool_input"),
        Sink::Command,
    ),
    // SQL
    ("sqlalchemy.text", At(0, "text"), Sink::Sql),
    ("sqlalchemy.sql.text", At(0, "text"), Sink::Sql),
    ("django.db.models.expressions.RawSQL", At(0, "sql"), Sink::Sql),
    ("pandas.read_sql", At(0, "sql"), Sink::Sql),
    ("pandas.read_sql_query", At(0, "sql"), Sink::Sql),
    // Paths
    ("open", At(0, "file"), Sink::Path),
    ("io.open", At(0, "file"), Sink::Path),
    ("codecs.open", At(0, "filename"), Sink::Path),
    ("aiofiles.open", At(0, "file"), Sink::Path),
    ("os.open", At(0, "path"), Sink::Path),
    ("os.remove", At(0, "path"), Sink::Path),
    ("os.unlink", At(0, "path"), Sink::Path),
    ("os.rmdir", At(0, "path"), Sink::Path),
    ("os.mkdir", At(0, "path"), Sink::Path),
    ("os.makedirs", At(0, "name"), Sink::Path),
    ("os.rename", Any, Sink::Path),
    ("os.listdir", At(0, "path"), Sink::Path),
    ("os.scandir", At(0, "path"), Sink::Path),
    ("shutil.rmtree", At(0, "path"), Sink::Path),
    ("shutil.copy", Any, Sink::Path),
    ("shutil.copyfile", Any, Sink::Path),
    ("shutil.copy2", Any, Sink::Path),
    ("shutil.move", Any, Sink::Path),
    ("shutil.unpack_archive", At(0, "filename"), Sink::Path),
    ("pathlib.Path.open", Receiver, Sink::Path),
    ("pathlib.Path.read_text", Receiver, Sink::Path),
    ("pathlib.Path.read_bytes", Receiver, Sink::Path),
    ("pathlib.Path.write_text", Receiver, Sink::Path),
    ("pathlib.Path.write_bytes", Receiver, Sink::Path),
    ("pathlib.Path.unlink", Receiver, Sink::Path),
    ("flask.send_file", At(0, "path_or_file"), Sink::Path),
    ("fastapi.responses.FileResponse", At(0, "path"), Sink::Path),
    ("starlette.responses.FileResponse", At(0, "path"), Sink::Path),
    ("aiohttp.web.FileResponse", At(0, "path"), Sink::Path),
    ("numpy.load", At(0, "file"), Sink::Path),
    ("torch.load", At(0, "f"), Sink::Path),
    ("zipfile.ZipFile", At(0, "file"), Sink::Path),
    ("tarfile.open", At(0, "name"), Sink::Path),
    // Templates
    ("flask.render_template_string", At(0, "source"), Sink::Template),
    (
        "flask.templating.render_template_string",
        At(0, "source"),
        Sink::Template,
    ),
    ("quart.render_template_string", At(0, "source"), Sink::Template),
    ("jinja2.Template", At(0, "source"), Sink::Template),
    ("jinja2.Environment.from_string", At(0, "source"), Sink::Template),
    (
        "jinja2.sandbox.Environment.from_string",
        At(0, "source"),
        Sink::Template,
    ),
    ("mako.template.Template", At(0, "text"), Sink::Template),
    ("django.template.Template", At(0, "template_string"), Sink::Template),
    ("tornado.template.Template", At(0, "template_string"), Sink::Template),
    // Loaders
    ("pickle.load", At(0, "file"), Sink::Deserialise),
    ("pickle.loads", At(0, "data"), Sink::Deserialise),
    ("pickle.Unpickler", At(0, "file"), Sink::Deserialise),
    ("_pickle.load", At(0, "file"), Sink::Deserialise),
    ("_pickle.loads", At(0, "data"), Sink::Deserialise),
    ("cPickle.load", At(0, "file"), Sink::Deserialise),
    ("cPickle.loads", At(0, "data"), Sink::Deserialise),
    ("cloudpickle.load", At(0, "file"), Sink::Deserialise),
    ("cloudpickle.loads", At(0, "data"), Sink::Deserialise),
    ("dill.load", At(0, "file"), Sink::Deserialise),
    ("dill.loads", At(0, "str"), Sink::Deserialise),
    ("joblib.load", At(0, "filename"), Sink::Deserialise),
    ("pandas.read_pickle", At(0, "filepath_or_buffer"), Sink::Deserialise),
    ("shelve.open", At(0, "filename"), Sink::Deserialise),
    ("jsonpickle.decode", At(0, "string"), Sink::Deserialise),
    ("marshal.loads", At(0, "bytes"), Sink::Deserialise),
    ("marshal.load", At(0, "file"), Sink::Deserialise),
    ("yaml.load", At(0, "stream"), Sink::Deserialise),
    ("yaml.load_all", At(0, "stream"), Sink::Deserialise),
    ("yaml.unsafe_load", At(0, "stream"), Sink::Deserialise),
    ("yaml.full_load", At(0, "stream"), Sink::Deserialise),
    ("torch.load", At(0, "f"), Sink::Deserialise),
    // Where a browser is sent
    ("flask.redirect", At(0, "location"), Sink::Redirect),
    ("quart.redirect", At(0, "location"), Sink::Redirect),
    ("werkzeug.utils.redirect", At(0, "location"), Sink::Redirect),
    ("django.shortcuts.redirect", At(0, "to"), Sink::Redirect),
    ("django.http.HttpResponseRedirect", At(0, "redirect_to"), Sink::Redirect),
    (
        "django.http.HttpResponsePermanentRedirect",
        At(0, "redirect_to"),
        Sink::Redirect,
    ),
    ("fastapi.responses.RedirectResponse", At(0, "url"), Sink::Redirect),
    ("starlette.responses.RedirectResponse", At(0, "url"), Sink::Redirect),
    ("aiohttp.web.HTTPFound", At(0, "location"), Sink::Redirect),
    ("tornado.web.RequestHandler.redirect", At(0, "url"), Sink::Redirect),
    // Where a request goes
    ("requests.get", At(0, "url"), Sink::Url),
    ("requests.post", At(0, "url"), Sink::Url),
    ("requests.put", At(0, "url"), Sink::Url),
    ("requests.patch", At(0, "url"), Sink::Url),
    ("requests.delete", At(0, "url"), Sink::Url),
    ("requests.head", At(0, "url"), Sink::Url),
    ("requests.options", At(0, "url"), Sink::Url),
    ("requests.request", At(1, "url"), Sink::Url),
    ("requests.Session.get", At(0, "url"), Sink::Url),
    ("requests.Session.post", At(0, "url"), Sink::Url),
    ("requests.Session.put", At(0, "url"), Sink::Url),
    ("requests.Session.request", At(1, "url"), Sink::Url),
    ("httpx.get", At(0, "url"), Sink::Url),
    ("httpx.post", At(0, "url"), Sink::Url),
    ("httpx.stream", At(1, "url"), Sink::Url),
    ("httpx.request", At(1, "url"), Sink::Url),
    ("httpx.Client.get", At(0, "url"), Sink::Url),
    ("httpx.Client.post", At(0, "url"), Sink::Url),
    ("httpx.AsyncClient.get", At(0, "url"), Sink::Url),
    ("httpx.AsyncClient.post", At(0, "url"), Sink::Url),
    ("urllib.request.urlopen", At(0, "url"), Sink::Url),
    ("urllib.request.urlretrieve", At(0, "url"), Sink::Url),
    ("urllib.request.Request", At(0, "url"), Sink::Url),
    ("urllib.urlopen", At(0, "url"), Sink::Url),
    ("urllib2.urlopen", At(0, "url"), Sink::Url),
    ("urllib2.Request", At(0, "url"), Sink::Url),
    ("urllib3.PoolManager.request", At(1, "url"), Sink::Url),
    ("aiohttp.ClientSession.get", At(0, "url"), Sink::Url),
    ("aiohttp.ClientSession.post", At(0, "url"), Sink::Url),
    ("http.client.HTTPConnection", At(0, "host"), Sink::Url),
    ("http.client.HTTPSConnection", At(0, "host"), Sink::Url),
    ("socket.create_connection", At(0, "address"), Sink::Url),
    // Other queries
    ("lxml.etree.XPath", At(0, "path"), Sink::Query),
    ("lxml.etree.ElementTree.xpath", At(0, "path"), Sink::Query),
    ("elementpath.select", At(1, "path"), Sink::Query),
    ("ldap.initialize.search_s", Any, Sink::Query),
    ("ldap3.Connection.search", Any, Sink::Query),
    // Pages
    ("flask.make_response", At(0, "rv"), Sink::Html),
    ("flask.Markup", At(0, "base"), Sink::Html),
    ("markupsafe.Markup", At(0, "base"), Sink::Html),
    ("django.utils.safestring.mark_safe", At(0, "s"), Sink::Html),
    ("django.utils.safestring.SafeString", At(0, "s"), Sink::Html),
    ("django.http.HttpResponse", At(0, "content"), Sink::Html),
    ("django.http.HttpResponseBadRequest", At(0, "content"), Sink::Html),
    ("fastapi.responses.HTMLResponse", At(0, "content"), Sink::Html),
    ("starlette.responses.HTMLResponse", At(0, "content"), Sink::Html),
    ("tornado.web.RequestHandler.write", At(0, "chunk"), Sink::Html),
    // Logs
    ("print", Any, Sink::Log),
    ("logging.debug", Any, Sink::Log),
    ("logging.info", Any, Sink::Log),
    ("logging.warning", Any, Sink::Log),
    ("logging.error", Any, Sink::Log),
    ("logging.exception", Any, Sink::Log),
    ("logging.critical", Any, Sink::Log),
    ("logging.log", Any, Sink::Log),
    ("logging.getLogger.debug", Any, Sink::Log),
    ("logging.getLogger.info", Any, Sink::Log),
    ("logging.getLogger.warning", Any, Sink::Log),
    ("logging.getLogger.error", Any, Sink::Log),
    ("logging.getLogger.exception", Any, Sink::Log),
    ("logging.getLogger.critical", Any, Sink::Log),
    ("logging.getLogger.log", Any, Sink::Log),
    ("loguru.logger.debug", Any, Sink::Log),
    ("loguru.logger.info", Any, Sink::Log),
    ("loguru.logger.warning", Any, Sink::Log),
    ("loguru.logger.error", Any, Sink::Log),
    ("wandb.log", Any, Sink::Log),
    ("mlflow.log_param", Any, Sink::Log),
    ("mlflow.log_params", Any, Sink::Log),
    // Patterns
    ("re.compile", At(0, "pattern"), Sink::Regex),
    ("re.match", At(0, "pattern"), Sink::Regex),
    ("re.fullmatch", At(0, "pattern"), Sink::Regex),
    ("re.search", At(0, "pattern"), Sink::Regex),
    ("re.findall", At(0, "pattern"), Sink::Regex),
    ("re.sub", At(0, "pattern"), Sink::Regex),
];

/// By the last part alone, where nobody can say what stands before it. A method of the
/// project's own is none of these.
const METHODS: &[(&str, Which, Sink)] = &[
    ("execute", At(0, "sql"), Sink::Sql),
    ("executemany", At(0, "sql"), Sink::Sql),
    ("executescript", At(0, "sql_script"), Sink::Sql),
    ("fetch", At(0, "query"), Sink::Sql),
    ("fetchrow", At(0, "query"), Sink::Sql),
    ("fetchval", At(0, "query"), Sink::Sql),
    ("raw", At(0, "raw_query"), Sink::Sql),
    ("extra", Any, Sink::Sql),
    ("mogrify", At(0, "query"), Sink::Sql),
    ("from_statement", At(0, "statement"), Sink::Sql),
    ("exec_driver_sql", At(0, "statement"), Sink::Sql),
    ("run_string", At(0, "script"), Sink::Code),
    ("exec_command", At(0, "command"), Sink::Command),
    ("subprocess_exec", Any, Sink::Command),
    ("subprocess_shell", At(1, "cmd"), Sink::Command),
    ("save", At(0, "dst"), Sink::Path),
    ("render_template_string", At(0, "source"), Sink::Template),
    ("from_string", At(0, "source"), Sink::Template),
    ("xpath", At(0, "path"), Sink::Query),
    ("search_s", Any, Sink::Query),
    ("search_ext_s", Any, Sink::Query),
];

/// What happens to the arguments of a call of `name`, whose last part is `end`; `owned` when the name is one of the
/// project's own.
pub(super) fn of_call(name: &str, end: &str, owned: bool) -> Vec<(Which, Sink)> {
    if let Some(known) = table().get(name) {
        return known.clone();
    }
    // A model's manager is its framework's.
    let managed = matches!(end, "raw" | "extra") && name.contains(".objects.");
    if owned && !managed || !is_method(end) {
        return Vec::new();
    }
    let fits = match end {
        // Words that other libraries use for something else.
        "fetch" | "fetchrow" | "fetchval" => name.is_empty() || name.contains("asyncpg") || !name.contains('.'),
        "save" => name.is_empty() || name.contains("request"),
        "raw" | "extra" => name.is_empty() || name.contains("objects"),
        "from_string" => name.contains("env") || name.contains("jinja") || name.contains("engine"),
        _ => true,
    };
    let known = METHODS.iter().filter(|(method, ..)| fits && *method == end);
    known.map(|(_, which, sink)| (*which, *sink)).collect()
}

/// Whether a call may be a sink other than a log, by its last part. Quick.
pub(super) fn may_be(end: &str) -> bool {
    static ENDS: std::sync::LazyLock<std::collections::HashSet<&str>> = std::sync::LazyLock::new(|| {
        let calls = CALLS.iter().filter(|(_, _, sink)| *sink != Sink::Log);
        calls
            .map(|(name, ..)| name.rsplit('.').next().unwrap_or(name))
            .collect()
    });
    // A file that saves what a request brought has a request.
    end != "save" && (ENDS.contains(end) || is_method(end))
}

fn is_method(end: &str) -> bool {
    static ENDS: std::sync::LazyLock<std::collections::HashSet<&str>> =
        std::sync::LazyLock::new(|| METHODS.iter().map(|(method, ..)| *method).collect());
    ENDS.contains(end)
}

type Table = std::collections::HashMap<&'static str, Vec<(Which, Sink)>>;

fn table() -> &'static Table {
    static TABLE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| {
        let mut table = Table::new();
        for (name, which, sink) in CALLS {
            table.entry(name).or_default().push((*which, *sink));
        }
        table
    });
    &TABLE
}
