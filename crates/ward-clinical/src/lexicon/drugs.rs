//! Medicines: generic names, brands, classes that allergy lists name, vaccines.

use std::{collections::HashMap, sync::OnceLock};

use super::{Phrases, Plain};

/// Generic names, lower case.
#[rustfmt::skip]
pub(crate) const GENERICS: &[&str] = &[
    "abacavir", "phenprocoumon", "metamizole", "abatacept", "acamprosate", "acarbose", "acebutolol", "acetaminophen", "acetazolamide", "acyclovir",
    "adalimumab", "adenosine", "albendazole", "albuterol", "alendronate", "alfuzosin", "aliskiren", "allopurinol",
    "almotriptan", "alprazolam", "alteplase", "amantadine", "ambrisentan", "amikacin", "amiloride", "amiodarone",
    "amitriptyline", "amlodipine", "amoxicillin", "amphetamine", "amphotericin", "ampicillin", "anastrozole",
    "apixaban", "apremilast", "aripiprazole", "aspirin", "atazanavir", "atenolol", "atomoxetine", "atorvastatin",
    "atropine", "azathioprine", "azelastine", "azithromycin", "aztreonam", "baclofen", "beclomethasone",
    "benazepril", "benztropine", "betamethasone", "bevacizumab", "bicalutamide", "bimatoprost", "bisacodyl",
    "bisoprolol", "bosentan", "brimonidine", "bromocriptine", "budesonide", "bumetanide", "buprenorphine",
    "bupropion", "buspirone", "butalbital", "cabergoline", "calcitonin", "calcitriol", "canagliflozin",
    "candesartan", "capecitabine", "captopril", "carbamazepine", "carbidopa", "carboplatin", "carisoprodol",
    "carvedilol", "caspofungin", "cefaclor", "cefadroxil", "cefazolin", "cefdinir", "cefepime", "cefixime",
    "cefotaxime", "cefpodoxime", "cefprozil", "ceftazidime", "ceftriaxone", "cefuroxime", "celecoxib", "cephalexin",
    "cetirizine", "chlorambucil", "chlordiazepoxide", "chlorhexidine", "chloroquine", "chlorpheniramine",
    "chlorpromazine", "chlorthalidone", "cholecalciferol", "cholestyramine", "cilostazol", "cimetidine",
    "cinacalcet", "ciprofloxacin", "cisplatin", "citalopram", "clarithromycin", "clindamycin", "clobazam",
    "clobetasol", "clomiphene", "clomipramine", "clonazepam", "clonidine", "clopidogrel", "clotrimazole",
    "clozapine", "codeine", "colchicine", "colesevelam", "cyanocobalamin", "cyclobenzaprine", "cyclophosphamide",
    "cyclosporine", "cyproheptadine", "dabigatran", "dalteparin", "dapagliflozin", "dapsone", "daptomycin",
    "darbepoetin", "darifenacin", "darunavir", "denosumab", "desipramine", "desloratadine", "desmopressin",
    "desogestrel", "desvenlafaxine", "dexamethasone", "dexmethylphenidate", "dextroamphetamine",
    "dextromethorphan", "diazepam", "diclofenac", "dicloxacillin", "dicyclomine", "digoxin", "diltiazem",
    "dimenhydrinate", "diphenhydramine", "dipyridamole", "disulfiram", "divalproex", "docetaxel", "docusate",
    "dofetilide", "dolutegravir", "donepezil", "dorzolamide", "doxazosin", "doxepin", "doxorubicin", "doxycycline",
    "doxylamine", "dronedarone", "drospirenone", "dulaglutide", "duloxetine", "dupilumab", "dutasteride",
    "edoxaban", "efavirenz", "eletriptan", "empagliflozin", "emtricitabine", "enalapril", "enoxaparin",
    "entacapone", "entecavir", "eplerenone", "epoetin", "epinephrine", "ergocalciferol", "erlotinib", "ertapenem",
    "ertugliflozin", "erythromycin", "escitalopram", "esomeprazole", "estradiol", "eszopiclone", "etanercept",
    "ethambutol", "ethinyl estradiol", "etodolac", "etonogestrel", "etoposide", "evolocumab", "exemestane",
    "exenatide", "ezetimibe", "famciclovir", "famotidine", "febuxostat", "felodipine", "fenofibrate", "fentanyl",
    "ferrous sulfate", "ferrous gluconate", "fexofenadine", "fidaxomicin", "filgrastim", "finasteride",
    "finerenone", "flecainide", "fluconazole", "fludrocortisone", "flumazenil", "fluocinonide", "fluorouracil",
    "fluoxetine", "fluphenazine", "flurazepam", "flutamide", "fluticasone", "fluvastatin", "fluvoxamine",
    "folic acid", "fondaparinux", "formoterol", "fosfomycin", "fosinopril", "furosemide", "gabapentin",
    "galantamine", "gemcitabine", "gemfibrozil", "gentamicin", "glargine", "glimepiride", "glipizide", "glucagon",
    "glyburide", "glycopyrrolate", "granisetron", "griseofulvin", "guaifenesin", "guanfacine", "haloperidol",
    "heparin", "hydralazine", "hydrochlorothiazide", "hydrocodone", "hydrocortisone", "hydromorphone",
    "hydroxychloroquine", "hydroxyurea", "hydroxyzine", "hyoscyamine", "ibandronate", "ibuprofen", "imatinib",
    "imipenem", "imipramine", "indapamide", "indomethacin", "infliximab", "insulin", "insulin aspart",
    "insulin glargine", "insulin lispro", "insulin detemir", "insulin degludec", "insulin regular", "insulin nph",
    "ipratropium", "irbesartan", "iron sucrose", "isoniazid", "isosorbide", "isosorbide dinitrate",
    "isosorbide mononitrate", "isotretinoin", "itraconazole", "ivabradine", "ivermectin", "ketoconazole",
    "ketorolac", "labetalol", "lacosamide", "lactulose", "lamivudine", "lamotrigine", "lansoprazole",
    "latanoprost", "leflunomide", "letrozole", "leucovorin", "leuprolide", "levalbuterol", "levetiracetam",
    "levocetirizine", "levodopa", "levofloxacin", "levonorgestrel", "levothyroxine", "lidocaine", "linaclotide",
    "linagliptin", "linezolid", "liothyronine", "liraglutide", "lisdexamfetamine", "lisinopril", "lithium",
    "loperamide", "lopinavir", "loratadine", "lorazepam", "losartan", "lovastatin", "loxapine", "lurasidone",
    "magnesium oxide", "magnesium sulfate", "mannitol", "mebendazole", "meclizine", "medroxyprogesterone",
    "mefloquine", "megestrol", "meloxicam", "memantine", "meperidine", "mepolizumab", "mercaptopurine",
    "meropenem", "mesalamine", "metaxalone", "metformin", "methadone", "methimazole", "methocarbamol",
    "methotrexate", "methyldopa", "methylphenidate", "methylprednisolone", "metoclopramide", "metolazone",
    "metoprolol", "metoprolol succinate", "metoprolol tartrate", "metronidazole", "micafungin", "miconazole",
    "midazolam", "midodrine", "minocycline", "minoxidil", "mirabegron", "mirtazapine", "misoprostol", "modafinil",
    "mometasone", "montelukast", "morphine", "moxifloxacin", "mupirocin", "mycophenolate", "nabumetone", "nadolol",
    "naloxone", "naltrexone", "naproxen", "naratriptan", "nateglinide", "nebivolol", "neomycin", "niacin",
    "nicardipine", "nicotine", "nifedipine", "nimodipine", "nitrofurantoin", "nitroglycerin", "norepinephrine",
    "norethindrone", "norgestimate", "nortriptyline", "nystatin", "octreotide", "ofloxacin", "olanzapine",
    "olmesartan", "omalizumab", "omega-3", "omeprazole", "ondansetron", "oseltamivir", "oxacillin", "oxaliplatin",
    "oxaprozin", "oxcarbazepine", "oxybutynin", "oxycodone", "oxymetazoline", "oxytocin", "paclitaxel",
    "paliperidone", "pantoprazole", "paracetamol", "paroxetine", "pembrolizumab", "penicillin", "penicillin g",
    "penicillin v", "penicillin v potassium", "pentoxifylline", "perindopril", "permethrin", "perphenazine",
    "phenazopyridine", "phenelzine", "phenobarbital", "phentermine", "phenylephrine", "phenytoin", "pilocarpine",
    "pimecrolimus", "pindolol", "pioglitazone", "piperacillin", "pitavastatin", "polyethylene glycol",
    "posaconazole", "potassium chloride", "pramipexole", "prasugrel", "pravastatin", "prazosin", "prednisolone",
    "prednisone", "pregabalin", "primaquine", "primidone", "probenecid", "prochlorperazine", "progesterone",
    "promethazine", "propafenone", "propofol", "propranolol", "propylthiouracil", "pseudoephedrine",
    "pyrazinamide", "pyridostigmine", "quetiapine", "quinapril", "quinidine", "rabeprazole", "raloxifene",
    "raltegravir", "ramelteon", "ramipril", "ranitidine", "ranolazine", "rasagiline", "remdesivir", "repaglinide",
    "ribavirin", "rifabutin", "rifampin", "rifaximin", "riluzole", "risedronate", "risperidone", "ritonavir",
    "rituximab", "rivaroxaban", "rivastigmine", "rizatriptan", "ropinirole", "rosuvastatin", "sacubitril",
    "salmeterol", "saxagliptin", "scopolamine", "secukinumab", "selegiline", "semaglutide", "senna", "sertraline",
    "sevelamer", "sildenafil", "silodosin", "simethicone", "simvastatin", "sirolimus", "sitagliptin", "sofosbuvir",
    "solifenacin", "sotalol", "spironolactone", "streptomycin", "sucralfate", "sulbactam", "sulfadiazine", "sulfamethoxazole",
    "sulfasalazine", "sulindac", "sumatriptan", "tacrolimus", "tadalafil", "tamoxifen", "tamsulosin", "tapentadol", "tazobactam",
    "telmisartan", "temazepam", "tenecteplase", "tenofovir", "terazosin", "terbinafine", "terbutaline",
    "teriparatide", "testosterone", "tetracycline", "theophylline", "thiamine", "thioridazine", "tiagabine",
    "ticagrelor", "timolol", "tinidazole", "tiotropium", "tirzepatide", "tizanidine", "tobramycin", "tocilizumab",
    "tofacitinib", "tolterodine", "tolvaptan", "topiramate", "torsemide", "tramadol", "trandolapril",
    "tranexamic acid", "trastuzumab", "travoprost", "trazodone", "tretinoin", "triamcinolone", "triamterene",
    "triazolam", "trimethoprim", "trospium", "umeclidinium", "upadacitinib", "ursodiol", "ustekinumab",
    "valacyclovir", "valganciclovir", "valproic acid", "valproate", "valsartan", "vancomycin", "vardenafil",
    "varenicline", "vedolizumab", "venlafaxine", "verapamil", "vericiguat", "vilazodone", "vincristine",
    "vitamin b12", "vitamin c", "vitamin d", "vitamin d3", "vitamin k", "voriconazole", "vortioxetine", "warfarin",
    "zafirlukast", "zidovudine", "ziprasidone", "zoledronic acid", "zolmitriptan", "zolpidem", "zonisamide",
    "sulfamethoxazole-trimethoprim", "trimethoprim-sulfamethoxazole", "tmp-smx", "amoxicillin-clavulanate",
    "hctz", "ppi", "prenatal vitamin", "prenatal vitamins", "multivitamin", "melatonin", "fish oil", "calcium carbonate",
];

/// Brand or short name, lower case, and the generic it stands for.
#[rustfmt::skip]
pub(crate) const BRANDS: &[(&str, &str)] = &[
    ("abilify", "aripiprazole"), ("accupril", "quinapril"), ("aciphex", "rabeprazole"), ("actos", "pioglitazone"),
    ("adderall", "amphetamine"), ("advair", "fluticasone"), ("advil", "ibuprofen"), ("aldactone", "spironolactone"),
    ("aleve", "naproxen"), ("allegra", "fexofenadine"), ("altace", "ramipril"), ("amaryl", "glimepiride"),
    ("ambien", "zolpidem"), ("aricept", "donepezil"), ("asa", "aspirin"), ("atarax", "hydroxyzine"),
    ("ativan", "lorazepam"), ("atrovent", "ipratropium"), ("augmentin", "amoxicillin"), ("avapro", "irbesartan"),
    ("bactrim", "trimethoprim"), ("basaglar", "insulin glargine"), ("benadryl", "diphenhydramine"),
    ("benicar", "olmesartan"), ("breo", "fluticasone"), ("brilinta", "ticagrelor"), ("bumex", "bumetanide"),
    ("bystolic", "nebivolol"), ("calan", "verapamil"), ("cardizem", "diltiazem"), ("cardura", "doxazosin"),
    ("catapres", "clonidine"), ("celebrex", "celecoxib"), ("celexa", "citalopram"), ("chantix", "varenicline"),
    ("ceclor", "cefaclor"), ("cialis", "tadalafil"), ("cipro", "ciprofloxacin"), ("claritin", "loratadine"), ("cleocin", "clindamycin"),
    ("colace", "docusate"), ("colcrys", "colchicine"), ("compazine", "prochlorperazine"), ("coreg", "carvedilol"),
    ("coumadin", "warfarin"), ("cozaar", "losartan"), ("crestor", "rosuvastatin"), ("cymbalta", "duloxetine"),
    ("decadron", "dexamethasone"), ("demadex", "torsemide"), ("depakote", "divalproex"), ("desyrel", "trazodone"),
    ("detrol", "tolterodine"), ("diflucan", "fluconazole"), ("dilantin", "phenytoin"), ("dilaudid", "hydromorphone"),
    ("diovan", "valsartan"), ("ditropan", "oxybutynin"), ("dulera", "mometasone"), ("effexor", "venlafaxine"),
    ("eliquis", "apixaban"), ("enbrel", "etanercept"), ("entresto", "sacubitril"), ("epipen", "epinephrine"),
    ("excedrin", "acetaminophen"), ("farxiga", "dapagliflozin"), ("feldene", "piroxicam"), ("flagyl", "metronidazole"),
    ("flexeril", "cyclobenzaprine"), ("flomax", "tamsulosin"), ("flonase", "fluticasone"), ("flovent", "fluticasone"),
    ("fosamax", "alendronate"), ("glucophage", "metformin"), ("glucotrol", "glipizide"), ("humalog", "insulin lispro"),
    ("humira", "adalimumab"), ("hytrin", "terazosin"), ("imdur", "isosorbide mononitrate"), ("imitrex", "sumatriptan"),
    ("imodium", "loperamide"), ("imuran", "azathioprine"), ("inderal", "propranolol"), ("invokana", "canagliflozin"),
    ("januvia", "sitagliptin"), ("jardiance", "empagliflozin"), ("keflex", "cephalexin"), ("keppra", "levetiracetam"),
    ("klonopin", "clonazepam"), ("klor-con", "potassium chloride"), ("lamictal", "lamotrigine"), ("lanoxin", "digoxin"),
    ("lantus", "insulin glargine"), ("lasix", "furosemide"), ("levaquin", "levofloxacin"), ("levemir", "insulin detemir"),
    ("lexapro", "escitalopram"), ("lipitor", "atorvastatin"), ("lopressor", "metoprolol"), ("lotensin", "benazepril"),
    ("lovenox", "enoxaparin"), ("lunesta", "eszopiclone"), ("lyrica", "pregabalin"), ("macrobid", "nitrofurantoin"),
    ("medrol", "methylprednisolone"), ("mevacor", "lovastatin"), ("micardis", "telmisartan"), ("microzide", "hydrochlorothiazide"),
    ("miralax", "polyethylene glycol"), ("mobic", "meloxicam"), ("motrin", "ibuprofen"), ("mounjaro", "tirzepatide"),
    ("mucinex", "guaifenesin"), ("namenda", "memantine"), ("naprosyn", "naproxen"), ("nasonex", "mometasone"),
    ("neurontin", "gabapentin"), ("nexium", "esomeprazole"), ("norco", "hydrocodone"), ("normodyne", "labetalol"),
    ("norvasc", "amlodipine"), ("novolog", "insulin aspart"), ("ocella", "drospirenone"), ("ozempic", "semaglutide"),
    ("paxil", "paroxetine"), ("pepcid", "famotidine"), ("percocet", "oxycodone"), ("plaquenil", "hydroxychloroquine"),
    ("plavix", "clopidogrel"), ("pradaxa", "dabigatran"), ("pravachol", "pravastatin"), ("prevacid", "lansoprazole"),
    ("prilosec", "omeprazole"), ("prinivil", "lisinopril"), ("proair", "albuterol"), ("procardia", "nifedipine"),
    ("prograf", "tacrolimus"), ("prolia", "denosumab"), ("proscar", "finasteride"), ("protonix", "pantoprazole"),
    ("proventil", "albuterol"), ("prozac", "fluoxetine"), ("pulmicort", "budesonide"), ("reglan", "metoclopramide"),
    ("remeron", "mirtazapine"), ("requip", "ropinirole"), ("restoril", "temazepam"), ("risperdal", "risperidone"),
    ("ritalin", "methylphenidate"), ("robaxin", "methocarbamol"), ("rocephin", "ceftriaxone"), ("roxicodone", "oxycodone"),
    ("rybelsus", "semaglutide"), ("seroquel", "quetiapine"), ("sinemet", "carbidopa"), ("singulair", "montelukast"),
    ("skelaxin", "metaxalone"), ("soma", "carisoprodol"), ("spiriva", "tiotropium"), ("suboxone", "buprenorphine"),
    ("symbicort", "budesonide"), ("synthroid", "levothyroxine"), ("tamiflu", "oseltamivir"), ("tegretol", "carbamazepine"),
    ("tenormin", "atenolol"), ("topamax", "topiramate"), ("toprol", "metoprolol"), ("toprol-xl", "metoprolol"),
    ("toradol", "ketorolac"), ("tradjenta", "linagliptin"), ("tresiba", "insulin degludec"), ("tricor", "fenofibrate"),
    ("trileptal", "oxcarbazepine"), ("trulicity", "dulaglutide"), ("tums", "calcium carbonate"), ("tylenol", "acetaminophen"),
    ("ultram", "tramadol"), ("valium", "diazepam"), ("valtrex", "valacyclovir"), ("vasotec", "enalapril"),
    ("ventolin", "albuterol"), ("viagra", "sildenafil"), ("vicodin", "hydrocodone"), ("victoza", "liraglutide"),
    ("voltaren", "diclofenac"), ("vyvanse", "lisdexamfetamine"), ("welchol", "colesevelam"), ("wellbutrin", "bupropion"),
    ("xanax", "alprazolam"), ("xarelto", "rivaroxaban"), ("xyzal", "levocetirizine"), ("zanaflex", "tizanidine"),
    ("zantac", "ranitidine"), ("zestril", "lisinopril"), ("zetia", "ezetimibe"), ("zithromax", "azithromycin"),
    ("z-pak", "azithromycin"), ("zocor", "simvastatin"), ("zofran", "ondansetron"), ("zoloft", "sertraline"),
    ("zosyn", "piperacillin"), ("zyloprim", "allopurinol"), ("zyprexa", "olanzapine"), ("zyrtec", "cetirizine"),
    ("hctz", "hydrochlorothiazide"), ("paracetamol", "acetaminophen"), ("tmp-smx", "trimethoprim"),
];

/// What allergy lists name beside medicines.
#[rustfmt::skip]
pub(crate) const ALLERGENS: &[&str] = &[
    "penicillins", "sulfa", "sulfa drugs", "sulfonamides", "sulfonamide", "cephalosporins", "cephalosporin", "macrolides", "nsaids",
    "nsaid", "statins", "statin", "opioids", "ace inhibitors", "ace inhibitor", "contrast", "iodine", "iodinated contrast", "iv contrast",
    "contrast dye", "latex", "peanut", "peanuts", "tree nuts", "nuts", "shellfish", "shrimp", "fish", "egg", "eggs", "milk", "soy",
    "wheat", "gluten", "bee stings", "bee venom", "bees", "wasp", "pollen", "dust mites", "dust", "mold", "cat dander", "dog dander",
    "cats", "dogs", "pet dander", "grass", "ragweed", "adhesive", "adhesive tape", "tape", "nickel", "seasonal", "strawberries",
    "pcn", "pcns", "ivp dye", "iv dye", "contrast media", "iodine contrast", "tetracyclines", "quinolones", "fluoroquinolones", "animal dander", "grass pollen", "tree pollen", "house dust mite", "mould",
];

/// Classes of medicines among those.
#[rustfmt::skip]
const CLASSES: &[&str] = &[
    "penicillins", "sulfa", "sulfonamides", "sulfonamide", "cephalosporins", "cephalosporin", "macrolides", "nsaids", "nsaid", "statins", "statin",
    "opioids", "inhibitors", "inhibitor", "pcn", "pcns", "tetracyclines", "quinolones", "fluoroquinolones",
];

/// Vaccines as notes and coded displays name them.
#[rustfmt::skip]
pub(crate) const VACCINES: &[&str] = &[
    "influenza vaccine", "flu vaccine", "flu shot", "influenza", "covid-19 vaccine", "covid vaccine", "covid booster", "covid-19 booster",
    "tdap", "tdap vaccine", "td booster", "tetanus", "tetanus booster", "tetanus shot", "pneumococcal vaccine", "pneumovax", "prevnar", "prevnar 20", "pneumonia vaccine", "shingrix", "zoster vaccine", "shingles vaccine",
    "zostavax", "mmr", "mmr vaccine", "varicella vaccine", "hepatitis a vaccine", "hepatitis b vaccine", "hpv vaccine", "gardasil", "meningococcal vaccine",
    "polio vaccine", "rsv vaccine", "moderna", "pfizer", "bcg",
];

/// The generic a name stands for: a brand's generic, or the name itself. Lower case in, lower case out.
pub(crate) fn generic(name: &str) -> &str {
    BRANDS
        .iter()
        .find(|(brand, _)| *brand == name)
        .map_or(name, |(_, generic)| generic)
}

/// Generics and brands as phrases.
pub(crate) fn names() -> &'static Phrases {
    static NAMES: OnceLock<Phrases> = OnceLock::new();
    NAMES.get_or_init(|| Phrases::new(GENERICS.iter().copied().chain(BRANDS.iter().map(|(brand, _)| *brand))))
}

/// The generic name that `word` is without its last "e", as other languages write it: `furosemid`. Lower case.
pub(crate) fn generic_with_e(word: &str) -> Option<&'static str> {
    static NAMES: OnceLock<HashMap<&'static str, &'static str, Plain>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let with_e = GENERICS.iter().filter(|name| name.len() > 6);
        with_e
            .filter_map(|name| Some((name.strip_suffix('e')?, *name)))
            .collect()
    });
    names.get(word).copied()
}

/// Two or more known names joined by hyphens or slashes: `sacubitril-valsartan`. Lower case.
pub(crate) fn is_combination(word: &str) -> bool {
    word.bytes().any(|byte| matches!(byte, b'-' | b'/'))
        && word
            .split(['-', '/'])
            .all(|part| names().at(|i| (i == 0).then_some(part)).is_some())
}

/// Allergens that are no medicines.
pub(crate) fn allergens() -> &'static Phrases {
    static NAMES: OnceLock<Phrases> = OnceLock::new();
    NAMES.get_or_init(|| Phrases::new(ALLERGENS.iter().copied()))
}

/// Vaccines.
pub(crate) fn vaccines() -> &'static Phrases {
    static NAMES: OnceLock<Phrases> = OnceLock::new();
    NAMES.get_or_init(|| Phrases::new(VACCINES.iter().copied()))
}

/// Whether a word of `text` names a medicine, or a class of them that lists of allergies name.
pub(crate) fn names_medicine(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = words(&lower).collect();
    (0..words.len()).any(|at| names().at(|i| words.get(at + i).copied()).is_some())
        || words.iter().any(|word| CLASSES.contains(word))
}

/// The words of a medicine's text.
fn words(lower: &str) -> impl Iterator<Item = &str> {
    lower
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .filter(|word| !word.is_empty())
}

/// The ingredient a medicine's text names: the generic of the first known name in it, else its first
/// words up to a number. `Lisinopril 20 MG Oral Tablet` and `Zestril` both give `lisinopril`.
pub(crate) fn ingredient(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = words(&lower).collect();
    for start in 0..words.len() {
        if let Some((_, len)) = names().at(|i| words.get(start + i).copied()) {
            return generic(&words[start..start + len].join(" ")).to_owned();
        }
    }
    let head: Vec<&str> = words
        .into_iter()
        .take_while(|w| !w.starts_with(|c: char| c.is_ascii_digit()))
        .take(3)
        .collect();
    head.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_ingredient() {
        let check = |text: &str, expect: &str| assert_eq!(ingredient(text), expect, "{text}");
        check("Lisinopril 20 MG Oral Tablet", "lisinopril");
        check("Zestril", "lisinopril");
        check(
            "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet",
            "metformin",
        );
        check("insulin glargine 100 UNT/ML", "insulin glargine");
        check("Jolivette 28 Day Pack", "jolivette");
    }
}
