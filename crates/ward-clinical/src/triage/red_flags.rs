//! Complaints that make a patient urgent whatever the vital signs say.
//!
//! The list follows the general discriminators that emergency triage systems share (Manchester Triage System, 3rd ed.,
//! 2014; Emergency Severity Index, handbook of version 4; Canadian Triage and Acuity Scale): airway, breathing,
//! circulation, disability, and the complaints in which minutes matter. It is Ward's own choice of words, no copy of one
//! of these, and no validated instrument.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use crate::{
    fact::{Piece, Record, Section},
    lexicon::Plain,
    note::{self, asked},
    triage::{
        Priority,
        phrases::{Pattern, Words},
        words,
    },
};

/// A complaint: the priority it gives, its name, and the patterns of words for it ([`Words`]).
struct Flag {
    priority: Priority,
    name: &'static str,
    phrases: &'static [&'static str],
}

const fn flag(priority: Priority, name: &'static str, phrases: &'static [&'static str]) -> Flag {
    Flag {
        priority,
        name,
        phrases,
    }
}

#[rustfmt::skip]
const FLAGS: &[Flag] = &[
    flag(Priority::P1, "cardiac arrest", &["cardiac arrest", "no pulse !deficit|deficits|ox|oximetry|oximeter|abnormality|abnormalities", "pulseless !limb|foot|leg|hand|arm", "cpr", "chest compressions", "heart stopped"]),
    flag(Priority::P1, "airway in danger", &["stridor", "airway obstruction", "airway .. closing|closed|swelling|swollen|blocked", "throat|tongue .. swelling|swollen|swells !tonsils|tonsil|glands|gland|nodes|node|lymph", "throat .. closing|closes|closed|shut|tightening", "throat|tongue .. bigger|larger|huge", "voice .. muffled",
        "stuck|lodged|caught .. windpipe|airway", "windpipe .. blocked",
        "swelling|swollen .. throat|tongue|airway", "choking !hazard|hazards|precautions|risk|game", "cannot .. swallow .. saliva|spit|secretions"]),
    flag(Priority::P1, "anaphylaxis", &["anaphyla*", "hives|urticaria ... wheez*|breath*|dyspnea|swell*|swollen", "wheez*|breath* ... hives|urticaria"]),
    flag(Priority::P1, "severe trouble breathing", &["respiratory distress", "respiratory failure", "respiratory arrest", "cannot .. breathe !through|out", "cannot .. catch|get .. breath|air", "not breathing !well|heavily|hard|fast|through|rapidly", "stopped breathing !treatments|treatment|exercises|exercise", "apneic",
        "cannot|barely .. speak|talk .. sentences", "cannot|barely talk|speak !english", "hardly|barely breathe", "struggling .. air", "breathless .. speak|talk|finish", "gasping", "agonal", "struggling|fighting .. breathe|breath|air", "cyanotic", "cyanosis", "turning|turned|going|went|gone blue",
        "lips|face .. blue", "blue .. lips|face"]),
    flag(Priority::P1, "not responding", &["unresponsive !to", "unresponsive to voice|verbal|pain|painful|stimuli|stimulation|any|anything|sternal|touch|commands", "unconscious !bias", "not responding !to", "not responsive !to", "comatose", "will not wake !up|early|before", "will not wake up !early|before|until", "will not respond", "not answer|answering !the|questions|phone|my|our|calls|this|that|all|any", "not coming|come round|around|to", "will not come to|round|around", "not woken|waking", "not regained consciousness", "cannot .. wake|woken|rouse|roused|aroused|awakened", "unrousable", "unarousable"]),
    flag(Priority::P1, "signs of stroke", &["facial|face|mouth .. droop*", "droop* .. face|mouth|smile", "mouth|face .. hangs|hanging|sags|sagging", "talks|talking|speaks|speaking gibberish|nonsense", "lost .. use .. arm|leg|side|hand", "sudden|suddenly .. lost .. sight|vision|speech", "face|mouth .. dropped|crooked|lopsided", "crooked|lopsided face|mouth|smile", "cannot .. lift|raise|move .. left|right arm|leg", "cannot .. find .. words", "slurred|slurring|garbled .. speech|words", "speech .. slurred|slurring|garbled", "acute stroke", "stroke alert",
        "sudden|suddenly .. weakness|weak|numb|numbness|paralysis|paralyzed|blind|blindness", "sudden|suddenly .. loss .. vision|sight|speech", "sudden|suddenly .. vision|sight loss|gone", "suddenly .. cannot .. speak|talk|move|see|walk|stand", "suddenly .. speaking|talking|speaks|talks nonsense|gibberish", "sudden|suddenly .. blind|blindness",
        "side|arm|leg|face .. went|gone|became|suddenly .. numb|weak|limp|dead", "cannot .. move .. right|left side", "aphasia", "one sided weakness", "acute hemiparesis"]),
    flag(Priority::P1, "signs of heart attack", &["crushing .. chest|substernal|retrosternal|sternal|pain|pressure", "chest|substernal|retrosternal .. crushing", "elephant .. chest", "chest pain|pains|pressure|tightness .. left|both arm|arms|jaw", "weight|pressure .. chest ... grey|gray|sweat*|pale|clammy", "stemi", "st elevation", "acute myocardial infarction",
        "chest|substernal|retrosternal pain|pressure|tightness|discomfort|heaviness ... radiat*|jaw|diaphor*|sweat*|clammy", "pressure|tightness|heaviness|squeezing .. chest|breastbone|sternum ... jaw|diaphor*|sweat*|clammy"]),
    flag(Priority::P1, "seizure under way", &["status epilepticus", "seizing !the|upon|opportunities", "convulsing", "ongoing|continuous|prolonged seizure|seizures|convulsions", "having|has .. fit|seizure|convulsion .. now", "fit|seizure|convulsion lasted|lasting", "fit|seizure|convulsion has lasted", "seizure|seizures|convulsion|convulsions|fit ... for .. minutes|minute|hour|hours",
        "seizure|seizures|convulsions|fit|fits ... will|has|have|does not stop|stopped"]),
    flag(Priority::P1, "heavy bleeding", &["massive|profuse|severe|torrential|uncontrolled|uncontrollable|arterial bleeding|bleed|hemorrhage|haemorrhage", "hemorrhagic shock", "exsanguinating", "bleeding .. will|does not stop", "bleeding .. cannot .. stopped|controlled",
        "cannot .. stop|control .. bleeding", "blood .. spurting|gushing|pouring|squirting", "spurting|gushing|pouring|squirting blood", "vomiting large amounts of blood", "bleeding .. heavily|profusely|out", "blood .. pumping|flowing|streaming", "soaking|soaked|soaks .. pad|pads|dressing|dressings|towel|towels"]),
    flag(Priority::P1, "shock", &["septic shock", "cardiogenic shock", "in shock", "mottled skin"]),
    flag(Priority::P1, "aorta", &["aortic dissection", "ruptured aneurysm", "tearing|ripping .. chest|back|shoulder"]),
    flag(Priority::P1, "birth in danger", &["cord .. hanging|prolapse|prolapsed|coming|out", "cord prolapse", "newborn|baby .. limp|blue|floppy"]),
    flag(Priority::P1, "overdose", &["overdose* !prevention|education|risk|awareness|kit", "took|swallowed|ingested|drank .. whole|entire|full .. bottle|box|pack|packet", "took|swallowed|ingested .. handful", "took|swallowed|ingested all .. pills|tablets|medication|medicine", "swallowed|drank|ingested .. bottle|opener|weedkiller|pesticide", "swallowed|took|ingested .. pills|tablets|capsules ... end|kill|die|suicide",
        "drank|swallowed|ingested .. bleach|antifreeze|poison|battery|cleaner|lye|detergent"]),
    flag(Priority::P1, "major injury", &["gunshot", "!annual|yearly|flu|influenza|vaccine|booster|tetanus|covid|rsv|pneumonia|shingles|hpv|rabies|allergy|cortisone|steroid|insulin|hormone|testosterone|depo|b12|vitamin|iron|numbing|epidural|joint|antibiotic|lovenox|toradol shot in|twice|through|by", "stabbed", "stab wound|wounds", "impaled", "ejected from", "penetrating trauma", "traumatic amputation", "hanged|electrocuted|drowned|drowning", "electric shock", "tried|attempted .. hang himself|herself|themself|myself", "finger|fingers|fingertip|fingertips|thumb|toe|toes|hand|foot|leg|arm|ear|nose|tip|limb|penis|part|nail .. cut|torn|ripped off", "cut|torn|ripped off .. finger|fingers|fingertip|fingertips|thumb|toe|toes|hand|foot|leg|arm|ear|nose|tip|limb|penis|part|nail", "thrown from", "run over by"]),
    flag(Priority::P2, "chest pain", &["chest pain|pains|pressure|tightness|heaviness|discomfort", "pain|pains|pressure|tightness|heaviness|squeezing in|on|over|across .. chest|breastbone", "substernal|retrosternal pain|pressure|tightness", "tight|heavy chest", "chest .. hurts|hurting|aches|tight|heavy", "angina at rest"]),
    flag(Priority::P2, "shortness of breath", &["shortness of breath", "short of breath", "dyspnea", "dyspnoea", "breathless", "trouble|difficulty|hard|hurts .. breathing|breathe", "sob at rest", "winded", "out of breath", "breathlessness"]),
    flag(Priority::P2, "thoughts of suicide or self-harm", &["suicidal", "suicide attempt|plan|note", "self harm", "kill|killing|hang|hanging|shoot|shooting himself|herself|myself|themself|themselves", "end|ending his|her|my|their life|lives", "end|ending it all",
        "wants|want|wishes|wish|wanted to die|be dead", "wants|want|wishes|wish|plans|thinks|thinking|thoughts .. harm|harming|hurt|hurting himself|herself|myself|themself|themselves", "better off dead", "homicidal ideation", "cut|cutting|burned|hurt|hurts .. on purpose", "cut .. wrists", "self inflicted", "voices .. tell|telling|command|commanding"]),
    flag(Priority::P2, "worst or sudden headache", &["worst .. headache", "thunderclap", "sudden .. headache"]),
    flag(Priority::P2, "meningism", &["neck stiffness", "stiff neck", "nuchal rigidity", "non blanching rash", "petechial rash"]),
    flag(Priority::P2, "swelling of the face", &["lips|lip|face .. swelling|swollen", "swelling|swollen .. lips|lip|face", "angioedema"]),
    flag(Priority::P2, "bleeding from the gut", &["hematemesis", "melena", "black|tarry|bloody|maroon .. stool|stools", "stool|stools .. black|tarry|tar|bloody|maroon", "coffee grounds", "blood from .. rectum|bottom|passage|anus", "blood .. back passage", "coffee ground emesis|vomit|vomitus", "bright red blood per rectum", "rectal bleeding", "hematochezia",
        "vomit*|throwing|threw|spitting .. blood", "blood in .. stool|stools|vomit|vomitus"]),
    flag(Priority::P2, "coughing up blood", &["hemoptysis", "cough* .. blood"]),
    flag(Priority::P2, "loss of consciousness", &["syncope", "syncopal", "fainted|fainting", "passed|passing out", "blacked out", "loss of consciousness", "lost consciousness", "collapsed !lung|lobe|vertebra"]),
    flag(Priority::P2, "seizure", &["had|having|new|first|witnessed|another|breakthrough .. seizure|seizures|convulsion|convulsions", "seizure|seizures|convulsions today|yesterday|this|last|since", "tonic clonic", "convulsed"]),
    flag(Priority::P2, "acute abdomen", &["rigid abdomen", "belly|abdomen|stomach .. hard|rigid .. board", "rebound tenderness", "peritonitis", "severe abdominal pain", "peritoneal signs"]),
    flag(Priority::P2, "spinal cord or cauda equina", &["saddle anesthesia", "saddle numbness", "cannot .. feel .. between .. legs", "numb between .. legs", "back pain ... cannot .. pee|urinate|walk", "fell|fall ... back|neck pain ... tingl*|numb*|weak*",  "urinary retention with back pain", "cauda equina", "new paralysis"]),
    flag(Priority::P2, "limb in danger", &["cold leg", "leg|foot|arm|hand .. cold ... white|pale|blue|painful|numb", "bone .. sticking|protruding|poking", "open fracture",  "pulseless limb|foot|leg|hand|arm", "acute limb ischemia", "compartment syndrome"]),
    flag(Priority::P2, "bleeding or severe pain in pregnancy", &["ectopic pregnancy", "pregnan* ... bleeding|bleeds|bled", "bleeding ... pregnan*", "eclampsia", "pre eclampsia with severe", "placental abruption", "pregnan* ... severe|bad headache", "pregnan* ... flashing lights", "baby .. stopped|not moving", "no fetal movement|movements"]),
    flag(Priority::P2, "torsion", &["testicular torsion", "ovarian torsion", "sudden testicular pain", "sudden .. pain in .. testicle|testis|scrotum", "testicle|testis|scrotum .. sudden|suddenly"]),
    flag(Priority::P2, "infection in a patient without defence", &["neutropenic fever", "febrile neutropenia", "sepsis", "septic", "chemo|chemotherapy ... fever|febrile|temperature", "fever ... chemo|chemotherapy"]),
    flag(Priority::P2, "sugar out of control", &["diabetic ketoacidosis", "severe hypoglycemia", "hyperosmolar", "sugar .. sky high", "sugar .. high|low ... drowsy|confused|muddled|shaky|sleepy|vomiting"]),
    flag(Priority::P2, "racing or irregular heart with faintness", &["heart|palpitations .. racing|pounding|skipping|irregular ... faint|dizzy|lightheaded", "racing|pounding heart ... faint|dizzy|lightheaded"]),
    flag(Priority::P2, "eye in danger", &["bleach|acid|lye|ammonia|chemical|cement|lime .. eye|eyes", "eye|eyes .. bleach|acid|lye|ammonia|chemical|cement", "pierced|punctured|penetrat* .. eye|eyeball|globe"]),
    flag(Priority::P2, "burn", &["scalded|scald", "severe|deep|extensive burn|burns", "burned|burnt .. face|hands|chest|back|legs|arms"]),
    flag(Priority::P2, "bite or sting of a venomous animal", &["bitten|bite|bit .. snake|rattlesnake|viper|cobra|scorpion", "snake|rattlesnake bite|bit"]),
    flag(Priority::P2, "injury of the head", &["head ... vomiting|drowsy|confused|unconscious !injury", "head injury ... vomiting|drowsy|confused"]),
    flag(Priority::P2, "new confusion", &["new|sudden|acute confusion", "suddenly|newly confused", "confused since"]),
    flag(Priority::P2, "missed dialysis", &["missed .. dialysis", "dialysis ... missed .. session|sessions|treatment|treatments"]),
    flag(Priority::P2, "withdrawal", &["delirium tremens", "shaking ... seeing things", "alcohol withdrawal", "hallucinat* ... drink*|alcohol|withdrawal"]),
    flag(Priority::P2, "clot", &["pulmonary embolism", "deep vein thrombosis suspected", "calf|leg .. swollen ... hot|red|painful|tender", "calf|leg .. hot|red .. swollen"]),
];

/// Complaints of now are told in these sections. Past history, family, plans and instructions are not.
const TOLD_IN: &[Section] = &[
    Section::ChiefComplaint,
    Section::PresentIllness,
    Section::Review,
    Section::Vitals,
    Section::Exam,
    Section::Assessment,
    Section::Encounters,
    Section::Other,
];

/// A complaint found.
pub(crate) struct RedFlag {
    pub(crate) priority: Priority,
    pub(crate) name: &'static str,
    pub(crate) quote: Piece,
}

/// The patterns of all complaints, and by what word each may begin.
struct Index {
    /// The place in [`FLAGS`] and the pattern.
    patterns: Vec<(usize, Pattern)>,
    by_word: HashMap<&'static str, Vec<usize>, Plain>,
    /// By the first byte.
    by_beginning: Vec<Vec<(&'static str, usize)>>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let of = |(at, flag): (usize, &'static Flag)| flag.phrases.iter().map(move |phrase| (at, Pattern::read(phrase)));
    let patterns: Vec<(usize, Pattern)> = FLAGS.iter().enumerate().flat_map(of).collect();
    let mut by_word: HashMap<&'static str, Vec<usize>, Plain> = HashMap::default();
    let mut by_beginning: Vec<Vec<(&'static str, usize)>> = vec![Vec::new(); 256];
    for (at, (_, pattern)) in patterns.iter().enumerate() {
        for (word, begins) in pattern.begins() {
            match begins {
                true => {
                    let first = word.bytes().next().unwrap_or(0);
                    if let Some(list) = by_beginning.get_mut(usize::from(first)) {
                        list.push((word, at));
                    }
                }
                false => by_word.entry(word).or_default().push(at),
            }
        }
    }
    Index {
        patterns,
        by_word,
        by_beginning,
    }
});

impl Index {
    /// The patterns that may stand in a text, in the order of their complaints.
    fn of(&self, row: &Words<'_>) -> Vec<&(usize, Pattern)> {
        let mut places: Vec<usize> = Vec::new();
        for word in row.texts() {
            if let Some(own) = self.by_word.get(word) {
                places.extend(own);
            }
            let first = word.bytes().next().unwrap_or(0);
            for (begins, at) in self.by_beginning.get(usize::from(first)).into_iter().flatten() {
                if word.starts_with(begins) {
                    places.push(*at);
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|at| self.patterns.get(at)).collect()
    }
}

/// The complaints that the record tells of the patient and of `day` (or of no day), each once.
pub(crate) fn find(record: &Record, day: Option<i64>) -> Vec<RedFlag> {
    let mut found: Vec<RedFlag> = Vec::new();
    let mut passages = record.passages.iter().peekable();
    while let Some(passage) = passages.next() {
        let of = passage.when.as_ref().and_then(|when| when.day);
        if !TOLD_IN.contains(&passage.section) || (of.is_some() && day.is_some() && of != day) {
            continue;
        }
        let text = words::told(&passage.text, record.pack());
        let row = Words::of(&text);
        let may = INDEX.of(&row);
        let next = passages.peek().map_or("", |next| &*next.text);
        if may.is_empty() || asked::asks(&passage.text, passage.section) && !asked::may_be_so(&passage.text, next) {
            continue;
        }
        for (flag, pattern) in may {
            let Some(flag) = FLAGS.get(*flag) else { continue };
            let absent = |at: usize| {
                let place = passage.place;
                place.is_some_and(|place| note::is_absent_by_place(&passage.text, place, at, record.pack()))
            };
            if !found.iter().any(|other| other.name == flag.name) && is_told(&text, &row, pattern, absent) {
                found.push(RedFlag {
                    priority: flag.priority,
                    name: flag.name,
                    quote: Piece {
                        text: Arc::clone(&passage.text),
                        span: passage.span,
                    },
                });
            }
        }
    }
    found.sort_by_key(|flag| flag.priority);
    found
}

/// True when some mention of `pattern` is of the patient, of now, and not denied; `absent` says whether its place denies what begins at a byte.
fn is_told(text: &str, row: &Words<'_>, pattern: &Pattern, absent: impl Fn(usize) -> bool) -> bool {
    let phrase = pattern.text;
    let mut from = 0;
    while let Some((at, end)) = row.find(pattern, from) {
        let named_only = words::is_topic(text, end)
            || (phrase.starts_with("anaphyla") && words::is_listed_reaction(text, at, end))
            || (phrase.starts_with("unresponsive") && words::is_of_a_thing(text, at, end));
        let meant = !named_only
            && !words::is_negated(text, at, end)
            && !words::is_hypothetical(text, at)
            && !words::is_of_another(text, at, end)
            && !words::is_of_another_time(text, at)
            && !absent(at);
        if meant {
            return true;
        }
        from = at + 1;
    }
    false
}
