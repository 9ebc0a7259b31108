//! Which digests Kustomize puts in the place of images: `images` of a `kustomization.yaml`, for the files that it lists.

use std::cell::Cell;

use ward_formats::yaml::{Value as Node, Yaml};

use super::{Facts, YAML};
use crate::check::remarks;

/// Most files of Kustomize that are read, most that one may lead through, and how often one is looked at in all.
const MOST: usize = 200;
const DEEPEST: usize = 8;
const LOOKS: usize = 20_000;

/// One `kustomization.yaml`.
struct Layer {
    path: String,
    /// What it lists, from the root of the repository: files, and folders of other layers.
    lists: Vec<String>,
    /// Images that it gives a digest.
    pins: Vec<String>,
}

/// Every `kustomization.yaml` of the repository.
pub(super) struct Layers {
    all: Vec<Layer>,
    /// Every file of Kustomize was read, and no pipeline hands files to a cluster as they stand.
    is_whole: bool,
    /// How often a layer may still be looked at.
    left: Cell<usize>,
}

/// What Kustomize makes of an image that a file names without a digest.
pub(super) enum Given {
    /// Nothing: no layer gives it a digest.
    Nothing,
    /// A digest, in all that lists the file.
    Digest,
    /// A digest in some layer, which is not seen to be what everything else goes through.
    Open,
}

impl Layers {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let files = facts.named(&|name| matches!(name, "kustomization.yaml" | "kustomization.yml"));
        let files: Vec<&str> = files.take(MOST + 1).collect();
        let layers = files.iter().filter_map(|path| {
            let yaml = Yaml::parse(facts.text(path)?.as_bytes(), YAML).ok()?;
            let root = yaml.root()?;
            let list = |key: &str| root.get(key).into_iter().flat_map(Node::items).filter_map(Node::text);
            let keys = ["resources", "bases", "components"];
            let lists = keys
                .iter()
                .flat_map(|key| list(key))
                .filter_map(|to| beside(path, to))
                .collect();
            let images = root.get("images").into_iter().flat_map(Node::items);
            let has_digest = |image: &Node<'_>| image.text_of("digest").is_some_and(|text| text.starts_with("sha256:"));
            let pins = images.filter(has_digest).filter_map(|image| image.text_of("name"));
            Some(Layer {
                path: (*path).to_owned(),
                lists,
                pins: pins.map(str::to_owned).collect(),
            })
        });
        let pipelines = facts.pipelines.files.keys().filter_map(|path| facts.text(path));
        let are_passed = pipelines.flat_map(str::lines).take(50_000).any(applies_files);
        let all: Vec<Layer> = layers.collect();
        Self {
            is_whole: !are_passed && all.len() == files.len() && files.len() <= MOST,
            all,
            left: Cell::new(LOOKS),
        }
    }

    /// What becomes of an image, as a file names it.
    pub(super) fn give(&self, file: &str, image: &str) -> Given {
        let name = image.split('@').next().unwrap_or(image);
        let name = match name.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => name,
            _ => name,
        };
        if !self.all.iter().any(|layer| layer.pins.iter().any(|pin| pin == name)) {
            return Given::Nothing;
        }
        let is_outermost = |layer: &&Layer| !self.all.iter().any(|other| other.lists_layer(layer));
        let outermost = self.all.iter().filter(is_outermost);
        let mut given = outermost
            .filter_map(|layer| self.pinned(layer, file, name, DEEPEST))
            .peekable();
        let is_pinned = given.peek().is_some() && given.all(|is_pinned| is_pinned);
        if is_pinned && self.is_whole && self.left.get() > 0 {
            Given::Digest
        } else {
            Given::Open
        }
    }

    /// Whether a layer that comes to the file gives the image a digest on every way to it; `None` where it does not come there.
    fn pinned(&self, layer: &Layer, file: &str, name: &str, deep: usize) -> Option<bool> {
        // What is not looked at to its end is not known.
        if deep == 0 || self.left.get() == 0 {
            self.left.set(0);
            return None;
        }
        self.left.set(self.left.get() - 1);
        let lists_it = layer.lists.iter().any(|to| to == file);
        let inner = self.all.iter().filter(|other| layer.lists_layer(other));
        let inner: Vec<bool> = inner
            .filter_map(|other| self.pinned(other, file, name, deep - 1))
            .collect();
        if !lists_it && inner.is_empty() {
            return None;
        }
        let pins = layer.pins.iter().any(|pin| pin == name);
        Some(pins || !lists_it && inner.into_iter().all(|is_pinned| is_pinned))
    }
}

impl Layer {
    /// Whether this layer lists another one, by its folder.
    fn lists_layer(&self, other: &Layer) -> bool {
        let folder = other.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.path != other.path && self.lists.iter().any(|to| to == folder)
    }
}

/// Whether a line hands files to a cluster without Kustomize: `kubectl apply -f FILE`, where `-` is what another command prints.
fn applies_files(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_given = |pair: &[&str]| matches!(pair, ["-f" | "--filename", file] if *file != "-");
    let in_one = |word: &&str| word.starts_with("--filename=") || word.starts_with("-f=");
    words.contains(&"kubectl") && (words.windows(2).any(is_given) || words.iter().any(in_one))
}

/// A path as a file names it, from the root of the repository; none for an address, or what leads out.
fn beside(file: &str, to: &str) -> Option<String> {
    let is_elsewhere = to.contains("://") || to.starts_with('/');
    remarks::resolved(file, to).filter(|_| !is_elsewhere)
}
