use super::labelled::{self, Cue, cue, strict};
use super::{Recogniser, SAFE_HARBOR, Trigger};
use crate::Class;
use crate::lexicon::ID;

const CUES: &[Cue] = &[
    strict("id"),
    strict("ids"),
    strict("identifier"),
    strict("identification"),
    cue("study id"),
    cue("subject id"),
    cue("participant id"),
    cue("site id"),
    cue("sample id"),
    cue("specimen id"),
    cue("employee id"),
    cue("veteran id"),
    cue("student id"),
    strict("accession"),
    strict("specimen"),
    strict("sample"),
    strict("case"),
    strict("order"),
    strict("employee"),
    strict("ref"),
    strict("reference"),
    strict("token"),
    strict("confirmation"),
    strict("ticket"),
    strict("study"),
    strict("subject"),
    strict("participant"),
    strict("requisition"),
    strict("rx"),
    strict("prescription"),
    strict("tracking"),
    strict("job"),
    strict("booking"),
    strict("interpreter"),
    strict("sheet"),
];

/// Numbers that are short and yet one person's.
const SHORT: &[Cue] = &[cue("badge"), cue("inmate"), cue("prisoner")];

/// See [`RECOGNISERS`](super::RECOGNISERS).
pub(super) const RECOGNISER: Recogniser = Recogniser {
    id: "id",
    class: Class::Id,
    what: "Other identifying numbers and codes after words such as ID, accession number or case number.",
    why: "Any unique number or code leads back to a person through the system that issued it.",
    source: SAFE_HARBOR,
    yes: &[
        ("(ID#: LUP-98765)", "LUP-98765"),
        ("Site ID: 98765.", "98765"),
        ("accession number S24-12345", "S24-12345"),
        ("ID A123-456", "A123-456"),
        ("under ID: RX-87654321.", "RX-87654321"),
        ("Officer, badge 4471, came", "4471"),
        ("Prisoner # 1187-3345 at", "1187-3345"),
        ("Job#: 884213", "884213"),
        ("Interpreter #88213 used", "88213"),
        ("run sheet #22-0098431,", "22-0098431"),
    ],
    no: &[
        "ID: 500 mg vancomycin",
        "ID consult on day 3",
        "case 4 of 5",
        "in order 2 weeks",
        "sample of 20 patients",
        "study of 12,345 adults",
        "lost his job 20000 ago",
    ],
    strong: false,
    trigger: Trigger::Word(ID, |scan, i, hits| {
        let min = if scan.is(i, "id") { 4 } else { 5 };
        if scan.is(i, "id") && matches!(scan.gap(i), " ") && scan.digits(i + 1) == 0 {
            labelled::find(scan, i, &[cue("id")], Class::Id, 5, hits);
        }
        labelled::find(scan, i, CUES, Class::Id, min, hits);
        labelled::find(scan, i, SHORT, Class::Id, 4, hits);
    }),
};
