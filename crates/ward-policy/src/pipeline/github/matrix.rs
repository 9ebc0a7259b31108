//! The jobs that a matrix makes.

use ward_formats::yaml::{Shape, Value as Node};

use crate::pipeline::expression::{Known, Value};

/// Jobs that a matrix may make and that are looked at.
const MATRIX: usize = 48;

/// Whether a matrix leaves some of its combinations out.
pub(super) fn leaves_out(job: Node<'_>) -> bool {
    job.at(&["strategy", "matrix", "exclude"]).is_some()
}

/// What each job of a matrix knows; one that knows nothing where there is no matrix, and none where the matrix makes no job.
pub(super) fn matrices(job: Node<'_>) -> Vec<Known> {
    let Some(matrix) = job
        .at(&["strategy", "matrix"])
        .filter(|matrix| matrix.shape() == Shape::Mapping)
    else {
        return vec![Known::new()];
    };
    let mut all = vec![Known::new()];
    let scalar = |node: Node<'_>| match (node.boolean(), node.text()) {
        (Some(value), _) => Value::Bool(value),
        (_, Some(text)) if text.contains("${{") => Value::Unknown,
        (_, Some(text)) => Value::Text(text.to_owned()),
        _ => Value::Unknown,
    };
    let row = |item: Node<'_>| -> Known {
        item.entries()
            .filter_map(|(key, value)| Some((format!("matrix.{}", key.text()?.to_ascii_lowercase()), scalar(value))))
            .collect()
    };
    let mut axes = 0;
    for (key, values) in matrix.entries() {
        let Some(name) = key.text().filter(|name| *name != "include" && *name != "exclude") else {
            continue;
        };
        let prefix = format!("matrix.{}", name.to_ascii_lowercase());
        let options: Vec<Known> = values
            .items()
            .take(MATRIX)
            .map(|item| {
                if item.shape() == Shape::Mapping {
                    item.entries()
                        .filter_map(|(key, value)| {
                            Some((format!("{prefix}.{}", key.text()?.to_ascii_lowercase()), scalar(value)))
                        })
                        .collect()
                } else {
                    Known::from([(prefix.clone(), scalar(item))])
                }
            })
            .collect();
        if options.is_empty() {
            // A list without values makes no job; an expression makes those that a run knows.
            if values.shape() == Shape::Sequence {
                return Vec::new();
            }
            continue;
        }
        axes += 1;
        let mut next = Vec::new();
        for known in &all {
            for option in &options {
                if next.len() < MATRIX {
                    let mut both = known.clone();
                    both.extend(option.clone());
                    next.push(both);
                }
            }
        }
        all = next;
    }
    let excluded: Vec<Known> = matrix
        .get("exclude")
        .into_iter()
        .flat_map(Node::items)
        .map(row)
        .collect();
    all.retain(|known| {
        !excluded
            .iter()
            .any(|one| !one.is_empty() && one.iter().all(|(key, value)| known.get(key) == Some(value)))
    });
    let mut alone = Vec::new();
    for item in matrix.get("include").into_iter().flat_map(Node::items).take(MATRIX) {
        let extra = row(item);
        let mut joined = false;
        for known in all.iter_mut().filter(|_| axes > 0) {
            let fits = extra
                .iter()
                .all(|(key, value)| known.get(key).is_none_or(|has| has == value));
            if fits {
                known.extend(extra.clone());
                joined = true;
            }
        }
        if !joined {
            alone.push(extra);
        }
    }
    if axes == 0 && !alone.is_empty() {
        all.clear();
    }
    all.extend(alone);
    all
}
