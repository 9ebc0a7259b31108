//! The folder of advisories as others fetch it (CSAF 2.0, section 7): provider metadata, an index, a list of changes and
//! a ROLIE feed (RFC 8322). Signatures by OpenPGP, which a "trusted provider" needs, are not made.

use serde_json::{Value, json};

use super::{File, pretty};
use crate::Settings;

/// An advisory that lies in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its path below `white/`, such as `2026/wd-2026-0001.json`.
    pub path: String,
    /// Its id.
    id: String,
    title: String,
    first: String,
    last: String,
}

impl Listed {
    /// Reads what the index needs from a CSAF document; none for what is no such document.
    #[must_use]
    pub fn read(path: &str, bytes: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let text = |pointer: &str| value.pointer(pointer)?.as_str().map(str::to_owned);
        Some(Self {
            path: path.to_owned(),
            id: text("/document/tracking/id")?,
            title: text("/document/title")?,
            first: text("/document/tracking/initial_release_date")?,
            last: text("/document/tracking/current_release_date")?,
        })
    }
}

/// The publisher as CSAF has it.
pub(super) fn publisher(settings: &Settings) -> Value {
    let publisher = &settings.publisher;
    let mut out = json!({"category": "vendor", "name": publisher.name, "namespace": publisher.namespace});
    if let (Some(contact), Some(map)) = (&publisher.contact, out.as_object_mut()) {
        map.insert("contact_details".to_owned(), json!(contact));
    }
    out
}

/// Everything in the folder that lists its advisories. Without `advisories-url` there are no addresses to put into the
/// metadata and the feed: then only the index and the list of changes.
#[must_use]
pub fn index(settings: &Settings, listed: &[Listed], now: jiff::Timestamp) -> Vec<File> {
    let mut listed = listed.to_vec();
    listed.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.path.cmp(&b.path)));
    let mut names: Vec<&str> = listed.iter().map(|one| one.path.as_str()).collect();
    names.sort_unstable();
    let index: String = names.iter().map(|name| format!("{name}\n")).collect();
    let changes: String = listed
        .iter()
        .map(|one| format!("\"{}\",\"{}\"\n", one.path, one.last))
        .collect();
    let mut files = vec![
        File {
            path: "white/index.txt".to_owned(),
            bytes: index.into_bytes(),
        },
        File {
            path: "white/changes.csv".to_owned(),
            bytes: changes.into_bytes(),
        },
    ];
    let Some(base) = settings
        .publisher
        .advisories_url
        .as_deref()
        .map(|url| url.trim_end_matches('/'))
    else {
        return files;
    };
    let latest = listed.first().map_or_else(|| super::time(now), |one| one.last.clone());
    let feed_url = format!("{base}/white/csaf-feed-tlp-white.json");
    files.push(File {
        path: "provider-metadata.json".to_owned(),
        bytes: pretty(&json!({
            "canonical_url": format!("{base}/provider-metadata.json"),
            "distributions": [
                {"directory_url": format!("{base}/white/")},
                {"rolie": {"feeds": [{"summary": "All advisories", "tlp_label": "WHITE", "url": feed_url}]}},
            ],
            "last_updated": latest,
            "list_on_CSAF_aggregators": true,
            "metadata_version": "2.0",
            "mirror_on_CSAF_aggregators": true,
            "public_openpgp_keys": [],
            "publisher": publisher(settings),
            "role": "csaf_provider",
        })),
    });
    let entries: Vec<Value> = listed
        .iter()
        .map(|one| {
            let url = format!("{base}/white/{}", one.path);
            json!({
                "id": one.id,
                "title": one.title,
                "link": [{"rel": "self", "href": url}, {"rel": "hash", "href": format!("{url}.sha256")}],
                "published": one.first,
                "updated": one.last,
                "content": {"type": "application/json", "src": url},
                "format": {"schema": "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json", "version": "2.0"},
            })
        })
        .collect();
    files.push(File {
        path: "white/csaf-feed-tlp-white.json".to_owned(),
        bytes: pretty(&json!({"feed": {
            "id": "csaf-feed-tlp-white",
            "title": "Security advisories",
            "link": [{"rel": "self", "href": feed_url}],
            "category": [{"scheme": "urn:ietf:params:rolie:category:information-type", "term": "csaf"}],
            "updated": latest,
            "entry": entries,
        }})),
    });
    files
}
