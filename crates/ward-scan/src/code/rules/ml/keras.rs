//! Keras models with code in them.

use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

pub(super) static UNSAFE: Rule = Rule {
    meta: RuleMeta {
        id: "ml/keras-unsafe",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "Keras is told to run the code inside a model file.",
        docs: "A Lambda layer is a Python function stored as bytes. Keras refuses to load one from a file unless \
            `safe_mode=False` is given or `enable_unsafe_deserialization()` was called.\n\n\
            Example: `keras.models.load_model(path, safe_mode=False)`\n\n\
            **Instead:** leave `safe_mode` at its default; replace Lambda layers by registered classes.\n\n\
            Source: Keras documentation of `load_model`; CVE-2024-3660; CWE-502.",
    },
    on: &[
        On::Keyword("safe_mode"),
        On::Call("keras.config.enable_unsafe_deserialization"),
        On::Call("tensorflow.keras.config.enable_unsafe_deserialization"),
    ],
    check: |ctx, site, out| {
        let hit = match site.keyword() {
            Some(keyword) if ctx.is_false(keyword.value) => {
                use ruff_text_size::Ranged;
                Hit::at(keyword).fix("let Keras refuse code in model files", keyword.value.range(), "True")
            }
            Some(_) => return,
            None => Hit::at(site.range()),
        };
        out.report(hit.thorough_if(ctx.is_test()));
    },
    bad: &[
        "import keras\nkeras.models.load_model(p, safe_mode=False)",
        "import keras\nkeras.config.enable_unsafe_deserialization()",
    ],
    good: &[
        "import keras\nkeras.models.load_model(p)",
        "import keras\nkeras.models.load_model(p, safe_mode=True)",
    ],
};

pub(super) static LAMBDA: Rule = Rule {
    meta: RuleMeta {
        id: "ml/keras-old-format",
        severity: Severity::Medium,
        controls: &[CODE_2A],
        summary: "A Keras model is loaded from a format in which `safe_mode` protects nothing.",
        docs: "HDF5 and SavedModel files can hold Lambda layers and other code, and the safe mode is only for the `.keras` \
            format: loading such a file from elsewhere can run any program.\n\n\
            Example: `keras.models.load_model(\"model.h5\")`\n\n\
            **Instead:** save as `.keras` without Lambda layers, or only the weights (`save_weights`), and scan the file \
            (`ward scan model.h5`).\n\n\
            Source: Keras documentation of `load_model`; CVE-2024-3660, CVE-2025-9905; CWE-502.",
    },
    on: &[
        On::Call("keras.models.load_model"),
        On::Call("keras.saving.load_model"),
        On::Call("tensorflow.keras.models.load_model"),
        On::Call("tensorflow.keras.saving.load_model"),
        On::Call("tensorflow.saved_model.load"),
        On::Call("tensorflow.compat.v1.saved_model.load"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let path = ctx.arg(call, 0, "filepath").given().map(|given| ctx.constant(given));
        let path = path.as_ref().and_then(|path| path.template());
        let new = path.as_deref().is_some_and(|path| path.ends_with(".keras"));
        let old = path
            .as_deref()
            .is_some_and(|path| path.ends_with(".h5") || path.ends_with(".hdf5"));
        if !new {
            let severity = if old { Severity::Medium } else { Severity::Low };
            // A folder that the program names is one it brings along.
            let whole = ctx
                .arg(call, 0, "filepath")
                .given()
                .is_some_and(|path| ctx.str(path).is_some());
            let own = whole && !old;
            out.report(Hit::at(call).severity(severity).thorough_if(ctx.is_test() || own));
        }
    },
    bad: &[
        "import keras\nkeras.models.load_model('m.h5')",
        "from tensorflow import keras\nkeras.models.load_model(p)",
        "import tensorflow as tf\ntf.saved_model.load(p)",
    ],
    good: &[
        "import keras\nkeras.models.load_model('m.keras')",
        "import keras\nm.load_weights('m.weights.h5')",
    ],
};
