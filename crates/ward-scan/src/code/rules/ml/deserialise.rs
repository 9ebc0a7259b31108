//! Formats of models and data that are pickles underneath.

use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

pub(super) static JOBLIB: Rule = Rule {
    meta: RuleMeta {
        id: "ml/joblib-load",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "`joblib.load` runs what the file says.",
        docs: "A joblib file is a pickle with arrays beside it: loading one from elsewhere runs any program.\n\n\
            Example: `model = joblib.load(path)`\n\n\
            **Instead:** skops (`skops.io.load` with the types you trust) or ONNX for models; where it has to be joblib, check \
            a digest that was recorded when the file was made, before it is opened.\n\n\
            Source: joblib documentation, persistence; scikit-learn documentation, model persistence; CWE-502.",
    },
    on: &[
        On::Call("joblib.load"),
        On::Call("joblib.numpy_pickle.load"),
        On::Call("sklearn.externals.joblib.load"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let own = ctx
            .arg(call, 0, "filename")
            .given()
            .is_some_and(|file| ctx.str(file).is_some());
        let severity = if own { Severity::Medium } else { Severity::High };
        out.report(Hit::at(call).severity(severity).thorough_if(ctx.is_test()));
    },
    bad: &[
        "import joblib\njoblib.load(p)",
        "from sklearn.externals import joblib\njoblib.load(p)",
    ],
    good: &[
        "import joblib\njoblib.dump(m, p)",
        "from x import joblib\njoblib.load(p)",
    ],
};

pub(super) static MODEL_PICKLE: Rule = Rule {
    meta: RuleMeta {
        id: "ml/model-pickle",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "A model or an object is loaded from a pickle.",
        docs: "Cloudpickle, MLflow's Python models, PyCaret, fastai's `load_learner`, spaCy's and Ray's objects and others load \
            a pickle underneath: whoever wrote the file chooses what runs.\n\n\
            Example: `learn = load_learner(\"export.pkl\")`\n\n\
            **Instead:** a format that holds only numbers (safetensors, ONNX), or a digest recorded when the file was made and \
            checked before it is opened.\n\n\
            Source: documentation of the libraries named; CWE-502.",
    },
    on: &[
        On::Call("cloudpickle.load"),
        On::Call("cloudpickle.loads"),
        On::Call("mlflow.pyfunc.load_model"),
        On::Call("mlflow.sklearn.load_model"),
        On::Call("mlflow.pytorch.load_model"),
        On::Call("mlflow.xgboost.load_model"),
        On::Call("mlflow.lightgbm.load_model"),
        On::Call("fastai.learner.load_learner"),
        On::Call("fastai.vision.all.load_learner"),
        On::Call("fastai.text.all.load_learner"),
        On::Call("fastai.tabular.all.load_learner"),
        On::Call("fastai.basics.load_learner"),
        On::Call("pycaret.classification.load_model"),
        On::Call("pycaret.regression.load_model"),
        On::Call("ray.cloudpickle.load"),
        On::Call("ray.cloudpickle.loads"),
        On::Call("stable_baselines3.common.save_util.load_from_pkl"),
        On::Call("gensim.utils.unpickle"),
        On::Call("pandas.compat.pickle_compat.load"),
        On::Call("sklearn.utils._joblib.load"),
        On::Call("torch.distributed._shard.sharded_tensor.load_with_process_group"),
        On::Call("tensorflow.keras.utils.deserialize_keras_object"),
        On::Call("keras.utils.deserialize_keras_object"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let note = format!("`{}` loads a pickle: it runs what the file says", site.name);
        out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
    },
    bad: &[
        "import cloudpickle\ncloudpickle.load(f)",
        "from fastai.vision.all import load_learner\nload_learner('export.pkl')",
        "import mlflow\nmlflow.pyfunc.load_model(uri)",
    ],
    good: &[
        "import cloudpickle\ncloudpickle.dumps(x)",
        "import mlflow\nmlflow.log_metric('a', 1)",
    ],
};

pub(super) static MSGPACK_NUMPY: Rule = Rule {
    meta: RuleMeta {
        id: "ml/msgpack-numpy",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "msgpack-numpy unpickles arrays of objects.",
        docs: "MessagePack itself holds only data, but msgpack-numpy decodes an array of objects by unpickling it: a message \
            from elsewhere runs any program. `patch()` does that to every use of msgpack in the process.\n\n\
            Example: `msgpack_numpy.unpackb(message)`\n\n\
            **Instead:** plain msgpack with the array's bytes, type and shape as fields; or safetensors.\n\n\
            Source: msgpack-numpy documentation, notes on object arrays; CWE-502.",
    },
    on: &[
        On::CallPrefix("msgpack_numpy."),
        On::Name("msgpack_numpy.decode"),
        On::Name("msgpack_numpy.encode"),
        On::Call("msgpack.load"),
        On::Call("msgpack.loads"),
        On::Call("msgpack.unpack"),
        On::Call("msgpack.unpackb"),
        On::Call("msgpack.pack"),
        On::Call("msgpack.packb"),
        On::Call("msgpack.dumps"),
        On::Call("msgpack.dump"),
    ],
    check: |ctx, site, out| {
        let last = site.name.rsplit('.').next().unwrap_or_default();
        if site.name.starts_with("msgpack_numpy.") {
            if matches!(
                last,
                "load" | "loads" | "unpack" | "unpackb" | "Unpacker" | "patch" | "decode" | "encode"
            ) {
                out.report(Hit::at(site.range()).thorough_if(ctx.is_test()));
            }
            return;
        }
        // After `patch()` plain msgpack does the same.
        let before = ctx.source.get(..site.range().start().to_usize()).unwrap_or_default();
        if ctx.has_import("msgpack_numpy") && before.contains(".patch()") {
            out.report(Hit::at(site.range()).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import msgpack_numpy as m\nm.unpackb(b)",
        "import msgpack, msgpack_numpy as m\nmsgpack.unpackb(b, object_hook=m.decode)",
        "import msgpack, msgpack_numpy as m\nm.patch()\nmsgpack.unpackb(b)",
    ],
    good: &[
        "import msgpack\nmsgpack.unpackb(b)",
        "import msgpack, msgpack_numpy as m\nmsgpack.packb(b)",
    ],
};

pub(super) static PACKAGE: Rule = Rule {
    meta: RuleMeta {
        id: "ml/torch-package",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "A torch package brings its own Python code.",
        docs: "`torch.package` files hold a model together with the source files it needs; importing from one runs them, and \
            its objects are pickles.\n\n\
            Example: `PackageImporter(path).load_pickle(\"model\", \"model.pkl\")`\n\n\
            **Instead:** the weights as safetensors and the code from a package that is pinned and was reviewed.\n\n\
            Source: PyTorch documentation of `torch.package`; CWE-502, CWE-829.",
    },
    on: &[
        On::Call("torch.package.PackageImporter"),
        On::Call("torch.package.package_importer.PackageImporter"),
        On::Import("torch.package"),
    ],
    check: |ctx, site, out| {
        let severity = if site.call().is_some() {
            Severity::High
        } else {
            Severity::Low
        };
        out.report(Hit::at(site.range()).severity(severity).thorough_if(ctx.is_test()));
    },
    bad: &[
        "from torch.package import PackageImporter
PackageImporter(p)",
        "import torch.package as tp",
    ],
    good: &["import torchx.package as tp", "import torch\ntorch.save(s, p)"],
};

pub(super) static WHOLE_MODEL_SAVED: Rule = Rule {
    meta: RuleMeta {
        id: "ml/torch-save-whole",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "A whole model is saved: everybody who loads it has to run a pickle.",
        docs: "`torch.save(model, ..)` stores the object with the names of its classes. It can only be loaded with \
            `weights_only=False`, so everybody who gets it has to trust the file with the process.\n\n\
            Example: `torch.save(model, \"model.pt\")`\n\n\
            **Instead:** `torch.save(model.state_dict(), ..)`, or better `safetensors.torch.save_file`.\n\n\
            Source: PyTorch documentation, saving and loading models; CWE-502.",
    },
    on: &[On::Call("torch.save")],
    check: |ctx, site, out| {
        use ruff_python_ast::Expr;
        let Some(call) = site.call() else { return };
        let Some(what) = ctx.arg(call, 0, "obj").given() else {
            return;
        };
        let is_model = match what {
            Expr::Name(name) => {
                let word = name.id.as_str().to_ascii_lowercase();
                let typed = ctx.type_of(what);
                let made = typed.as_deref().is_some_and(|name| name.starts_with("torch.nn."));
                made || matches!(word.as_str(), "model" | "net" | "network" | "module") || word.ends_with("_model")
            }
            Expr::Attribute(attribute) => matches!(attribute.attr.as_str(), "model" | "net" | "module"),
            Expr::Call(inner) => {
                let name = ctx.callee(inner).unwrap_or_default();
                name.starts_with("torch.nn.") || name.starts_with("torchvision.models.")
            }
            _ => false,
        };
        if is_model {
            let own = ctx
                .arg(call, 1, "f")
                .given()
                .is_some_and(|file| ctx.str(file).is_some());
            out.report(Hit::at(call).thorough_if(ctx.is_test() || own));
        }
    },
    bad: &[
        "import torch\ntorch.save(model, path)",
        "import torch\nfrom torchvision import models\ntorch.save(models.resnet18(), path)",
    ],
    good: &[
        "import torch\ntorch.save(model.state_dict(), 'm.pt')",
        "import torch\ntorch.save({'epoch': 1}, 'm.pt')",
    ],
};

pub(super) static WRITTEN: Rule = Rule {
    meta: RuleMeta {
        id: "ml/pickle-written",
        severity: Severity::Info,
        controls: &[CODE_2A],
        summary: "A table is written as a pickle: everybody who reads it has to trust the file with the process.",
        docs: "`to_pickle` makes a file that only `read_pickle` opens, and that runs what it says.\n\n\
            Example: `frame.to_pickle(path)`\n\n\
            **Instead:** Parquet (`to_parquet`), Feather or CSV.\n\n\
            Source: pandas documentation of `read_pickle` (warning); CWE-502. A constant path is shown in the thorough \
            profile only.",
    },
    on: &[On::Method("to_pickle"), On::Call("pandas.to_pickle")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let position = usize::from(site.name == "pandas.to_pickle");
        let path = ctx
            .arg(call, position, "path")
            .given()
            .or(ctx.arg(call, None, "filepath_or_buffer").given());
        let own = path.is_none_or(|path| ctx.str(path).is_some());
        if ctx.has_import("pandas") {
            out.report(Hit::at(call).thorough_if(ctx.is_test() || own));
        }
    },
    bad: &["import pandas as pd\ndef f(frame, path):\n    frame.to_pickle(path)"],
    good: &["import pandas as pd\nframe.to_parquet(path)", "thing.to_pickle(path)"],
};
