//! A part as Apache Parquet: one row group, Snappy.
//!
//! | column | type |
//! |---|---|
//! | id, file, kind, not_examined | string; id, kind and not_examined may be null |
//! | not_read | string (a JSON array), null where all was read |
//! | record | int64: its line in the file, from 1; 1 where the file is one record |
//! | text, replaced | string: with deid. replaced is JSON |
//! | facts, fact_count | string (a JSON array), int64: with facts |
//! | compressed, tokens_before, tokens_after, facts_kept, facts_invented, verified | string, int64, boolean: with compress |
//! | triage, priority, news2 | string (JSON), string, int64: with triage. Null where it cannot be scored |
//! | state | string (JSON): with state |

use std::sync::Arc;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use parquet::{
    basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical},
    data_type::{BoolType, ByteArray, ByteArrayType, Int64Type},
    file::{
        properties::WriterProperties,
        reader::{FileReader as _, SerializedFileReader},
        writer::SerializedFileWriter,
    },
    schema::types::Type,
};
use serde_json::Value;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// The string at a place.
    Text,
    /// What is at a place, as JSON text.
    Json,
    /// A whole number.
    Number,
    /// How many elements an array has.
    Count,
    /// True or false.
    Truth,
}

/// Name, what it holds, where in a row (a JSON pointer), and of which step.
const COLUMNS: &[(&str, Of, &str, &str)] = &[
    ("id", Of::Text, "/id", ""),
    ("file", Of::Text, "/file", ""),
    ("record", Of::Number, "/record", ""),
    ("kind", Of::Text, "/kind", ""),
    ("not_examined", Of::Text, "/not_examined", ""),
    ("not_read", Of::Json, "/not_read", ""),
    ("text", Of::Text, "/deid/text", "deid"),
    ("replaced", Of::Json, "/deid/replaced", "deid"),
    ("facts", Of::Json, "/facts", "facts"),
    ("fact_count", Of::Count, "/facts", "facts"),
    ("compressed", Of::Text, "/compress/text", "compress"),
    ("tokens_before", Of::Number, "/compress/tokens/before", "compress"),
    ("tokens_after", Of::Number, "/compress/tokens/after", "compress"),
    ("facts_kept", Of::Number, "/compress/facts/kept", "compress"),
    ("facts_invented", Of::Number, "/compress/facts/invented", "compress"),
    ("verified", Of::Truth, "/compress/verified", "compress"),
    ("triage", Of::Json, "/triage", "triage"),
    ("priority", Of::Text, "/triage/priority", "triage"),
    ("news2", Of::Number, "/triage/news2/total", "triage"),
    ("state", Of::Json, "/state", "state"),
];

/// How many rows a Parquet file has; none when it is none.
pub(super) fn rows(bytes: Vec<u8>) -> Option<u64> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).ok()?;
    u64::try_from(reader.metadata().file_metadata().num_rows()).ok()
}

/// Rows as the bytes of a Parquet file with the columns of `steps`.
///
/// # Errors
/// When the format cannot hold them.
pub(super) fn write(rows: &[Value], steps: &[&str]) -> Result<Vec<u8>> {
    let columns: Vec<_> = COLUMNS
        .iter()
        .filter(|(.., step)| step.is_empty() || steps.contains(step))
        .collect();
    let fields = columns
        .iter()
        .map(|(name, of, ..)| field(name, *of))
        .collect::<Result<Vec<_>>>()?;
    let schema = Type::group_type_builder("record").with_fields(fields).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("ward ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (_, of, place, _) in columns {
        let cells = rows.iter().map(|row| row.pointer(place).filter(|cell| !cell.is_null()));
        let mut column = group
            .next_column()?
            .context("the schema has fewer columns than were made")?;
        match of {
            Of::Text => fill::<ByteArrayType, _>(&mut column, cells.map(|cell| cell?.as_str().map(ByteArray::from)))?,
            Of::Json => {
                let texts = cells.map(|cell| Some(ByteArray::from(cell?.to_string().into_bytes())));
                fill::<ByteArrayType, _>(&mut column, texts)?;
            }
            Of::Number => fill::<Int64Type, _>(&mut column, cells.map(|cell| cell?.as_i64()))?,
            Of::Count => {
                let counts = cells.map(|cell| i64::try_from(cell?.as_array()?.len()).ok());
                fill::<Int64Type, _>(&mut column, counts)?;
            }
            Of::Truth => fill::<BoolType, _>(&mut column, cells.map(|cell| cell?.as_bool()))?,
        }
        column.close()?;
    }
    group.close()?;
    Ok(writer.into_inner()?)
}

fn field(name: &str, of: Of) -> Result<Arc<Type>> {
    let builder = match of {
        Of::Text => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::String))
            .with_converted_type(ConvertedType::UTF8),
        Of::Json => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
            .with_logical_type(Some(LogicalType::Json))
            .with_converted_type(ConvertedType::JSON),
        Of::Number | Of::Count => Type::primitive_type_builder(name, Physical::INT64),
        Of::Truth => Type::primitive_type_builder(name, Physical::BOOLEAN),
    };
    Ok(Arc::new(builder.with_repetition(Repetition::OPTIONAL).build()?))
}

/// Writes the cells of a column; what is not there is null.
fn fill<T: parquet::data_type::DataType, I: Iterator<Item = Option<T::T>>>(
    column: &mut parquet::file::writer::SerializedColumnWriter<'_>,
    cells: I,
) -> Result<()> {
    let (mut values, mut there) = (Vec::new(), Vec::new());
    for cell in cells {
        there.push(i16::from(cell.is_some()));
        values.extend(cell);
    }
    column.typed::<T>().write_batch(&values, Some(&there), None)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_come_back() {
        let rows = [
            json!({"id": "a", "file": "x.txt", "record": 1, "kind": "text", "not_examined": null,
                "facts": [{"kind": "lab"}], "triage": {"priority": "P2", "news2": {"total": 5}}}),
            json!({"id": null, "file": "ü.txt", "record": 2, "kind": null, "not_examined": "it is gone"}),
        ];
        let bytes = write(&rows, &["facts", "triage"]).unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let back: Vec<String> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().to_string())
            .collect();
        assert_eq!(back.len(), 2);
        for part in [
            "id: \"a\"",
            "record: 1",
            "fact_count: 1",
            "priority: \"P2\"",
            "news2: 5",
        ] {
            assert!(back[0].contains(part), "{part}: {}", back[0]);
        }
        for part in [
            "id: null",
            "file: \"ü.txt\"",
            "not_examined: \"it is gone\"",
            "facts: null",
            "news2: null",
        ] {
            assert!(back[1].contains(part), "{part}: {}", back[1]);
        }
        assert!(
            !back[0].contains("compressed"),
            "a column of a step that was not asked for"
        );
    }
}
