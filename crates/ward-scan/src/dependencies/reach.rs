//! Whether anything of the project uses a package.

use std::collections::{HashMap, HashSet};

use super::view::View;
use crate::inventory::{Component, Ecosystem, Manifest};

/// Packages of Python whose modules have other names than they themselves. Taken from the packages' own metadata.
const MODULES: &[(&str, &[&str])] = &[
    ("antlr4-python3-runtime", &["antlr4"]),
    ("apache-airflow", &["airflow"]),
    ("apache-beam", &["apache_beam"]),
    ("attrs", &["attr", "attrs"]),
    ("azure-core", &["azure"]),
    ("beautifulsoup4", &["bs4"]),
    ("biopython", &["Bio"]),
    ("dateparser", &["dateparser"]),
    ("django", &["django"]),
    ("djangorestframework", &["rest_framework"]),
    ("dnspython", &["dns"]),
    ("docker", &["docker"]),
    ("faiss-cpu", &["faiss"]),
    ("faiss-gpu", &["faiss"]),
    ("fastapi", &["fastapi"]),
    ("gitpython", &["git"]),
    ("google-api-python-client", &["googleapiclient", "apiclient"]),
    ("google-cloud-storage", &["google"]),
    ("grpcio", &["grpc"]),
    ("ipython", &["IPython"]),
    ("jinja2", &["jinja2"]),
    ("kubernetes", &["kubernetes"]),
    ("langchain", &["langchain", "langchain_core", "langchain_community"]),
    ("llama-cpp-python", &["llama_cpp"]),
    ("llama-index", &["llama_index"]),
    ("markdown", &["markdown"]),
    ("markupsafe", &["markupsafe"]),
    ("msgpack-python", &["msgpack"]),
    ("mysql-connector-python", &["mysql"]),
    ("mysqlclient", &["MySQLdb"]),
    ("nvidia-ml-py", &["pynvml"]),
    ("opencv-contrib-python", &["cv2"]),
    ("opencv-python", &["cv2"]),
    ("opencv-python-headless", &["cv2"]),
    ("paho-mqtt", &["paho"]),
    ("pillow", &["PIL"]),
    ("pillow-simd", &["PIL"]),
    ("protobuf", &["google"]),
    ("psycopg2-binary", &["psycopg2"]),
    ("pycryptodome", &["Crypto"]),
    ("pycryptodomex", &["Cryptodome"]),
    ("pyjwt", &["jwt"]),
    ("pymupdf", &["fitz", "pymupdf"]),
    ("pynacl", &["nacl"]),
    ("pyopenssl", &["OpenSSL"]),
    ("pyserial", &["serial"]),
    ("python-dateutil", &["dateutil"]),
    ("python-dotenv", &["dotenv"]),
    ("python-engineio", &["engineio"]),
    ("python-jose", &["jose"]),
    ("python-ldap", &["ldap"]),
    ("python-magic", &["magic"]),
    ("python-multipart", &["multipart", "python_multipart"]),
    ("python-socketio", &["socketio"]),
    ("pytorch-lightning", &["pytorch_lightning", "lightning"]),
    ("pywin32", &["win32api", "win32con", "win32com", "pythoncom"]),
    ("pyyaml", &["yaml"]),
    ("pyzmq", &["zmq"]),
    ("ruamel-yaml", &["ruamel"]),
    ("scikit-image", &["skimage"]),
    ("scikit-learn", &["sklearn"]),
    ("sentence-transformers", &["sentence_transformers"]),
    ("setuptools", &["setuptools", "pkg_resources"]),
    ("tensorflow-cpu", &["tensorflow"]),
    ("tensorflow-gpu", &["tensorflow"]),
    ("torch", &["torch"]),
    ("umap-learn", &["umap"]),
    ("unstructured", &["unstructured"]),
    ("websocket-client", &["websocket"]),
];

/// Packages that work without being imported: servers, tools, drivers that others load by name, parts of the installer.
const UNIMPORTED: &[&str] = &[
    "ansible",
    "aws-cli",
    "awscli",
    "black",
    "celery",
    "certifi",
    "cryptography",
    "daphne",
    "gevent",
    "gunicorn",
    "hypercorn",
    "ipykernel",
    "jupyter",
    "jupyter-server",
    "jupyterlab",
    "mlflow",
    "notebook",
    "pip",
    "poetry",
    "psycopg2",
    "psycopg2-binary",
    "ray",
    "sentencepiece",
    "setuptools",
    "streamlit",
    "supervisor",
    "tensorboard",
    "twine",
    "urllib3",
    "uvicorn",
    "uwsgi",
    "virtualenv",
    "waitress",
    "wheel",
];

/// What the project imports, with what that needs in turn.
pub(super) struct Reach<'a> {
    /// None when there is nothing to go by.
    reached: Option<HashSet<&'a str>>,
    /// Whether lockfiles tell what packages need.
    knows_needs: bool,
    imports: HashSet<&'a str>,
}

impl<'a> Reach<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut reach = Self {
            reached: None,
            knows_needs: false,
            imports: view.imports.clone(),
        };
        if !view.has_python {
            return reach;
        }
        // Whatever is imported reaches what it needs, over all lockfiles.
        let mut needs: HashMap<&'a str, Vec<&'a str>> = HashMap::new();
        let mut open: Vec<&'a str> = Vec::new();
        for entry in &view.entries {
            for component in entry.manifest.components.iter().filter(|one| is_python(one)) {
                needs
                    .entry(&component.name)
                    .or_default()
                    .extend(component.needs.iter().map(String::as_str));
                if reach.is_imported(&component.name) {
                    open.push(&component.name);
                }
            }
        }
        reach.knows_needs = needs.values().any(|all| !all.is_empty());
        let mut reached: HashSet<&'a str> = HashSet::new();
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(needs.get(name).into_iter().flatten().copied());
            }
        }
        reach.reached = Some(reached);
        reach
    }

    /// Whether a module of a package is imported, as far as its name tells.
    fn is_imported(&self, name: &str) -> bool {
        if UNIMPORTED.contains(&name) {
            return true;
        }
        if let Ok(at) = MODULES.binary_search_by(|(package, _)| (*package).cmp(name)) {
            let modules = MODULES.get(at).map_or(&[][..], |(_, modules)| modules);
            return modules.iter().any(|module| self.imports.contains(module));
        }
        let plain = name.replace('-', "_");
        let bare = plain.strip_prefix("python_").unwrap_or(&plain);
        let bare = bare.strip_suffix("_python").unwrap_or(bare);
        let first = name.split('-').next().unwrap_or(name);
        let joined = name.replace('-', "");
        let py = bare.strip_prefix("py").filter(|rest| rest.len() > 2).unwrap_or(bare);
        let candidates = [plain.as_str(), bare, first, joined.as_str(), py];
        // Letter case is not kept in the name of a package.
        candidates.iter().any(|one| self.imports.contains(one))
            || self
                .imports
                .iter()
                .any(|import| candidates.iter().any(|one| one.eq_ignore_ascii_case(import)))
    }

    /// Why nothing seems to use a component. None when something does, or nobody can tell.
    pub(super) fn unused(&self, component: &Component) -> Option<&'static str> {
        let reached = self.reached.as_ref()?;
        if !is_python(component) || reached.contains(component.name.as_str()) {
            return None;
        }
        Some(if self.knows_needs {
            "no Python file here imports it, and nothing that is imported needs it"
        } else {
            "no Python file here imports it; whether another package needs it is not known"
        })
    }
}

/// Which packages of a lockfile need which: the first few of each, and how many there are.
pub(super) struct Needs<'a> {
    by: HashMap<&'a str, ([&'a str; 3], usize)>,
}

impl<'a> Needs<'a> {
    pub(super) fn of(manifest: &'a Manifest) -> Self {
        let mut by: HashMap<&'a str, ([&'a str; 3], usize)> = HashMap::new();
        if manifest.lock {
            by.reserve(manifest.components.len());
            for component in &manifest.components {
                for need in &component.needs {
                    let (few, count) = by.entry(need).or_default();
                    if let Some(place) = few.get_mut(*count) {
                        *place = &component.name;
                    }
                    *count += 1;
                }
            }
        }
        Self { by }
    }

    /// Who needs a component that the project does not ask for itself.
    pub(super) fn needed_by(&self, component: &Component) -> Option<String> {
        if component.direct == Some(true) {
            return None;
        }
        let (few, count) = self.by.get(component.name.as_str())?;
        Some(match few.get(..*count) {
            Some(all) => all.join(", "),
            None => format!("{} and others", few.join(", ")),
        })
    }
}

fn is_python(component: &Component) -> bool {
    matches!(component.ecosystem, Ecosystem::PyPI | Ecosystem::Conda)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_searching() {
        assert!(MODULES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn names_of_modules() {
        let reach = |imports: &[&'static str]| Reach {
            reached: None,
            knows_needs: false,
            imports: imports.iter().copied().collect(),
        };
        for (package, module, expect) in [
            ("pillow", "PIL", true),
            ("pillow", "pillow", false),
            ("requests", "requests", true),
            ("python-slugify", "slugify", true),
            ("azure-identity", "azure", true),
            ("flask", "Flask", true),
            ("pyspark", "pyspark", true),
            ("requests", "numpy", false),
            ("gunicorn", "numpy", true),
        ] {
            assert_eq!(reach(&[module]).is_imported(package), expect, "{package} {module}");
        }
    }
}
