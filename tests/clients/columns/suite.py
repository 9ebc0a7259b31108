"""Apache Arrow's reader over what `ward batch` wrote: python suite.py FOLDER."""

import json
import sys

import pyarrow.parquet

# The folder as it is: what lies in it beside the parts is none of the reader's business.
table = pyarrow.parquet.read_table(sys.argv[1])
rows = table.to_pylist()
checks = {
    "columns": table.column_names[:5] == ["id", "file", "record", "kind", "not_examined"],
    "types": str(table.schema.field("record").type) == "int64" and str(table.schema.field("verified").type) == "bool",
    "rows": [row["id"] for row in rows] == ["a", "b", "a", None],
    "strings": rows[0]["file"] == "records.ndjson" and rows[1]["record"] == 2,
    "placeholders": "[NAME_" in rows[0]["text"] and "Quillfeather" not in rows[0]["text"],
    "json": json.loads(rows[0]["facts"])[0]["kind"] == "allergy" and rows[0]["fact_count"] == 1,
    "numbers": rows[0]["tokens_before"] > 0 and rows[0]["facts_invented"] == 0,
    "truth": rows[0]["verified"] is True,
    "scores": rows[1]["news2"] == 8 and rows[1]["priority"] == "P1",
    "nulls": rows[0]["news2"] is None and rows[3]["facts"] is None and "no JSON" in rows[3]["not_examined"],
    "state": "allergies" in json.loads(rows[0]["state"]),
}
for name, held in checks.items():
    if not held:
        raise SystemExit(f"not ok: {name}: {rows}")
    print(f"ok {name}")
