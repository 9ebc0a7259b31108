mod denied;
mod dose;

use crate::note::tests::lines;

#[test]
fn reads_medicines() {
    let check = |text: &str, expect: &[&str]| {
        let found: Vec<String> = lines(text)
            .into_iter()
            .filter(|l| l.starts_with("medication"))
            .collect();
        assert_eq!(found, expect, "{text}");
    };
    check(
        "We will increase her lisinopril to 40 mg daily and initiate Lasix 20 mg daily.",
        &[
            "medication: lisinopril; dose 40 mg; freq daily; status increased",
            "medication: Lasix; dose 20 mg; freq daily; status started",
        ],
    );
    check(
        "Lisinopril was increased from 10 mg to 20 mg daily.",
        &["medication: Lisinopril; dose 20 mg; from 10 mg; freq daily; status increased"],
    );
    check(
        "MEDICATIONS\n- Metformin 500mg PO BID\n- Zyxoprin 5 mg nightly\n- aspirin",
        &[
            "medication: Metformin; dose 500 mg; route PO; freq BID"
                .replace("500 mg", "500mg")
                .as_str(),
            "medication: Zyxoprin; dose 5 mg; freq nightly",
            "medication: aspirin",
        ],
    );
    check(
        "Metformin was stopped because of eGFR 28.",
        &["medication: Metformin; status stopped"],
    );
    check(
        "She is not taking warfarin.",
        &["medication: warfarin; status taking; absent yes"],
    );
    check(
        "Tramadol 50 mg every 6 hours as needed for pain, dispense 8.",
        &["medication: Tramadol; dose 50 mg; freq every 6 hours as needed"],
    );
    check(
        "Atorvastatin 20 mg -> 40 mg at bedtime",
        &["medication: Atorvastatin; dose 40 mg; from 20 mg; freq at bedtime"],
    );
    check(
        "PLAN: No aspirin or ibuprofen, continue metformin 500 mg daily.",
        &[
            "medication: aspirin; absent yes",
            "medication: ibuprofen; absent yes",
            "medication: metformin; dose 500 mg; freq daily; status continued",
        ],
    );
    check(
        "PLAN: Stop lisinopril and do losartan 50 instead.",
        &[
            "medication: lisinopril; status stopped",
            "medication: losartan; dose 50",
        ],
    );
    check(
        "Stop lisinopril and metformin, increase aspirin.",
        &[
            "medication: lisinopril; status stopped",
            "medication: metformin; status stopped",
            "medication: aspirin; status increased",
        ],
    );
    check(
        "Metformin and lisinopril were stopped.",
        &[
            "medication: Metformin; status stopped",
            "medication: lisinopril; status stopped",
        ],
    );
    check(
        "He never started metformin.",
        &["medication: metformin; status started; absent yes"],
    );
    check(
        "Warfarin was never started.",
        &["medication: Warfarin; status started; absent yes"],
    );
    check(
        "If potassium is over 5.5, stop lisinopril.",
        &["medication: lisinopril; status considered"],
    );
    check(
        "Hold metformin if vomiting.",
        &["medication: metformin; status considered"],
    );
    check(
        "Consider starting metformin.",
        &["medication: metformin; status considered"],
    );
    check(
        "Warfarin 2,5 mg daily.",
        &["medication: Warfarin; dose 2.5 mg; freq daily"],
    );
    check(
        "Lisinopril 10 daily. Aspirin for 3 days. Warfarin 2019.",
        &["medication: Lisinopril; dose 10; freq daily"],
    );
    for head in [
        "DISCONTINUED MEDICATIONS\n",
        "Medications discontinued:\n",
        "STOPPED:\n",
        "PAST MEDS: ",
        "Stop taking these medications:\n",
        "Home meds (stopped): ",
        "MEDICATIONS\nCurrent:\nStopped:\n",
    ] {
        check(
            &format!("{head}- metformin 500 mg daily"),
            &["medication: metformin; dose 500 mg; freq daily; status stopped"],
        );
    }
    check(
        "HELD MEDICATIONS\nwarfarin 5 mg",
        &["medication: warfarin; dose 5 mg; status held"],
    );
    check(
        "Medications prior to admission:\nwarfarin 5 mg",
        &["medication: warfarin; dose 5 mg"],
    );
    for (text, expect) in [
        ("Previously on metoprolol.", "metoprolol; status past"),
        ("MEDICATIONS\nWas on digoxin until 2019", "digoxin; status past"),
        (
            "MEDICATIONS\nFormerly took amiodarone 200 mg",
            "amiodarone; dose 200 mg; status past",
        ),
        ("MEDICATIONS\nNever took warfarin", "warfarin; absent yes"),
        ("Took digoxin for 3 months in 2019.", "digoxin; status past"),
        ("Gabapentin 300 mg years ago.", "Gabapentin; dose 300 mg; status past"),
        (
            "MEDICATIONS\nPrednisone 10 mg x 5 days, completed",
            "Prednisone; dose 10 mg; status completed",
        ),
        (
            "Completed a course of amoxicillin 500 mg.",
            "amoxicillin; dose 500 mg; status completed",
        ),
        (
            "MEDICATIONS\nAmoxicillin 500 mg TID until completed",
            "Amoxicillin; dose 500 mg; freq TID",
        ),
        (
            "MEDICATIONS\nContinue digoxin as previously",
            "digoxin; status continued",
        ),
        ("On aspirin for a stroke in the past.", "aspirin; status taking"),
        (
            "He was on warfarin and presented with bleeding.",
            "warfarin; status taking",
        ),
        ("Will start apixaban next week.", "apixaban; status planned"),
        ("Discussed starting digoxin.", "digoxin; status considered"),
        (
            "She asks whether she should take aspirin.",
            "aspirin; status considered",
        ),
        ("Would like to start digoxin.", "digoxin; status considered"),
        ("MEDICATIONS\nDigoxin - not taking", "Digoxin; absent yes"),
        ("MEDICATIONS\nHas not taken digoxin", "digoxin; absent yes"),
        (
            "Digoxin 1 mg, to be resumed later.",
            "Digoxin; dose 1 mg; status planned",
        ),
        (
            "Atenolol 25 mg, replaced by another.",
            "Atenolol; dose 25 mg; status stopped",
        ),
        ("Was taking digoxin but stopped it.", "digoxin; status stopped"),
        ("Failed digoxin.", "digoxin; status past"),
        ("He stopped taking digoxin in June.", "digoxin; status stopped"),
        (
            "Can restart digoxin 48 hours after the procedure.",
            "digoxin; status planned",
        ),
        (
            "Digoxin was started after the surgery in 2019.",
            "Digoxin; status started",
        ),
        ("Digoxin was started after the procedure.", "Digoxin; status started"),
        ("Started digoxin after the procedure.", "digoxin; status started"),
        ("Digoxin to be started after surgery.", "Digoxin; status planned"),
        ("Digoxin will be started after the surgery.", "Digoxin; status planned"),
        ("I want you to start taking digoxin.", "digoxin; status started"),
        ("She wants to start digoxin.", "digoxin; status considered"),
        (
            "She was supposed to start digoxin but has not.",
            "digoxin; status considered",
        ),
        (
            "Digoxin held x 3 doses, now resumed at 2.5 mg.",
            "Digoxin; dose 2.5 mg; status started",
        ),
        (
            "Medication changes: increased Lantus from 20 to 24 units",
            "Lantus; dose 24 units; from 20; status increased",
        ),
        (
            "She quit taking her digoxin because of cramps.",
            "digoxin; status stopped",
        ),
        ("He started taking digoxin.", "digoxin; status started"),
        ("She continues taking digoxin.", "digoxin; status continued"),
        ("He never stopped taking digoxin.", "digoxin; status continued"),
        ("He stopped smoking and is taking digoxin.", "digoxin; status taking"),
        ("HPI: He ran out of his digoxin last week.", "digoxin"),
        ("She takes a statin and baby aspirin.", "aspirin; status taking"),
        ("He used to take digoxin.", "digoxin; status past"),
        ("In the past, he took digoxin.", "digoxin; status past"),
        ("Past use of digoxin.", "digoxin; status past"),
        (
            "MEDICATIONS\nDigoxin 1 mg in the past",
            "Digoxin; dose 1 mg; status past",
        ),
        (
            "MEDICATIONS\nDigoxin, refused by the patient",
            "Digoxin; status declined",
        ),
        // What is past, completed, refused or stopped is not the medicine.
        (
            "Past medical history significant for hypertension, on lisinopril 10 mg daily.",
            "lisinopril; dose 10 mg; freq daily; status taking",
        ),
        (
            "Former smoker, on tiotropium daily.",
            "tiotropium; freq daily; status taking",
        ),
        (
            "Previously healthy man, takes aspirin 81 mg daily.",
            "aspirin; dose 81 mg; freq daily; status taking",
        ),
        ("He has a past history of AF, on apixaban.", "apixaban; status taking"),
        ("History of past smoking, on metoprolol.", "metoprolol; status taking"),
        ("Tried physical therapy, takes naproxen.", "naproxen; status taking"),
        (
            "In the past year has been taking sertraline.",
            "sertraline; status taking",
        ),
        (
            "On amlodipine 5 mg daily, previously 2.5 mg.",
            "amlodipine; dose 5 mg; from 2.5 mg; freq daily; status taking",
        ),
        (
            "MEDICATIONS\nAmlodipine 10 mg daily (previously 5 mg)",
            "Amlodipine; dose 10 mg; from 5 mg; freq daily",
        ),
        ("Takes aspirin, had a stroke 3 years ago.", "aspirin; status taking"),
        ("On lisinopril, had a cough in the past.", "lisinopril; status taking"),
        (
            "MEDICATIONS\nAlbuterol PRN, completed inhaler teaching",
            "Albuterol; freq PRN",
        ),
        (
            "MEDICATIONS\nAtorvastatin 40 mg, refused generic",
            "Atorvastatin; dose 40 mg",
        ),
        (
            "MEDICATIONS\nMetoprolol 25 mg BID - never stopped",
            "Metoprolol; dose 25 mg; freq BID",
        ),
        ("He never stopped digoxin.", "digoxin; status continued"),
        (
            "MEDICATIONS\nDigoxin 1 mg, quit smoking last year",
            "Digoxin; dose 1 mg",
        ),
        (
            "MEDICATIONS\nDigoxin 1 mg, has not taken it today",
            "Digoxin; dose 1 mg",
        ),
        ("Completed cardiac rehab on aspirin.", "aspirin; status taking"),
    ] {
        check(text, &[&format!("medication: {expect}")]);
    }
    for (text, expect) in [
        (
            "Tolerates lisinopril 5 mg, previously had cough on enalapril.",
            ["lisinopril; dose 5 mg; status taking", "enalapril; status past"],
        ),
        (
            "On albuterol PRN, completed prednisone burst.",
            ["albuterol; freq PRN; status taking", "prednisone; status completed"],
        ),
        (
            "She failed metformin and was started on insulin.",
            ["metformin; status past", "insulin; status started"],
        ),
        (
            "Formerly on metoprolol and digoxin.",
            ["metoprolol; status past", "digoxin; status past"],
        ),
        (
            "Failed metformin, on insulin.",
            ["metformin; status past", "insulin; status taking"],
        ),
        (
            "On apixaban, formerly warfarin.",
            ["apixaban; status taking", "warfarin; status past"],
        ),
        (
            "MEDICATIONS\nFormerly known as Advair: fluticasone-salmeterol",
            ["Advair", "fluticasone-salmeterol"],
        ),
    ] {
        check(
            text,
            &expect
                .map(|one| format!("medication: {one}"))
                .each_ref()
                .map(String::as_str),
        );
    }
    for (text, expect) in [
        (
            "MEDICATIONS\nApixaban 5 mg BID (replaces warfarin)",
            ["Apixaban; dose 5 mg; freq BID", "warfarin; status stopped"],
        ),
        (
            "Off warfarin, apixaban 5 mg BID.",
            ["warfarin; status stopped", "apixaban; dose 5 mg; freq BID"],
        ),
        (
            "Started apixaban instead of warfarin.",
            ["apixaban; status started", "warfarin; status stopped"],
        ),
        (
            "PLAN: switch metoprolol to carvedilol",
            ["metoprolol; status stopped", "carvedilol; status changed"],
        ),
        (
            "Changed from metoprolol 25 mg BID to carvedilol 6.25 mg BID.",
            [
                "metoprolol; dose 25 mg; freq BID; status stopped",
                "carvedilol; dose 6.25 mg; freq BID; status changed",
            ],
        ),
        (
            "Consider switching metoprolol to carvedilol.",
            ["metoprolol; status considered", "carvedilol; status considered"],
        ),
        (
            "MEDICATIONS\nAllopurinol 100 mg daily (not taking), aspirin 81 mg",
            [
                "Allopurinol; dose 100 mg; freq daily; absent yes",
                "aspirin; dose 81 mg",
            ],
        ),
        (
            "MEDICATIONS\nAspirin 81 mg, STOP ibuprofen",
            ["Aspirin; dose 81 mg", "ibuprofen; status stopped"],
        ),
        (
            "He was on warfarin but switched to Eliquis.",
            ["warfarin; status stopped", "Eliquis; status changed"],
        ),
        (
            "She was switched to Eliquis from warfarin.",
            ["Eliquis; status changed", "warfarin; status stopped"],
        ),
        (
            "Lasix stopped in January, restarted in March. Aspirin was stopped before surgery and never resumed.",
            ["Lasix; status started", "Aspirin; status stopped"],
        ),
        (
            "Aspirin was stopped and Plavix restarted.",
            ["Aspirin; status stopped", "Plavix; status started"],
        ),
        (
            "She stopped aspirin and resumed smoking. Metformin was stopped and resumed on 3/9.",
            ["aspirin; status stopped", "Metformin; status started"],
        ),
        (
            "Aspirin stopped; resumed diet. Stop metformin and resume it in 5 days.",
            ["Aspirin; status stopped", "metformin; status stopped"],
        ),
        // Neither ends a medicine.
        (
            "Pain on and off, lisinopril 10 mg daily, aspirin 81 mg.",
            ["lisinopril; dose 10 mg; freq daily", "aspirin; dose 81 mg"],
        ),
    ] {
        check(
            text,
            &expect
                .map(|one| format!("medication: {one}"))
                .each_ref()
                .map(String::as_str),
        );
    }
    check(
        "Spoke about starting insulin, which was started yesterday at 10 units.",
        &["medication: insulin; dose 10 units; status started"],
    );
    for (text, expect) in [
        ("He is happy about stopping insulin in June.", "insulin; status stopped"),
        ("Excited about starting Ozempic last week.", "Ozempic; status started"),
        (
            "Called about stopping her metoprolol yesterday.",
            "metoprolol; status stopped",
        ),
        (
            "Notified family about starting morphine drip.",
            "morphine; status started",
        ),
        (
            "No concerns about stopping prednisone, which was stopped Monday.",
            "prednisone; status stopped",
        ),
        (
            "We talked about increasing your metoprolol, so we'll increase it.",
            "metoprolol; status increased",
        ),
        ("Discussed starting insulin.", "insulin; status considered"),
    ] {
        check(text, &[format!("medication: {expect}").as_str()]);
    }
    check(
        "MEDICATIONS\nlisinopril 10 mg for high pressure (STOP), aspirin 81 mg (UNCHANGED), warfarin (RESUME), metformin (new), losartan",
        &[
            "medication: lisinopril; dose 10 mg; status stopped",
            "medication: aspirin; dose 81 mg",
            "medication: warfarin; status started",
            "medication: metformin; status started",
            "medication: losartan",
        ],
    );
    check(
        "PLAN: Stop (today) lisinopril, aspirin (81 mg), continue metformin.",
        &[
            "medication: lisinopril; status stopped",
            "medication: aspirin; dose 81 mg; status stopped",
            "medication: metformin; status continued",
        ],
    );
    check(
        "(STOP) lisinopril, (CONTINUE) aspirin",
        &[
            "medication: lisinopril; status stopped",
            "medication: aspirin; status continued",
        ],
    );
    check(
        "Replacing potassium, on furosemide.",
        &["medication: furosemide; status taking"],
    );
    check(
        "Change metoprolol 25 mg to 50 mg daily.",
        &["medication: metoprolol; dose 50 mg; from 25 mg; freq daily; status changed"],
    );
    check("Penicillin allergy; tolerates cephalexin.", &[]);
    check("PLAN: No metformin side effects.", &["medication: metformin"]);
    check("Digoxin level was 1.2.", &[]);
}

#[test]
fn what_is_held_until_later_is_held() {
    let check = |text: &str, expect: &str| {
        assert_eq!(lines(text), [format!("medication: {expect}")], "{text}");
    };
    for later in [
        "and will be resumed on Monday",
        ", to be resumed tomorrow",
        "and should be restarted next week",
    ] {
        check(&format!("HPI: Metoprolol held {later}."), "Metoprolol; status held");
    }
    check(
        "HPI: Metformin stopped and will be restarted in May.",
        "Metformin; status stopped",
    );
    check(
        "HPI: Apixaban was held and has been resumed.",
        "Apixaban; status started",
    );
    check(
        "HPI: Furosemide was held on admission and restarted at 20 mg daily.",
        "Furosemide; status started",
    );
    check(
        "HPI: Metformin stopped in January, restarted at 500 mg in March.",
        "Metformin; dose 500 mg; status started",
    );
    check("HPI: Apixaban to be resumed tomorrow.", "Apixaban; status planned");
    // Of two doses the one that was.
    check(
        "Meds: Lisinopril 20 mg (was 10 mg).",
        "Lisinopril; dose 20 mg; from 10 mg",
    );
    check(
        "Meds: Lisinopril 20 mg tablet, 1 tablet daily.",
        "Lisinopril; dose 20 mg, 1 tablet; freq daily",
    );
    check(
        "Meds: Lisinopril 20 mg (was stopped).",
        "Lisinopril; dose 20 mg; status stopped",
    );
    check("Meds: Lisinopril was 10 mg.", "Lisinopril; dose 10 mg");
}
