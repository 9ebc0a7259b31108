//! Licences of models and data sets that the SPDX list does not have: what they are called, what they ask for, and where
//! that stands. Read from the texts as their publishers show them; the sentences are ours.

use super::terms::Kind;

/// One of them.
#[derive(Debug)]
pub struct ModelLicence {
    /// The identifier in an expression.
    pub id: &'static str,
    /// What model hubs and cards call it, in lower case.
    pub names: &'static [&'static str],
    /// What stands at the head of its text, in lower case, as words.
    pub heads: &'static [&'static str],
    /// How far it reaches.
    pub kind: Kind,
    /// What it asks for, in one sentence.
    pub asks: &'static str,
    /// Where the text stands.
    pub source: &'static str,
}

/// An entry of the table below.
const fn one(
    id: &'static str,
    names: &'static [&'static str],
    heads: &'static [&'static str],
    kind: Kind,
    asks: &'static str,
    source: &'static str,
) -> ModelLicence {
    ModelLicence {
        id,
        names,
        heads,
        kind,
        asks,
        source,
    }
}

use Kind::{NonCommercial, Other, Permissive, Proprietary, PublicDomain, SourceAvailable, UseRestricted};

const RAIL: &str = "use for the purposes its attachment lists is forbidden, and whoever gets the model or a derivative must be bound by the same list";
const LLAMA: &str = "an acceptable use policy, a notice with every copy, the name in what is built with it, and a licence of its own for those with more than 700 million users a month";

/// Every licence of this table.
pub static LICENCES: &[ModelLicence] = &[
    one(
        "LicenseRef-OpenRAIL",
        &["openrail"],
        &["open rail license"],
        UseRestricted,
        RAIL,
        "https://www.licenses.ai/",
    ),
    one(
        "LicenseRef-OpenRAIL++",
        &["openrail++", "openrail-plus-plus"],
        &["creativeml open rail++-m", "creativeml open rail m license++"],
        UseRestricted,
        RAIL,
        "https://huggingface.co/stabilityai/stable-diffusion-xl-base-1.0/blob/main/LICENSE.md",
    ),
    one(
        "LicenseRef-CreativeML-OpenRAIL-M",
        &["creativeml-openrail-m"],
        &["creativeml open rail m"],
        UseRestricted,
        RAIL,
        "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
    ),
    one(
        "LicenseRef-BigScience-OpenRAIL-M",
        &["bigscience-openrail-m"],
        &["bigscience open rail m", "bigscience openrail m"],
        UseRestricted,
        RAIL,
        "https://huggingface.co/spaces/bigscience/license",
    ),
    one(
        "LicenseRef-BigScience-BLOOM-RAIL-1.0",
        &["bigscience-bloom-rail-1.0"],
        &["bigscience rail license"],
        UseRestricted,
        RAIL,
        "https://huggingface.co/spaces/bigscience/license",
    ),
    one(
        "LicenseRef-BigCode-OpenRAIL-M",
        &["bigcode-openrail-m"],
        &["bigcode openrail m", "bigcode open rail m"],
        UseRestricted,
        RAIL,
        "https://huggingface.co/spaces/bigcode/bigcode-model-license-agreement",
    ),
    one(
        "LicenseRef-DeepFloyd-IF",
        &["deepfloyd-if-license"],
        &["deepfloyd if license"],
        NonCommercial,
        "research only",
        "https://huggingface.co/spaces/DeepFloyd/deepfloyd-if-license",
    ),
    one(
        "LicenseRef-Llama-1",
        &["llama-1", "llama1"],
        &[],
        NonCommercial,
        "research only",
        "https://github.com/meta-llama/llama",
    ),
    one(
        "LicenseRef-Llama-2",
        &["llama2", "llama-2", "llama 2"],
        &["llama 2 community license agreement"],
        UseRestricted,
        LLAMA,
        "https://www.llama.com/llama-downloads/",
    ),
    one(
        "LicenseRef-Llama-3",
        &["llama3", "llama-3", "llama 3"],
        &["meta llama 3 community license agreement"],
        UseRestricted,
        LLAMA,
        "https://www.llama.com/llama3/license/",
    ),
    one(
        "LicenseRef-Llama-3.1",
        &["llama3.1", "llama-3.1", "llama 3.1"],
        &["llama 3 1 community license agreement"],
        UseRestricted,
        LLAMA,
        "https://www.llama.com/llama3_1/license/",
    ),
    one(
        "LicenseRef-Llama-3.2",
        &["llama3.2", "llama-3.2", "llama 3.2"],
        &["llama 3 2 community license agreement"],
        UseRestricted,
        LLAMA,
        "https://www.llama.com/llama3_2/license/",
    ),
    one(
        "LicenseRef-Llama-3.3",
        &["llama3.3", "llama-3.3", "llama 3.3"],
        &["llama 3 3 community license agreement"],
        UseRestricted,
        LLAMA,
        "https://www.llama.com/llama3_3/license/",
    ),
    one(
        "LicenseRef-Llama-4",
        &["llama4", "llama-4", "llama 4"],
        &["llama 4 community license agreement"],
        UseRestricted,
        LLAMA,
        "https://www.llama.com/llama4/license/",
    ),
    one(
        "LicenseRef-Gemma",
        &["gemma", "gemma-terms-of-use", "gemma terms of use"],
        &["gemma terms of use"],
        UseRestricted,
        "a policy of prohibited uses that must be passed on with every copy and derivative",
        "https://ai.google.dev/gemma/terms",
    ),
    one(
        "LicenseRef-HAI-DEF",
        &[
            "health-ai-developer-foundations",
            "hai-def",
            "health ai developer foundations",
        ],
        &["health ai developer foundations terms of use"],
        UseRestricted,
        "a policy of prohibited uses, and clinical use only after validation and authorisation by whoever deploys it",
        "https://developers.google.com/health-ai-developer-foundations/terms",
    ),
    one(
        "LicenseRef-Mistral-Research",
        &[
            "mrl",
            "mistral-research-license",
            "mistral-ai-research-licence",
            "mistral ai research license",
        ],
        &["mistral ai research license", "mistral ai research licence"],
        NonCommercial,
        "research and individual use only",
        "https://mistral.ai/licenses/MRL-0.1.md",
    ),
    one(
        "LicenseRef-Mistral-NonProduction",
        &[
            "mnpl",
            "mistral-ai-non-production-license",
            "mistral ai non-production license",
        ],
        &["mistral ai non production license"],
        NonCommercial,
        "no use in production",
        "https://mistral.ai/licenses/MNPL-0.1.md",
    ),
    one(
        "LicenseRef-Stability-Community",
        &[
            "stabilityai-ai-community",
            "stability-ai-community-license",
            "stabilityai-community",
        ],
        &["stability ai community license agreement"],
        UseRestricted,
        "free below one million US dollars of revenue a year, with an acceptable use policy and registration for commercial use",
        "https://stability.ai/community-license-agreement",
    ),
    one(
        "LicenseRef-Stability-NonCommercial",
        &["stabilityai-nc-research-community", "stable-video-diffusion-community"],
        &["stability ai non commercial research community license agreement"],
        NonCommercial,
        "research only",
        "https://huggingface.co/stabilityai",
    ),
    one(
        "LicenseRef-FLUX-1-dev-NonCommercial",
        &["flux-1-dev-non-commercial-license"],
        &["flux 1 dev non commercial license"],
        NonCommercial,
        "no commercial use of the model",
        "https://huggingface.co/black-forest-labs/FLUX.1-dev/blob/main/LICENSE.md",
    ),
    one(
        "LicenseRef-DeepSeek",
        &["deepseek", "deepseek-license", "deepseek license"],
        &["deepseek license agreement"],
        UseRestricted,
        RAIL,
        "https://github.com/deepseek-ai/DeepSeek-LLM/blob/main/LICENSE-MODEL",
    ),
    one(
        "LicenseRef-Qwen",
        &["qwen", "tongyi-qianwen", "tongyi-qianwen-license-agreement"],
        &["tongyi qianwen license agreement", "qwen license agreement"],
        UseRestricted,
        "a licence of its own above 100 million users a month, and outputs may not improve other models without saying so",
        "https://huggingface.co/Qwen",
    ),
    one(
        "LicenseRef-Qwen-Research",
        &["qwen-research"],
        &["qwen research license agreement"],
        NonCommercial,
        "research only",
        "https://huggingface.co/Qwen",
    ),
    one(
        "LicenseRef-Falcon",
        &["falcon-llm-license", "falcon-180b-license"],
        &[
            "falcon 180b tii license",
            "falcon llm license",
            "tii falcon llm license",
            "tii falcon license",
        ],
        UseRestricted,
        "an acceptable use policy, and no hosting as a service without leave",
        "https://falconllm.tii.ae/",
    ),
    one(
        "LicenseRef-NVIDIA-Open-Model",
        &["nvidia-open-model-license"],
        &["nvidia open model license"],
        UseRestricted,
        "no use that defeats its safeguards; a notice with every copy",
        "https://www.nvidia.com/en-us/agreements/enterprise-software/nvidia-open-model-license/",
    ),
    one(
        "LicenseRef-NVIDIA-NonCommercial",
        &["nvidia-source-code-license", "nscl"],
        &["nvidia source code license"],
        NonCommercial,
        "research and evaluation only",
        "https://nvlabs.github.io/",
    ),
    one(
        "LicenseRef-Apple-ASCL",
        &["apple-ascl"],
        &["apple sample code license"],
        UseRestricted,
        "for use with Apple's own marks and products as its text says",
        "https://developer.apple.com/",
    ),
    one(
        "LicenseRef-Apple-AMLR",
        &["apple-amlr"],
        &["apple machine learning research model license"],
        NonCommercial,
        "research only",
        "https://huggingface.co/apple",
    ),
    one(
        "LicenseRef-FAIR-NonCommercial-Research",
        &["fair-noncommercial-research-license"],
        &[
            "fair noncommercial research license",
            "fair commercial research license",
        ],
        NonCommercial,
        "research only",
        "https://huggingface.co/facebook",
    ),
    one(
        "LicenseRef-Intel-Research",
        &["intel-research"],
        &["intel research use license agreement"],
        NonCommercial,
        "research only",
        "https://huggingface.co/Intel",
    ),
    one(
        "LicenseRef-H-Research",
        &["h-research"],
        &["h research license"],
        NonCommercial,
        "research only",
        "https://huggingface.co/Hcompany",
    ),
    one(
        "LicenseRef-LFM-1.0",
        &["lfm1.0"],
        &["lfm open license"],
        UseRestricted,
        "free below ten million US dollars of revenue a year",
        "https://www.liquid.ai/lfm-license",
    ),
    one(
        "LicenseRef-OpenMDW-1.0",
        &["openmdw-1.0", "openmdw"],
        &["openmdw license agreement"],
        Permissive,
        "keep the notices",
        "https://openmdw.ai/",
    ),
    one(
        "LicenseRef-Cohere-CC-BY-NC",
        &["cohere-cc-by-nc", "c4ai-acceptable-use"],
        &[],
        NonCommercial,
        "no commercial use, and an acceptable use policy",
        "https://docs.cohere.com/docs/c4ai-acceptable-use-policy",
    ),
    one(
        "LicenseRef-OPT-175B",
        &["opt-175b"],
        &["opt 175b license agreement"],
        NonCommercial,
        "research only",
        "https://github.com/facebookresearch/metaseq",
    ),
    one(
        "LicenseRef-Yi",
        &["yi-license"],
        &[
            "yi series models community license agreement",
            "yi series models license agreement",
        ],
        UseRestricted,
        "an acceptable use policy; commercial use by registration in its older form",
        "https://github.com/01-ai/Yi",
    ),
    one(
        "LicenseRef-XGen-NonCommercial",
        &["xgen-nc"],
        &[],
        NonCommercial,
        "research only",
        "https://huggingface.co/Salesforce",
    ),
    one(
        "LicenseRef-Jurassic",
        &["jamba-open-model-license"],
        &["jamba open model license agreement"],
        UseRestricted,
        "an acceptable use policy and a limit on revenue",
        "https://www.ai21.com/licenses/jamba-open-model-license",
    ),
    one(
        "LicenseRef-Kwaipilot",
        &["kwaipilot-license"],
        &["kwaipilot license"],
        UseRestricted,
        "an acceptable use policy",
        "https://huggingface.co/Kwaipilot",
    ),
    one(
        "LicenseRef-Hunyuan-Community",
        &["tencent-hunyuan-community"],
        &["tencent hunyuan community license agreement"],
        UseRestricted,
        "not for the European Union, the United Kingdom and South Korea; an acceptable use policy; a limit on users",
        "https://github.com/Tencent/HunyuanVideo",
    ),
    one(
        "LicenseRef-PhysioNet-Credentialed",
        &[
            "physionet-credentialed-health-data-license-1.5.0",
            "physionet credentialed health data license",
        ],
        &["physionet credentialed health data license"],
        NonCommercial,
        "credentialed people only, for research, no sharing and no re-identification",
        "https://physionet.org/about/licenses/",
    ),
    one(
        "LicenseRef-PhysioNet-Restricted",
        &["physionet-restricted-health-data-license-1.5.0"],
        &["physionet restricted health data license"],
        NonCommercial,
        "for research, no sharing and no re-identification",
        "https://physionet.org/about/licenses/",
    ),
    one(
        "LicenseRef-Commons-Clause",
        &["commons-clause"],
        &["commons clause license condition", "commons clause restriction"],
        SourceAvailable,
        "the software may not be sold",
        "https://commonsclause.com/",
    ),
    one(
        "LicenseRef-Hub-Other",
        &["other"],
        &[],
        Other,
        "the card says `other` and leaves the text to a link",
        "https://huggingface.co/docs/hub/repositories-licenses",
    ),
    one(
        "LicenseRef-Public-Domain",
        &["public domain", "public-domain", "publicdomain"],
        &[],
        PublicDomain,
        "nothing, where its author may give it away",
        "https://spdx.dev/",
    ),
    one(
        "LicenseRef-Proprietary",
        &[
            "proprietary",
            "all rights reserved",
            "commercial",
            "unlicensed",
            "see license in license",
            "closed source",
            "other/proprietary license",
        ],
        &[],
        Proprietary,
        "no right is given",
        "Berne Convention, article 9",
    ),
];

/// The licence of this identifier.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static ModelLicence> {
    LICENCES.iter().find(|one| one.id == id)
}

/// The identifier as the table spells it.
#[must_use]
pub fn by_reference(id: &str) -> Option<&'static str> {
    LICENCES
        .iter()
        .map(|one| one.id)
        .find(|known| known.eq_ignore_ascii_case(id))
}

/// The licence that is called so on a hub or a card.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static ModelLicence> {
    let name = name.trim().to_lowercase();
    LICENCES.iter().find(|one| one.names.contains(&name.as_str()))
}

/// The licence whose head stands among the first words of a text.
#[must_use]
pub fn by_head(words: &[String]) -> Option<&'static ModelLicence> {
    let head = words.iter().take(120).map(String::as_str).collect::<Vec<_>>().join(" ");
    let head = format!(" {head} ");
    let fits = |one: &&ModelLicence| one.heads.iter().any(|words| head.contains(&format!(" {words} ")));
    // The longest head wins: the research licence of a family also begins with the family's name.
    LICENCES.iter().filter(fits).max_by_key(|one| {
        one.heads
            .iter()
            .filter(|words| head.contains(**words))
            .map(|words| words.len())
            .max()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_is_whole() {
        let mut names = BTreeSet::new();
        for licence in LICENCES {
            assert!(licence.id.starts_with("LicenseRef-") && !licence.asks.is_empty() && !licence.source.is_empty());
            for name in licence.names {
                assert!(names.insert(*name) && *name == name.to_lowercase(), "{name}");
            }
            for head in licence.heads {
                assert_eq!(*head, head.to_lowercase(), "{head}");
            }
        }
    }

    #[test]
    fn models_licences_are_known_by_name_and_by_head() {
        assert_eq!(by_name("Gemma").map(|one| one.id), Some("LicenseRef-Gemma"));
        assert_eq!(by_name("llama3.1").map(|one| one.id), Some("LicenseRef-Llama-3.1"));
        assert!(by_name("mit").is_none());
        let head = |text: &str| by_head(&crate::licences::words::of(text)).map(|one| one.id);
        assert_eq!(
            head("LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release"),
            Some("LicenseRef-Llama-3.1")
        );
        assert_eq!(
            head("Qwen RESEARCH LICENSE AGREEMENT"),
            Some("LicenseRef-Qwen-Research")
        );
        assert_eq!(head("Gemma Terms of Use\n"), Some("LicenseRef-Gemma"));
        assert_eq!(head("MIT License"), None);
    }
}
