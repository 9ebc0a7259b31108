//! The names of tensors in a checkpoint: keys, indices and attributes with dots between them.

use std::collections::{BTreeMap, HashMap};

use ward_formats::pickle::{Called, Id, Node, Values, plain};

use super::{
    Error, Summary,
    tensor::{Seen, Tensor, tensor},
};

/// Containers inside each other that are followed.
const DEEPEST: usize = 64;
/// Values that are looked at: a list that holds itself ends here.
const MOST: usize = 4_000_000;

/// Every tensor under `root` by its name: keys, indices and attributes with dots between them.
pub(super) fn collect(values: &Values<'_>, root: Id, summary: &mut Summary) -> Result<BTreeMap<String, Tensor>, Error> {
    let mut tensors = BTreeMap::new();
    let mut todo = vec![(root, String::new(), 0usize)];
    let mut looked = 0;
    while let Some((id, name, depth)) = todo.pop() {
        looked += 1;
        if looked > MOST || depth > DEEPEST {
            return Err(Error::Input("it nests too deep, or holds itself"));
        }
        let seen = tensor(values, id);
        // A checkpoint may be one tensor and nothing else.
        let alone = name.is_empty() && !matches!(seen, Seen::Other);
        let name = if alone { "tensor".to_owned() } else { name };
        match seen {
            Seen::Tensor(tensor) => {
                if name == "__metadata__" || tensors.contains_key(&name) {
                    return Err(Error::Tensor(plain(&name), "another tensor would have the same name"));
                }
                tensors.insert(name, tensor);
                continue;
            }
            Seen::Refused(why) => return Err(Error::Tensor(plain(&name), why)),
            Seen::Other => {}
        }
        let join = |part: &str| {
            if name.is_empty() {
                part.to_owned()
            } else {
                format!("{name}.{part}")
            }
        };
        let mut children: Vec<(Id, String)> = Vec::new();
        let mut holds = false;
        match values.get(id) {
            Node::List(items) | Node::Tuple(items) => {
                children.extend(items.iter().enumerate().map(|(n, item)| (*item, join(&n.to_string()))));
            }
            Node::Dict(_) => children.extend(pairs(values, id, &join)),
            Node::Called(called) => match module(values, called) {
                Some(parts) => {
                    // A layer without parameters is no loss.
                    holds = true;
                    children.extend(parts.into_iter().map(|(item, part)| (item, join(&part))));
                }
                None if is_dictionary(values, called) => children.extend(pairs(values, id, &join)),
                None => {}
            },
            _ => {}
        }
        if children.is_empty() && !holds {
            summary.left_out_count += 1;
            if summary.left_out.len() < 1000 {
                summary.left_out.push(plain(&name));
            }
        }
        todo.extend(children.into_iter().map(|(item, name)| (item, name, depth + 1)));
    }
    summary.left_out.sort();
    Ok(tensors)
}

/// True for an object that is filled like a dictionary.
fn is_dictionary(values: &Values<'_>, called: &Called) -> bool {
    values.global(called.callee).is_some_and(|global| {
        let name = global.name.as_str();
        name.ends_with("Dict")
            || matches!(
                (global.module.as_str(), name),
                ("collections", "defaultdict" | "Counter")
            )
    })
}

fn pairs(values: &Values<'_>, id: Id, join: &dyn Fn(&str) -> String) -> Vec<(Id, String)> {
    // A key that is set twice has its last value, as in Python.
    let mut found: Vec<(Id, String)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (key, value) in values.pairs(id) {
        let key = match values.get(key) {
            Node::Int(number) => number.to_string(),
            _ => values.text(key).unwrap_or_else(|| values.render(key)),
        };
        match places.get(&key) {
            Some(place) => {
                if let Some(slot) = found.get_mut(*place) {
                    slot.0 = value;
                }
            }
            None => {
                places.insert(key.clone(), found.len());
                found.push((value, join(&key)));
            }
        }
    }
    found
}

/// What a `torch.nn.Module` holds, by the names of its `state_dict`.
fn module(values: &Values<'_>, called: &Called) -> Option<Vec<(Id, String)>> {
    let state = called.state?;
    let parameters = values.under(state, "_parameters")?;
    let mut parts = Vec::new();
    let plain_name = |part: &str| part.to_owned();
    for group in [
        Some(parameters),
        values.under(state, "_buffers"),
        values.under(state, "_modules"),
    ] {
        let named = group.map(|group| pairs(values, group, &plain_name)).unwrap_or_default();
        parts.extend(
            named
                .into_iter()
                .filter(|(item, _)| !matches!(values.get(*item), Node::None)),
        );
    }
    Some(parts)
}
