//! What is denied, declined or left out.

use crate::note::tests::lines;

#[test]
fn what_is_not_controlled_on_a_medicine_does_not_deny_it() {
    let denied = |text: &str| -> Vec<bool> {
        let told = lines(text).into_iter().filter(|line| line.starts_with("medication"));
        told.map(|line| line.starts_with("medication: no ") || line.contains("absent"))
            .collect()
    };
    for taken in [
        "Hypertension, not controlled on lisinopril 10 mg daily.",
        "Diabetes is not at goal on metformin 500 mg BID.",
        "Depression, not improved on sertraline 50 mg daily.",
        "She is not feeling well on lisinopril 10 mg.",
        "INR is not therapeutic on warfarin 5 mg.",
        "Not well controlled on glipizide 5 mg.",
        "Without chest pain on metoprolol 25 mg BID.",
        "No longer controlled on glipizide 5 mg.",
    ] {
        assert_eq!(denied(taken), [false], "{taken}");
    }
    for not in [
        "Not on lisinopril 10 mg.",
        "She is not currently on lisinopril 10 mg.",
        "He has never been on lisinopril 10 mg.",
        "Was not put on lisinopril 10 mg.",
        "Not taking lisinopril 10 mg daily.",
        "She did not do well on metformin 500 mg.",
        "She doesn't do well on codeine.",
        "He was not discharged on warfarin.",
        "Not sent home on warfarin 5 mg.",
        "Never really on warfarin.",
        "She is not even on aspirin 81 mg.",
        "Not chronically on insulin.",
        "Not tried on methotrexate.",
        "Patient isn't on metformin.",
        "He isn't taking metformin.",
        "Patient wasn\u{2019}t on warfarin.",
        "They weren't on warfarin 5 mg.",
        "Wasn't discharged on aspirin 81 mg.",
    ] {
        assert_eq!(denied(not), [true], "{not}");
    }
    for stopped in [
        "No longer on glipizide 5 mg.",
        "No longer taking glipizide 5 mg.",
        "She no longer is on glipizide 5 mg.",
        "No longer regularly on glipizide 5 mg.",
    ] {
        let told = lines(stopped);
        assert!(
            told.iter().any(|line| line.ends_with("status stopped")),
            "{stopped}: {told:?}"
        );
    }
    let told = lines("No longer controlled on glipizide 5 mg.");
    assert!(told.iter().any(|line| line.ends_with("status taking")), "{told:?}");
}

#[test]
fn when_a_dose_is_left_out_is_no_status() {
    let status = |text: &str| {
        let told = lines(text).into_iter().filter(|line| line.starts_with("medication"));
        told.into_iter()
            .find_map(|line| Some(line.split_once("status ")?.1.to_owned()))
    };
    for text in [
        "Metoprolol 25 mg BID, hold for HR < 55.",
        "Metoprolol 25 mg BID hold for SBP<100 or HR<55.",
        "Lasix 40 mg twice a day, hold if SBP below 100.",
        "Lisinopril 10 mg daily (hold for systolic less than 90).",
        "Metoprolol 25 mg BID (hold HR<55).",
        "Furosemide 40 mg IV BID, hold parameters SBP < 90.",
        "Digoxin 0.125 mg daily - hold dose if HR<60.",
        "Metoprolol 25 mg BID (hold HR<55), lisinopril 10 mg daily.",
    ] {
        assert_eq!(status(text), None, "{text}");
        assert!(lines(text).iter().all(|line| !line.starts_with("vital")), "{text}");
    }
    for text in [
        "Metoprolol 25 mg BID, held for bradycardia.",
        "Lisinopril 10 mg daily, hold for surgery.",
        "Lisinopril 10 mg daily, hold.",
        "Metoprolol 25 mg BID, on hold for HR < 55.",
        "Lisinopril 10 mg daily, currently on hold for K > 5.5.",
        "Warfarin 5 mg daily, placed on hold for INR > 4.",
        "Lisinopril 10 mg daily, hold, BP 88/50.",
        "Hold lisinopril 10 mg daily.",
    ] {
        assert_eq!(status(text).as_deref(), Some("held"), "{text}");
    }
}

#[test]
fn what_is_refused_or_said_of_neither_is_not_so() {
    let check = |text: &str, expect: &[&str]| {
        let told: Vec<String> = lines(text)
            .into_iter()
            .filter(|line| line.starts_with("medication"))
            .collect();
        let expect: Vec<String> = expect.iter().map(|line| format!("medication: {line}")).collect();
        assert_eq!(told, expect, "{text}");
    };
    check(
        "The patient refuses to stop aspirin 81 mg.",
        &["aspirin; dose 81 mg; status continued"],
    );
    check(
        "He refused to start insulin 10 units.",
        &["insulin; dose 10 units; status declined"],
    );
    check(
        "He declined to increase metformin 500 mg.",
        &["metformin; dose 500 mg; status continued"],
    );
    check("She declined aspirin 81 mg.", &["aspirin; dose 81 mg; status declined"]);
    check(
        "He agreed to stop aspirin 81 mg.",
        &["aspirin; dose 81 mg; status stopped"],
    );
    for text in [
        "Patient takes neither metformin nor insulin.",
        "Patient takes neither his metformin nor his insulin.",
        "She was discharged on neither metformin nor insulin.",
    ] {
        assert!(
            lines(text).iter().all(|line| line.contains("absent yes")),
            "{text}: {:?}",
            lines(text)
        );
        assert_eq!(lines(text).len(), 2, "{text}");
    }
    check(
        "Neither lisinopril nor amlodipine 5 mg was stopped.",
        &["amlodipine; dose 5 mg"],
    );
    check(
        "Lisinopril and amlodipine 5 mg were stopped.",
        &["Lisinopril; status stopped", "amlodipine; dose 5 mg; status stopped"],
    );
}

#[test]
fn a_denial_is_of_its_own_verb() {
    let check = |text: &str, expect: &str| {
        let told: Vec<String> = lines(text)
            .into_iter()
            .filter_map(|line| Some(line.strip_prefix("medication: ")?.to_owned()))
            .collect();
        assert_eq!(told.join(" | "), expect, "{text}");
    };
    let taking = "metformin; status taking";
    let absent = "metformin; status taking; absent yes";
    for (text, expect) in [
        // "And" and a comma begin another statement.
        ("He does not drink and takes metformin.", taking),
        ("She doesn't smoke, takes metformin.", taking),
        ("He has not smoked but uses metformin.", taking),
        ("Does not smoke and is on metformin.", taking),
        ("He does not take metformin.", absent),
        ("He is not and was never on metformin.", absent),
        ("She smokes and does not take metformin.", absent),
        // "Or" carries on what somebody does not do, and what has another subject or verb is its own.
        ("He does not have gout or take metformin.", absent),
        ("He does not smoke, drink, or take metformin.", absent),
        ("He has gout or takes metformin.", taking),
        ("He does not have gout and takes metformin.", taking),
        (
            "If the fever does not improve, call or start metformin.",
            "metformin; status considered",
        ),
        // What nobody need stop goes on, and what nobody need start is not.
        ("No need to stop metformin.", "metformin; status continued"),
        (
            "There is no reason for her to hold metformin.",
            "metformin; status continued",
        ),
        ("She does not need to stop metformin.", "metformin; status continued"),
        ("No reason to increase metformin.", "metformin; status continued"),
        ("No need to start metformin.", "metformin; status started; absent yes"),
        ("No need to take metformin.", absent),
        ("No pain, need to stop metformin.", "metformin; status stopped"),
        (
            "She has no insurance and needs to stop metformin.",
            "metformin; status stopped",
        ),
        ("There is a reason to hold metformin.", "metformin; status held"),
        ("No choice but to stop metformin.", "metformin; status stopped"),
        // Who is nobody does nothing.
        ("No one stopped the metformin.", "metformin; status continued"),
        ("No one reminds her to take metformin.", taking),
        ("No one helps her take her metformin.", taking),
        ("Nobody else at home takes metformin.", taking),
        ("No one told her to take metformin with food.", taking),
        ("He does not smoke and take metformin.", absent),
        ("She neither takes metformin nor smokes.", absent),
        ("Neither helps; she takes metformin.", taking),
        ("Kidney function declined on metformin.", taking),
        ("Metformin declined on 3/4/2024.", "Metformin; status declined"),
        ("None of the doctors held the metformin.", "metformin; status continued"),
        (
            "No one was home, so she stopped the metformin.",
            "metformin; status stopped",
        ),
        ("Someone stopped the metformin.", "metformin; status stopped"),
        ("He told no one that he stopped metformin.", "metformin; status stopped"),
        ("No rash, stopped the metformin.", "metformin; status stopped"),
        // What is not to be on, whatever stands between.
        ("He does not need to be on metformin.", absent),
        ("She is not supposed to be on metformin.", absent),
        ("She never went on metformin.", absent),
        ("He did not come in on metformin.", absent),
        ("She does not want to be on metformin.", "metformin; status declined"),
        ("She wants to be on metformin.", taking),
        ("He did not improve on metformin.", taking),
        ("She is not only on metformin.", taking),
        ("He did not bleed on metformin.", taking),
        // What declines is not refused.
        (
            "Kidney function declined on metformin 500 mg.",
            "metformin; dose 500 mg; status taking",
        ),
        (
            "Her weight declined on metformin 500 mg.",
            "metformin; dose 500 mg; status taking",
        ),
        (
            "She declined metformin 500 mg.",
            "metformin; dose 500 mg; status declined",
        ),
        ("He declined to be on metformin.", "metformin; status declined"),
        ("Patient declines metformin.", "metformin; status declined"),
    ] {
        check(text, expect);
    }
}
