//! What the findings of this engine are called, and what they mean.

use ward_evidence::{RuleMeta, Severity, controls::MOD_1A};

/// Loading runs code or a command.
pub(crate) static EXECUTES: RuleMeta = RuleMeta {
    id: "models/pickle-executes",
    severity: Severity::Critical,
    controls: &[MOD_1A],
    summary: "Loading this file runs code or a command.",
    docs: "A pickle is a program: loading it imports modules and calls what it names. This one names something whose \
        purpose is to run commands or code, such as `os.system`, `builtins.eval` or `runpy.run_path`, or it carries code \
        objects (dill, cloudpickle).\n\n\
        Example: `cos\\nsystem\\n(S'id'\\ntR.` runs `id` in whoever loads it.\n\n\
        Instead: do not load it. Ask for the weights as safetensors, or convert a checkpoint without running it: \
        `ward model convert FILE OUT.safetensors`.\n\n\
        Source: the warning at the top of Python's `pickle` module; CWE-502.",
};

/// Loading opens files, connections or attributes.
pub(crate) static REACHES: RuleMeta = RuleMeta {
    id: "models/pickle-reaches",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "Loading this file reaches for files, the network or the attributes of other objects.",
    docs: "The pickle names something that opens files, speaks to the network, takes attributes by name, or changes \
        what is already loaded. None of it belongs to rebuilding a model, and each is a step of known attacks: \
        `builtins.getattr` walks from a harmless object to a harmful one, `urllib.request.urlopen` carries data away.\n\n\
        Instead: do not load it. Ask for the weights as safetensors.\n\n\
        Source: CWE-502; CWE-470.",
};

/// Loading calls something unknown.
pub(crate) static UNKNOWN: RuleMeta = RuleMeta {
    id: "models/pickle-unknown",
    severity: Severity::Medium,
    controls: &[MOD_1A],
    summary: "Loading this file calls or imports something that Ward does not know.",
    docs: "Ward knows, by exact name, what scikit-learn, NumPy, SciPy, pandas, joblib, PyTorch, XGBoost and LightGBM need \
        to rebuild a model. This pickle needs something else. It may be a class of your own project, and it may be an \
        attack that nobody has described yet; unknown is never called clean.\n\n\
        Instead: look at the name and at the disassembly. When the class is yours, say so in a suppression with a reason; \
        when it is not, do not load the file.\n\n\
        Source: CWE-502.",
};

/// The container shows different content to different readers.
pub(crate) static LIES: RuleMeta = RuleMeta {
    id: "models/archive-lies",
    severity: Severity::Medium,
    controls: &[MOD_1A],
    summary: "The archive says different things of itself in different places.",
    docs: "A zip file describes each member twice. Loaders believe one description, scanners often the other, so an \
        archive whose descriptions differ (other names, lengths, flags, checksums, members that the directory leaves out) \
        can show a scanner something harmless and a loader something else. Ward reads both, and says that they differ: \
        no honest writer makes such files.\n\n\
        Instead: get the file again from its author; do not load it.\n\n\
        Source: PKWARE APPNOTE.TXT; CVE-2025-1944, CVE-2025-1945, CVE-2025-10156.",
};

/// Unpacking writes elsewhere.
pub(crate) static OUTSIDE: RuleMeta = RuleMeta {
    id: "models/archive-outside",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "Unpacking this model writes outside of the folder it is unpacked to.",
    docs: "Loaders of NeMo and TorchServe unpack the model's archive before they read it. A member whose name is absolute or climbs \
        with `..`, or that is a link to such a place, writes where its author wants: a start-up file, a key, another model.\n\n\
        Example: a member `../../.bashrc`.\n\n\
        Instead: do not load it; get the file from its author again.\n\n\
        Source: CWE-22; CVE-2024-0129, CVE-2023-48299.",
};

/// A TorchScript program reaches out.
pub(crate) static SCRIPT: RuleMeta = RuleMeta {
    id: "models/script-reaches",
    severity: Severity::High,
    controls: &[MOD_1A],
    summary: "The code inside this model reads or writes files, or is no TorchScript.",
    docs: "A TorchScript model carries a program, and a few operators of PyTorch open files: `from_file` maps any file into \
        a tensor (and can create it), `save` writes one. A model that computes does not need them. Nor does TorchScript \
        import modules of Python: a program that does is for another loader.\n\n\
        Instead: do not run it. Ask for the weights as safetensors and for the program as source.\n\n\
        Source: PyTorch's operator list (`native_functions.yaml`).",
};

/// Python source beside the weights.
pub(crate) static CODE: RuleMeta = RuleMeta {
    id: "models/archive-code",
    severity: Severity::Low,
    controls: &[MOD_1A],
    summary: "The model archive brings code that its loader runs.",
    docs: "Archives of TorchServe (`.mar`), NeMo (`.nemo`) and `torch.package` may hold Python source, which the server \
        imports; an archive of `torch.export` may hold a compiled library. That is what they are for, and it means that \
        loading the model trusts its author with everything. Where the code names commands, sockets or `eval`, or is native, \
        the finding is high.\n\n\
        Instead: read the code before you load the archive.\n\n\
        Source: the documentation of torch-model-archiver and of torch.package.",
};

/// A pickle holds a pickle.
pub(crate) static INSIDE: RuleMeta = RuleMeta {
    id: "models/pickle-inside",
    severity: Severity::Low,
    controls: &[MOD_1A],
    summary: "The pickle holds another pickle as data.",
    docs: "Among the values of this pickle are bytes (or a text in base64 or hexadecimal) that are a whole pickle. Loading \
        the outer one does not load the inner one; something else would have to. Ward followed the inner pickle too and \
        found nothing in it, or it would say more than this. Models do not need it, and attacks use it to bring their \
        load past a scanner in two steps.\n\n\
        Instead: ask the author what it is for; keep values as values.\n\n\
        Source: CWE-502.",
};

/// Every rule of pickles and their containers.
pub(crate) static RULES: &[&RuleMeta] = &[&EXECUTES, &REACHES, &UNKNOWN, &LIES, &OUTSIDE, &SCRIPT, &CODE, &INSIDE];
