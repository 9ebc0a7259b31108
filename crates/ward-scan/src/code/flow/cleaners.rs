//! What makes a value harmless: for everything, or for one use of it.

use super::sinks::{ALL, NONE, Sink};

/// What is left of the uses for which a value is dangerous after a call of `name`. None where the call is no cleaner.
pub(super) fn of_call(name: &str) -> Option<u32> {
    let without = |sinks: &[Sink]| Some(sinks.iter().fold(ALL, |mask, sink| mask & !sink.bit()));
    match name {
        // What gives a number, a truth value or a digest leaves nothing to choose.
        "int"
        | "float"
        | "bool"
        | "len"
        | "complex"
        | "hash"
        | "id"
        | "ord"
        | "round"
        | "abs"
        | "isinstance"
        | "hasattr"
        | "type"
        | "sum"
        | "any"
        | "all"
        | "callable"
        | "issubclass"
        | "decimal.Decimal"
        | "fractions.Fraction"
        | "uuid.UUID"
        | "datetime.date.fromisoformat"
        | "datetime.datetime.fromisoformat"
        | "datetime.datetime.strptime"
        | "ipaddress.ip_address"
        | "ipaddress.ip_network"
        | "ast.literal_eval"
        | "zlib.crc32"
        | "hmac.new"
        | "hmac.compare_digest" => Some(NONE),
        _ if name.starts_with("hashlib.") => Some(NONE),
        _ if name.starts_with("datetime.") => Some(NONE),
        "shlex.quote" | "pipes.quote" | "shlex.join" => without(&[Sink::Command]),
        "html.escape"
        | "cgi.escape"
        | "markupsafe.escape"
        | "flask.escape"
        | "jinja2.escape"
        | "bleach.clean"
        | "bleach.linkify"
        | "nh3.clean"
        | "django.utils.html.escape"
        | "django.utils.html.conditional_escape"
        | "django.utils.html.strip_tags"
        | "xml.sax.saxutils.escape"
        | "django.utils.html.format_html" => without(&[Sink::Html]),
        "werkzeug.utils.secure_filename"
        | "werkzeug.secure_filename"
        | "os.path.basename"
        | "ntpath.basename"
        | "posixpath.basename"
        | "django.utils.text.get_valid_filename"
        | "werkzeug.utils.safe_join"
        | "flask.safe_join"
        | "werkzeug.security.safe_join" => without(&[Sink::Path]),
        "urllib.parse.quote" | "urllib.parse.quote_plus" | "urllib.parse.urlencode" | "urllib.quote" => {
            without(&[Sink::Html, Sink::Redirect, Sink::Url, Sink::Address, Sink::Command])
        }
        "flask.url_for" | "django.urls.reverse" => without(&[Sink::Redirect, Sink::Url]),
        "re.escape" => without(&[Sink::Regex]),
        "json.dumps" | "flask.jsonify" | "flask.json.dumps" | "django.http.JsonResponse" => without(&[Sink::Html]),
        "flask.render_template" | "django.shortcuts.render" => without(&[Sink::Html]),
        "ldap.filter.escape_filter_chars" | "ldap3.utils.conv.escape_filter_chars" => without(&[Sink::Query]),
        "psycopg2.sql.Identifier"
        | "psycopg2.sql.Literal"
        | "psycopg.sql.Identifier"
        | "psycopg.sql.Literal"
        | "psycopg2.extensions.quote_ident"
        | "pymysql.converters.escape_string"
        | "MySQLdb.escape_string" => without(&[Sink::Sql]),
        _ => None,
    }
}

/// The same for what a function says of itself by its name. Whether it does so is another question: one of the project's own
/// that does nothing is not believed.
pub(super) fn by_word(name: &str) -> Option<u32> {
    let without = |sinks: &[Sink]| Some(sinks.iter().fold(ALL, |mask, sink| mask & !sink.bit()));
    let end = name.rsplit('.').next().unwrap_or(name).trim_start_matches('_');
    let says = |words: &[&str]| words.iter().any(|word| end.starts_with(word));
    if says(&[
        "redact",
        "mask",
        "anonymi",
        "pseudonymi",
        "deidentify",
        "de_identify",
        "encrypt",
        "obfuscate",
        "tokenize_phi",
    ]) {
        without(&[Sink::Log, Sink::Prompt])
    } else if says(&["sanitize", "sanitise"]) {
        Some(NONE)
    } else {
        None
    }
}

/// Methods of a text that leave nothing to choose.
pub(super) fn is_clean_method(end: &str) -> bool {
    matches!(
        end,
        "isdigit"
            | "isalnum"
            | "isalpha"
            | "isnumeric"
            | "isdecimal"
            | "isidentifier"
            | "startswith"
            | "endswith"
            | "find"
            | "index"
            | "count"
            | "hexdigest"
            | "digest"
            | "is_file"
            | "is_dir"
            | "exists"
            | "keys"
            | "save"
            | "total_seconds"
            | "timestamp"
            | "status_code"
            | "raise_for_status"
            | "close"
            | "shape"
            | "size"
    )
}

/// Questions about a text whose answer yes means that it is one of a harmless form.
pub(super) fn is_form_method(end: &str) -> bool {
    matches!(
        end,
        "isdigit" | "isalnum" | "isalpha" | "isnumeric" | "isdecimal" | "isidentifier"
    )
}

/// Whether a call in a condition vouches for what it is given.
pub(super) fn vouches(name: &str) -> Option<u32> {
    let end = name.rsplit('.').next().unwrap_or(name).trim_start_matches('_');
    match name {
        "re.fullmatch" | "re.match" => return Some(NONE),
        "isinstance" => return None,
        "os.path.isabs" | "os.path.exists" | "os.path.isfile" | "os.path.isdir" => return None,
        _ => {}
    }
    match end {
        "fullmatch" => Some(NONE),
        "url_has_allowed_host_and_scheme" | "is_safe_url" => Some(ALL & !Sink::Redirect.bit() & !Sink::Url.bit()),
        "is_relative_to" => Some(ALL & !Sink::Path.bit()),
        _ => [
            "is_valid",
            "is_safe",
            "is_allowed",
            "is_trusted",
            "validate",
            "allowed_",
            "valid_",
        ]
        .iter()
        .any(|start| end.starts_with(start))
        .then_some(NONE),
    }
}

/// Functions whose result holds what they were given.
pub(super) fn passes(name: &str) -> bool {
    matches!(
        name,
        "str"
            | "bytes"
            | "bytearray"
            | "repr"
            | "format"
            | "list"
            | "tuple"
            | "set"
            | "dict"
            | "sorted"
            | "reversed"
            | "iter"
            | "next"
            | "enumerate"
            | "zip"
            | "map"
            | "filter"
            | "max"
            | "min"
            | "getattr"
            | "ascii"
            | "memoryview"
            | "unicode"
            | "copy.copy"
            | "copy.deepcopy"
            | "typing.cast"
            | "json.loads"
            | "json.load"
            | "json.dumps"
            | "os.path.join"
            | "os.path.abspath"
            | "os.path.realpath"
            | "os.path.normpath"
            | "os.path.expanduser"
            | "os.path.expandvars"
            | "os.path.dirname"
            | "os.path.splitext"
            | "os.path.basename"
            | "os.fspath"
            | "pathlib.Path"
            | "pathlib.PurePath"
            | "pathlib.PosixPath"
            | "shlex.split"
            | "io.BytesIO"
            | "io.StringIO"
            | "StringIO.StringIO"
            | "re.sub"
            | "re.split"
            | "re.findall"
            | "re.search"
            | "re.match"
            | "textwrap.dedent"
            | "string.Template"
            | "string.capwords"
            | "base64.b64decode"
            | "base64.b64encode"
            | "base64.urlsafe_b64decode"
            | "base64.decodebytes"
            | "base64.b32decode"
            | "binascii.unhexlify"
            | "binascii.a2b_base64"
            | "codecs.decode"
            | "codecs.encode"
            | "zlib.decompress"
            | "gzip.decompress"
            | "bz2.decompress"
            | "lzma.decompress"
            | "urllib.parse.unquote"
            | "urllib.parse.unquote_plus"
            | "urllib.parse.urljoin"
            | "urllib.parse.urlparse"
            | "urllib.parse.urlsplit"
            | "urllib.parse.urlunparse"
            | "urllib.parse.parse_qs"
            | "urllib.parse.parse_qsl"
            | "urllib.parse.quote"
            | "urllib.parse.urlencode"
            | "urllib.unquote"
            | "urlparse.urlparse"
            | "html.unescape"
            | "html.escape"
            | "itertools.chain"
            | "collections.OrderedDict"
            | "collections.defaultdict"
            | "markupsafe.Markup"
            | "asyncio.wait_for"
            | "asyncio.run"
            | "asyncio.gather"
            | "unicodedata.normalize"
            | "sqlalchemy.text"
            | "ast.parse"
            | "compile"
            | "types.SimpleNamespace"
            | "urllib.request.Request"
            | "numpy.array"
            | "numpy.asarray"
            | "pandas.DataFrame"
            | "django.utils.encoding.force_str"
            | "django.utils.encoding.smart_str"
            | "cgi.FieldStorage"
            | "jinja2.Template"
            | "flask.make_response"
            | "psycopg2.sql.SQL"
            | "psycopg.sql.SQL"
            | "subprocess.list2cmdline"
    )
}

/// Methods whose result holds their arguments, whatever they are called on.
pub(super) fn passes_arguments(end: &str) -> bool {
    matches!(
        end,
        "format"
            | "join"
            | "replace"
            | "format_map"
            | "decode"
            | "batch_decode"
            | "substitute"
            | "safe_substitute"
            | "joinpath"
            | "ljust"
            | "rjust"
            | "center"
            | "with_name"
            | "get"
            | "pop"
            | "setdefault"
            | "loads"
            | "apply_chat_template"
            | "format_messages"
            | "format_prompt"
            | "from_template"
            | "with_suffix"
            | "urljoin"
    )
}

/// Methods that put their arguments into what they are called on.
pub(super) fn fills(end: &str) -> bool {
    matches!(
        end,
        "append"
            | "extend"
            | "add"
            | "insert"
            | "update"
            | "write"
            | "writelines"
            | "setdefault"
            | "appendleft"
            | "put"
            | "push"
    )
}
