//! The word lists.

use super::*;

/// A tag and its words, separated by white space, in ASCII, all small letters.
pub(super) const GROUPS: &[(Tags, &str)] = &[
    (
        MONTH,
        "january february march april may june july august september october november december
         januray janaury febuary feburary febuary febraury marhc apirl agust augst agusut septmber setember septembar septemer ocotber
         octobar octber novmber novembr novemeber decmber decembr decemeber
         jan feb mar apr jun jul aug sep sept oct nov dec",
    ),
    (HONORIFIC, "fr pastor rabbi imam sgt capt dr drs doctor mr mrs ms miss mx prof professor rev reverend sir madam dame sra sr"),
    (
        ROLE,
        "patient pt nurse physician surgeon therapist provider attending resident intern pcp practitioner cardiologist
         oncologist neurologist nephrologist dermatologist gastroenterologist endocrinologist pulmonologist urologist
         psychiatrist psychologist radiologist pathologist rheumatologist hematologist anesthesiologist pediatrician
         obstetrician gynecologist hospitalist internist podiatrist dentist optometrist ophthalmologist pharmacist
         dietitian nutritionist midwife counselor chaplain social worker caregiver guardian client member author
         technician technologist paramedic phlebotomist hygienist consultant interpreter translator scribe chaperone registrar
         medic fellow",
    ),
    (
        KIN,
        "daughter son wife husband mother father sister brother spouse partner girlfriend boyfriend friend neighbor
         neighbour aunt uncle niece nephew cousin grandmother grandfather grandson granddaughter mom dad mum fiance
         fiancee kid fob mob grandma grandpa granny nana stepdad stepmom roommate stepmother stepfather stepson stepdaughter",
    ),
    (
        CREDENTIAL,
        "md do rn np pa phd dds dmd dpm pharmd lpn lvn cna crnp aprn fnp dnp lcsw msw psyd lmft ot otr pt dpt rd bsn msn
         facp facs facc faap mbbs mph ccc slp crna cnm rph esq pgy rdcs rvt rrt rcis lmsw ccrn cdces acnp",
    ),
    (NAMED, "named called nicknamed aka name names nee"),
    (
        CONTACT_VERB,
        "seen signed referred spoke discussed accompanied evaluated examined cosigned dictated transcribed reviewed
         authored ordered performed prescribed consulted contacted notified called met interviewed cc attn verified
         followed treated managed goes",
    ),
    (
        STREET,
        "street st avenue ave av road rd boulevard blvd lane ln drive dr court ct circle cir place pl terrace ter way
         parkway pkwy highway hwy square sq trail trl loop alley plaza pike row crescent expressway turnpike crossing
         meadow meadows path route rte broadway",
    ),
    (
        FACILITY,
        "hospital clinic center centre hospice infirmary sanatorium pharmacy laboratory laboratories labs university
         college school church institute healthcare health rehab rehabilitation manor nursing associates medical med
         foundation academy hosp ctr clinics hospitals office campus
         care practice elementary preschool daycare trust medicine",
    ),
    (
        DEPARTMENT,
        "cardiology neurology oncology radiology surgery surgical medicine pediatric pediatrics emergency outpatient
         inpatient ambulatory urgent intensive critical care acute primary family internal general community regional
         local public private rural teaching academic tertiary quaternary veterans affairs day home mental behavioral
         psychiatric psychiatry obstetrics gynecology dermatology orthopedic orthopedics orthopaedic urology nephrology
         gastroenterology endocrinology pulmonary rheumatology hematology ophthalmology dental eye pain wound sleep
         infusion dialysis imaging cancer heart stroke trauma burn birth birthing women children diabetes anticoagulation
         coumadin warfarin memory travel vaccine blood donor transplant fertility recovery treatment testing walk
         specialty specialist skilled assisted living long term outside referring our the this that same new
         nearby another other his her their my your retail specialty mail order compounding of and for at in to by
         anticoagulant preoperative postoperative physical occupational speech therapy student service services
         department unit icu ward step down same high middle elementary law nursing poison control call data managed foot self comfort follow preventive
         prenatal postpartum antenatal respiratory lung kidney vascular spine skin palliative nuclear sports addiction
         transfusion end plan patient of after wellness direct kids child brain bone joint hand peds tele telemetry stepdown ortho pulm heme telehealth",
    ),
    (
        STATE,
        "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or
         pa ri sc sd tn tx ut vt va wa wv wi wy dc pr alabama alaska arizona arkansas california colorado connecticut
         delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland
         massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania
         tennessee texas utah vermont virginia washington wisconsin wyoming",
    ),
    (
        STOP,
        "a about above abnormal able abdomen abdominal absent according active activity acute add added additional admit
         admitted admission adult advised affect after again age aged agrees alert all allergic allergies allergy alone
         already also although always am an and annual any appears appointment april are area arm artery as ask asked
         aspirin assess assessed assessment assist associated at ate atrial august available average away back based be
         because been before began being below benign best better between bilateral biopsy bleeding blood body bone both
         bp brain breast breath but by bypass calcium called came can cannot cardiac cardiovascular care case cell
         cervical change changes check chest chief child children chronic cirrhosis clear clinical colon colonoscopy come
         comes comfortable complaint complaints complains complete condition conditions consent consider consult
         consultation continue continued continues control copy coronary cough could course current currently daily
         daughter day days deep delayed denied denies denying department dependent depression diabetes diabetic diagnosed
         diagnoses diagnosis diagnostic did diet different discharge discharged discuss discussed disease disorder do
         does dog dose dosing down drug due during each ear early echo edema education eligible eight eighty either
         elderly elevated eleven emergency encounter encourage end endoscopy enjoy enlarged ensure enter episode
         estimated etc even evening every evidence exam examination except exercise experienced explain eye eyes fall
         family fasting fatigue feels fell female fever few fifty fifteen fifty findings first five flu fluid followup
         follow following food foot for forty found four fourteen friday from full function further gait gave general
         genetic getting given gives glucose go goal goals good got grade great gross group guidance guidelines had
         hand has hasn have having he head headache health heart heent height help hemoglobin her here hers high him his
         history hold home hospital hour hours how however hpi hypertension hypertensive i ideal if immediate
         immunization impression in include including increase increased indication infection infections inform
         information initial injury inpatient instructed instructions insulin interval intact into is issues it its
         joint just keep kidney knee lab labs laboratory last lasting later lead left leg less let level levels likely
         limited list liver living loss low lower lung lungs made maintain male man management many mass may me mean
         medical medication medications medicine men mental metabolic mild minimal minutes moderate monday monitor
         monitoring month months mood more morning most mr mri much multiple muscle musculoskeletal must my name nausea
         neck need needs negative neuro neurological never new next night nine ninety no nodule non none nor normal not
         note noted notes nothing november now number nurse objective obtain obtained occasional october of off office
         often old on once one only onset open options or oral order ordered orders other otherwise our out outpatient
         over overview own oxygen pain part past patient patients pending per percent perform persistent phone physical
         physician plan plans please pneumonia positive possible post pre pregnant prescribed prescription present
         presents presenting pressure prevent previous previously primary prior probable problem problems procedure
         procedures progress provide provided provider psychiatric pt pulmonary pulse put question quit rash rate
         reason receive received recent recently recheck recommend recommendation recommendations recommended record
         records reduce refer referral refill reflexes regarding regular relevant remained remains renal repeat report
         reported reports request required requires respiratory rest result results return returned returns review
         reviewed right risk room routine said same saturday saw says scan schedule scheduled screen screening second
         see seems seen sees sent september serum seven seventy several severe severity she should shows side sign signs
         signed since single sister six sixteen sixty skin sleep slight small smoker smoking so social some son soon
         soft specialist spine spoke stable stage start started states status still stomach stop stopped stress stroke
         strong study subjective such sudden suggest sunday surgery surgical swelling symptoms system systems systolic
         take taken takes taking talk team tell ten test testing tests than thank that the their them then therapy there
         these they thinks third thirteen thirty this those though three throat through thursday thyroid time times to
         today together told tolerate tolerated tomorrow too took total toward trauma treat treated treatment trial
         tuesday tumor twelve twenty twice two type ultrasound under underwent unable undergo unit unknown unless until
         up update updated upper urgent urinary urine us use used using usual vaccine valve various vascular very visit
         visits vital vitals vitamin wait walk wants warm was we weak weakness wednesday week weekly weeks weight well
         went were what when where whether which while who whole whom whose why wife will with within without woman
         women work worse worsening would wound xray year years yes yesterday yet you young your zero
         advance advanced african american asian caucasian hispanic latino white black english spanish french chinese
         german vietnamese korean russian arabic christian jewish muslim catholic medicare medicaid internet google
         best dear hello hi hey hope regards sincerely thanks attached subject re fwd date dob sex gender race address
         assign confidential page fax tel email contact emergency insurance signature electronically title section
         hypertension hyperlipidemia asthma copd chf ckd cad gerd esrd hiv aids ra ms als dm htn afib mi pe dvt uti tia
         cva sle ibs ibd ards covid sars flu hpv rsv mrsa tb ed er icu ccu pacu or nicu ob gyn ent ct pet ekg ecg eeg
         emg nstemi stemi gdm pih ards dka cabg pci tavr ecmo crrt hfref hfpef egd ercp tte tee cbc cmp bmp tsh inr ptt psa bun ast alt ldl hdl wbc rbc ros pmh psh fh sh cc nkda prn bid tid qid qhs po iv
         im sq sc npo dnr dni ap ros nsaid nsaids ssri snri acei arb ppi tpn vs hr rr temp spo bmi egfr hba aic
         lisinopril metformin warfarin aspirin ibuprofen tylenol acetaminophen insulin prednisone amoxicillin statin
         coumadin lasix plavix eliquis xarelto humira ozempic lantus lipitor zoloft prozac
         allegra camila premarin yaz seasonique genesis alesse aviane tivicay januvia jardiance farxiga trulicity entresto humira enbrel stelara keytruda
         discontinue discontinued decrease decreased resume titrate administer avoid apply inject assessing complaining
         presented remain include involving requiring requires needing versus vs via could might shall whats latest
         possible safe best typical effective effects effect interactions interaction contraindications
         contraindication indications safety efficacy side dosage alternatives alternative protocol protocols criteria
         regimen guideline mechanism impact role steps tips ways
         provide list compare describe explain summarize draft write generate create identify determine evaluate
         evaluating manage managing preparing treating prescribing starting discontinuing administering monitoring
         assuming considering given per regarding concerning despite following
         north south east west northern southern eastern western central
         aha acc ada who cdc fda nih kdigo nccn uspstf acog aap gold asco idsa acr nice esc
         syndrome disease diseases sign score criteria maneuver catheter tube drain operation repair fracture palsy
         phenomenon reflex esophagus thyroiditis lesion ulcers node nodes scale classification index position
         stroke sepsis cancer lymphoma leukemia anemia angina eczema psoriasis gout lupus migraine epilepsy dementia
         osteoporosis osteoarthritis arthritis hepatitis cirrhosis pancreatitis bronchitis sinusitis ulcer colitis
         hypothyroidism hyperthyroidism obesity neuropathy nephropathy retinopathy pregnancy menopause
         mom dad baby boy girl infant newborn toddler teenager adolescent gentleman lady person people individual
         carina heparin morphine fentanyl oxycodone hydrocodone gabapentin albuterol
         unremarkable within notable consistent suspicious concern concerns concerned worried wondering
         hi doctor nurse thanks sure okay ok yeah um uh mhm right alright",
    ),
    (
        AMBIGUOUS,
        "long brown white black green gray grey stone wood woods hill hills rose grace hope faith joy dawn bush bell page
         price cook baker mason hunter fisher carter walker king knight church field fields banks rivers lake park parks
         rice cotton berry bean fox wolf lamb drew mark bill frank art rob pat sue jack chase grant miles gene ray dean
         earl duke guy max rich sandy june summer autumn ginger olive ivy iris violet pearl ruby amber crystal destiny
         harmony melody angel heaven trinity star sky dusty rusty chip cliff clay heath brook brooks forest glen dale
         ford love power powers short little swift wise noble sharp moody savage hardy hale palmer marrow nail ball
         cross close cole frost snow winter winters spring rain storm gale holiday reading mobile orange bath cork
         independence paradise enterprise concord commerce union liberty temple normal waters will may young small
         strong head hand foot good best mean case day weeks major minor senior junior german english french west east
         north south gold silver diamond bishop pope monk judge law sage basil rosemary lily daisy holly hazel heather
         fern laurel myrtle cherry peach apple plum penny nick jean victor van so an do le lee ma su he she my me you
         min sun moon son lin long hung kim park song wang she see lay bay cap cane crane crow dove finch hawk swan
         martin robin wren pace pike perch pond pool reed rush marsh moss barber butler carpenter cooper farmer gardener
         mayor miller porter potter shepherd singer smith tanner taylor weaver wright blood bone heart payne pain",
    ),
    (
        WORD_NAME,
        "ada christian hope june march april may august oral will low lower day days weeks early gross nurse self church
         child childs patience precious constance page case chase booth best dear love strong small young white black
         brown english french german spanish hand head foot blood bone street call calls means pill root rush
         monday friday sunday mark grant west east north south temple lady major sharp short little wise",
    ),
    (
        EPONYM,
        "parkinson parkinsons foley bell bells crohn crohns alzheimer alzheimers hodgkin hodgkins hashimoto graves kerley
         cushing addison raynaud sjogren marfan turner klinefelter tourette huntington wilson paget barrett baker
         babinski romberg murphy mcburney rovsing homans glasgow apgar braden tinel phalen lachman mcmurray kernig
         brudzinski cheyne stokes kussmaul hickman swan ganz jackson pratt penrose kelly whipple roux billroth
         heimlich trendelenburg fowler valsalva doppler holter gram papanicolaou mantoux coombs rinne weber snellen
         ishihara dix hallpike epley charcot dupuytren colles smith bennett salter harris legg calve perthes osgood
         schlatter guillain barre lou gehrig creutzfeldt jakob wernicke korsakoff broca horner argyll robertson
         bartter gitelman fanconi liddle conn wegener churg strauss kawasaki takayasu behcet reiter still felty
         caplan goodpasture alport berger henoch schonlein von willebrand christmas gilbert crigler dubin rotor budd
         chiari mallory weiss boerhaave zenker schatzki meckel hirschsprung wilms ewing kaposi bowen merkel hurthle
         burkitt waldenstrom sezary tanner duke dukes child pugh ranson bishop ottawa wells centor framingham
         nyha killip braxton hicks down edwards patau prader willi noonan ehlers danlos osler janeway roth virchow
         troisier sister mary joseph cullen grey kerr chvostek trousseau lhermitte gower gowers ortolani barlow
         hoffmann jendrassik kegel spurling hawkins neer yergason tietze achilles eustachian fallopian bartholin
         cowper peyronie koplik forchheimer pastia brown sequard ludwig vincent quincke lynch peutz jeghers gardner
         turcot cowden li fraumeni von hippel lindau recklinghausen sturge rendu rokitansky asherman sheehan
         nelson kallmann wolff parkinson lown ganong brugada romano ward eisenmenger ebstein fallot takotsubo dressler
         beck brackmann ashman levine leriche buerger monckeberg bruce borg likert hamilton beck mini cog lewy pick",
    ),
    (PHONE, "phone telephone tel ph cell mobile fax pager beeper call contact callback voicemail ext text dial number reach landline"),
    (SSN, "ssn ss social soc"),
    (MRN, "hosp mrn patientid mr medical chart hospital unit mrns med medrec record records"),
    (
        ACCOUNT,
        "account acct accounts encounter visit csn fin claim invoice card iban billing bank routing credit debit hsn",
    ),
    (
        PLAN,
        "insurance ins insured member subscriber policy plan beneficiary medicare medicaid hicn mbi group payer payor
         hmo ppo health coverage aetna cigna humana hpbn hpn tricare",
    ),
    (
        LICENCE,
        "license licence lic npi dea certificate certification cert passport driver drivers dl registration permit",
    ),
    (VEHICLE, "vin plate plates vehicle tag licence license car"),
    (DEVICE, "serial sn imei udi device implant pacemaker mac pump model n"),
    (
        ID,
        "id ids identifier identification accession specimen sample case order badge employee ref reference token uuid
         confirmation ticket job inmate prisoner booking interpreter sheet study subject participant requisition rx prescription tracking student veteran site",
    ),
    (FILLER, "number no num nos nr id is was of the code identifier identification ending my his her your their are"),
    (BIRTH, "d dob born birth birthdate birthday bday"),
    (DEATH, "died deceased death dod expired passed"),
    (NINETY, "ninety hundred nineties nonagenarian nonagenarians centenarian centenarians"),
    (YEARS, "year years yr yrs yo y old yoa"),
    (
        UNIT,
        "mg mcg ug g kg gm gram grams ml l dl cc mmhg mm cm m km lb lbs oz ft in inch inches meq mmol mol iu units unit
         tab tabs tablet tablets cap caps capsule capsules pill pills puff puffs drop drops tsp tbsp cup cups pack packs
         ppd hr hrs hour hours h min mins minute minutes sec seconds day days week weeks wk wks month months bpm beats
         percent degrees f c celsius fahrenheit strength dose doses suture sutures nd rd th st stage grade vials liters
         liter kcal cal hz khz mhz mv ma mmh ng pg fl u times x weeks bottle bottles patch patches spray sprays",
    ),
    (PARTICLE, "de del della di da dos das du la le el al bin ibn van von der den ter ten y e mac mc st abu ben san santa"),
    (
        CARE_VERB,
        "seen evaluated admitted treated hospitalized hospitalised managed followed transferred referred presented
         examined diagnosed visited visit appointment care received underwent assessed monitored discharged checked
         booked scheduled consulted biopsied surgery enrolled works worked working employed employee reviewed recently today
         patient here recovering operated stented surgery delivered stay checkup consult consultation labs imaging",
    ),
    (LIVE_VERB, "lives live living lived resides resident residing reside moved traveled travelled visiting home native raised born address located"),
    (
        DATE_CUE,
        "adm admit admission discharge disch dschg dc on since dated date from until till through before after by dos due seen visit visited admitted discharged
         performed collected received reported started started scheduled between around circa approximately exam
         evaluated last next",
    ),
    (ZIP, "zip zipcode postal postcode"),
    (SUFFIX, "jr sr ii iii iv"),
    (
        NAME_LABEL,
        "name patientname patient pt client re provider physician attending pcp doctor nurse surgeon author guardian mother father spouse kin
         ordering referring authorizing dictating supervising circulator assistant informant anesthesiologist
         referring from to cc attn initials signed dictated transcribed contact member subscriber insured guarantor resident
         prescriber clinician therapist interpreter witness surname forename caregiver next caller
         sincerely regards respectfully cordially wishes",
    ),
    (PLACE_LABEL, "address addr city town residence street location birthplace county township reservation borough"),
    (FACILITY_LABEL, "facility clinic hospital employer organization organisation practice pharmacy school location site
         insurance insurer payer payor carrier church"),
    (SEX, "female male man woman girl boy f m gentleman lady patient pt child infant adult teen teenager person"),
    (UNIT_OF_ADDRESS, "apt apartment suite ste unit floor fl room rm lot box pobox bldg building"),
    (LAST_FOUR, "ending ends last final"),
    (PREPOSITION, "in from near of to at"),
    (LETTER, "a b c d e f g h i j k l m n o p q r s t u v w x y z"),
    (
        COUNTRY,
        "america usa us uk canada mexico cuba england scotland ireland wales france germany italy spain portugal greece
         poland ukraine russia turkey israel iraq iran syria lebanon egypt nigeria ghana kenya ethiopia somalia sudan
         morocco india pakistan bangladesh nepal china japan korea vietnam thailand philippines indonesia malaysia
         taiwan australia zealand brazil argentina chile colombia peru ecuador venezuela bolivia guatemala honduras
         salvador nicaragua panama haiti jamaica puerto dominican africa asia europe states kingdom united",
    ),
    (
        EPONYM_HEAD,
        "syndrome syndromes disease diseases disorder sign signs test score scores scale criteria criterion maneuver
         manoeuvre catheter tube drain operation repair fracture palsy phenomenon reflex esophagus thyroiditis lesion
         lesions ulcer ulcers node nodes nodules classification index position procedure equation formula rule
         rules staging grading lymphoma sarcoma tumor tumour anomaly malformation contracture
         cyst cysts gangrene chorea aphasia encephalopathy encephalitis dementia arthritis vasculitis purpura virus
         fever consensus protocol guideline guidelines inventory questionnaire stain
         technique incision clamp forceps retractor stent valve bypass shunt pouch ring rings 
         duct gland glands tendon canal tubes artery vein nerve ligament breathing respiration
         respirations pupil murmur triad pentad monitor wires wire pins cast splint brace
         boot stockings walker frame bandage dressing metaplasia macroglobulinemia granulomatosis ataxia atrophy
         dystrophy neuropathy hernia diverticulum hydrocele nevus edema angina thyroid goiter melanosis infarct
         variant nodule wort cancer cirrhosis lice membrane sequence chromosome web numerals encephalitis myopathy deficiency type",
    ),
    (
        LETTERED,
        "hepatitis vitamin group type factor stage class part grade phase plan influenza strep streptococcus
         hemophilia protein troponin complement immunoglobulin coenzyme child category appendix table figure schedule
         level zone option dengue botulinum interferon haemophilus medicare",
    ),
    (
        DOES,
        "is was has had presents presented came comes went wants needs takes took called calls underwent continues
         remains returns returned asked asks told tolerated feels felt gets got seen still will would should who can
         did does also today tolerated tolerates missed arrived fell noticed started stopped with dob mrn",
    ),
    (
        SAYS,
        "denies denied reports reported states stated complains complained endorses endorsed says said admits agrees
         agreed lives works smokes drinks sleeps wakes walks thinks believes verbalizes ambulates refuses refused
         declines declined voiced c understands",
    ),
    (
        OWNED,
        "chart labs lab meds medications medication record records results result mrn dob mother father wife husband
         daughter son sister brother family care case room appointment history bp blood age insurance allergies dose
         a1c a hba1c potassium creatinine hemoglobin glucose inr mri ct echo ekg ecg xray x scan weight height phone
         address email number last latest recent current diagnosis condition symptoms pain vitals visit notes note
         plan treatment metformin insulin warfarin lisinopril referral surgery biopsy next new discharge medical
         hospital file information urine kidney heart progress",
    ),
    (
        LEAD,
        "did does is has was can should told tell ask asked call called saw see about for with by from named name hi
         hello dear thanks regarding re give gave met remind discharge admit schedule of",
    ),
    (TOP, "com org net edu gov mil info health care app io clinic hospital co uk de fr eu us ca au"),
    (
        HANDLE,
        "username user userid login handle screenname twitter instagram insta ig facebook snapchat skype whatsapp telegram tiktok
         reddit discord venmo",
    ),
    (
        FILE,
        "jpg jpeg png gif bmp tif tiff heic heif webp dcm dicom pdf doc docx xls xlsx csv tsv txt rtf mp mov avi wav zip nii svg
         eml msg ppt pptx xml json hl",
    ),
    (STREET_FIRST, "rue calle via rua avenida rua ulica chemin carrer corso largo paseo camino"),
    (STATE_END, "york jersey mexico hampshire carolina dakota island rico virginia"),
    (
        HOLIDAY,
        "christmas thanksgiving easter halloween hanukkah ramadan diwali passover xmas eid kwanzaa independence memorial labor
         veterans mlk presidents columbus valentine valentines mothers fathers boxing juneteenth new mother father",
    ),
    (
        FUNCTION,
        "a also and are as at because but by did does for from has he her his how i if in is it its my no not of off
         on or our please she that the their then there these they this those to was we were what when where which
         while who why with yes you your",
    ),
    (
        TAKES_PERSON,
        "told informed reminded remind paged consulted asked tell ask notify notified examined interviewed counseled counselled
         advised contacted reassured introduce thanked thank dear hi hello hey greeted visited evaluated reached
         updated escorted accompanied officer pastor chaplain sergeant deputy detective attorney lawyer donor recipient baby
         child infant newborn twin child informing telling asking remembering spoke roommate neighbor colleague classmate
         teacher coach employer supervisor guardian subscriber referring",
    ),
    (
        ACTS,
        "underwent walked ate agrees agreed refused refuses tolerated tolerates vomited coughed voided ambulated ambulates
         consented verbalized expressed resides woke worries worried cried improved requests requested attended drove arranged
         recommends recommended prescribed ordered complained presented presents arrived aware notified paged wants asked
         asks feels felt thinks slept smiled laughed joined brought visited transported escorted transferred walks eats
         sleeps enjoys lives worked retired immigrated graduated remembers forgot forgets prefers hopes struggles
         agreeable decided chose chooses signed apologized say explained mentioned described volunteered insisted insists tripped
         rounds rounded",
    ),
    (
        PERSONAL,
        "seen admitted discharged extubated intubated born evaluated examined brought transferred referred hospitalized
         counseled advised told asked informed diagnosed reached contacted called paged notified consented feeling doing eating
         walking resting sleeping sitting tolerating complaining taking anxious alert oriented pleasant cooperative
         compliant adherent allergic pregnant eligible awake comfortable upset worried tearful npo able unable
         interested willing vaccinated immunized follow return come call breathing ambulating drinking smoking living
         married widowed divorced retired employed unemployed homeless treated followed scheduled unaware aware
         afebrile sedated tachycardic hypotensive delirious confused agitated lethargic asleep crying refusing asking
         requesting looking hoping planning present available home here ready stable improving
         walk eat drink sleep smoke attend see bring go need pick be get say think want",
    ),
    (
        DRUG,
        "ozempic wegovy mounjaro zepbound rybelsus victoza saxenda trulicity byetta bydureon zosyn keppra zyprexa
         eliquis xarelto pradaxa savaysa jardiance farxiga invokana steglatro glyxambi synjardy entresto lantus
         humalog novolog levemir tresiba toujeo basaglar humulin novolin apidra januvia janumet tradjenta onglyza
         actos avandia glucophage glucotrol amaryl humira enbrel remicade stelara cosentyx taltz skyrizi tremfya
         rinvoq xeljanz otezla orencia actemra rituxan ocrevus tysabri tecfidera gilenya aubagio copaxone avonex
         rebif lipitor crestor zocor pravachol zetia repatha praluent vytorin tricor lopid plavix brilinta effient
         nexium prilosec protonix prevacid aciphex dexilant pepcid zantac zoloft lexapro celexa prozac paxil
         wellbutrin effexor pristiq cymbalta remeron trazodone desyrel viibryd trintellix buspar seroquel abilify
         risperdal geodon latuda vraylar rexulti haldol thorazine clozaril invega lithobid depakote lamictal tegretol
         trileptal dilantin topamax zonegran vimpat briviact neurontin gabapentin lyrica ativan xanax klonopin valium
         librium restoril ambien lunesta sonata belsomra norco percocet vicodin lortab oxycontin roxicodone dilaudid
         duragesic ultram nucynta suboxone subutex narcan vivitrol flexeril zanaflex robaxin skelaxin lioresal
         synthroid levoxyl cytomel lasix bumex demadex aldactone inspra zaroxolyn microzide coreg toprol lopressor
         tenormin bystolic inderal norvasc cardizem calan procardia cozaar diovan benicar avapro micardis atacand
         zestril prinivil vasotec altace lotensin accupril hyzaar singulair advair symbicort breo trelegy anoro
         spiriva incruse dulera flovent pulmicort qvar ventolin proair proventil xopenex atrovent combivent duoneb
         albuterol zyrtec claritin xyzal benadryl flonase nasonex zofran reglan phenergan compazine bentyl levsin
         carafate colace miralax senokot dulcolax linzess amitiza imodium lomotil cipro levaquin avelox augmentin
         amoxil bactrim septra keflex omnicef rocephin ancef cefepime maxipime fortaz vancocin zyvox cubicin flagyl
         cleocin macrobid doxycycline vibramycin zithromax biaxin diflucan vfend noxafil cancidas mycamine valtrex
         zovirax tamiflu paxlovid veklury truvada descovy biktarvy genvoya tivicay epclusa harvoni mavyret
         methotrexate plaquenil imuran cellcept prograf arava prednisone medrol decadron solumedrol kenalog tylenol
         motrin advil aleve naprosyn mobic celebrex toradol voltaren excedrin ecotrin coumadin jantoven lovenox
         fragmin arixtra heparin angiomax cordarone pacerone multaq tikosyn betapace rythmol lanoxin ranexa imdur
         nitrostat isordil apresoline catapres minipress cardura flomax proscar avodart viagra cialis levitra detrol
         vesicare myrbetriq ditropan premarin estrace provera mirena nexplanon nuvaring evista fosamax actonel boniva
         prolia forteo reclast zometa xgeva epogen procrit aranesp neupogen neulasta venofer feraheme keytruda opdivo
         yervoy tecentriq imfinzi herceptin perjeta kadcyla ibrance kisqali verzenio tagrisso tarceva gleevec sprycel
         tasigna revlimid pomalyst velcade darzalex arimidex femara aromasin tamoxifen lupron zoladex xtandi zytiga
         taxol taxotere gemzar alimta avastin erbitux xeloda temodar sinemet mirapex azilect comtan stalevo aricept
         namenda exelon razadyne imitrex maxalt zomig relpax aimovig emgality ajovy nurtec ubrelvy botox adderall
         ritalin concerta vyvanse strattera focalin intuniv provigil nuvigil chantix nicorette antabuse campral revia
         zostavax shingrix prevnar pneumovax gardasil fluzone havrix engerix boostrix adacel tdap comirnaty spikevax
         medicare medicaid apixaban rivaroxaban dabigatran edoxaban semaglutide tirzepatide liraglutide dulaglutide
         exenatide empagliflozin dapagliflozin canagliflozin sacubitril levetiracetam carbidopa levodopa quetiapine
         olanzapine aripiprazole risperidone ziprasidone lurasidone haloperidol clozapine lamotrigine carbamazepine
         oxcarbazepine phenytoin topiramate zonisamide lacosamide pregabalin lorazepam alprazolam clonazepam diazepam
         zolpidem hydrocodone oxycodone hydromorphone morphine fentanyl tramadol buprenorphine naloxone naltrexone
         methadone cyclobenzaprine tizanidine baclofen levothyroxine liothyronine furosemide bumetanide torsemide
         spironolactone eplerenone metolazone carvedilol metoprolol atenolol nebivolol propranolol labetalol
         amlodipine diltiazem verapamil nifedipine losartan valsartan olmesartan irbesartan telmisartan lisinopril
         enalapril ramipril benazepril quinapril montelukast fluticasone budesonide tiotropium umeclidinium
         ipratropium cetirizine loratadine ondansetron metoclopramide promethazine prochlorperazine dicyclomine
         sucralfate docusate senna bisacodyl loperamide ciprofloxacin levofloxacin moxifloxacin amoxicillin
         clavulanate cephalexin cefdinir ceftriaxone cefazolin vancomycin linezolid daptomycin metronidazole
         clindamycin nitrofurantoin azithromycin clarithromycin fluconazole voriconazole micafungin acyclovir
         valacyclovir oseltamivir tenofovir emtricitabine dolutegravir hydroxychloroquine azathioprine mycophenolate
         tacrolimus cyclosporine leflunomide sulfasalazine dexamethasone methylprednisolone triamcinolone
         acetaminophen ibuprofen naproxen meloxicam celecoxib ketorolac diclofenac warfarin enoxaparin dalteparin
         fondaparinux amiodarone dronedarone dofetilide sotalol propafenone flecainide digoxin ranolazine isosorbide
         nitroglycerin hydralazine clonidine prazosin doxazosin tamsulosin finasteride dutasteride sildenafil
         tadalafil tolterodine solifenacin mirabegron oxybutynin estradiol raloxifene alendronate risedronate
         zoledronic denosumab teriparatide epoetin darbepoetin filgrastim pembrolizumab nivolumab trastuzumab
         osimertinib imatinib lenalidomide bortezomib anastrozole letrozole exemestane leuprolide enzalutamide
         abiraterone paclitaxel docetaxel gemcitabine pemetrexed bevacizumab capecitabine temozolomide ropinirole
         pramipexole rasagiline entacapone donepezil memantine rivastigmine sumatriptan rizatriptan methylphenidate
         amphetamine atomoxetine guanfacine modafinil varenicline disulfiram acamprosate sertraline escitalopram
         citalopram fluoxetine paroxetine bupropion venlafaxine desvenlafaxine duloxetine mirtazapine vilazodone
         vortioxetine buspirone amitriptyline nortriptyline doxepin valproate divalproex atorvastatin rosuvastatin
         simvastatin pravastatin ezetimibe evolocumab alirocumab fenofibrate gemfibrozil clopidogrel ticagrelor
         prasugrel esomeprazole omeprazole pantoprazole lansoprazole famotidine ranitidine insulin glargine lispro
         aspart sitagliptin linagliptin pioglitazone glipizide glimepiride glyburide metformin adalimumab etanercept
         infliximab ustekinumab secukinumab tofacitinib upadacitinib apremilast tocilizumab rituximab ocrelizumab
         natalizumab glatiramer",
    ),
    (DIGIT_WORD, "zero one two three four five six seven eight nine oh"),
    (SECRET, "ghp gho ghs github glpat sk xoxb xoxp hf password passwd passcode pwd passphrase pin secret apikey api"),
];

#[cfg(test)]
mod tests {
    use super::GROUPS;

    #[test]
    fn no_tag_is_listed_twice() {
        for (i, (tag, _)) in GROUPS.iter().enumerate() {
            assert_eq!(tag.count_ones(), 1);
            assert!(GROUPS.iter().skip(i + 1).all(|(other, _)| other != tag));
        }
    }
}
