//! Microsoft: Azure, Entra ID, DevOps, Teams.

use ward_evidence::{RuleMeta, Severity};

use crate::secrets::{
    rule::{META, SecretRule, Shape},
    sample::Sample,
};

/// The rules.
pub static RULES: &[SecretRule] = &[
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-storage-key",
            severity: Severity::Critical,
            summary: "An Azure storage account key.",
            docs: "Reads, writes and deletes everything in the storage account.\n\n\
                Revoke it under *Storage account > Access keys* (rotate), then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Manage storage account access keys*.",
            ..META
        },
        keywords: &[
            "accountkey",
            "account_key",
            "storage_key",
            "storagekey",
            "account-key",
            "storage-key",
            "azure_storage",
            "azurestorage",
        ],
        shape: Shape::Text(
            r#"(?i:account_?-?key|storage_?-?(?:account_?-?)?(?:access_?-?)?key|azure_?storage[a-z_-]{0,20})[\"'`\]]{0,2}\s{0,3}[=:,]\s{0,3}[\"'`]?(?P<secret>[0-9A-Za-z+/]{86}==)"#,
        ),
        min_entropy: 4.5,
        yes: &[
            Sample::Text(
                "DefaultEndpointsProtocol=https;AccountName=ada;AccountKey=<<b64:86>>==;EndpointSuffix=core.windows.net",
            ),
            Sample::Text("AZURE_STORAGE_KEY=\"<<b64:86>>==\""),
            Sample::Text("\"storage_account_key\": \"<<b64:86>>==\""),
        ],
        no: &[
            Sample::Text("AccountKey=<<b64:85>>=="),
            Sample::Text("AccountName=<<b64:86>>=="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-storage-annotated-key",
            severity: Severity::Critical,
            summary: "An Azure storage or Batch key with Microsoft's signature.",
            docs: "Reads, writes and deletes everything in the account.\n\n\
                Revoke it under *Access keys* of the account (rotate), then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Manage storage account access keys*.",
            ..META
        },
        keywords: &["+ast", "+aba"],
        shape: Shape::Token(r"[0-9A-Za-z+/]{76}\+A(?:St|Ba)[0-9A-Za-z+/]{5}[AQgw]=="),
        min_entropy: 4.5,
        yes: &[
            Sample::Text("key=<<b64:76>>+ASt<<b62:5>>Q=="),
            Sample::Text("\"<<b64:76>>+ABa<<b62:5>>A==\""),
        ],
        no: &[
            Sample::Text("key=<<b64:70>>+ASt<<b62:5>>Q=="),
            Sample::Text("key=<<b64:76>>+ASt<<b62:5>>Q="),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-service-key",
            severity: Severity::Critical,
            summary: "An Azure messaging, IoT, search or database key with Microsoft's signature.",
            docs: "Reads, writes and manages the resource it belongs to.\n\n\
                Revoke it under *Keys* or *Shared access policies* of the resource (regenerate), then give the \
                program a role of its own (a workload or instance identity), or a key with few rights and an end \
                date.\n\n\
                Source: Microsoft Learn, documentation of Event Hubs, Service Bus, Relay, IoT, Search, Cosmos DB, \
                Functions, Cache.",
            ..META
        },
        keywords: &[
            "+aeh", "+asb", "+arm", "aiot", "azse", "acdb", "azfu", "azca", "acrd", "+acr",
        ],
        shape: Shape::Token(
            r"(?:[0-9A-Za-z+/]{33}(?:\+AEh|\+ASb|\+ARm|AIoT)[0-9A-Za-z+/]{5}[AEIMQUYcgkosw048]=|[0-9A-Za-z]{42}AzSe[A-D][0-9A-Za-z]{5}|[0-9A-Za-z+/]{76}ACDb[0-9A-Za-z+/]{5}[AQgw]==|[0-9A-Za-z_-]{44}AzFu[0-9A-Za-z_-]{5}[AQgw]==|[0-9A-Za-z]{33}AzCa[A-P][0-9A-Za-z]{5}=|[0-9A-Za-z+/]{42}\+ACR[A-D][0-9A-Za-z+/]{5})",
        ),
        min_entropy: 4.2,
        yes: &[
            Sample::Text("SharedAccessKey=<<b64:33>>+AEh<<b62:5>>A="),
            Sample::Text("search_key: <<b62:42>>AzSeB<<b62:5>>"),
            Sample::Text("\"<<b64:76>>ACDb<<b62:5>>Q==\""),
            Sample::Text("code=<<b62:44>>AzFu<<b62:5>>Q=="),
            Sample::Text("password=<<b62:33>>AzCaB<<b62:5>>="),
            Sample::Text("registry: <<b64:42>>+ACRC<<b62:5>>"),
        ],
        no: &[
            Sample::Text("SharedAccessKey=<<b64:30>>+AEh<<b62:5>>A="),
            Sample::Text("search_key: <<b62:41>>AzSeB<<b62:5>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-shared-access-key",
            severity: Severity::High,
            summary: "An Azure Service Bus, Event Hubs, IoT Hub or Relay connection string.",
            docs: "Sends and receives messages within its policy.\n\n\
                Revoke it under *Shared access policies* of the resource (regenerate), then give the program a role \
                of its own (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Get an Event Hubs connection string*.",
            ..META
        },
        keywords: &["sharedaccesskey="],
        shape: Shape::Text("(?i:SharedAccessKey)=(?P<secret>[0-9A-Za-z+/]{43}=)"),
        min_entropy: 4.2,
        yes: &[
            Sample::Text(
                "Endpoint=sb://ada.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=<<b64:43>>=",
            ),
            Sample::Text("HostName=a.azure-devices.net;DeviceId=d;SharedAccessKey=<<b64:43>>=\n"),
        ],
        no: &[
            Sample::Text("SharedAccessKey=<<b64:30>>="),
            Sample::Text("SharedAccessKeyName=RootManageSharedAccessKey"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-cosmos-key",
            severity: Severity::Critical,
            summary: "An Azure Cosmos DB account key.",
            docs: "Reads and writes every database of the account.\n\n\
                Revoke it under *Keys* of the account (regenerate), then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Secure access to data in Azure Cosmos DB*.",
            ..META
        },
        keywords: &["documents.azure.com"],
        shape: Shape::Text(
            r#"documents\.azure\.com[\x20-\x7e\s]{0,60}?(?i:key)[\"']?\s{0,2}[=:]\s{0,2}[\"']?(?P<secret>[0-9A-Za-z+/]{86}==)"#,
        ),
        min_entropy: 4.5,
        yes: &[
            Sample::Text("AccountEndpoint=https://ada.documents.azure.com:443/;AccountKey=<<b64:86>>==;"),
            Sample::Text("uri: https://a.documents.azure.com\nkey: <<b64:86>>=="),
        ],
        no: &[
            Sample::Text("https://ada.documents.azure.com/;AccountKey=<<b64:80>>=="),
            Sample::Text("https://ada.documents.azure.com:443/"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-sas",
            severity: Severity::High,
            summary: "An Azure shared access signature.",
            docs: "Reads or writes what it was signed for, without an account, until it expires.\n\n\
                Revoke it under *Access keys* of the account (rotate the key that signed it), then give the program \
                a role of its own (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Grant limited access with shared access signatures*.",
            ..META
        },
        keywords: &["sig=", "sharedaccesssignature"],
        shape: Shape::Text(
            r"(?:sv=20[0-9]{2}-[0-9]{2}-[0-9]{2}[&0-9A-Za-z%=:._-]{4,300}?[&?](?:amp;)?sig=|[?&](?:amp;)?sig=(?:[^\s&]{0,200}&s[a-z]=)?|SharedAccessSignature sr=[^\s&]{1,200}&sig=)(?P<secret>[0-9A-Za-z%+/]{43,64}(?:%3[Dd]|=))",
        ),
        reach: 600,
        min_entropy: 4.0,
        yes: &[
            Sample::Text(
                "https://ada.blob.core.windows.net/c?sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2030-01-01T00:00:00Z&sig=<<b62:43>>%3D",
            ),
            Sample::Text(
                "SharedAccessSignature sr=https%3A%2F%2Fa.servicebus.windows.net&sig=<<b62:43>>%3D&se=1&skn=Root",
            ),
        ],
        no: &[
            Sample::Text("https://host.test/?sig=<<b62:20>>"),
            Sample::Text("sv=2022-11-02&sp=r&sig=REDACTED"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-client-secret",
            severity: Severity::Critical,
            summary: "A client secret of an Entra ID (Azure AD) application.",
            docs: "Signs in as the application.\n\n\
                Revoke it under *App registrations > Certificates & secrets*, then give the program a role of its \
                own (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Add credentials to an application*.",
            ..META
        },
        keywords: &["0q~", "1q~", "2q~", "3q~", "4q~", "5q~", "6q~", "7q~", "8q~", "9q~"],
        shape: Shape::Token("[0-9A-Za-z_~.-]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}"),
        min_entropy: 4.0,
        yes: &[
            Sample::Text("AZURE_CLIENT_SECRET=<<b62:3>>8Q~<<b62:34>>"),
            Sample::Text("\"clientSecret\": \"<<b62:3>>7Q~<<b62:31>>\""),
        ],
        no: &[
            Sample::Text("AZURE_CLIENT_SECRET=<<b62:3>>8Q~<<b62:20>>"),
            Sample::Text("AZURE_CLIENT_SECRET=<<b62:3>>8Q-<<b62:34>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-devops-pat",
            severity: Severity::High,
            summary: "An Azure DevOps personal access token.",
            docs: "Reads and writes repositories, pipelines and packages as its user.\n\n\
                Revoke it under *User settings > Personal access tokens*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Use personal access tokens*.",
            ..META
        },
        keywords: &[
            "ado_pat",
            "ado_token",
            "azdo",
            "devops",
            "system_accesstoken",
            "visualstudio",
            "vsts",
        ],
        shape: Shape::Named {
            name: r"azure[_-]?devops|\bado[_-]|vsts|azdo|system_accesstoken|visualstudio",
            value: "[2-7a-z]{52}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("export AZURE_DEVOPS_TOKEN=\"<<lower:51>>4\""),
            Sample::Text("azure_devops_token: <<lower:51>>4\n"),
        ],
        no: &[
            Sample::Text("azure_devops_token = \"Zq<<lower:51>>4\""),
            Sample::Text("azure_devops_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx4\""),
            Sample::Text("https://files.test/azure_devops/<<lower:51>>4"),
            Sample::Text("azure_devops_token = \"<<lower:51>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-devops-new-pat",
            severity: Severity::High,
            summary: "An Azure DevOps personal access token of the newer form.",
            docs: "Reads and writes repositories, pipelines and packages as its user.\n\n\
                Revoke it under *User settings > Personal access tokens*, then give the program a role of its own (a \
                workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Use personal access tokens*.",
            ..META
        },
        keywords: &["azdo"],
        shape: Shape::Token("[0-9A-Za-z]{76}AZDO[0-9A-Za-z]{4}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("AZURE_DEVOPS_NEW_PAT=<<b62:76>>AZDO<<b62:4>>"),
            Sample::Text("azure_devops_new_pat = \"<<b62:76>>AZDO<<b62:4>>\"\r\n"),
        ],
        no: &[
            Sample::Text("azure_devops_new_pat = \"<<b62:76>>AZDO<<b62:3>>\""),
            Sample::Text("blob: Qz<<b62:76>>AZDO<<b62:4>>"),
            Sample::Text(
                "AZURE_DEVOPS_NEW_PAT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxAZDOxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/teams-webhook",
            severity: Severity::Medium,
            summary: "A Microsoft Teams webhook.",
            docs: "Posts into a channel.\n\n\
                Revoke it under the channel's *Connectors* or *Workflows*, then give the program a role of its own \
                (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Create an incoming webhook*.",
            ..META
        },
        keywords: &["webhook.office.com"],
        shape: Shape::Text(
            r"https://[0-9a-z]{1,40}\.webhook\.office\.com/webhookb2/[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}@[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}/IncomingWebhook/[0-9a-z]{32}/[0-9a-z]{8}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{12}(?:/V2[0-9A-Za-z_-]{40,60})?",
        ),
        reach: 400,
        yes: &[
            Sample::Text(
                "url: https://acme.webhook.office.com/webhookb2/<<uuid>>@<<uuid>>/IncomingWebhook/<<hex:32>>/<<uuid>>",
            ),
            Sample::Text(
                "'https://a.webhook.office.com/webhookb2/<<uuid>>@<<uuid>>/IncomingWebhook/<<low36:32>>/<<uuid>>'",
            ),
        ],
        no: &[
            Sample::Text("https://acme.webhook.office.com/webhookb2/<<uuid>>"),
            Sample::Text("https://acme.webhook.office.com/"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/azure-logic-app-url",
            severity: Severity::Medium,
            summary: "A signed trigger URL of Azure Logic Apps or Power Automate.",
            docs: "Starts the flow with any input.\n\n\
                Revoke it under *Access keys* of the workflow (regenerate), then give the program a role of its own \
                (a workload or instance identity), or a key with few rights and an end date.\n\n\
                Source: Microsoft Learn, *Secure access and data in Azure Logic Apps*.",
            ..META
        },
        keywords: &["logic.azure.com"],
        shape: Shape::Text(
            r"logic\.azure\.com(?::443)?/workflows/[0-9a-f]{32}/triggers/[\x21-\x7e]{1,200}?[?&]sig=(?P<secret>[0-9A-Za-z_-]{43})",
        ),
        reach: 500,
        min_entropy: 4.0,
        yes: &[
            Sample::Text(
                "https://prod-1.westus.logic.azure.com:443/workflows/<<hex:32>>/triggers/manual/paths/invoke?api-version=2016-06-01&sp=x&sv=1.0&sig=<<b62:43>>",
            ),
            Sample::Text(
                "u: https://prod-2.eu.logic.azure.com/workflows/<<hex:32>>/triggers/a/paths/invoke?sig=<<b62:43>>\n",
            ),
        ],
        no: &[
            Sample::Text("https://prod-1.westus.logic.azure.com:443/workflows/<<hex:32>>/triggers/manual/paths/invoke"),
            Sample::Text("https://prod-1.westus.logic.azure.com/workflows/x?sig=abc"),
        ],
        ..SecretRule::DEFAULT
    },
];
