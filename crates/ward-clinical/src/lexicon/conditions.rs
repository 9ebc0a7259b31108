//! Conditions, symptoms, procedures and relatives, as notes name them.

use std::sync::OnceLock;

use super::Phrases;

/// Diagnoses, lower case.
#[rustfmt::skip]
pub(crate) const DIAGNOSES: &[&str] = &[
    "hypertension", "htn", "high blood pressure", "hyperlipidemia", "hld", "high cholesterol", "hypercholesterolemia", "dyslipidemia", "diabetes", "diabetes mellitus", "type 1 diabetes", "type 2 diabetes",
    "type 1 diabetes mellitus", "type 2 diabetes mellitus", "diabetes mellitus type 2", "diabetes type 2", "type ii diabetes", "diabetes mellitus type ii", "t2dm", "t1dm", "dm2", "gestational diabetes", "prediabetes", "coronary artery disease", "cad",
    "heart failure", "congestive heart failure", "chf", "hfref", "hfpef", "atrial fibrillation", "afib", "atrial flutter", "myocardial infarction", "heart attack", "stemi", "nstemi", "angina",
    "stroke", "cva", "tia", "transient ischemic attack", "ischemic stroke", "peripheral artery disease", "peripheral arterial disease", "pad", "deep vein thrombosis", "dvt", "pulmonary embolism", "aortic stenosis", "mitral regurgitation", "cardiomyopathy",
    "chronic kidney disease", "ckd", "ckd stage 3", "ckd stage 3a", "ckd stage 3b", "ckd 3", "chronic kidney disease stage 3", "chronic kidney disease stage 3a", "chronic kidney disease stage 3b", "acute kidney injury", "aki", "end stage renal disease", "esrd", "kidney stones", "nephrolithiasis", "asthma", "copd",
    "chronic obstructive pulmonary disease", "emphysema", "chronic bronchitis", "acute bronchitis", "bronchitis", "pneumonia", "covid-19", "influenza infection", "tuberculosis", "sleep apnea", "obstructive sleep apnea", "osa", "interstitial lung disease", "pulmonary hypertension",
    "gerd", "gastroesophageal reflux disease", "acid reflux", "reflux", "peptic ulcer disease", "gastritis", "diverticulitis", "diverticulosis", "crohn's disease", "crohn disease", "ulcerative colitis", "irritable bowel syndrome", "ibs", "celiac disease", "cirrhosis",
    "hepatitis", "hepatitis b", "hepatitis c", "fatty liver", "nafld", "pancreatitis", "cholelithiasis", "gallstones", "appendicitis", "hemorrhoids", "anemia", "iron deficiency anemia", "iron deficiency", "sickle cell disease", "thrombocytopenia", "leukemia", "lymphoma", "multiple myeloma",
    "cancer", "breast cancer", "lung cancer", "colon cancer", "colorectal cancer", "prostate cancer", "ovarian cancer", "skin cancer", "melanoma", "thyroid cancer", "pancreatic cancer", "bladder cancer", "cervical cancer", "hypothyroidism", "hyperthyroidism", "graves disease", "hashimoto's thyroiditis",
    "thyroid nodule", "thyroid disease", "obesity", "morbid obesity", "metabolic syndrome", "gout", "osteoarthritis", "rheumatoid arthritis", "arthritis", "osteoporosis", "osteopenia", "fibromyalgia", "lupus", "psoriasis", "psoriatic arthritis", "eczema", "atopic dermatitis", "rosacea", "cellulitis", "shingles",
    "depression", "major depression", "major depressive disorder", "anxiety", "generalized anxiety disorder", "bipolar disorder", "schizophrenia", "ptsd", "adhd", "dementia", "alzheimer's disease", "alzheimer's", "parkinson's disease", "parkinson's", "multiple sclerosis", "epilepsy", "seizure disorder", "migraine", "migraines",
    "neuropathy", "diabetic neuropathy", "peripheral neuropathy", "diabetic retinopathy", "retinopathy", "glaucoma", "cataracts", "cataract", "macular degeneration", "hearing loss", "vertigo", "carpal tunnel syndrome", "sciatica", "spinal stenosis", "degenerative disc disease",
    "benign prostatic hyperplasia", "bph", "erectile dysfunction", "urinary tract infection", "uti", "overactive bladder", "incontinence", "pcos", "polycystic ovary syndrome", "endometriosis", "uterine fibroids", "preeclampsia", "pregnancy", "menopause", "infertility", "hiv", "polyps", "colon polyps", "inguinal hernia", "umbilical hernia", "hiatal hernia", "herniated disc", "herniated disk", "bulging disc", "sinusitis", "acute sinusitis", "chronic sinusitis",
    "allergic rhinitis", "hay fever", "seasonal allergies", "pharyngitis", "viral sinusitis", "otitis media", "substance abuse", "alcohol abuse", "opioid use disorder", "alcoholism", "drug abuse", "insomnia", "restless legs syndrome", "sepsis", "osteomyelitis", "hyperkalemia", "hypokalemia", "hyponatremia", "vitamin d deficiency",
    "breast ca", "lung ca", "colon ca", "rectal ca", "prostate ca", "ovarian ca", "cervical ca", "endometrial ca", "uterine ca", "bladder ca", "renal ca", "thyroid ca", "pancreatic ca", "gastric ca", "skin ca",
    "statin intolerance", "statin myopathy", "proteinuria", "albuminuria", "left ventricular hypertrophy", "syncope", "heart disease", "kidney disease", "liver disease", "lung disease",
];

/// Symptoms and findings that are denied or reported, lower case.
#[rustfmt::skip]
pub(crate) const SYMPTOMS: &[&str] = &[
    "chest pain", "shortness of breath", "dyspnea", "dyspnea on exertion", "cough", "fever", "chills", "nausea", "vomiting", "diarrhea", "constipation", "abdominal pain", "headache", "headaches", "dizziness", "palpitations",
    "edema", "swelling", "fatigue", "weight loss", "weight gain", "night sweats", "rash", "itching", "hives", "wheezing", "orthopnea", "hematuria", "dysuria", "numbness", "tingling", "weakness", "blurry vision", "vision changes", "back pain",
    "joint pain", "muscle aches", "myalgias", "sore throat", "congestion", "nasal congestion", "bleeding", "bruising", "suicidal ideation", "homicidal ideation", "hypoglycemia", "polyuria", "polydipsia", "falls", "loss of consciousness", "blurred vision", "double vision",
    "poor appetite", "loss of appetite", "leg swelling", "ankle swelling", "sob", "tremor", "insomnia", "heartburn", "neck pain", "knee pain", "hip pain", "shoulder pain", "ankle pain", "foot pain",
    "leg pain", "wrist pain", "lightheadedness", "syncope", "runny nose", "ear pain", "pelvic pain", "flank pain", "epigastric pain", "stomach pain", "hay fever",
];

/// Procedures and studies, lower case.
#[rustfmt::skip]
pub(crate) const PROCEDURES: &[&str] = &[
    "appendectomy", "cholecystectomy", "hysterectomy", "tonsillectomy", "mastectomy", "lumpectomy", "thyroidectomy", "prostatectomy", "nephrectomy", "splenectomy", "colectomy", "coronary artery bypass", "coronary artery bypass graft",
    "cabg", "angioplasty", "stent placement", "cardiac catheterization", "pacemaker placement", "ablation", "cardioversion", "knee replacement", "hip replacement", "total knee arthroplasty", "total hip arthroplasty", "arthroscopy", "rotator cuff repair",
    "cesarean section", "c-section", "tubal ligation", "vasectomy", "hernia repair", "carpal tunnel release", "cataract surgery", "laminectomy", "spinal fusion", "gastric bypass", "colonoscopy", "upper endoscopy", "endoscopy", "egd",
    "bronchoscopy", "cystoscopy", "biopsy", "mammogram", "pap smear", "echocardiogram", "echo", "electrocardiogram", "ekg", "ecg", "stress test", "holter monitor", "chest x-ray", "x-ray", "x-rays", "ct scan", "ct", "mri", "ultrasound", "dexa scan", "bone density scan",
    "pulmonary function test", "spirometry", "sleep study", "dialysis", "blood transfusion", "physical therapy", "anatomy ultrasound", "retinal exam", "diabetic eye exam", "foot exam", "lithotripsy", "icd placement", "pacemaker", "stent", "inguinal hernia repair", "paracentesis", "thoracentesis", "lumbar puncture",
    "knee arthroplasty", "hip arthroplasty", "shoulder arthroplasty", "total knee replacement", "total hip replacement", "shoulder replacement", "cxr", "meniscectomy", "acl reconstruction", "craniotomy", "tracheostomy", "colostomy", "ileostomy",
    "percutaneous coronary intervention", "valve replacement", "aortic valve replacement", "mitral valve replacement", "carotid endarterectomy", "bunionectomy", "myomectomy", "oophorectomy", "adenoidectomy", "septoplasty", "kidney transplant", "liver transplant",
    "turp", "lap appy", "lap chole", "tka", "tkr", "thr", "orif", "pci", "hemorrhoidectomy", "sigmoidoscopy", "transthoracic echocardiogram", "pet scan", "bone scan",
];

/// Words for relatives and those a patient lives with, lower case, and the one each stands for.
#[rustfmt::skip]
pub(crate) const RELATIVES: &[(&str, &str)] = &[
    ("mother", "mother"), ("mom", "mother"), ("father", "father"), ("dad", "father"), ("sister", "sister"), ("sisters", "sister"), ("brother", "brother"), ("brothers", "brother"), ("parents", "parents"),
    ("grandmother", "grandmother"), ("grandfather", "grandfather"), ("grandparents", "grandparents"), ("aunt", "aunt"), ("uncle", "uncle"), ("cousin", "cousin"), ("cousins", "cousin"), ("son", "son"), ("daughter", "daughter"),
    ("wife", "wife"), ("husband", "husband"), ("spouse", "spouse"), ("partner", "partner"), ("boyfriend", "boyfriend"), ("girlfriend", "girlfriend"), ("fiance", "fiance"), ("fiancee", "fiancee"),
    ("grandma", "grandmother"), ("grandpa", "grandfather"), ("stepmother", "stepmother"), ("stepfather", "stepfather"), ("half-brother", "half-brother"), ("half-sister", "half-sister"),
    ("mother-in-law", "mother-in-law"), ("father-in-law", "father-in-law"), ("grandson", "grandson"), ("granddaughter", "granddaughter"), ("twin", "twin"), ("roommate", "roommate"), ("friend", "friend"), ("neighbor", "neighbor"),
    ("aunts", "aunt"), ("uncles", "uncle"), ("sons", "son"), ("daughters", "daughter"), ("sibling", "sibling"), ("siblings", "sibling"), ("niece", "niece"), ("nephew", "nephew"), ("mgm", "grandmother"), ("pgm", "grandmother"), ("mgf", "grandfather"), ("pgf", "grandfather"), ("maternal", "mother's side"), ("paternal", "father's side"),
];

/// Diagnoses as phrases.
pub(crate) fn diagnoses() -> &'static Phrases {
    static NAMES: OnceLock<Phrases> = OnceLock::new();
    NAMES.get_or_init(|| Phrases::new(DIAGNOSES.iter().copied()))
}

/// Symptoms as phrases.
pub(crate) fn symptoms() -> &'static Phrases {
    static NAMES: OnceLock<Phrases> = OnceLock::new();
    NAMES.get_or_init(|| Phrases::new(SYMPTOMS.iter().copied()))
}

/// Whether `text`, lower case, is a diagnosis or a symptom and nothing else.
pub(crate) fn is_name(text: &str) -> bool {
    DIAGNOSES.contains(&text) || SYMPTOMS.contains(&text)
}

/// Procedures as phrases.
pub(crate) fn procedures() -> &'static Phrases {
    static NAMES: OnceLock<Phrases> = OnceLock::new();
    NAMES.get_or_init(|| Phrases::new(PROCEDURES.iter().copied()))
}

/// The name before a possessive ending: "mother's" is `mother`.
pub(crate) fn owner(word: &str) -> Option<&str> {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s"))
}

/// The relative a word names.
pub(crate) fn relative(word: &str) -> Option<&'static str> {
    RELATIVES
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, stands_for)| *stands_for)
}
