//! The sentences of notes and queries, with slots for values. Entries alternate between the halves.
//!
//! A slot is `{word}`; [`super::values`] knows them. Everything in a slot is labelled, everything else is ordinary.

use super::Half;
use super::random::Random;

/// How a note begins.
const HEADS: &[&str] = &[
    "Patient: {pt}\nDOB: {dob}\nMRN: {mrn}\nDate of visit: {day}\n\n",
    "{fac}\nName: {pt.rev}   Record #: {mrn}   Born: {dob}\nSeen: {day}\n\n",
    "DISCHARGE SUMMARY\nPATIENT NAME: {pt}\nACCT: {acct}\nADMITTED: {day} DISCHARGED: {day}\nATTENDING: {dr}, MD\n\n",
    "Re: {pt}, d.o.b. {dob}\n{street}, {town}, {state} {zip}\nTel {phone}\n\nDear Dr. {dr.last},\n\n",
    "{pt.rev} | {dob} | MRN {mrn} | {day}\nPCP: Dr. {dr}\n\n",
    "Clinic note {day}. ",
    "TELEPHONE ENCOUNTER {day}\nCaller: {rel} (daughter)\nCallback: {phone}\n\n",
    "ED TRIAGE {day} 03:15 - {pt.last}, {pt.first} - visit {acct}\n\n",
];

/// What stands in between.
const BODIES: &[&str] = &[
    "{mr} is a {age}-year-old with {eponym} who came on {day} complaining of fatigue. ",
    "{pt.first} has been on {drug} since {day}, and {measure} was noted. ",
    "The patient's wife, {rel}, can be reached at {phone}. ",
    "Her son {rel.first} drove her in from {town}. ",
    "Seen by Dr. {dr.last} at {fac} on {day}; {measure}, {measure}. ",
    "Transferred from {fac} under the care of {dr}, NP. ",
    "We {word} and continue {drug}. ",
    "Labs today: {measure}, {measure}, {measure}. ",
    "{pt.last} denies chest pain; {word}. ",
    "He lives at {street}, {town}, {state} {zip} with his brother {rel.first}. ",
    "Insurance: Blue Cross member ID {plan}. SSN {ssn}. ",
    "Medicare number {mbi}, phone {phone}, e-mail {email}. ",
    "Implanted pacemaker, serial number {serial}, on {day}. ",
    "Pump s/n {serial} was exchanged; {measure}. ",
    "History of {eponym}, {eponym} and smoking. ",
    "Past history includes {eponym}. Exam: {measure}. ",
    "His mother died at age {age90} of {eponym}. ",
    "{age90}-year-old grandmother {rel} is the caregiver. ",
    "Portal message from {email} received {day}. ",
    "Results were posted to {url} for {pt.first}. ",
    "Licence plate {plate} was given to security. ",
    "DEA {dea} and NPI {npi} are on the script. ",
    "D/w {dr} by phone ({phone}), who agrees; {word}. ",
    "Spoke to {rel.first} {rel.last} re: {drug}. ",
    "Allergic to penicillin (rash). {word}. ",
    "Last seen {day.short}, next due {day.short}. ",
    "Follow up with {dr.last} in {town} on {day.noyear}. ",
    "Biopsy on {day.month} showed {eponym}; {measure}. ",
    "Remote access from {ip} was logged for case {id}. ",
    "Specimen {id} collected {day}: {measure}. ",
    "{pt.initials} tolerated {drug} well. ",
    "{pt.poss} pain is controlled; {measure}. ",
];

/// How a note ends.
const TAILS: &[&str] = &[
    "\nSigned electronically by {dr}, MD on {day}\n",
    "\n{dr} MD / dictated {day} / cc: Dr. {dr.last}, {fac}\n",
    "\n-- {dr.initials}, RN, {fac}, fax {phone}\n",
    "\nThank you for referring {pt}.\nSincerely,\n{dr}\n",
    "",
    "\nReviewed with {rel.first} by telephone. {word}.\n",
];

/// Questions about somebody.
pub(super) const QUERIES: &[&str] = &[
    "What is the right dose of {drug} for {pt}, MRN {mrn}, seen at {fac} on {day}?",
    "can you summarize {pt.poss} visit from {day}? dob {dob}",
    "Draft a referral for {pt} ({age}F, born {dob}) to {fac} in {town}.",
    "patient {pt} phone {phone} needs a refill of {drug}, is {measure} ok?",
    "My patient {pt.first} {pt.last}, SSN {ssn}, has {eponym}. What next?",
    "{mr} from {town} came in {day} with {measure}; is this {eponym}?",
    "Is {drug} safe in {eponym}? Asking for {pt.last}, {pt.first} (member {plan}).",
    "Email {email} the plan for {pt}: continue {drug}, recheck {measure}.",
    "Write a letter to {rel}, mother of {pt.first}, at {street}, {town}, {state} {zip}.",
    "Interpret these: {measure}, {measure} for {pt.initials}, record {mrn}, {day.short}.",
    "dr {dr.last} at {fac} asked on {day.noyear} about {drug} for {pt.last}",
    "{pt}, {age} y/o, {eponym}, {measure}, last seen {day.month}: differential?",
    "Which tests should I order for {pt.last}, admitted to {fac} {day}, with {measure}?",
    "What would {dr} at {fac} say about {drug}? Patient lives in {town}, {state}.",
    "my pt {pt} ({phone}, {email}) takes {drug}, any problem with {eponym}?",
    "Summarise for {rel} why her father {pt.first} needs {drug}; he was at {fac} since {day}.",
    "Can {pt} in {town} travel after {eponym} on {day}? insurance id {plan}",
    "Translate to Spanish for {mr}: take {drug}. Account {acct}, clinic phone {phone}.",
    "Code this visit: {pt.rev}, DOB {dob}, {eponym}, seen by Dr. {dr.last} {day}",
    "{pt.first} was born {dob} and weighs 81 kg; dose of {drug}? ssn {ssn}",
    "Explain {measure} to {pt.poss} wife {rel} at {street}, {town} {zip}",
    "is it true that {pt.last} had {eponym} in {day.month} at {fac}? mrn {mrn}",
    "Prior auth for {drug}: {pt}, member id {plan}, prescriber NPI {npi}, date of service {day}.",
    "Device check for {pt.initials}: pacemaker serial {serial}, implanted {day} at {fac}.",
];

/// Questions about nobody.
pub(super) const HARMLESS_QUERIES: &[&str] = &[
    "What is the right dose of {drug} in a {age}-year-old with {eponym}?",
    "Does {drug} interact with {drug}? {measure}, {measure}.",
    "How is {eponym} told from {eponym} when {measure}?",
    "A {age} y/o man has {eponym} and {measure}; we {word}. Next step?",
    "List the side effects of {drug} for patients with {eponym}.",
    "Is {measure} normal at {age} years? The patient {word}.",
];

/// Everything that is shared out.
#[cfg(test)]
pub(super) const ALL: &[&[&str]] = &[HEADS, BODIES, TAILS, QUERIES, HARMLESS_QUERIES];

/// The sentences of a note.
pub(super) fn outline(half: Half, random: &mut Random) -> Vec<&'static str> {
    let mut sentences = vec![half.pick(HEADS, random)];
    for _ in 0..4 + random.below(8) {
        sentences.push(half.pick(BODIES, random));
    }
    sentences.push(half.pick(TAILS, random));
    sentences
}
