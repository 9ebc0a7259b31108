//! Cards of models and data sets: the YAML between two lines of `---` at the head of a `README.md`
//! (<https://huggingface.co/docs/hub/model-cards>, <https://huggingface.co/docs/hub/datasets-cards>).

use ward_formats::{
    Budget,
    yaml::{Shape, Value, Yaml},
};

/// What a card says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// True for a data set, false for a model.
    pub data: bool,
    /// The licence, as it is written.
    pub licence: Option<String>,
    /// Its name, when `licence` is `other`.
    pub licence_name: Option<String>,
    /// Where its text stands.
    pub licence_link: Option<String>,
    /// The line of the licence.
    pub line: u32,
    /// Data sets a model was trained on.
    pub datasets: Vec<String>,
    /// Models it was made from.
    pub base_models: Vec<String>,
    /// Languages.
    pub languages: Vec<String>,
    /// What it is for: `text-generation`.
    pub tasks: Vec<String>,
    /// The library that loads it.
    pub library: Option<String>,
    /// Its name for people.
    pub title: Option<String>,
    /// What it was measured to do (`model-index`): the measure, with the data it was taken on, and the value as it is written.
    pub metrics: Vec<(String, String)>,
}

/// Longest head of a card, in bytes.
const LONGEST: usize = 256 << 10;
/// What a head may cost.
const BUDGET: Budget = Budget {
    bytes: LONGEST,
    depth: 32,
    items: 20_000,
};
/// Most entries of a list that are kept, and their longest.
const MOST: usize = 200;
const LONGEST_TEXT: usize = 200;

/// Fields of which a card has at least one; without them the head belongs to a page of another kind.
const FIELDS: &[&str] = &[
    "license",
    "base_model",
    "datasets",
    "pipeline_tag",
    "library_name",
    "task_categories",
    "size_categories",
    "annotations_creators",
    "model-index",
    "dataset_info",
    "language_creators",
];

/// Reads the head of a card.
///
/// # Errors
/// A sentence when there is a head and it is no YAML. `Ok(None)` when the text has no head, or is no card.
pub fn read(text: &[u8]) -> Result<Option<Card>, &'static str> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let Some(rest) = text.strip_prefix(b"---\n").or_else(|| text.strip_prefix(b"---\r\n")) else {
        return Ok(None);
    };
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    let Some(end) = memchr::memmem::find(rest, b"\n---") else {
        return Ok(None);
    };
    let head = rest.get(..end + 1).unwrap_or_default();
    let yaml = Yaml::parse(head, BUDGET).map_err(|_| "the head of the card is no YAML")?;
    let Some(root) = yaml.root() else { return Ok(None) };
    if root.shape() != Shape::Mapping || !FIELDS.iter().any(|field| root.get(field).is_some()) {
        return Ok(None);
    }
    let one = |key: &str| texts(root, key).into_iter().next();
    let data = [
        "task_categories",
        "size_categories",
        "annotations_creators",
        "dataset_info",
        "language_creators",
    ];
    let mut tasks = texts(root, "pipeline_tag");
    tasks.extend(texts(root, "task_categories"));
    let licences = texts(root, "license");
    Ok(Some(Card {
        data: data.iter().any(|field| root.get(field).is_some()),
        // A list of licences: all of them matter.
        licence: (!licences.is_empty()).then(|| licences.join(" AND ")),
        licence_name: one("license_name"),
        licence_link: one("license_link"),
        line: root.entry("license").map_or(1, |(key, _)| key.line().saturating_add(1)),
        datasets: texts(root, "datasets"),
        base_models: texts(root, "base_model"),
        languages: texts(root, "language"),
        tasks,
        library: one("library_name"),
        title: one("pretty_name").or_else(|| name_of_index(root)),
        metrics: metrics_of_index(root),
    }))
}

fn metrics_of_index(root: Value<'_>) -> Vec<(String, String)> {
    let results = root.get("model-index").into_iter().flat_map(|index| index.items());
    let results = results
        .filter_map(|one| one.get("results"))
        .flat_map(|results| results.items());
    let mut metrics = Vec::new();
    for result in results {
        let on = result.get("dataset").and_then(|data| data.text_of("name")).map(kept);
        for metric in result.get("metrics").into_iter().flat_map(|metrics| metrics.items()) {
            let (Some(name), Some(value)) = (metric.text_of("type"), metric.text_of("value")) else {
                continue;
            };
            let name = on
                .as_ref()
                .map_or_else(|| kept(name), |on| format!("{} on {on}", kept(name)));
            metrics.push((name, kept(value)));
        }
    }
    metrics.truncate(MOST);
    metrics
}

fn name_of_index(root: Value<'_>) -> Option<String> {
    let first = root.get("model-index")?.items().next()?;
    first.text_of("name").map(kept)
}

/// The texts of a field that holds one or a list of them.
fn texts(root: Value<'_>, key: &str) -> Vec<String> {
    let Some(value) = root.get(key).map(Value::target) else {
        return Vec::new();
    };
    if value.is_null() {
        return Vec::new();
    }
    match value.shape() {
        Shape::Scalar => value.text().map(kept).into_iter().collect(),
        Shape::Sequence => value
            .items()
            .filter_map(|item| item.text().map(kept))
            .take(MOST)
            .collect(),
        Shape::Mapping => Vec::new(),
    }
}

fn kept(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_TEXT)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_say_their_licence_and_where_they_come_from() {
        let card = read(b"---\nlanguage:\n- en\n- de\nlicense: other\nlicense_name: gemma\nbase_model: acme/base-7b\ndatasets: [acme/notes]\npipeline_tag: text-generation\n---\n# Title\n")
            .unwrap()
            .unwrap();
        assert_eq!(card.licence.as_deref(), Some("other"));
        assert_eq!(card.licence_name.as_deref(), Some("gemma"));
        assert_eq!((card.line, card.data), (5, false));
        assert_eq!(card.languages, ["en", "de"]);
        assert_eq!(
            (card.base_models.as_slice(), card.datasets.as_slice()),
            (&["acme/base-7b".to_owned()][..], &["acme/notes".to_owned()][..])
        );
        let data = read(b"---\r\nlicense:\n- odc-by\n- mit\ntask_categories: [x]\n---\n")
            .unwrap()
            .unwrap();
        assert!(data.data);
        assert_eq!(data.licence.as_deref(), Some("odc-by AND mit"));
    }

    #[test]
    fn measures_are_read() {
        let text = "---\nmodel-index:\n- name: m\n  results:\n  - task: {type: a}\n    dataset: {name: Notes}\n    metrics:\n    - {type: f1, value: 0.93}\n    - {type: odd}\n---\n";
        let card = read(text.as_bytes()).unwrap().unwrap();
        assert_eq!(card.metrics, [("f1 on Notes".to_owned(), "0.93".to_owned())]);
    }

    #[test]
    fn other_pages_are_no_cards() {
        for text in [
            "",
            "# Title",
            "---\n---\n",
            "---\ntitle: x\n---\n",
            "---\n- a\n---\n",
            "---\nno end",
        ] {
            assert_eq!(read(text.as_bytes()), Ok(None), "{text}");
        }
        assert!(read(b"---\nlicense: [\n---\n").is_err());
    }
}
