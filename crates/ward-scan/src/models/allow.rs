//! The exact names that rebuilding a model of a known framework needs. Everything else is reported.
//!
//! The tables lie in `allowed/`, one a framework, and are made by `allowed/generate.py` from the frameworks themselves.

use std::{collections::HashMap, sync::OnceLock};

use super::gadgets::modern;

/// What an allowed name may be used for. A later kind includes the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// It may be referred to: as the type of a storage, or as a function that an object keeps.
    Refer,
    /// Instances may be made with `__new__` and given their state.
    Make,
    /// It may be called.
    Call,
}

const TABLES: &[&str] = &[
    include_str!("allowed/python.txt"),
    include_str!("allowed/numpy.txt"),
    include_str!("allowed/scipy.txt"),
    include_str!("allowed/pandas.txt"),
    include_str!("allowed/sklearn.txt"),
    include_str!("allowed/boosting.txt"),
    include_str!("allowed/torch.txt"),
    include_str!("allowed/others.txt"),
];

type Table = HashMap<&'static str, Vec<(Use, &'static str)>>;

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table::new();
        for line in TABLES
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| !line.starts_with('#'))
        {
            let mut parts = line.splitn(3, ' ');
            let (Some(module), Some(kind), Some(names)) = (parts.next(), parts.next(), parts.next()) else {
                continue;
            };
            let kind = match kind {
                "c" => Use::Call,
                "n" => Use::Make,
                _ => Use::Refer,
            };
            table.entry(module).or_default().push((kind, names));
        }
        table
    })
}

/// What `name` of `module` may be used for; `None` when it is in no table.
pub(crate) fn of(module: &str, name: &str) -> Option<Use> {
    // NumPy moved its modules in version 2, and reads the old names as the new ones.
    let also = match module.strip_prefix("numpy.core.") {
        Some(rest) => Some(format!("numpy._core.{rest}")),
        None => module
            .strip_prefix("numpy._core.")
            .map(|rest| format!("numpy.core.{rest}")),
    };
    let here = exact(modern(module), name);
    here.max(also.and_then(|module| exact(&module, name)))
}

fn exact(module: &str, name: &str) -> Option<Use> {
    let lines = table().get(module)?;
    lines
        .iter()
        .filter(|(_, names)| names.split(' ').any(|one| one == name))
        .map(|(kind, _)| *kind)
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::gadgets;

    #[test]
    fn names_are_exact() {
        assert_eq!(of("collections", "OrderedDict"), Some(Use::Call));
        assert_eq!(of("numpy.core.multiarray", "_reconstruct"), Some(Use::Call));
        assert_eq!(of("numpy._core.multiarray", "_reconstruct"), Some(Use::Call));
        assert_eq!(of("copy_reg", "_reconstructor"), Some(Use::Call));
        assert_eq!(of("sklearn.linear_model._base", "LinearRegression"), Some(Use::Make));
        assert_eq!(of("torch", "FloatStorage"), Some(Use::Refer));
        // scikit-learn 1.5 to 1.8 pickle their losses under a short name.
        assert_eq!(of("_loss", "CyHalfBinomialLoss"), Some(Use::Call));
        assert_eq!(of("pandas.core.arrays.string_", "StringDtype"), Some(Use::Call));
        // What models keep and nothing calls while they are loaded.
        for (module, name) in [
            ("numpy", "int32"),
            ("numpy", "log10"),
            ("numpy._core._multiarray_umath", "log10"),
            ("sklearn.metrics._classification", "fbeta_score"),
            ("sklearn.metrics.pairwise", "cosine_similarity"),
            ("scipy.spatial.distance", "cosine"),
        ] {
            assert_eq!(of(module, name), Some(Use::Refer), "{module} {name}");
        }
        for (module, name) in [
            ("os", "system"),
            ("collections", "Ordered"),
            ("collections", ""),
            ("", ""),
            ("builtins", "eval"),
            ("_loss", "system"),
            ("numpy", "fromfile"),
            ("numpy", "memmap"),
            ("numpy", "vectorise"),
            ("sklearn.metrics._scorer", "get_scorer"),
            ("sklearn.metrics.pairwise", "_parallel_pairwise"),
        ] {
            assert_eq!(of(module, name), None, "{module} {name}");
        }
    }

    #[test]
    fn nothing_allowed_is_dangerous() {
        // Names that stand in both lists, each looked at.
        const LOOKED_AT: &[(&str, &str)] = &[
            ("builtins", "getattr"),         // only for members of known classes; see `judge`
            ("numpy", "vectorize"),          // SciPy's distributions keep some; making one calls nothing
            ("dill._dill", "_create_array"), // only with what NumPy makes arrays by; see `judge`
            ("dill._dill", "_load_type"),    // only with the name of a type that is allowed; see `judge`
            ("copyreg", "__newobj__"),
            ("copyreg", "__newobj_ex__"),
            ("operator", "itemgetter"),
        ];
        let mut bad = Vec::new();
        for (module, lines) in table() {
            for (kind, names) in lines {
                for name in names.split(' ').filter(|_| *kind != Use::Refer) {
                    if gadgets::find(module, name).is_some() && !LOOKED_AT.contains(&(module, name)) {
                        bad.push((module, name));
                    }
                }
            }
        }
        assert_eq!(bad, []);
    }
}
