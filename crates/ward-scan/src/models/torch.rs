//! What is PyTorch's own: storages, the old format, the layout of its archives.

/// The number with which the old format begins, as `torch/serialization.py` has it: the bytes of the integer.
pub(super) const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/// Bytes of one item of a storage type; `None` when there is no such type.
pub(super) fn item_size(storage: &str) -> Option<u64> {
    Some(match storage {
        "ComplexDoubleStorage" => 16,
        "DoubleStorage" | "LongStorage" | "ComplexFloatStorage" => 8,
        "FloatStorage" | "IntStorage" | "QInt32Storage" => 4,
        "HalfStorage" | "BFloat16Storage" | "ShortStorage" => 2,
        "CharStorage" | "ByteStorage" | "BoolStorage" | "QUInt8Storage" | "QInt8Storage" | "QUInt4x2Storage"
        | "QUInt2x4Storage" | "UntypedStorage" => 1,
        _ => return None,
    })
}

/// The folder of an archive whose pickle is member `name`: `a/` of `a/data.pkl`.
pub(super) fn root(name: &str) -> Option<&str> {
    name.strip_suffix("data.pkl")
        .filter(|root| root.is_empty() || root.ends_with('/'))
}

/// True for a member that holds the bytes of tensors, which PyTorch copies and never interprets.
pub(super) fn is_storage(roots: &[String], name: &str) -> bool {
    roots.iter().any(|root| {
        let rest = name.strip_prefix(root.as_str()).unwrap_or_default();
        let key = ["data/", "constants/", "xl_model_weights/"]
            .iter()
            .find_map(|folder| rest.strip_prefix(folder));
        key.is_some_and(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
