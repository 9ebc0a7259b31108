//! The eighteen identifiers of 45 CFR 164.514(b)(2)(i), A to R, in sentences as people type them.
//!
//! What stands in braces must be replaced, every letter and digit of it. Sentences without braces must stay as they are.

use ward_deid::{Known, find};

/// Reads `{..}` marks: the text without them, and for each byte whether it was inside.
fn read(marked: &str) -> (String, Vec<bool>) {
    let (mut text, mut inside, mut wanted) = (String::new(), false, Vec::new());
    for c in marked.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ => {
                text.push(c);
                wanted.resize(text.len(), inside && c.is_alphanumeric());
            }
        }
    }
    (text, wanted)
}

fn check(sentences: &str) {
    let mut wrong = Vec::new();
    for marked in sentences.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (text, wanted) = read(&marked.replace("\\n", "\n"));
        let hits = find(&text, &Known::default());
        let mut masked = vec![false; text.len()];
        for hit in &hits {
            masked[hit.span.start..hit.span.end].fill(true);
        }
        let found: Vec<_> = hits.iter().map(|h| (&text[h.span.start..h.span.end], h.rule)).collect();
        let missed = wanted.iter().zip(&masked).any(|(wanted, masked)| *wanted && !masked);
        if missed || !marked.contains('{') && !hits.is_empty() {
            wrong.push(format!("{marked}\n    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} sentences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn names() {
    check(
        "
        can you find {john smith}'s a1c, mrn {12345}, dob {3/4/52}
        {Brunhilda} reports pain since last week
        pt {maria santos} c/o chest pain x 2d
        MR. {WILLIAM O'CONNOR} DENIES CHEST PAIN
        {Kowalski, Jan} was here with his daughter {Ewa}
        {Nguyen Thi Lan} speaks no English
        pls refill meds for {Ahmed Al-Rashid} asap
        spoke w/ {Guadalupe} (sister) re: discharge
        {Wei Zhang}'s wife called, she is worried
        Discussed with {Dr Okonkwo-Brown} and {Dr. St. James}
        patient's mother, {Fatima Hassan}, agrees
        thanks, {Priya}
        {R. Patel}, MD dictated but not read
        CC: {Thomas Mueller}, {Ana Lopez}
        This is {Bob}, I'm calling about my wife {Linda}
        {DeShawn Washington} is a 34 yo m
        {Mary-Kate O'Leary-Jones} was seen
        {van der Berg}, {Ludwig} 64M
        saw {Mrs. Grace Park} today, {Grace} feels well
        {Ms. Hope} was tearful
        attending: {Rosenberg}
        attn Nurse {Jackie Peyton}
        son {Miguel} will drive her
        his brother-in-law {Tomas} is the HCP
        HCPOA is {Esperanza Villanueva}
        Emergency contact - {Jorge Ibarra}
        my name is {Katherine Novak} and i need help
        what is {garcia}'s potassium
        did {mr brown} get his lasix
        does {mrs young} need a walker
        {Smith J}, MRN {88213}
        Signed electronically by {A. B. Fernandez} RN
        {JOHN Q ADAMS} {01/02/1950}
        pt: {Anh Tran}
        {O'Brien} says he can't sleep
        the patient ({Svetlana K.}) was febrile
        Next of kin: {Ibrahim Yusuf}
        {Rajesh Kumar Gupta} s/p CABG
        please call {Chidi} at home
        Re: {Eleanor Rigby}
        Dear {Dr. McAllister},
        Sincerely,\\n{Patrick Oyelaran}, NP
        {Nikolaos Papadopoulos} has a history of MI
        {Robert Downey Jr.} presented with cough
        {Henry Ford III} was admitted
        father {Stanislaw} died of MI at 60
        is {dorothy hamill} still npo
        {Siobhán} and {Zoë} came along
        tell {Mei-Ling} that labs are back
        ",
    );
}

#[test]
fn places() {
    check(
        "
        lives at {1428 Elm Street, Springwood, OH 43215}
        addr: {77 Massachusetts Ave Apt 4B, Cambridge MA 02139}
        {PO Box 882, Truth or Consequences, NM 87901}
        he lives in {Poughkeepsie} with his wife
        pt from {Albuquerque}, here on vacation
        {12 Rue de la Paix, 75002 Paris}
        moved from {Guadalajara} to {El Paso} in 2010
        zip {90210}
        zip code is {60614-1234}
        homeless, stays in {Tulsa}
        resides in {Cook County}
        born in {Krakow}, raised in {Hamtramck}
        transferred from {Mercy Hospital of Buffalo}
        seen at {Kaiser Oakland}
        seen at the VA in {Palo Alto}
        goes to {Lincoln High School}
        works for {Acme Roofing} in {Duluth, MN}
        dialysis at {DaVita Eastside}
        {221B Baker Street, London}
        lives in {apt 12, 400 W 43rd St, New York, NY}
        address {3300 n broadway, chicago il 60657}
        fills at {Walgreens} on 12 {Main St}
        pcp in {Walla Walla}
        resident of {Sunny Acres Nursing Home}
        {Schenectady, New York 12305}
        drove in from {st. cloud}
        {1600 Pennsylvania Avenue NW, Washington, DC 20500}
        ",
    );
}

#[test]
fn dates() {
    check(
        "
        admitted {3/4}, discharged {3/9/24}
        stay {3/4-3/9/24}
        seen {3/4/2024 - 3/9/2024} on the ward
        on the {3rd of March} he fell
        since the {3rd of March, 2023}
        labs {20240304} reviewed
        dos {04.03.2024}
        dob {03-04-1952}
        d.o.b. {4 Mar 52}
        born {March 1952}
        visit Mon {3/4/24} at 9am
        seen Monday, {March 4th}
        last colonoscopy {06/2019}
        last colonoscopy {06-2019}
        last mammo {Jun '19}
        MI in {Sept 2018}
        MI in {september of 2018}
        surgery {2023-11-05T08:30:00Z}
        follow up {Dec 12}
        f/u on {12/12}
        seen {12-Dec-23}
        seen {12dec2023}
        expired on {Feb 29, 2024} at 0300
        am {4. März 2024} gesehen
        el {4 de marzo de 2024}
        on {Christmas 2023}
        on {Christmas Day} she fell
        after {Thanksgiving 2022}
        fell on {New Year's Eve 2021}
        dates of service {1/1/24}, {2/1/24} and {3/1/24}
        {Jan 3, 5 and 7, 2024}
        from {January 3} to {January 7, 2024}
        {2024/03/04} 14:22
        week {2024-W10}
        {Febuary 3, 2024} note the typo
        {Agust 12th 2023}
        DOB {19520304}
        b. {3/4/52}
        ",
    );
}

#[test]
fn old_ages() {
    check(
        "
        a {92} year old man
        {101}yo F with CHF
        age: {95}
        pt is {ninety-four} years old
        {93} y/o male
        {97}-year-old woman
        {90} yrs old
        turned {100} last year, age {100}
        she is {91}, lives alone
        a {nonagenarian} with falls
        {102} y.o.
        in his {90s}
        in her {nineties}
        89 year old man
        HR 92 and SpO2 95%
        weight 95 kg
        ",
    );
}

#[test]
fn numbers_to_reach_people() {
    check(
        "
        call {555-867-5309}
        cell {(212) 555 0199}
        ph {212.555.0199 x44}
        phone number is {2125550199}
        fax {1-800-555-0100}
        fax# {4155550132}
        {+1 415 555 0132}
        {+44 20 7946 0958}
        {+49 (0)30 901820}
        pager {12345}
        pager #{5678}
        beeper {4-4312}
        tel: {030-901820}
        text me at {415 555 0132}
        her number is {555-0132}
        reach her son on {07700 900123}
        email {jane.doe@example.com}
        e-mail: {JDOE+labs@mail.example.co.uk}
        send to {drsmith@clinic.example}
        see {https://portal.example.org/patient/8831}
        {www.facebook.com/jane.doe.1952}
        {portal.myhealth-example.com/u/jdoe}
        linkedin {linkedin.com/in/janedoe}
        ip {192.168.13.7}
        from {2001:db8::8a2e:370:7334}
        twitter {@janedoe52}
        username {jdoe52}
        user name: {jane_doe}
        login {jdoe.52}
        mac {00:1B:44:11:3A:B7}
        ",
    );
}

#[test]
fn numbers_of_records() {
    check(
        "
        ssn {123-45-6789}
        SSN: {123456789}
        social {123 45 6789}
        soc sec # {123-45-6789}
        last 4 of social {6789}
        ssn xxx-xx-{6789}
        ss# {123-45-6789}
        mrn {00123456}
        MRN#{A-123-456}
        med rec no. {44-55-66}
        chart # {99812}
        patient id {P00091}
        medical record number: {7781 223}
        hosp # {882133}
        MRN={88213}
        mrn is {8 8 2 1 3}
        pt # {662133}
        member id {W1234 56789}
        Medicare {1EG4-TE5-MK73}
        MBI {1EG4TE5MK73}
        policy no {BCBS-9981-22}
        group # {889100}
        insurance id: {XYZ123456789}
        medicaid # {MA4451290}
        subscriber {ABC 123 456 789}
        health plan beneficiary number {HPB-22-9911}
        acct {1002003}
        account number {4400-9912-22}
        acct no: {77-88-99}
        bank acct {000123456789}, routing {021000021}
        card {4111 1111 1111 1111}
        visa {4111111111111111}
        iban {DE89 3704 0044 0532 0130 00}
        claim # {CLM-889-221}
        invoice {INV-2024-0091}
        encounter {E-4412290}
        csn {100200300}
        ",
    );
}

#[test]
fn licences_vehicles_and_devices() {
    check(
        "
        NPI {1234567893}
        DEA {AB1234563}
        dea# {ab1234563}
        license {RN-552190}
        lic. no. {A 123456}
        driver's license {D1234567}
        dl# {S514-123-45-678-0}
        passport {X12345678}
        cert # {CNA-90122}
        medical license number {MD 45.992133}
        vin {1HGCM82633A004352}
        {1M8GDM9AXKP042788} in the lot
        plate {7ABC123}
        license plate {KXR 4821}
        tag# {ABC-1234}
        drives a red truck, plates {8TRX220}
        pacemaker serial {PJN882133H}
        serial no. {SN-99120-A}
        s/n {AX9912003}
        UDI {(01)00643169007222(17)141231(21)A9123}
        device id {MDT-XT-44190}
        implant lot {L44120}, sn {B99213}
        imei {490154203237518}
        pump model MX4 serial number {MX-0042-118}
        lead model 5076 sn {PJN1234567}
        ",
    );
}

#[test]
fn other_identifiers() {
    check(
        "
        photo {jsmith_face.jpg} attached
        see image {Maria_Santos_wound_2024.png}
        file {smith_john_ct.dcm}
        fingerprint id {FP-889120}
        voiceprint {VP00912}
        retina scan id {RS-77120}
        study id {ABC-0042}
        subject {1002-044}
        accession {S24-119021}
        accession # {24-CR-001298}
        specimen {SP-00912-24}
        barcode {0099120033}
        order # {558812009}
        rx # {7712009}
        case no. {2024-CV-00912}
        badge {44512}
        employee id {E00912}
        student id {900112233}
        nhs number {943 476 5919}
        {943-476-5919} is his NHS no
        NHS {9434765919}
        ni number {QQ 12 34 56 C}
        uuid {c24d03a5-85ce-4ab0-9ef0-1385b673bca1}
        token {ghp_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3z}
        api key {sk-proj-4fK9sLq2Zx81MvNn0PtYwE}
        password: {Hunter2!pass}
        pin {4471}
        ",
    );
}

#[test]
fn what_stays() {
    check(
        "
        Parkinson disease with Foley in place
        Crohn's disease, Bell's palsy, Down syndrome
        BP 120/80, HR 72, RR 16, T 98.6
        metoprolol 25 mg BID, lisinopril 10 mg daily
        WBC 12.5, Hgb 9.1, Plt 150
        A1c 7.2, LDL 130, TSH 2.1
        strength 5/5 bilaterally, reflexes 2+
        Will follow up. May need CT. Mark the site.
        Rose bengal stain, Grace period, hope for the best
        Apgar 8/9 at 1 and 5 minutes
        L4/5 disc bulge, C5-C6 fusion
        in Texas and Canada
        Babinski negative, Romberg positive
        EF 55-60%, QTc 450
        take 1/2 tablet, then 1-2 tabs q4-6h prn
        Hepatitis B surface antigen, vitamin D 25-OH
        Glasgow Coma Scale 15, Ottawa ankle rules
        Boston criteria and the Framingham risk score
        65 year old man with 3/6 systolic murmur
        pH 7.35, pCO2 40, HCO3 24
        Zofran, Tylenol, Xarelto, Humira, Lantus
        what are the side effects of metformin in ckd stage 3
        compare apixaban 5 mg with warfarin in afib
        history of CVA in 2019
        the patient will be seen by cardiology
        start with 500 ml NS bolus over 30 min
        ICD-10 E11.9, CPT 99213, NCT01234567
        Chief Complaint: Chest Pain
        Patient: denies pain
        she is a good historian and lives alone
        ",
    );
}
