//! Cloud providers apart from the three largest: machines, storage, networks.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape},
    rules::structure,
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/digitalocean-token",
            severity: Severity::Critical,
            summary: "A DigitalOcean token.",
            docs: "Makes, changes and deletes machines, volumes and databases of the team.\n\n\
                Revoke it under *API > Tokens*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: DigitalOcean documentation, *Create a personal access token*.",
            ..META
        },
        keywords: &["dop_v1_", "doo_v1_", "dor_v1_"],
        shape: Shape::Token("do[opr]_v1_[0-9a-f]{64}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("digitalocean_token = \"dop_v1_<<hex:64>>\"\r\n"),
            Sample::Text("{\"digitalocean_token\": \"dop_v1_<<hex:64>>\", \"retries\": 3}"),
        ],
        no: &[
            Sample::Text("digitalocean_token = \"dop_v1_<<hex:63>>\""),
            Sample::Text("blob: Qzdop_v1_<<hex:64>>"),
            Sample::Text("DIGITALOCEAN_TOKEN=dop_v1_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/digitalocean-spaces-secret",
            severity: Severity::High,
            summary: "A DigitalOcean Spaces secret key.",
            docs: "Reads and writes the team's buckets.\n\n\
                Revoke it under *API > Spaces keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: DigitalOcean documentation, *Manage access keys to Spaces*.",
            ..META
        },
        keywords: &["digitalocean", "spaces"],
        shape: Shape::Named {
            name: "(?:spaces|digitalocean)[_a-z.-]{0,20}secret(?:[_-]?(?:access[_-]?)?key)?",
            value: "[0-9A-Za-z+/]{43}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("SPACES_SECRET_KEY=<<b64:43>>"),
            Sample::Text("digitalocean_spaces_secret: '<<b64:43>>'"),
        ],
        no: &[
            Sample::Text("SPACES_SECRET_KEY=<<b64:42>>"),
            Sample::Text("SPACES_SECRET_KEY=Zq<<b64:43>>"),
            Sample::Text("SPACES_SECRET_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/spaces/<<b64:43>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/digitalocean-spaces-id",
            severity: Severity::Medium,
            summary: "A DigitalOcean Spaces key id.",
            docs: "Names the key whose secret is likely to be near.\n\n\
                Revoke it under *API > Spaces keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: DigitalOcean documentation, *Manage access keys to Spaces*.",
            ..META
        },
        keywords: &["do00"],
        shape: Shape::Token("DO00[0-9A-Z]{16}"),
        min_entropy: 3.0,
        yes: &[
            Sample::Text("<add name=\"DIGITALOCEAN_SPACES_ID\">DO00<<up36:16>></add>"),
            Sample::Text("digitalocean_spaces_id: 'DO00<<up36:16>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("digitalocean_spaces_id = \"DO00<<up36:15>>\""),
            Sample::Text("blob: QzDO00<<up36:16>>"),
            Sample::Text("DIGITALOCEAN_SPACES_ID=DO00xxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/linode-token",
            severity: Severity::Critical,
            summary: "A Linode (Akamai) API token.",
            docs: "Makes, changes and deletes machines of the account.\n\n\
                Revoke it under *Profile > API tokens*, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Linode API documentation, *Personal access tokens*.",
            ..META
        },
        keywords: &["linode"],
        shape: Shape::Named {
            name: "linode",
            value: "[0-9a-f]{64}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("export LINODE_TOKEN=\"<<hex:64>>\""),
            Sample::Text("linode_token: <<hex:64>>\n"),
        ],
        no: &[
            Sample::Text("linode_token = \"<<hex:63>>\""),
            Sample::Text("linode_token = \"Zq<<hex:64>>\""),
            Sample::Text("linode_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/linode/<<hex:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/vultr-key",
            severity: Severity::Critical,
            summary: "A Vultr API key.",
            docs: "Makes, changes and deletes machines of the account.\n\n\
                Revoke it under *Account > API*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: Vultr API documentation, *Authentication*.",
            ..META
        },
        keywords: &["vultr"],
        shape: Shape::Named {
            name: "vultr",
            value: "[0-9A-Z]{36}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("VULTR_API_KEY=<<up36:36>>"),
            Sample::Text("const vultrKey = `<<up36:36>>`;"),
        ],
        no: &[
            Sample::Text("vultr_token = \"<<up36:35>>\""),
            Sample::Text("vultr_token = \"Zq<<up36:36>>\""),
            Sample::Text("vultr_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/vultr/<<up36:36>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/hetzner-token",
            severity: Severity::Critical,
            summary: "A Hetzner Cloud API token.",
            docs: "Makes, changes and deletes machines of the project.\n\n\
                Revoke it under *Security > API tokens*, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Hetzner Cloud documentation, *Generating an API token*.",
            ..META
        },
        keywords: &["hcloud", "hetzner"],
        shape: Shape::Named {
            name: "hetzner|hcloud",
            value: "[0-9A-Za-z]{64}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("hetzner.secret = '<<b62:64>>'"),
            Sample::Text("\"hetznerApiKey\": \"<<b62:64>>\","),
        ],
        no: &[
            Sample::Text("hetzner_token = \"<<b62:63>>\""),
            Sample::Text("hetzner_token = \"Zq<<b62:64>>\""),
            Sample::Text("hetzner_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/hetzner/<<b62:64>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/scaleway-secret",
            severity: Severity::Critical,
            summary: "A Scaleway secret key.",
            docs: "Does whatever its user or application may do.\n\n\
                Revoke it under *IAM > API keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: Scaleway documentation, *API keys*.",
            ..META
        },
        keywords: &["scaleway", "scw"],
        shape: Shape::Named {
            name: "(?:scw|scaleway)[_a-z.-]{0,12}(?:secret|token)",
            value: "(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("SCW_SECRET_KEY=<<uuid>>"),
            Sample::Text("scaleway_secret_key: '<<uuid>>'"),
        ],
        no: &[
            Sample::Text("SCW_SECRET_KEY=<<hex:8>>-<<hex:4>>-4<<hex:3>>-a<<hex:3>>-<<hex:11>>"),
            Sample::Text("SCW_SECRET_KEY=Zq<<uuid>>"),
            Sample::Text("SCW_SECRET_KEY=00000000-0000-0000-0000-000000000000"),
            Sample::Text("https://files.test/scw/<<uuid>>"),
            Sample::Text("SCW_PROJECT_ID=<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ovh-secret",
            severity: Severity::Critical,
            summary: "An OVH application secret or consumer key.",
            docs: "Acts on the account within the consumer key's rules.\n\n\
                Revoke it under the API console, *applications*, then give the program a role of its own (a workload \
                or instance identity), or a key with few rights and an end date.\n\n\
                Source: OVHcloud documentation, *First steps with the API*.",
            ..META
        },
        keywords: &["ovh"],
        shape: Shape::Named {
            name: "ovh[_a-z.-]{0,16}(?:secret|consumer)",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("OVH_APPLICATION_SECRET=<<b62:32>>"),
            Sample::Text("ovh_consumer_key = '<<b62:32>>'"),
        ],
        no: &[
            Sample::Text("OVH_APPLICATION_SECRET=<<b62:31>>"),
            Sample::Text("OVH_APPLICATION_SECRET=Zq<<b62:32>>"),
            Sample::Text("OVH_APPLICATION_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/ovh/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/alibaba-key-id",
            severity: Severity::High,
            summary: "An Alibaba Cloud access key id.",
            docs: "Names the user whose secret is likely to be near.\n\n\
                Revoke it under *RAM > Users > AccessKey*, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Alibaba Cloud documentation, *Create an AccessKey pair*.",
            ..META
        },
        keywords: &["ltai"],
        shape: Shape::Token("LTAI[0-9A-Za-z]{12,20}"),
        check: structure::random,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("ALIBABA_KEY_ID=LTAI<<b62:20>>"),
            Sample::Text("alibaba_key_id = \"LTAI<<b62:20>>\"\r\n"),
        ],
        no: &[
            Sample::Text("blob: QzLTAI<<b62:20>>"),
            Sample::Text("ALIBABA_KEY_ID=LTAIxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("LTAI<<b62:9>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/alibaba-secret",
            severity: Severity::Critical,
            summary: "An Alibaba Cloud access key secret.",
            docs: "Does whatever its user may do.\n\n\
                Revoke it under *RAM > Users > AccessKey*, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Alibaba Cloud documentation, *Create an AccessKey pair*.",
            ..META
        },
        keywords: &["alibaba", "aliyun", "alicloud", "accesskeysecret", "access_key_secret"],
        shape: Shape::Named {
            name: "(?:alibaba|aliyun|alicloud)[_a-z.-]{0,20}(?:secret|key)|access_?key_?secret",
            value: "[0-9A-Za-z]{30}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("ALIBABA_CLOUD_ACCESS_KEY_SECRET=<<b62:30>>"),
            Sample::Text("aliyun.accessKeySecret: '<<b62:30>>'"),
            Sample::Text("\"accessKeySecret\": \"<<b62:30>>\""),
        ],
        no: &[
            Sample::Text("ALIBABA_CLOUD_ACCESS_KEY_SECRET=<<b62:29>>"),
            Sample::Text("ALIBABA_CLOUD_ACCESS_KEY_SECRET=Zq<<b62:30>>"),
            Sample::Text("ALIBABA_CLOUD_ACCESS_KEY_SECRET=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/alibaba/<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tencent-key-id",
            severity: Severity::High,
            summary: "A Tencent Cloud secret id.",
            docs: "Names the user whose secret key is likely to be near.\n\n\
                Revoke it under *CAM > API keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: Tencent Cloud documentation, *Access keys*.",
            ..META
        },
        keywords: &["akid"],
        shape: Shape::Token("AKID[0-9A-Za-z]{32}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nTENCENT_KEY_ID = AKID<<b62:32>>\\n\""),
            Sample::Text("docker run -e TENCENT_KEY_ID=AKID<<b62:32>> image\n"),
        ],
        no: &[
            Sample::Text("tencent_key_id = \"AKID<<b62:31>>\""),
            Sample::Text("blob: QzAKID<<b62:32>>"),
            Sample::Text("TENCENT_KEY_ID=AKIDxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/tencent-secret",
            severity: Severity::Critical,
            summary: "A Tencent Cloud secret key.",
            docs: "Does whatever its user may do.\n\n\
                Revoke it under *CAM > API keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: Tencent Cloud documentation, *Access keys*.",
            ..META
        },
        keywords: &["qcloud", "tencent"],
        shape: Shape::Named {
            name: "(?:tencent|qcloud|cos)[_a-z.-]{0,20}(?:secret|key)|tencentcloud",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"tencentApiKey\": \"<<b62:32>>\","),
            Sample::Text("tencent_api_key => \"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("tencent_token = \"<<b62:31>>\""),
            Sample::Text("tencent_token = \"Zq<<b62:32>>\""),
            Sample::Text("tencent_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/tencent/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/huawei-secret",
            severity: Severity::Critical,
            summary: "A Huawei Cloud secret access key.",
            docs: "Does whatever its user may do.\n\n\
                Revoke it under *My credentials > Access keys*, then give the program a role of its own (a workload \
                or instance identity), or a key with few rights and an end date.\n\n\
                Source: Huawei Cloud documentation, *Access keys*.",
            ..META
        },
        keywords: &["huawei", "hw_secret", "hwcloud"],
        shape: Shape::Named {
            name: r"(?:huawei|hwcloud|huaweicloud|hw|obs)[_a-z.-]{0,20}(?:secret|sk\b)",
            value: "[0-9A-Za-z]{40}",
        },
        check: structure::strict,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("HUAWEI_SECRET_KEY=<<b62:40>>"),
            Sample::Text("huaweicloud_secret: '<<b62:40>>'"),
        ],
        no: &[
            Sample::Text("HUAWEI_SECRET_KEY=<<b62:39>>"),
            Sample::Text("HUAWEI_SECRET_KEY=Zq<<b62:40>>"),
            Sample::Text("HUAWEI_SECRET_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/huawei/<<b62:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/volcengine-key-id",
            severity: Severity::High,
            summary: "A Volcengine access key id.",
            docs: "Names the user whose secret key is likely to be near.\n\n\
                Revoke it under *IAM > Access keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: Volcengine documentation, *Access key management*.",
            ..META
        },
        keywords: &["aklt"],
        shape: Shape::Token("AKLT[0-9A-Za-z+/=_-]{40,60}"),
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"volcengine_key_id\": \"AKLT<<b62:43>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"VOLCENGINE_KEY_ID\">AKLT<<b62:43>></add>"),
        ],
        no: &[
            Sample::Text("blob: QzAKLT<<b62:43>>"),
            Sample::Text("VOLCENGINE_KEY_ID=AKLTxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("AKLT<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/baidu-bce-key",
            severity: Severity::High,
            summary: "A Baidu Cloud API key.",
            docs: "Runs ERNIE models and other services at the account's cost.\n\n\
                Revoke it under *Security > API keys*, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Baidu AI Cloud documentation, *API key authentication*.",
            ..META
        },
        keywords: &["bce-v3/"],
        shape: Shape::Token("bce-v3/ALTAK-[0-9A-Za-z]{21}/[0-9a-f]{40}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("https://host.test/v1?key=bce-v3/ALTAK-<<b62:21>>/<<hex:40>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer bce-v3/ALTAK-<<b62:21>>/<<hex:40>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("baidu_bce_key = \"bce-v3/ALTAK-<<b62:21>>/<<hex:39>>\""),
            Sample::Text("blob: Qzbce-v3/ALTAK-<<b62:21>>/<<hex:40>>"),
            Sample::Text("BAIDU_BCE_KEY=bce-v3/ALTAK-xxxxxxxxxxxxxxxxxxxxx/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/ibm-cloud-key",
            severity: Severity::Critical,
            summary: "An IBM Cloud API key.",
            docs: "Does whatever its user or service id may do.\n\n\
                Revoke it under *Manage > Access (IAM) > API keys*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: IBM Cloud documentation, *Managing user API keys*.",
            ..META
        },
        keywords: &["bluemix", "iam_apikey", "iamapikey", "ibm", "watson"],
        shape: Shape::Named {
            name: "ibm[_a-z.-]{0,24}|bluemix|watson(?:x)?|softlayer|iam_?apikey",
            value: "[0-9A-Za-z_-]{44}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"ibm_cloudApiKey\": \"<<b62:44>>\","),
            Sample::Text("ibm_cloud_api_key => \"<<b62:44>>\""),
        ],
        no: &[
            Sample::Text("ibm_cloud_token = \"<<b62:43>>\""),
            Sample::Text("ibm_cloud_token = \"Zq<<b62:44>>\""),
            Sample::Text("ibm_cloud_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/ibm_cloud/<<b62:44>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/yandex-key",
            severity: Severity::High,
            summary: "A Yandex Cloud API key.",
            docs: "Calls the folder's services as its service account.\n\n\
                Revoke it under *Service accounts > API keys*, then give the program a role of its own (a workload \
                or instance identity), or a key with few rights and an end date.\n\n\
                Source: Yandex Cloud documentation, *API key*.",
            ..META
        },
        keywords: &["aqvn"],
        shape: Shape::Token("AQVN[0-9A-Za-z_-]{35,38}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("https://host.test/v1?key=AQVN<<url64:36>>&page=2"),
            Sample::Text("curl -H \"Authorization: Bearer AQVN<<url64:36>>\" \"$HOST/v1\""),
        ],
        no: &[
            Sample::Text("blob: QzAQVN<<url64:36>>"),
            Sample::Text("YANDEX_KEY=AQVNxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("AQVN<<url64:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/yandex-iam-token",
            severity: Severity::Medium,
            summary: "A Yandex Cloud IAM token.",
            docs: "Acts as its user for at most twelve hours.\n\n\
                Revoke it under *IAM* (revoke the token), then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Yandex Cloud documentation, *IAM token*.",
            ..META
        },
        keywords: &["t1."],
        shape: Shape::Token(r"t1\.[0-9A-Za-z_-]{1,700}[=]{0,2}\.[0-9A-Za-z_-]{86}={0,2}"),
        reach: 1000,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("{\"yandex_iam_token\": \"t1.<<b62:120>>.<<b62:86>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"YANDEX_IAM_TOKEN\">t1.<<b62:120>>.<<b62:86>></add>"),
        ],
        no: &[
            Sample::Text("yandex_iam_token = \"t1.<<b62:120>>.<<b62:85>>\""),
            Sample::Text("blob: Qzt1.<<b62:120>>.<<b62:86>>"),
            Sample::Text(
                "YANDEX_IAM_TOKEN=t1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/yandex-static-key",
            severity: Severity::High,
            summary: "A Yandex Cloud static access key.",
            docs: "Reads and writes object storage as its service account.\n\n\
                Revoke it under *Service accounts > Static keys*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Yandex Cloud documentation, *Static access keys*.",
            ..META
        },
        keywords: &["yandex", "ycloud", "yc_"],
        shape: Shape::Named {
            name: "yandex|ycloud|yc_",
            value: "YC[0-9A-Za-z_-]{38}",
        },
        check: structure::random,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("YANDEX_SECRET_KEY=YC<<b62:38>>"),
            Sample::Text("yandex_access_token: 'YC<<b62:38>>'"),
        ],
        no: &[
            Sample::Text("YANDEX_SECRET_KEY=YC<<b62:37>>"),
            Sample::Text("YANDEX_SECRET_KEY=YD<<b62:38>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/exoscale-key",
            severity: Severity::High,
            summary: "An Exoscale API key.",
            docs: "Names the key whose secret manages machines and storage.\n\n\
                Revoke it under *IAM > API keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: Exoscale documentation, *IAM*.",
            ..META
        },
        keywords: &["exo"],
        shape: Shape::Token("EXO[0-9a-f]{24}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer EXO<<hex:24>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nEXOSCALE_KEY = EXO<<hex:24>>\\n\""),
        ],
        no: &[
            Sample::Text("exoscale_key = \"EXO<<hex:23>>\""),
            Sample::Text("blob: QzEXO<<hex:24>>"),
            Sample::Text("EXOSCALE_KEY=EXOxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/upcloud-token",
            severity: Severity::High,
            summary: "An UpCloud API token.",
            docs: "Manages machines of the account.\n\n\
                Revoke it under *API tokens* of the account, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: UpCloud documentation, *API tokens*.",
            ..META
        },
        keywords: &["ucat_"],
        shape: Shape::Token("ucat_[0-9A-Z]{26}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("<add name=\"UPCLOUD_TOKEN\">ucat_<<up36:26>></add>"),
            Sample::Text("upcloud_token: 'ucat_<<up36:26>>' # rotate in May"),
        ],
        no: &[
            Sample::Text("upcloud_token = \"ucat_<<up36:25>>\""),
            Sample::Text("blob: Qzucat_<<up36:26>>"),
            Sample::Text("UPCLOUD_TOKEN=ucat_xxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/civo-key",
            severity: Severity::High,
            summary: "A Civo API key.",
            docs: "Manages clusters and machines of the account.\n\n\
                Revoke it under *Profile > Security*, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Civo documentation, *API keys*.",
            ..META
        },
        keywords: &["civo"],
        shape: Shape::Named {
            name: "civo",
            value: "[0-9A-Za-z]{50}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("CIVO_API_KEY=<<b62:50>>"),
            Sample::Text("const civoKey = `<<b62:50>>`;"),
        ],
        no: &[
            Sample::Text("civo_token = \"<<b62:49>>\""),
            Sample::Text("civo_token = \"Zq<<b62:50>>\""),
            Sample::Text("civo_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/civo/<<b62:50>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/backblaze-key",
            severity: Severity::High,
            summary: "A Backblaze B2 application key.",
            docs: "Reads and writes the account's buckets.\n\n\
                Revoke it under *Application keys*, then give the program a role of its own (a workload or instance \
                identity), or a key with few rights and an end date.\n\n\
                Source: Backblaze documentation, *Application keys*.",
            ..META
        },
        keywords: &["b2-", "b2_", "backblaze"],
        shape: Shape::Named {
            name: r"backblaze|\bb2[_-]",
            value: "K00[0-9][0-9A-Za-z/+]{27}",
        },
        min_entropy: 3.3,
        yes: &[
            Sample::Text("const backblazeKey = `K001<<b64:27>>`;"),
            Sample::Text("backblaze.secret = 'K001<<b64:27>>'"),
        ],
        no: &[
            Sample::Text("backblaze_token = \"K001<<b64:26>>\""),
            Sample::Text("backblaze_token = \"ZqK001<<b64:27>>\""),
            Sample::Text("backblaze_token = \"K001xxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/backblaze/K001<<b64:27>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/wasabi-secret",
            severity: Severity::High,
            summary: "A Wasabi secret key.",
            docs: "Reads and writes the account's buckets.\n\n\
                Revoke it under *Access keys* of the console, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Wasabi documentation, *Creating access keys*.",
            ..META
        },
        keywords: &["wasabi"],
        shape: Shape::Named {
            name: "wasabi",
            value: "[0-9A-Za-z/+]{40}",
        },
        check: structure::strict,
        min_entropy: 4.0,
        yes: &[
            Sample::Text("WASABI_API_KEY=<<b64:40>>"),
            Sample::Text("const wasabiKey = `<<b64:40>>`;"),
        ],
        no: &[
            Sample::Text("wasabi_token = \"<<b64:39>>\""),
            Sample::Text("wasabi_token = \"Zq<<b64:40>>\""),
            Sample::Text("wasabi_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/wasabi/<<b64:40>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/equinix-token",
            severity: Severity::High,
            summary: "An Equinix Metal (Packet) API token.",
            docs: "Manages the project's machines.\n\n\
                Revoke it under *User settings > API keys*, then give the program a role of its own (a workload or \
                instance identity), or a key with few rights and an end date.\n\n\
                Source: Equinix Metal documentation, *API keys*.",
            ..META
        },
        keywords: &["equinix", "metal_auth", "metalauth", "packet_auth", "packetauth"],
        shape: Shape::Named {
            name: "packet_?auth|equinix|metal_?auth",
            value: "[0-9A-Za-z]{32}",
        },
        check: structure::mixed,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"metal_authApiKey\": \"<<b62:32>>\","),
            Sample::Text("metal_auth_api_key => \"<<b62:32>>\""),
        ],
        no: &[
            Sample::Text("metal_auth_token = \"<<b62:31>>\""),
            Sample::Text("metal_auth_token = \"Zq<<b62:32>>\""),
            Sample::Text("metal_auth_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/metal_auth/<<b62:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
