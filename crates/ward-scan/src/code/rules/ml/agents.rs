//! Agents whose tools can do anything.

use ruff_python_ast::Expr;
use ward_evidence::{RuleMeta, Severity, controls::CODE_2A};

use super::super::super::{
    Arg, Const,
    rule::{Hit, On, Rule},
};

pub(super) static CODE_TOOL: Rule = Rule {
    meta: RuleMeta {
        id: "ml/agent-runs-code",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "An agent gets a tool that runs programs or shell commands on this machine.",
        docs: "What a model writes is run with the rights of the process. Everything that reaches the model (a document, a web \
            page, an answer of another tool) can ask for it: prompt injection becomes code execution.\n\n\
            Example: `tools = [PythonREPLTool()]`\n\n\
            **Instead:** tools that do one thing and check their arguments; where code has to run, in a container or a \
            virtual machine without network, credentials and host files, with limits on time and memory.\n\n\
            Source: OWASP Top 10 for LLM applications 2025, LLM05 and LLM06; CWE-94.",
    },
    on: &[
        On::Call("langchain_experimental.tools.PythonREPLTool"),
        On::Call("langchain_experimental.tools.python.tool.PythonREPLTool"),
        On::Call("langchain_experimental.tools.PythonAstREPLTool"),
        On::Call("langchain_experimental.tools.python.tool.PythonAstREPLTool"),
        On::Call("langchain_experimental.utilities.PythonREPL"),
        On::Call("langchain_experimental.utilities.python.PythonREPL"),
        On::Call("langchain_experimental.agents.create_pandas_dataframe_agent"),
        On::Call("langchain_experimental.agents.agent_toolkits.create_pandas_dataframe_agent"),
        On::Call("langchain_experimental.agents.agent_toolkits.create_python_agent"),
        On::Call("langchain_experimental.agents.agent_toolkits.create_csv_agent"),
        On::Call("langchain_experimental.agents.create_csv_agent"),
        On::Call("langchain_experimental.llm_bash.base.LLMBashChain"),
        On::Call("langchain_experimental.pal_chain.PALChain"),
        On::Call("langchain_experimental.pal_chain.base.PALChain"),
        On::Call("langchain_experimental.sql.SQLDatabaseChain"),
        On::Call("langchain_experimental.sql.SQLDatabaseChain.from_llm"),
        On::Call("langchain.tools.PythonREPLTool"),
        On::Call("langchain.tools.python.tool.PythonREPLTool"),
        On::Call("langchain.utilities.PythonREPL"),
        On::Call("langchain.python.PythonREPL"),
        On::Call("langchain.chains.LLMMathChain"),
        On::Call("langchain.chains.PALChain"),
        On::Call("langchain.chains.SQLDatabaseChain"),
        On::Call("langchain.tools.ShellTool"),
        On::Call("langchain_community.tools.ShellTool"),
        On::Call("langchain_community.tools.shell.ShellTool"),
        On::Call("langchain_community.tools.shell.tool.ShellTool"),
        On::Call("langchain_community.utilities.BashProcess"),
        On::Call("langchain.agents.load_tools"),
        On::Call("langchain_community.agent_toolkits.load_tools.load_tools"),
        On::Call("langchain_community.agent_toolkits.load_tools"),
        On::Call("llama_index.tools.code_interpreter.CodeInterpreterToolSpec"),
        On::Call("llama_index.tools.code_interpreter.base.CodeInterpreterToolSpec"),
        On::Call("llama_index.query_engine.PandasQueryEngine"),
        On::Call("llama_index.core.query_engine.PandasQueryEngine"),
        On::Call("llama_index.experimental.query_engine.PandasQueryEngine"),
        On::Call("llama_index.experimental.query_engine.PolarsQueryEngine"),
        On::Call("pandasai.PandasAI"),
        On::Call("pandasai.SmartDataframe"),
        On::Call("pandasai.SmartDatalake"),
        On::Call("pandasai.Agent"),
        On::Call("autogen.coding.LocalCommandLineCodeExecutor"),
        On::Call("autogen_ext.code_executors.local.LocalCommandLineCodeExecutor"),
        On::Call("smolagents.LocalPythonExecutor"),
        On::Call("smolagents.local_python_executor.LocalPythonExecutor"),
        On::Call("smolagents.CodeAgent"),
        On::Call("smolagents.agents.CodeAgent"),
        On::Call("agents.LocalShellTool"),
        On::Call("agents.ShellTool"),
        On::Call("google.adk.code_executors.UnsafeLocalCodeExecutor"),
        On::Call("crewai_tools.CodeInterpreterTool"),
        On::Call("semantic_kernel.core_plugins.SessionsPythonTool"),
        On::Call("agno.tools.shell.ShellTools"),
        On::Call("agno.tools.python.PythonTools"),
        On::Call("phi.tools.shell.ShellTools"),
        On::Call("phi.tools.python.PythonTools"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        let last = site.name.rsplit('.').next().unwrap_or(site.name);
        if last == "load_tools" {
            let names = ctx.arg(call, 0, "tool_names").given().map(|given| ctx.constant(given));
            let Some(Const::List(names)) = names else { return };
            let runs = |name: &Const<'_>| {
                matches!(
                    name.as_str(),
                    Some("terminal" | "python_repl" | "bash" | "shell" | "pal-math" | "llm-math")
                )
            };
            if !names.iter().any(runs) {
                return;
            }
        }
        if last == "CodeInterpreterTool"
            && !ctx
                .arg(call, None, "unsafe_mode")
                .given()
                .is_some_and(|it| ctx.is_true(it))
        {
            return;
        }
        if last == "CodeAgent" {
            // Without an executor it interprets programs in this process; its documentation calls that no sandbox.
            let executor = ctx.arg(call, None, "executor_type");
            let local = match executor {
                Arg::Absent => ctx.arg(call, None, "executor").is_absent(),
                Arg::Given(kind) => ctx.str(kind).is_some_and(|kind| kind == "local"),
                Arg::Unknown => false,
            };
            if local {
                let note = "`CodeAgent` runs what a model writes in this process: its interpreter is no sandbox";
                out.report(
                    Hit::at(call)
                        .note(note)
                        .severity(Severity::Medium)
                        .thorough_if(ctx.is_test()),
                );
            }
            return;
        }
        let note = format!("`{last}` lets a model run programs or commands on this machine");
        out.report(Hit::at(call).note(note).thorough_if(ctx.is_test()));
    },
    bad: &[
        "from smolagents import CodeAgent\nCodeAgent(tools=[], model=m)",
        "from agents import LocalShellTool\nLocalShellTool(executor=run)",
        "from langchain_experimental.tools import PythonREPLTool\nt = [PythonREPLTool()]",
        "from langchain_community.tools import ShellTool\nShellTool()",
        "from langchain.agents import load_tools\nload_tools(['terminal', 'wikipedia'], llm=llm)",
        "from crewai_tools import CodeInterpreterTool\nCodeInterpreterTool(unsafe_mode=True)",
    ],
    good: &[
        "from smolagents import CodeAgent\nCodeAgent(tools=[], model=m, executor_type='docker')",
        "from smolagents import CodeAgent\nCodeAgent(tools=[], model=m, executor=remote)",
        "from agents import WebSearchTool\nWebSearchTool()",
        "from langchain.agents import load_tools\nload_tools(['wikipedia'], llm=llm)",
        "from langchain_community.tools import WikipediaQueryRun\nWikipediaQueryRun()",
        "from crewai_tools import CodeInterpreterTool\nCodeInterpreterTool()",
    ],
};

/// Arguments that switch a protection of an agent or a chain off, with what they allow.
const FLAGS: &[(&str, &str)] = &[
    (
        "allow_dangerous_requests",
        "lets a model send any HTTP request from here",
    ),
    ("allow_dangerous_code", "lets a model run programs on this machine"),
    (
        "allow_dangerous_deserialization",
        "unpickles an index: the file runs what it says",
    ),
    (
        "allow_dangerous_tools",
        "gives a model tools that can change this machine",
    ),
    ("allow_code_execution", "lets a model run programs"),
    (
        "dangerously_allow_filesystem_access",
        "lets a model read and write any file",
    ),
    ("dangerously_allow_filesystem_write", "lets a model write any file"),
    ("auto_run", "runs what a model writes without asking"),
];

pub(super) static DANGEROUS_FLAG: Rule = Rule {
    meta: RuleMeta {
        id: "ml/dangerous-flag",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "A setting switches a protection of a chain, an agent or an index off.",
        docs: "Libraries ask for words such as *dangerous* in an argument where a model, or a file, gets to do what it likes: \
            run code, send requests, be unpickled.\n\n\
            Example: `FAISS.load_local(path, embeddings, allow_dangerous_deserialization=True)`\n\n\
            **Instead:** leave it out. Rebuild an index from its texts rather than unpickle one; give an agent tools of its \
            own with an allow-list of hosts; run code in a sandbox.\n\n\
            Source: LangChain security documentation; documentation of AutoGen, CrewAI and Open Interpreter; OWASP Top 10 for \
            LLM applications 2025, LLM06; CWE-502, CWE-918, CWE-94.",
    },
    on: &[
        On::Keyword("allow_dangerous_requests"),
        On::Keyword("allow_dangerous_code"),
        On::Keyword("allow_dangerous_deserialization"),
        On::Keyword("allow_dangerous_tools"),
        On::Keyword("allow_code_execution"),
        On::Keyword("dangerously_allow_filesystem_access"),
        On::Keyword("dangerously_allow_filesystem_write"),
        On::Keyword("code_execution_config"),
        On::Keyword("code_execution_mode"),
        On::Assign,
        On::Call("setattr"),
    ],
    check: |ctx, site, out| {
        let Some(keyword) = site.keyword() else {
            // `interpreter.auto_run = True`
            let Some(set) = site.attribute(ctx) else { return };
            let auto = set.name == "auto_run" && ctx.name(set.object).is_some_and(|n| n.contains("interpreter"));
            if auto && ctx.is_true(set.value) {
                out.report(Hit::at(set.range).note("`auto_run` runs what a model writes without asking"));
            }
            return;
        };
        let name = keyword.name;
        let what = match name {
            "code_execution_mode" => match ctx.str(keyword.value).as_deref() {
                Some("unsafe") => "runs a model's programs on this machine",
                _ => return,
            },
            "code_execution_config" => {
                let Expr::Dict(config) = ctx.behind(keyword.value) else {
                    return;
                };
                let docker = config
                    .items
                    .iter()
                    .find(|item| item.key.as_ref().and_then(|key| ctx.str(key)).as_deref() == Some("use_docker"));
                match docker {
                    Some(item) if ctx.is_false(&item.value) => "runs a model's programs outside of a container",
                    _ => return,
                }
            }
            _ if !ctx.is_true(keyword.value) => return,
            _ => FLAGS
                .iter()
                .find(|(flag, _)| *flag == name)
                .map_or("switches a protection off", |(_, what)| what),
        };
        out.report(
            Hit::at(keyword)
                .note(format!("`{name}` {what}"))
                .thorough_if(ctx.is_test()),
        );
    },
    bad: &[
        "from langchain_community.vectorstores import FAISS\nFAISS.load_local(p, e, allow_dangerous_deserialization=True)",
        "from autogen import UserProxyAgent as U\nU('u', code_execution_config={'work_dir': 'x', 'use_docker': False})",
        "from crewai import Agent\nAgent(role='r', code_execution_mode='unsafe')",
        "from interpreter import interpreter\ninterpreter.auto_run = True",
    ],
    good: &[
        "from langchain_community.vectorstores import FAISS\nFAISS.load_local(p, e)",
        "from autogen import UserProxyAgent as U\nU('u', code_execution_config={'use_docker': True})",
        "from crewai import Agent\nAgent(role='r', allow_code_execution=False)",
    ],
};

pub(super) static WIDE_IMPORTS: Rule = Rule {
    meta: RuleMeta {
        id: "ml/agent-imports-anything",
        severity: Severity::High,
        controls: &[CODE_2A],
        summary: "An agent's programs may import modules that reach the system.",
        docs: "smolagents interprets what a model writes with a list of modules it may import. `\"*\"`, `os` or `subprocess` in \
            that list takes the limits away.\n\n\
            Example: `CodeAgent(tools=[], model=m, additional_authorized_imports=[\"*\"])`\n\n\
            **Instead:** name the few modules the task needs, none of them with access to files, processes or the network, or \
            use a remote executor (`executor_type=\"docker\"` or `\"e2b\"`).\n\n\
            Source: smolagents documentation, secure code execution; CWE-94.",
    },
    on: &[On::Keyword("additional_authorized_imports")],
    check: |ctx, site, out| {
        let Some(keyword) = site.keyword() else { return };
        let Const::List(names) = ctx.constant(keyword.value) else {
            return;
        };
        let wide = |name: &str| {
            let head = name.split('.').next().unwrap_or(name);
            matches!(
                head,
                "*" | "os" | "sys" | "subprocess" | "shutil" | "pathlib" | "io" | "socket" | "importlib" | "builtins"
            )
        };
        if names.iter().filter_map(Const::as_str).any(wide) {
            out.report(Hit::at(keyword).thorough_if(ctx.is_test()));
        }
    },
    bad: &["from smolagents import CodeAgent\nCodeAgent(tools=[], model=m, additional_authorized_imports=['*'])"],
    good: &["from smolagents import CodeAgent\nCodeAgent(tools=[], model=m, additional_authorized_imports=['numpy'])"],
};

pub(super) static NO_LIMIT: Rule = Rule {
    meta: RuleMeta {
        id: "ml/agent-without-limit",
        severity: Severity::Low,
        controls: &[CODE_2A],
        summary: "An agent may go on for ever.",
        docs: "Without a limit on steps or time, a model that talks itself or its tools into a circle spends money and \
            processor time until somebody notices.\n\n\
            Example: `AgentExecutor(agent=a, tools=t, max_iterations=None)`\n\n\
            **Instead:** leave the library's default, or set a number (`max_iterations=15`, `max_execution_time=60`).\n\n\
            Source: OWASP Top 10 for LLM applications 2025, LLM10; CWE-400.",
    },
    on: &[
        On::Keyword("max_iterations"),
        On::Keyword("max_turns"),
        On::Keyword("max_consecutive_auto_reply"),
    ],
    check: |ctx, site, out| {
        let (Some(call), Some(keyword)) = (site.call(), site.keyword()) else {
            return;
        };
        let name = ctx.callee(call).unwrap_or_default();
        let agent = name.to_ascii_lowercase().contains("agent");
        if agent && ctx.is_none(keyword.value) {
            let text: String = ctx.text(keyword).split_whitespace().collect();
            out.report(
                Hit::at(keyword)
                    .value(format!("{name} {text}"))
                    .thorough_if(ctx.is_test()),
            );
        }
    },
    bad: &["from langchain.agents import AgentExecutor\nAgentExecutor(agent=a, tools=t, max_iterations=None)"],
    good: &[
        "from langchain.agents import AgentExecutor\nAgentExecutor(agent=a, tools=t, max_iterations=10)",
        "solve(x, max_iterations=None)",
    ],
};
