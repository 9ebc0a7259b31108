//! Words and phrases that mean the same in a question and in a record.

/// Groups of terms, lower case; any member of a group stands for any other.
#[rustfmt::skip]
pub(crate) const GROUPS: &[&[&str]] = &[
    &["hypertension", "high blood pressure", "htn", "hypertensive disorder", "hypertensive"],
    &["diabetes", "diabetes mellitus", "t2dm", "dm2", "diabetic", "type 2 diabetes"],
    &["heart attack", "myocardial infarction", "stemi", "nstemi"],
    &["heart failure", "chf", "congestive heart failure", "hfref", "hfpef"],
    &["atrial fibrillation", "afib", "a-fib"],
    &["stroke", "cva", "cerebrovascular accident"],
    &["kidney disease", "ckd", "chronic kidney disease", "renal disease", "renal insufficiency", "kidney"],
    &["high cholesterol", "hyperlipidemia", "hypercholesterolemia", "dyslipidemia", "hld"],
    &["copd", "chronic obstructive pulmonary disease", "emphysema"],
    &["reflux", "gerd", "heartburn", "gastroesophageal reflux disease"],
    &["shortness of breath", "dyspnea", "breathless", "sob"],
    &["blood thinner", "anticoagulant", "anticoagulation", "warfarin", "apixaban", "rivaroxaban", "dabigatran", "eliquis", "xarelto", "coumadin"],
    &["water pill", "diuretic", "furosemide", "hydrochlorothiazide", "torsemide", "chlorthalidone", "spironolactone", "lasix"],
    &["cancer", "malignancy", "carcinoma", "neoplasm", "tumor"],
    &["smoking", "smoker", "smokes", "tobacco", "cigarettes", "smoked", "smoke"],
    &["alcohol", "drinks", "drinking", "drink", "etoh", "wine", "beer"],
    &["surgery", "operation", "surgical", "procedure", "operations"],
    &["flu", "influenza"],
    &["covid", "covid-19", "sars-cov-2", "coronavirus"],
    &["shingles", "zoster", "shingrix"],
    &["pneumonia", "pneumococcal", "prevnar", "pneumovax"],
    &["tetanus", "tdap", "td"],
    &["job", "work", "occupation", "works", "employed", "working", "employment", "retired"],
    &["swelling", "edema", "swollen"],
    &["depression", "depressive", "depressed"],
    &["urinary tract infection", "uti"],
    &["broken", "fracture", "fractured"],
    &["pregnancy", "pregnant", "gestation", "gravid", "prenatal"],
    &["blood clot", "thrombosis", "dvt", "embolism"],
    &["x-ray", "radiograph", "xray", "x-rays"],
    &["heart ultrasound", "echocardiogram", "echo"],
    &["ekg", "ecg", "electrocardiogram"],
    &["live", "lives", "living", "home"],
    &["hospitalized", "admitted", "admission", "hospitalization", "inpatient"],
    &["tablet", "pill", "tablets", "pills"],
];

/// The groups that a term (lower case) is in, as their members.
pub(crate) fn of(term: &str) -> impl Iterator<Item = &'static str> + '_ {
    GROUPS
        .iter()
        .filter(move |group| group.contains(&term))
        .flat_map(|group| group.iter().copied())
}

/// Organ words of questions and the measurements they ask about (standard names).
#[rustfmt::skip]
pub(crate) const ORGAN_MEASURES: &[(&str, &[&str])] = &[
    ("kidney", &["creatinine", "egfr", "urea nitrogen", "urine albumin"]),
    ("renal", &["creatinine", "egfr", "urea nitrogen", "urine albumin"]),
    ("liver", &["alt", "ast", "alkaline phosphatase", "bilirubin"]),
    ("hepatic", &["alt", "ast", "alkaline phosphatase", "bilirubin"]),
    ("thyroid", &["tsh", "free t4", "free t3"]),
    ("sugar", &["glucose", "hemoglobin a1c"]),
    ("sugars", &["glucose", "hemoglobin a1c"]),
    ("glycemic", &["glucose", "hemoglobin a1c"]),
    ("lipid", &["ldl cholesterol", "hdl cholesterol", "total cholesterol", "triglycerides"]),
    ("lipids", &["ldl cholesterol", "hdl cholesterol", "total cholesterol", "triglycerides"]),
    ("cholesterol", &["ldl cholesterol", "hdl cholesterol", "total cholesterol"]),
    ("blood pressure", &["blood pressure", "systolic blood pressure", "diastolic blood pressure"]),
    ("bp", &["blood pressure", "systolic blood pressure", "diastolic blood pressure"]),
    ("vitals", &["blood pressure", "heart rate", "respiratory rate", "temperature", "oxygen saturation", "systolic blood pressure", "diastolic blood pressure"]),
    ("vital signs", &["blood pressure", "heart rate", "respiratory rate", "temperature", "oxygen saturation", "systolic blood pressure", "diastolic blood pressure"]),
    ("oxygen", &["oxygen saturation"]),
    ("weigh", &["body weight"]),
    ("tall", &["body height"]),
];
