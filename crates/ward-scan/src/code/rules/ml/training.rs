//! Faults of training and inference code: wrong results rather than break-ins.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;
use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

pub(super) static NUMPY_IN_DATASET: Rule = Rule {
    meta: RuleMeta {
        id: "ml/numpy-random-in-dataset",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "NumPy's random numbers in a PyTorch data set: every worker draws the same.",
        docs: "Workers of a `DataLoader` are copies of one process and begin with the same state of NumPy's global generator, \
            so augmentations repeat across workers and epochs: the model sees less variety than anybody thinks.\n\n\
            Example: `np.random.rand()` inside `Dataset.__getitem__`\n\n\
            **Instead:** `torch.rand`, or a generator seeded in `worker_init_fn` from `torch.initial_seed()`.\n\n\
            Source: PyTorch documentation, randomness in multi-process data loading.",
    },
    on: &[On::CallPrefix("numpy.random.")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let dataset = ctx
            .bases()
            .iter()
            .any(|base| base.starts_with("torch.utils.data.") && base.contains("Dataset"));
        let seeded = matches!(
            site.name,
            "numpy.random.default_rng" | "numpy.random.seed" | "numpy.random.RandomState"
        );
        if let Some(class) = ctx.class().filter(|_| dataset && !seeded) {
            let hit = Hit::at(class)
                .value(class.name.as_str())
                .step(call, "drawn from NumPy's global generator");
            out.report(hit.thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import numpy as np\nfrom torch.utils.data import Dataset\nclass D(Dataset):\n    def __getitem__(self, i):\n        return np.random.rand(3)",
    ],
    good: &[
        "import numpy as np\nclass D:\n    def __getitem__(self, i):\n        return np.random.rand(3)",
        "import torch\nfrom torch.utils.data import Dataset\nclass D(Dataset):\n    def __getitem__(self, i):\n        return torch.rand(3)",
    ],
};

pub(super) static NUMPY_IN_MODULE: Rule = Rule {
    meta: RuleMeta {
        id: "ml/numpy-in-module",
        severity: Severity::Info,
        controls: &[CODE_2A],
        summary: "NumPy inside a PyTorch module: gradients and exports do not see it.",
        docs: "What NumPy computes is a constant for autograd, and tracing or exporting the module freezes the value of one \
            example into the model.\n\n\
            Example: `np.concatenate(..)` inside `Module.forward`\n\n\
            **Instead:** the function of the same name in `torch`.\n\n\
            Source: PyTorch documentation of `torch.jit.trace` and of autograd.",
    },
    on: &[On::CallPrefix("numpy.")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let module = ctx.bases().iter().any(|base| {
            matches!(
                base.as_str(),
                "torch.nn.Module" | "torch.nn.modules.module.Module" | "torch.jit.ScriptModule"
            )
        });
        let forward = ctx
            .function()
            .is_some_and(|function| function.name.as_str() == "forward");
        if module && forward {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import numpy as np\nfrom torch import nn\nclass M(nn.Module):\n    def forward(self, x):\n        return np.concatenate([x, x])",
    ],
    good: &[
        "import numpy as np\nfrom torch import nn\nclass M(nn.Module):\n    def __init__(self):\n        self.a = np.zeros(3)",
        "import torch\nfrom torch import nn\nclass M(nn.Module):\n    def forward(self, x):\n        return torch.cat([x, x])",
    ],
};

pub(super) static TENSOR: Rule = Rule {
    meta: RuleMeta {
        id: "ml/tensor-constructor",
        severity: Severity::Info,
        controls: &[CODE_2A],
        summary: "`torch.Tensor(..)` means a shape or values, and always the default type.",
        docs: "`torch.Tensor(3)` makes three uninitialised numbers, `torch.Tensor([3])` one; integers silently become floats.\n\n\
            Example: `torch.Tensor(x)`\n\n\
            **Instead:** `torch.tensor(x)` for values, `torch.empty(n)` for a shape.\n\n\
            Source: PyTorch documentation of `torch.Tensor`.",
    },
    on: &[On::Call("torch.Tensor")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if !call.arguments.is_empty() {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &["import torch\ntorch.Tensor(3)"],
    good: &["import torch\ntorch.tensor([3])", "import torch\ntorch.Tensor()"],
};

pub(super) static PINNING: Rule = Rule {
    meta: RuleMeta {
        id: "ml/memory-pinning",
        severity: Severity::Info,
        controls: &[CODE_2A],
        summary: "Memory is pinned by hand.",
        docs: "Pinning every tensor by hand takes memory that cannot be swapped from the whole machine and is easily forgotten \
            or done twice; a `DataLoader` with `pin_memory=True` does it for batches, in a thread of its own.\n\n\
            Example: `tensor.pin_memory()`\n\n\
            **Instead:** `DataLoader(.., pin_memory=True)`.\n\n\
            Source: PyTorch documentation of `torch.utils.data`, memory pinning.",
    },
    on: &[On::Method("pin_memory")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        // A batch type's own `pin_memory` is what the loader calls.
        let own = ctx
            .function()
            .is_some_and(|function| function.name.as_str() == "pin_memory");
        if ctx.has_import("torch") && !own {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &["import torch\nt = torch.ones(3)\nt.pin_memory()"],
    good: &[
        "import torch\ntorch.utils.data.DataLoader(d, pin_memory=True)",
        "import torch\nclass B:\n    def pin_memory(self):\n        self.x = self.x.pin_memory()\n        return self",
    ],
};

pub(super) static WAIT: Rule = Rule {
    meta: RuleMeta {
        id: "ml/distributed-without-wait",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "A transfer between processes is started and nobody waits for it.",
        docs: "`isend`, `irecv` and collectives with `async_op=True` return at once. Until `wait()` returned, the tensor may \
            hold anything, and a later change of it may be what is sent.\n\n\
            Example: `dist.isend(t, dst=1)` as a statement of its own\n\n\
            **Instead:** `work = dist.isend(t, dst=1)` and `work.wait()` before the tensor is used again.\n\n\
            Source: PyTorch documentation of `torch.distributed`, asynchronous collective operations.",
    },
    on: &[
        On::Call("torch.distributed.isend"),
        On::Call("torch.distributed.irecv"),
        On::Call("torch.distributed.all_reduce"),
        On::Call("torch.distributed.broadcast"),
        On::Call("torch.distributed.reduce"),
        On::Call("torch.distributed.all_gather"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let started = site.name.ends_with(".isend")
            || site.name.ends_with(".irecv")
            || ctx
                .arg(call, None, "async_op")
                .given()
                .is_some_and(|given| ctx.is_true(given));
        if !started {
            return;
        }
        let after = |name: &str| {
            let end = ctx
                .function()
                .map_or(ctx.source.len(), |function| function.range().end().to_usize());
            let rest = ctx.source.get(call.range().end().to_usize()..end).unwrap_or_default();
            rest.contains(&format!("{name}.wait(")) || rest.contains(&format!("({name})"))
        };
        let waited = match ctx.statements().last() {
            Some(Stmt::Assign(assign)) => match assign.targets.as_slice() {
                [Expr::Name(name)] => after(name.id.as_str()),
                _ => true,
            },
            Some(Stmt::Expr(_)) => ctx.parent().is_some(),
            _ => true,
        };
        if !waited {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import torch.distributed as dist\ndist.isend(t, dst=1)",
        "import torch.distributed as dist\nr = dist.irecv(t, src=0)\nprint(t)",
    ],
    good: &[
        "import torch.distributed as dist\nr = dist.isend(t, dst=1)\nr.wait()",
        "import torch.distributed as dist\ndist.isend(t, dst=1).wait()",
        "import torch.distributed as dist\ndist.all_reduce(t)",
    ],
};

pub(super) static LXML: Rule = Rule {
    meta: RuleMeta {
        id: "ml/frame-from-xml",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "pandas reads HTML or XML with lxml, which may fetch what the document names.",
        docs: "A document can declare entities that name files or addresses; an XML parser that follows them reads local files \
            into the table or calls other servers.\n\n\
            Example: `pandas.read_xml(path)`\n\n\
            **Instead:** parse with `defusedxml` and make the frame from what it gives; `parser=\"etree\"` for `read_xml`, \
            `flavor=\"bs4\"` for `read_html`.\n\n\
            Source: pandas documentation of `read_xml`; lxml documentation; CWE-611.",
    },
    on: &[On::Call("pandas.read_xml"), On::Call("pandas.read_html")],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let name = if site.name.ends_with("read_xml") {
            "parser"
        } else {
            "flavor"
        };
        let chosen = ctx.arg(call, None, name);
        let lxml = match chosen.given() {
            Some(given) => ctx.str(given).as_deref() == Some("lxml"),
            // What is not given is lxml.
            None => true,
        };
        if lxml {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import pandas as pd\npd.read_xml(p)",
        "import pandas as pd\npd.read_html(p, flavor='lxml')",
    ],
    good: &[
        "import pandas as pd\npd.read_xml(p, parser='etree')",
        "import pandas as pd\npd.read_csv(p)",
    ],
};

pub(super) static DISTUTILS: Rule = Rule {
    meta: RuleMeta {
        id: "ml/numpy-distutils",
        severity: Severity::Info,
        controls: &[CODE_2A],
        summary: "`numpy.distutils` gets no mends any more.",
        docs: "NumPy gave its build system up in version 1.23 and leaves it out from Python 3.12 on: whatever is found in it \
            stays.\n\n\
            Example: `from numpy.distutils.core import setup`\n\n\
            **Instead:** meson-python or setuptools.\n\n\
            Source: NumPy documentation, status of `numpy.distutils`; CWE-1104.",
    },
    on: &[On::Import("numpy.distutils")],
    check: |ctx, site, out| out.report(Hit::at(site.range()).thorough_if(ctx.is_test())),
    bad: &["from numpy.distutils.core import setup", "import numpy.distutils"],
    good: &["import numpy", "from setuptools import setup"],
};
