"""Writes harmless model files with the frameworks' own functions: python benign.py OUT.

Estimators fitted on a few random rows, arrays, frames and states, saved as people save them: pickle of each protocol,
joblib with and without compression, NumPy, pandas, and archives with the layout of torch.save (torch itself is too large
to install here, so those are assembled from the documented layout). What cannot be made is said on standard error.
"""

import collections
import datetime
import decimal
import fractions
import gzip
import io
import json
import pathlib
import pickle
import struct
import sys
import uuid
import warnings
import zipfile

import joblib
import numpy as np
import pandas as pd
import scipy.sparse

warnings.simplefilter("ignore")
OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(7)
X = random.random((40, 5))
Y = (X[:, 0] > 0.5).astype(int)


def save(name, make):
    try:
        make(OUT / name)
    except Exception as error:
        print(f"not made: {name}: {type(error).__name__}: {error}"[:160], file=sys.stderr)


def dump(value, protocol=4):
    return lambda path: path.write_bytes(pickle.dumps(value, protocol))


# Estimators.
from sklearn.utils import all_estimators

for number, (name, kind) in enumerate(all_estimators()):
    try:
        model = kind()
        model.fit(np.abs(X), Y)
    except Exception:
        continue
    ending = ("pkl", "joblib", "pickle")[number % 3]
    if ending == "joblib":
        save(f"sklearn-{name}.joblib", lambda path: joblib.dump(model, path, compress=(0, 3, ("gzip", 3), ("xz", 2))[number % 4]))
    else:
        save(f"sklearn-{name}.{ending}", dump(model, 2 + number % 4))

from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

pipeline = make_pipeline(ColumnTransformer([("n", StandardScaler(), [0, 1]), ("c", OneHotEncoder(handle_unknown="ignore"), [2])]), LogisticRegression())
save("pipeline.joblib", lambda path: joblib.dump(pipeline.fit(X, Y), path))
save("grid.pkl", dump(GridSearchCV(RandomForestClassifier(n_estimators=3), {"max_depth": [1, 2]}, cv=2).fit(X, Y)))

# Arrays and frames.
ARRAYS = {
    "float": X, "int": Y, "bool": Y > 0, "text": np.array(["a", "bc"]), "object": np.array([1, "a", None], dtype=object), "complex": X + 1j,
    "structured": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), "fortran": np.asfortranarray(X), "half": X.astype(np.float16),
    "datetime": np.array(["2024-01-01"], dtype="datetime64[D]"), "masked": np.ma.array(X, mask=X > 0.9), "empty": np.zeros((0, 3)),
}
for name, value in ARRAYS.items():
    for protocol in (2, 4, 5):
        save(f"numpy-{name}-{protocol}.pkl", dump(value, protocol))
    if name != "object":
        save(f"numpy-{name}.npy", lambda path: np.save(path, np.asarray(value), allow_pickle=False))
save("numpy-scalars.pkl", dump({"a": np.float32(1), "b": np.int64(2), "c": np.bool_(True), "d": np.dtype("f4")}))
save("numpy-generator.pkl", dump(np.random.default_rng(1)))
save("numpy-randomstate.pkl", dump(np.random.RandomState(1)))
save("arrays.npz", lambda path: np.savez(path, x=X, y=Y))
save("arrays-compressed.npz", lambda path: np.savez_compressed(path, x=X, y=Y))
save("big.joblib", lambda path: joblib.dump({"w": random.random((400, 300))}, path))
save("big-lz.joblib", lambda path: joblib.dump([random.random((200, 100)), "x"], path, compress=("lzma", 3)))
for kind in (scipy.sparse.csr_matrix, scipy.sparse.coo_matrix, scipy.sparse.csr_array):
    save(f"scipy-{kind.__name__}.pkl", dump(kind(np.eye(3))))
FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.Categorical(["u", "v"]), "d": pd.to_datetime(["2024-01-01", "2024-01-02"]), "e": pd.array([1, None], dtype="Int64")})
save("frame.pkl", lambda path: FRAME.to_pickle(path))
save("frame.pkl.gz", lambda path: FRAME.to_pickle(path))
save("frame.pkl.xz", lambda path: FRAME.to_pickle(path))
save("series.pkl", lambda path: FRAME["a"].to_pickle(path))
save("multiindex.pkl", dump(FRAME.set_index(["a", "d"])))
save("period.pkl", dump(pd.period_range("2024-01", periods=3)))
save("timestamps.pkl", dump([pd.Timestamp("2024-01-01", tz="UTC"), pd.Timedelta("1D"), pd.Interval(0, 1)]))

# Boosters.
import lightgbm
import xgboost

for name, kind in (("lgbm", lightgbm.LGBMClassifier), ("xgb", xgboost.XGBClassifier), ("xgbr", xgboost.XGBRegressor), ("lgbmr", lightgbm.LGBMRegressor)):
    model = kind(n_estimators=3, **({"verbose": -1} if name.startswith("lgbm") else {})).fit(X, Y)
    save(f"{name}.pkl", dump(model))
    save(f"{name}.joblib", lambda path: joblib.dump(model, path))
    if name.startswith("xgb"):
        for ending in ("json", "ubj"):
            save(f"{name}.{ending}", lambda path: model.save_model(path))
    else:
        save(f"{name}.txt", lambda path: model.booster_.save_model(path))

# Plain values.
PLAIN = {
    "vocabulary": {f"w{i}": i for i in range(200)}, "ordered": collections.OrderedDict(a=1), "default": collections.defaultdict(int, a=1),
    "counter": collections.Counter("abc"), "deque": collections.deque([1, 2]), "set": {1, 2}, "frozen": frozenset("a"), "day": datetime.date(2024, 1, 1),
    "moment": datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc), "span": datetime.timedelta(1), "decimal": decimal.Decimal("1.5"),
    "fraction": fractions.Fraction(1, 3), "uuid": uuid.UUID(int=7), "path": pathlib.PurePosixPath("a/b"), "bytes": bytearray(b"abc"), "slice": slice(1, 2),
    "complex": 1 + 2j, "range": range(3), "deep": [[[{"a": (1, 2.5, None, True, b"x")}]]],
}
for number, (name, value) in enumerate(PLAIN.items()):
    save(f"plain-{name}.pkl", dump(value, number % 6))


# The layout of torch.save.

def torch_global(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def tensor(key, kind, shape):
    count = int(np.prod(shape))
    ints = lambda values: b"(" + b"".join(b"J" + struct.pack("<i", v) for v in values) + b"t"
    strides = [int(np.prod(shape[i + 1 :])) for i in range(len(shape))]
    identity = b"(X\x07\0\0\0storage" + torch_global("torch", kind) + b"X\x01\0\0\0" + key.encode() + b"X\x03\0\0\0cpuJ" + struct.pack("<i", count) + b"tQ"
    empty = torch_global("collections", "OrderedDict") + b")R"
    return torch_global("torch._utils", "_rebuild_tensor_v2") + b"(" + identity + b"K\0" + ints(shape) + ints(strides) + b"\x89" + empty + b"tR"


def state(kinds):
    body = torch_global("collections", "OrderedDict") + b")R("
    for number, (kind, shape) in enumerate(kinds):
        name = f"layer.{number}.weight".encode()
        body += b"X" + struct.pack("<I", len(name)) + name + tensor(str(number), kind, shape)
    return b"\x80\x02" + body + b"u."


SIZES = {"FloatStorage": 4, "HalfStorage": 2, "BFloat16Storage": 2, "LongStorage": 8, "ByteStorage": 1, "BoolStorage": 1, "DoubleStorage": 8, "IntStorage": 4}


def torch_zip(path, kinds, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("archive/data.pkl", state(kinds))
        archive.writestr("archive/byteorder", b"little")
        for number, (kind, shape) in enumerate(kinds):
            archive.writestr(f"archive/data/{number}", random.bytes(int(np.prod(shape)) * SIZES[kind]))
        archive.writestr("archive/version", b"3\n")


for number, kind in enumerate(SIZES):
    for ending in ("pt", "bin", "ckpt", "pth"):
        save(f"torch-{kind}.{ending}", lambda path: torch_zip(path, [(kind, [4, 8]), ("FloatStorage", [3])]))


# Formats without code.
def safetensors(path):
    header = json.dumps({"__metadata__": {"format": "pt"}, "a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}, "b": {"dtype": "BF16", "shape": [3], "data_offsets": [16, 22]}}).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(22))


def gguf(path):
    def string(value):
        return struct.pack("<Q", len(value.encode())) + value.encode()

    template = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content']|trim }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
    pairs = [("general.architecture", "llama"), ("general.name", "tiny"), ("tokenizer.chat_template", template)]
    body = b"GGUF" + struct.pack("<IQQ", 3, 1, len(pairs)) + b"".join(string(k) + struct.pack("<I", 8) + string(v) for k, v in pairs)
    body += string("w") + struct.pack("<IQIQ", 1, 32, 0, 0)
    path.write_bytes(body + b"\0" * (-len(body) % 32) + bytes(128))


save("plain.safetensors", safetensors)
save("tiny.gguf", gguf)
save("config.json", lambda path: path.write_text(json.dumps({"model_type": "bert", "hidden_size": 8, "architectures": ["BertModel"]})))
save("tokenizer_config.json", lambda path: path.write_text(json.dumps({"chat_template": "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}"})))
KERAS = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [{"module": "keras.layers", "class_name": "Dense", "config": {"units": 3, "activation": "relu"}}]}, "registered_name": None}


def keras(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.4.0"}))
        archive.writestr("config.json", json.dumps(KERAS))
        archive.writestr("model.weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(500))


save("dense.keras", keras)
print(len(list(OUT.iterdir())), "files")
