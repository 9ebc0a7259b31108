//! Processes that hand each other pickles.

use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::rule::{Hit, On, Rule};

pub(super) static OBJECTS: Rule = Rule {
    meta: RuleMeta {
        id: "ml/distributed-objects",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "Objects go between the processes of a training run as pickles.",
        docs: "These functions pickle what they send and unpickle what they get: whoever can join the group, or change what is \
            on its way, runs programs in every process. The connection has no password and no encryption.\n\n\
            Example: `torch.distributed.broadcast_object_list(objects)`\n\n\
            **Instead:** send tensors (`broadcast`, `all_gather`) with a fixed layout, or JSON as a tensor of bytes; keep the \
            group on a network of its own.\n\n\
            Source: PyTorch documentation of `torch.distributed` (warnings on pickle); PyTorch security policy; CWE-502.",
    },
    on: &[
        On::Call("torch.distributed.broadcast_object_list"),
        On::Call("torch.distributed.all_gather_object"),
        On::Call("torch.distributed.gather_object"),
        On::Call("torch.distributed.scatter_object_list"),
        On::Call("torch.distributed.send_object_list"),
        On::Call("torch.distributed.recv_object_list"),
        On::Call("torch.distributed.distributed_c10d.all_gather_object"),
        On::Call("torch.distributed.rpc.rpc_sync"),
        On::Call("torch.distributed.rpc.rpc_async"),
        On::Call("torch.distributed.rpc.remote"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        out.report(Hit::at(call).thorough_if(ctx.is_test()));
    },
    bad: &[
        "import torch.distributed as dist\ndist.broadcast_object_list(o, src=0)",
        "from torch.distributed import rpc\nrpc.rpc_sync('w', f)",
    ],
    good: &["import torch.distributed as dist\ndist.broadcast(t, src=0)"],
};

pub(super) static NO_AUTHENTICATION: Rule = Rule {
    meta: RuleMeta {
        id: "ml/pickles-from-network",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "Messages from the network are unpickled without anything that says who sent them.",
        docs: "`recv_pyobj` and a `multiprocessing` listener or manager without a key unpickle whatever arrives at the port: \
            one message runs any program.\n\n\
            Example: `socket.recv_pyobj()`\n\n\
            **Instead:** `recv_json`, MessagePack or protocol buffers; where it has to be pickles, `authkey=` from a secret \
            store and a socket that only this machine reaches.\n\n\
            Source: PyZMQ documentation of `recv_pyobj`; Python documentation of `multiprocessing.connection`; CWE-502, CWE-306.",
    },
    on: &[
        On::Method("recv_pyobj"),
        On::Call("multiprocessing.connection.Listener"),
        On::Call("multiprocessing.connection.Client"),
        On::Call("multiprocessing.managers.BaseManager"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if site.name.ends_with("recv_pyobj") {
            return out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
        let key = ctx.arg(call, None, "authkey");
        let none = key.given().is_some_and(|given| ctx.is_none(given));
        let manager = site.name.ends_with("BaseManager");
        // A manager without a key takes the process's own, which is random.
        if none || key.is_absent() && !manager {
            out.report(Hit::at(call).thorough_if(ctx.is_test()));
        }
    },
    bad: &[
        "import zmq\ns = zmq.Context().socket(zmq.PULL)\ns.recv_pyobj()",
        "from multiprocessing.connection import Listener\nListener(('0.0.0.0', 6000))",
    ],
    good: &[
        "import zmq\ns = zmq.Context().socket(zmq.PULL)\ns.recv_json()",
        "from multiprocessing.connection import Listener\nListener(('localhost', 6000), authkey=key)",
    ],
};
