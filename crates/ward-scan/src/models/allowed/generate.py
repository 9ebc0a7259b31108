#!/usr/bin/env python3
"""Writes the names that a pickle of a framework may hold: run it where the frameworks are installed.

    python generate.py FRAMEWORK > FRAMEWORK.txt        one of FRAMEWORKS below
    python generate.py FRAMEWORK OLD.txt > NEW.txt      adds to a table made with other versions
    python generate.py torch-wheel FILE.whl OLD.txt     adds the classes of layers and optimisers of a wheel of PyTorch,
                                                        whose sources are read and not run

Two ways lead to a line. *Observed*: real objects are pickled with every protocol, and what the pickler calls, makes
and refers to is written down. *Introspected*: every class of the modules named below; pickle makes its instances with
`__new__` and fills in their state, so only that is allowed for it. For scikit-learn only every second estimator is
fitted and observed: the others test the table.

A line is `module kind name..`; kind `c` may be called, `n` may only be made with `__new__`, `r` may only be referred to.
"""

import ast
import enum
import importlib
import io
import pickle
import pkgutil
import sys
import warnings
import zipfile

warnings.simplefilter("ignore")

# Parts of the frameworks whose classes read files, run processes, or exist for tests.
LEFT_OUT = (
    ".tests", ".test_", "._testing", ".testing", ".conftest", ".externals", ".datasets", ".setup", "._build", ".f2py",
    ".distutils", ".memmap", "._datasource", ".npyio", ".io.", ".io", ".parallel", "._mocking", ".plotting", ".dask",
    ".spark", ".federated", ".tracker", ".collective", ".callback", ".ctypeslib", ".weave", "._examples", ".cbook",
    ".compat.", ".array_api_extra", "._array_api", ".computation", ".util._", "._fixes", ".fixes", ".show_versions",
    "._show_versions", "._pprint", ".metadata_routing", "._joblib", ".format_helpers", ".accessor", ".window.online", ".cpp_extension",
    ".libmatio",
)

# Names that no model holds and whose instances do more than keep their state: readers of files that open them when they
# are iterated over, groupings that call functions of their state, wrappers of native handles, classes that make classes.
NEVER = (
    "pandas.api.", "pandas.core.apply", "pandas.core.groupby", "pandas.core.resample", "pandas.core.window",
    "pandas.core.interchange", "pandas.core.describe", "pandas.core.methods", "pandas.core.reshape", "pandas.core.strings",
    "pandas.core.internals.concat", "pandas.core.internals.ops", "pandas.core.flags", "pandas._config", "pandas._typing",
    "pandas._libs.parsers", "pandas._libs.sas", "pandas._libs.writers", "pandas._libs.window", "pandas._libs.join",
    "pandas._libs.hashing", "pandas._libs.algos", "pandas._libs.groupby", "pandas._libs.ops", "pandas._libs.reshape",
    "pandas._libs.tslibs.parsing", "pandas._libs.tslibs.strptime", "pandas._libs.tslibs.vectorized",
    "pandas.tseries.holiday.HolidayCalendarMetaClass", "pandas._libs.tslibs.offsets.OffsetMeta",
    "pandas.core.dtypes.dtypes.CategoricalDtypeType", "pandas.core.arrays.categorical.CategoricalAccessor",
    "pandas.Grouper", "pandas.NamedAgg",
    "scipy._lib._ccallback", "scipy._lib._docscrape", "scipy._lib._util.MapWrapper", "scipy.stats._unuran",
    "numpy.ma.timer_comparison", "sklearn.model_selection._search.ParameterSampler",
    "xgboost.core.DataIter", "lightgbm.basic._InnerPredictor", "torch.nn.parameter.ParameterMeta",
    "torch.distributions.kl",
)

FRAMEWORKS = {
    "sklearn": ["sklearn"],
    "scipy": ["scipy.sparse", "scipy.stats", "scipy.interpolate", "scipy.spatial", "scipy.optimize._optimize"],
    "numpy": ["numpy.random", "numpy.polynomial", "numpy.ma", "numpy.dtypes", "numpy.matrixlib"],
    "pandas": ["pandas.core", "pandas._libs", "pandas.tseries", "pandas.api"],
    "boosting": ["xgboost.core", "xgboost.sklearn", "lightgbm.basic", "lightgbm.sklearn"],
    "torch": [],
}


class Watching(pickle._Unpickler):
    """Reads back what was pickled, and writes down what that calls, makes and refers to."""

    def __init__(self, data, table):
        super().__init__(io.BytesIO(data))
        self.table = table

    def find_class(self, module, name):
        self.table.setdefault((module, name), set()).add("r")
        found = super().find_class(module, name)
        NAMES[id(found)] = (module, name, found)
        return found

    def called(self, kind, func, args=()):
        module, name, _ = NAMES.get(id(func), (None, None, None))
        if module == "copyreg" and name == "_reconstructor":
            return self.called("n", args[0])
        if module:
            self.table.setdefault((module, name), set()).add(kind)

    def load_reduce(self):
        self.called("c", self.stack[-2], self.stack[-1])
        pickle._Unpickler.load_reduce(self)

    def load_newobj(self):
        self.called("n", self.stack[-2])
        pickle._Unpickler.load_newobj(self)

    def load_newobj_ex(self):
        self.called("n", self.stack[-3])
        pickle._Unpickler.load_newobj_ex(self)

    dispatch = dict(pickle._Unpickler.dispatch)
    dispatch[pickle.REDUCE[0]] = load_reduce
    dispatch[pickle.NEWOBJ[0]] = load_newobj
    dispatch[pickle.NEWOBJ_EX[0]] = load_newobj_ex


# Names by the identity of what they name; what is named is kept, so that no identity is given twice.
NAMES = {}


def note(table, kind, obj, name=None):
    name = name or getattr(obj, "__qualname__", None) or getattr(obj, "__name__", None)
    module = pickle.whichmodule(obj, name) if name else None
    if module and "<" not in name and module != "__main__":
        table.setdefault((module, name), set()).add(kind)


def observe(table, obj):
    for protocol in range(6):
        try:
            Watching(pickle.dumps(obj, protocol), table).load()
        except Exception as fault:  # not every object knows every protocol
            print("not observed:", type(obj).__name__, protocol, type(fault).__name__, file=sys.stderr)


def modules(root):
    try:
        package = importlib.import_module(root)
    except Exception:
        return
    yield package
    for found in pkgutil.walk_packages(getattr(package, "__path__", []), root + ".", onerror=lambda _: None):
        if any(part in found.name + "." for part in LEFT_OUT):
            continue
        try:
            yield importlib.import_module(found.name)
        except BaseException:
            continue


def introspect(table, root):
    for module in modules(root):
        for name, obj in list(vars(module).items()):
            if name.startswith("__pyx_unpickle_"):
                table.setdefault((module.__name__, name), set()).add("c")
            if not isinstance(obj, type) or not str(obj.__module__).startswith(root.split(".")[0]):
                continue
            if any(part in obj.__module__ + "." for part in LEFT_OUT) or "<" in obj.__qualname__:
                continue
            own = obj.__reduce__ is not object.__reduce__ or obj.__reduce_ex__ is not object.__reduce_ex__
            called = issubclass(obj, enum.Enum) or own and not issubclass(obj, BaseException)
            note(table, "c" if called else "n", obj)


def some_numbers():
    import numpy as np

    yield from (np.zeros(3), np.zeros((2, 2), order="F"), np.array([1, "a", None], dtype=object), np.array(["a", "b"]))
    yield from (np.array([b"a"]), np.array([1 + 2j]), np.array([True]), np.array(["2020-01-01"], dtype="M8[D]"))
    yield from (np.zeros(2, dtype=[("a", "f4"), ("b", "O")]), np.zeros(0), np.array(5), np.timedelta64(1, "s"))
    for code in np.typecodes["AllInteger"] + np.typecodes["AllFloat"] + "?":
        yield np.zeros(1, dtype=code)
        yield np.dtype(code).type(1)
    yield from (np.str_("a"), np.bytes_(b"a"), np.datetime64("2020-01-01"), np.ma.array([1, 2], mask=[0, 1]))
    yield from (np.ma.masked, np.rec.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]), np.matrix([[1]]))
    yield from (np.random.RandomState(1), np.random.default_rng(1), np.poly1d([1, 2]), np.polynomial.Polynomial([1, 2]))
    for generator in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"):
        yield getattr(np.random, generator)(1)
        yield np.random.Generator(getattr(np.random, generator)(1))
    yield np.random.SeedSequence(5)
    for name in ("mean", "median", "sum", "std", "var", "max", "min", "ptp", "ravel", "squeeze", "nan_to_num", "nanmean", "nanmedian", "clip", "round"):
        yield getattr(np, name)
    yield from (thing for thing in vars(np).values() if isinstance(thing, np.ufunc) or isinstance(thing, type) and issubclass(thing, np.generic))
    if hasattr(np.dtypes, "StringDType"):
        yield np.array(["a", "b"], dtype=np.dtypes.StringDType())
    yield from (np.float64, np.float32, np.int64, np.ndarray, np.dtype, np.generic, np.bool_, np.nan)


def some_matrices():
    import numpy as np
    import scipy
    from scipy import interpolate, sparse, spatial, stats

    for form in ("csr", "csc", "coo", "bsr", "dia", "dok", "lil"):
        yield getattr(sparse, form + "_matrix")(np.eye(3))
        if hasattr(sparse, form + "_array"):
            yield getattr(sparse, form + "_array")(np.eye(3))
    x = np.arange(6.0)
    yield from (interpolate.interp1d(x, x, kind=kind) for kind in ("linear", "nearest", "previous", "next", "cubic"))
    yield from (interpolate.interp1d(x, x), interpolate.CubicSpline(x, x), interpolate.UnivariateSpline(x, x))
    yield from (interpolate.BSpline(x, x[:3], 2), interpolate.PchipInterpolator(x, x), interpolate.RegularGridInterpolator((x,), x))
    yield from (spatial.cKDTree(np.eye(3)), spatial.KDTree(np.eye(3)), spatial.ConvexHull(np.random.rand(6, 2)))
    yield from (stats.norm(0, 1), stats.gaussian_kde(x), stats.uniform, stats.norm, stats.poisson, stats.multivariate_normal)
    for name in ("euclidean", "sqeuclidean", "cosine", "cityblock", "correlation", "jaccard", "hamming", "chebyshev", "canberra", "braycurtis", "minkowski"):
        yield getattr(spatial.distance, name)
    for name in ("zscore", "rankdata", "boxcox", "yeojohnson"):
        yield getattr(stats, name)
    yield from (scipy.special.log1p, scipy.special.boxcox1p, scipy.special.xlogy)
    yield from (scipy.special.expit, scipy.special.logit, stats.randint(1, 5), stats.loguniform(1, 2))


def some_tables():
    import datetime

    import numpy as np
    import pandas as pd

    index = pd.date_range("2020-01-01", periods=3, tz="UTC")
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", None], "c": [1.5, 2, np.nan], "d": index})
    frame["e"] = frame["b"].astype("category")
    frame["f"] = pd.array([1, None, 3], dtype="Int64")
    frame["g"] = pd.array([True, None, False], dtype="boolean")
    frame["h"] = pd.array(["a", None, "c"], dtype="string")
    frame["i"] = pd.to_timedelta([1, 2, 3], unit="h")
    frame["j"] = pd.period_range("2020-01", periods=3, freq="M")
    frame["k"] = pd.interval_range(0, 3)
    frame["l"] = pd.arrays.SparseArray([0, 0, 1])
    frame["m"] = pd.array([1.5, None, 3], dtype="Float64")
    frame["n"] = pd.date_range("2020-01-01", periods=3)
    yield from (frame, frame.set_index(["a", "b"]), frame["a"], frame["d"], frame.groupby("a")["c"].mean())
    yield from (frame[column] for column in frame)
    yield from (index, pd.RangeIndex(3), pd.Index(["a"]), pd.Index([1.5]), pd.CategoricalIndex(["a"]), frame.dtypes)
    yield from (pd.MultiIndex.from_tuples([(1, 2)]), pd.IntervalIndex.from_breaks([0, 1]), pd.PeriodIndex(["2020"], freq="Y"))
    yield from (pd.TimedeltaIndex(["1h"]), pd.Timestamp("2020"), pd.Timestamp("2020", tz="Europe/Berlin"), pd.NaT, pd.NA)
    yield from (pd.Timedelta(1), pd.Interval(0, 1), pd.Period("2020"), pd.offsets.Day(), pd.offsets.BDay(), pd.offsets.MonthEnd())
    yield from (pd.DataFrame(), pd.Series(dtype=float), pd.CategoricalDtype(["a"]), pd.DatetimeTZDtype(tz="UTC"), pd.Int8Dtype())
    yield from (pd.Timestamp("2020", tz=datetime.timezone.utc), pd.offsets.Week(weekday=1), pd.DateOffset(days=1), pd.Categorical(["a"]))
    try:
        import pytz

        yield pd.Timestamp("2020", tz=pytz.timezone("Europe/Berlin"))
    except ImportError:
        pass


def estimators(half):
    """Fitted estimators: those at even places of the list for half 0, at odd places for half 1."""
    import numpy as np
    from sklearn.utils import all_estimators

    random = np.random.RandomState(0)
    x = np.abs(random.rand(30, 4))
    y = random.randint(0, 2, 30)
    for place, (name, kind) in enumerate(all_estimators()):
        if place % 2 != half:
            continue
        made = None
        for make in (lambda: kind(), lambda: composed(name, kind)):
            try:
                made = make()
                break
            except Exception:
                continue
        if made is None:
            continue
        targets = (y, np.column_stack([y, 1 - y]), random.rand(30), None)
        inputs = (x, np.where(x > 0.5, 1, 0), [str(v) for v in y], ["some words here"] * 15 + ["other words"] * 15, x[:, 0], [{"a": 1.0}] * 30)
        fitted = False
        for given in inputs:
            for target in targets:
                try:
                    made.fit(given, target) if target is not None else made.fit(given)
                    fitted = True
                    break
                except Exception:
                    continue
            if fitted:
                break
        yield name, made


def composed(name, kind):
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.preprocessing import StandardScaler

    tries = [
        lambda: kind([("a", StandardScaler()), ("b", LogisticRegression())]),
        lambda: kind([("a", LogisticRegression()), ("b", LogisticRegression(C=2))]),
        lambda: kind([("a", LinearRegression()), ("b", LinearRegression())]),
        lambda: kind([("a", StandardScaler(), [0, 1])]),
        lambda: kind([("a", StandardScaler())]),
        lambda: kind(LogisticRegression(), {"C": [1, 2]}),
        lambda: kind(LogisticRegression()),
        lambda: kind(LinearRegression()),
    ]
    if "Search" in name:
        tries = tries[5:6]
    for attempt in tries:
        try:
            made = attempt()
            made.get_params()
            return made
        except Exception:
            continue
    raise TypeError(name)


def some_models():
    from sklearn.feature_selection import SelectKBest, chi2, f_classif, f_regression, mutual_info_classif
    from sklearn.metrics import get_scorer
    from sklearn.model_selection import KFold, StratifiedKFold
    from sklearn.pipeline import FeatureUnion, Pipeline
    from sklearn.preprocessing import FunctionTransformer
    import sklearn.gaussian_process.kernels as kernels
    import numpy as np

    yield from (model for _, model in estimators(0))
    yield from (SelectKBest(score) for score in (chi2, f_classif, f_regression, mutual_info_classif))
    try:
        from sklearn.metrics import get_scorer_names
    except ImportError:
        from sklearn.metrics import SCORERS as get_scorer_names
    for name in get_scorer_names() if callable(get_scorer_names) else get_scorer_names:
        yield get_scorer(name)
    yield from functions_of_models()
    yield from (KFold(3), StratifiedKFold(3), FunctionTransformer(np.log1p), kernels.RBF() + kernels.WhiteKernel())
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.neighbors import BallTree, KDTree

    x, y = np.random.RandomState(0).randint(0, 3, (30, 2)), [0, 1] * 15
    yield from (BallTree(x), KDTree(x), HistGradientBoostingClassifier(max_iter=1, categorical_features=[0]).fit(x, y))


def functions_of_models():
    """Functions that compute and nothing else, which models keep: metrics, kernels, distances, scores of features, steps of text."""
    import inspect

    from sklearn import feature_selection, metrics
    from sklearn.feature_extraction import text

    words = ("score", "loss", "error", "deviance", "matrix", "ratios", "auc")
    for module in (metrics, metrics.pairwise):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.endswith(words) or name.endswith(("_kernel", "_distances", "_similarity")) and not name.startswith(("_", "pairwise", "paired")):
                yield function
    for name in ("f_regression", "r_regression", "mutual_info_regression"):
        if hasattr(feature_selection, name):
            yield getattr(feature_selection, name)
    yield from (text.strip_accents_ascii, text.strip_accents_unicode, text.strip_tags)


def some_boosters():
    import numpy as np

    x, y = np.random.rand(50, 3), np.random.randint(0, 2, 50)
    import lightgbm
    import xgboost

    for kind in (xgboost.XGBClassifier, xgboost.XGBRegressor, xgboost.XGBRFClassifier, lightgbm.LGBMClassifier, lightgbm.LGBMRegressor):
        yield kind(n_estimators=2, verbosity=-1 if kind.__name__.startswith("LGBM") else 0).fit(x, y)
    yield lightgbm.train({"verbose": -1}, lightgbm.Dataset(x, y), 2)
    yield xgboost.train({}, xgboost.DMatrix(x, y), 2)


def some_tensors():
    import torch

    yield from (torch.zeros(2), torch.zeros(2).to_sparse(), torch.nn.Parameter(torch.zeros(2)), torch.Size([1]))
    yield from (torch.device("cpu"), torch.float32, torch.nn.Linear(2, 2), torch.nn.Linear(2, 2).state_dict())
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), torch.nn.ReLU(), torch.nn.LSTM(2, 2), torch.nn.Transformer(4, 2, 1, 1))
    yield from (model, torch.optim.Adam(model.parameters()).state_dict(), torch.optim.SGD(model.parameters(), 0.1))
    yield from (torch.quantize_per_tensor(torch.zeros(2), 1, 0, torch.qint8), torch.Generator().get_state(), torch.strided)
    yield from (torch.quantize_per_channel(torch.zeros(2, 2), torch.ones(2), torch.zeros(2), 0, torch.qint8), torch.zeros(2).storage())
    yield from (torch.contiguous_format, torch.nn.functional.relu, torch.zeros(2, dtype=torch.bfloat16), torch.distributions.Normal(0.0, 1.0))


SAMPLES = {
    "sklearn": some_models,
    "scipy": some_matrices,
    "numpy": some_numbers,
    "pandas": some_tables,
    "boosting": some_boosters,
    "torch": some_tensors,
}

# What pickles hold of Python itself is written by hand, in python.txt.
BY_HAND = ("builtins", "collections", "copyreg", "datetime", "decimal", "functools", "_codecs", "operator", "types", "_operator", "uuid", "pathlib", "copy_reg", "__builtin__", "re", "zoneinfo", "_thread", "threading", "time", "logging", "os", "posix", "nt", "itertools", "abc", "typing", "enum", "inspect", "importlib", "random", "math", "io", "_io")

WORST = {"r": 0, "n": 1, "c": 2}


def read(path, table):
    for line in open(path):
        if line.strip() and not line.startswith("#"):
            module, kind, *names = line.split()
            for name in names:
                table.setdefault((module, name), set()).add(kind)


def read_wheel(path, table):
    wanted = ("torch/nn/modules/", "torch/optim/", "torch/ao/nn/", "torch/nn/quantized/", "torch/distributions/")
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            if name.startswith(wanted) and name.endswith(".py") and "test" not in name:
                module = name[:-3].replace("/", ".").removesuffix(".__init__")
                for node in ast.parse(wheel.read(name)).body:
                    if isinstance(node, ast.ClassDef):
                        table.setdefault((module, node.name), set()).add("n")


def main():
    framework = sys.argv[1]
    table = {}
    if framework == "torch-wheel":
        read_wheel(sys.argv[2], table)
        read(sys.argv[3], table)
        return write(table)
    for root in FRAMEWORKS[framework]:
        introspect(table, root)
    for obj in SAMPLES[framework]():
        observe(table, obj)
    if framework == "torch":
        import torch

        for root in ("torch.nn.modules", "torch.optim", "torch.distributions"):
            introspect(table, root)
    for old in sys.argv[2:]:
        read(old, table)
    write(table)


def write(table):
    lines = {}
    by_hand = lambda module, name: module in BY_HAND or ".externals" in module or name == "_TempFile"
    never = lambda module, name: any(f"{module}.{name}.".startswith(one if one.endswith(".") else one + ".") for one in NEVER)
    table = {key: kinds for key, kinds in table.items() if not by_hand(*key) and not never(*key)}
    for (module, name), kinds in table.items():
        kind = max(kinds, key=WORST.get)
        lines.setdefault((module, kind), []).append(name)
    for (module, kind), names in sorted(lines.items()):
        print(module, kind, *sorted(names))


if __name__ == "__main__":
    main()
