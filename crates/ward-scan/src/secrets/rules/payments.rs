//! Taking and sending money: PayPal, Adyen, Paystack, Razorpay, Mollie and others.

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
            id: "secrets/paypal-braintree-token",
            severity: Severity::Critical,
            summary: "A PayPal Braintree access token.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *API keys* of the control panel, then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Braintree documentation, *Access tokens*.",
            ..META
        },
        keywords: &["access_token$"],
        shape: Shape::Token(r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"),
        check: structure::not_sandbox,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("paypal_braintree_token: 'access_token$production$<<low36:16>>$<<hex:32>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=access_token$production$<<low36:16>>$<<hex:32>>&page=2"),
        ],
        no: &[
            Sample::Text("paypal_braintree_token = \"access_token$production$<<low36:16>>$<<hex:31>>\""),
            Sample::Text("blob: Qzaccess_token$production$<<low36:16>>$<<hex:32>>"),
            Sample::Text(
                "PAYPAL_BRAINTREE_TOKEN=access_token$production$xxxxxxxxxxxxxxxx$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            ),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/paypal-secret",
            severity: Severity::Critical,
            summary: "A PayPal client secret.",
            docs: "Charges, refunds and pays out.\n\n\
                Revoke it under *Apps & credentials*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: PayPal developer documentation, *Get started with REST APIs*.",
            ..META
        },
        keywords: &["paypal"],
        shape: Shape::Named {
            name: "paypal[_a-z.-]{0,20}(?:secret|client|token|key)",
            value: "E[A-P][0-9A-Za-z_-]{78}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("const paypal_clientKey = `EL<<b62:78>>`;"),
            Sample::Text("paypal_client.secret = 'EL<<b62:78>>'"),
        ],
        no: &[
            Sample::Text("paypal_client_token = \"EL<<b62:77>>\""),
            Sample::Text("paypal_client_token = \"ZqEL<<b62:78>>\""),
            Sample::Text(
                "paypal_client_token = \"ELxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/paypal_client/EL<<b62:78>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/braintree-key",
            severity: Severity::Critical,
            summary: "A Braintree private key.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *API keys* of the control panel, then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Braintree documentation, *Gateway credentials*.",
            ..META
        },
        keywords: &["braintree"],
        shape: Shape::Named {
            name: "braintree[_a-z.-]{0,12}(?:private|secret)?",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("braintree_private.secret = '<<hex:32>>'"),
            Sample::Text("\"braintree_privateApiKey\": \"<<hex:32>>\","),
        ],
        no: &[
            Sample::Text("braintree_private_token = \"<<hex:31>>\""),
            Sample::Text("braintree_private_token = \"Zq<<hex:32>>\""),
            Sample::Text("braintree_private_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/braintree_private/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/adyen-key",
            severity: Severity::Critical,
            summary: "An Adyen API key.",
            docs: "Charges, refunds and pays out.\n\n\
                Revoke it under *Developers > API credentials*, then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Adyen documentation, *API credentials*.",
            ..META
        },
        keywords: &["adyen", "aqe"],
        shape: Shape::Named {
            name: "adyen|x-api-key|aqe",
            value: r"AQ[A-Za-z][0-9A-Za-z+/]{60,200}-[0-9A-Za-z+/=]{20,64}-[\x21\x23-\x26\x28-\x5b\x5d-\x7e]{8,24}",
        },
        reach: 400,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("adyen_token: AQE<<b64:90>>-<<b64:43>>=-<<b62:16>>\n"),
            Sample::Text("ADYEN_API_KEY=AQE<<b64:90>>-<<b64:43>>=-<<b62:16>>"),
        ],
        no: &[
            Sample::Text(
                "adyen_token = \"AQExxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=-xxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/adyen/AQE<<b64:90>>-<<b64:43>>=-<<b62:16>>"),
            Sample::Text("adyen_token = AQE<<b64:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/flutterwave-key",
            severity: Severity::Critical,
            summary: "A Flutterwave secret key.",
            docs: "Charges and pays out.\n\n\
                Revoke it under *Settings > API keys*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Flutterwave documentation, *API keys*.",
            ..META
        },
        keywords: &["flwseck"],
        shape: Shape::Token("FLWSECK(?:_TEST)?-[0-9A-Za-z]{32}-X|FLWSECK_TEST-[0-9A-Za-z]{32,40}(?:-X)?"),
        check: structure::not_test,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("FLUTTERWAVE_KEY=FLWSECK-<<hex:32>>-X"),
            Sample::Text("flutterwave_key = \"FLWSECK-<<hex:32>>-X\"\r\n"),
        ],
        no: &[
            Sample::Text("blob: QzFLWSECK-<<hex:32>>-X"),
            Sample::Text("FLUTTERWAVE_KEY=FLWSECK-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-X"),
            Sample::Text("FLWSECK-<<hex:20>>-X"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/flutterwave-public-key",
            severity: Severity::Low,
            summary: "A Flutterwave public key.",
            docs: "Opens the payment form in public.\n\n\
                Revoke it under nothing: it is not secret, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Flutterwave documentation, *API keys*.",
            ..META
        },
        keywords: &["flwpubk"],
        shape: Shape::Token("FLWPUBK(?:_TEST)?-[0-9A-Za-z]{32}-X"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"print(1)\\nFLUTTERWAVE_PUBLIC_KEY = FLWPUBK-<<hex:32>>-X\\n\""),
            Sample::Text("docker run -e FLUTTERWAVE_PUBLIC_KEY=FLWPUBK-<<hex:32>>-X image\n"),
        ],
        no: &[
            Sample::Text("flutterwave_public_key = \"FLWPUBK-<<hex:31>>-X\""),
            Sample::Text("blob: QzFLWPUBK-<<hex:32>>-X"),
            Sample::Text("FLUTTERWAVE_PUBLIC_KEY=FLWPUBK-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-X"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/flutterwave-encryption-key",
            severity: Severity::Medium,
            summary: "A Flutterwave test encryption key.",
            docs: "Encrypts cards for the test gateway.\n\n\
                Revoke it under *Settings > API keys*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Flutterwave documentation, *Encryption*.",
            ..META
        },
        keywords: &["flwseck_test"],
        shape: Shape::Token("FLWSECK_TEST-?[0-9A-Za-z]{12}"),
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer FLWSECK_TEST-<<hex:12>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nFLUTTERWAVE_ENCRYPTION_KEY = FLWSECK_TEST-<<hex:12>>\\n\""),
        ],
        no: &[
            Sample::Text("flutterwave_encryption_key = \"FLWSECK_TEST-<<hex:11>>\""),
            Sample::Text("blob: QzFLWSECK_TEST-<<hex:12>>"),
            Sample::Text("FLUTTERWAVE_ENCRYPTION_KEY=FLWSECK_TEST-xxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/paystack-key",
            severity: Severity::Critical,
            summary: "A Paystack secret key.",
            docs: "Charges, refunds and pays out.\n\n\
                Revoke it under *Settings > API keys & webhooks*, then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Paystack documentation, *Authentication*.",
            ..META
        },
        keywords: &["sk_live_", "sk_test_"],
        shape: Shape::Token("sk_(?:live|test)_[0-9a-f]{40}"),
        check: structure::not_test,
        min_entropy: 2.9,
        yes: &[
            Sample::Text("{\"paystack_key\": \"sk_live_<<hex:40>>\", \"retries\": 3}"),
            Sample::Text("<add name=\"PAYSTACK_KEY\">sk_live_<<hex:40>></add>"),
        ],
        no: &[
            Sample::Text("paystack_key = \"sk_live_<<hex:39>>\""),
            Sample::Text("blob: Qzsk_live_<<hex:40>>"),
            Sample::Text("PAYSTACK_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/razorpay-secret",
            severity: Severity::Critical,
            summary: "A Razorpay key secret.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *Account & settings > API keys* (regenerate), then keep the new one in a secret \
                store that only the payment service reads, restricted to what it does.\n\n\
                Source: Razorpay documentation, *API keys*.",
            ..META
        },
        keywords: &["razorpay", "rzp_"],
        shape: Shape::Named {
            name: "razorpay[_a-z.-]{0,12}secret|rzp_secret",
            value: "[0-9A-Za-z]{24}",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("RAZORPAY_KEY_SECRET=<<b62:24>>"),
            Sample::Text("razorpay_secret: '<<b62:24>>'"),
        ],
        no: &[
            Sample::Text("RAZORPAY_KEY_SECRET=<<b62:23>>"),
            Sample::Text("RAZORPAY_KEY_SECRET=Zq<<b62:24>>"),
            Sample::Text("RAZORPAY_KEY_SECRET=xxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("https://files.test/razorpay/<<b62:24>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/razorpay-key-id",
            severity: Severity::Medium,
            summary: "A Razorpay key id.",
            docs: "Names the key whose secret charges and refunds.\n\n\
                Revoke it under *Account & settings > API keys* (regenerate), then keep the new one in a secret \
                store that only the payment service reads, restricted to what it does.\n\n\
                Source: Razorpay documentation, *API keys*.",
            ..META
        },
        keywords: &["rzp_live_", "rzp_test_"],
        shape: Shape::Token("rzp_(?:live|test)_[0-9A-Za-z]{14}"),
        check: structure::not_test,
        yes: &[
            Sample::Text("docker run -e RAZORPAY_KEY_ID=rzp_live_<<b62:14>> image\n"),
            Sample::Text("RAZORPAY_KEY_ID=rzp_live_<<b62:14>>"),
        ],
        no: &[
            Sample::Text("razorpay_key_id = \"rzp_live_<<b62:13>>\""),
            Sample::Text("blob: Qzrzp_live_<<b62:14>>"),
            Sample::Text("RAZORPAY_KEY_ID=rzp_live_xxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mercadopago-token",
            severity: Severity::Critical,
            summary: "A Mercado Pago access token.",
            docs: "Charges, refunds and pays out.\n\n\
                Revoke it under *Your integrations > Credentials* (renew), then keep the new one in a secret store \
                that only the payment service reads, restricted to what it does.\n\n\
                Source: Mercado Pago documentation, *Credentials*.",
            ..META
        },
        keywords: &["app_usr-"],
        shape: Shape::Token("APP_USR-[0-9]{10,20}-[0-9]{6}-[0-9a-f]{32}-[0-9]{5,12}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text(
                "<add name=\"MERCADOPAGO_TOKEN\">APP_USR-<<digit:16>>-<<digit:6>>-<<hex:32>>-<<digit:9>></add>",
            ),
            Sample::Text(
                "mercadopago_token: 'APP_USR-<<digit:16>>-<<digit:6>>-<<hex:32>>-<<digit:9>>' # rotate in May",
            ),
        ],
        no: &[
            Sample::Text("blob: QzAPP_USR-<<digit:16>>-<<digit:6>>-<<hex:32>>-<<digit:9>>"),
            Sample::Text(
                "MERCADOPAGO_TOKEN=APP_USR-xxxxxxxxxxxxxxxx-xxxxxx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxx",
            ),
            Sample::Text("APP_USR-<<uuid>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/mollie-key",
            severity: Severity::Critical,
            summary: "A Mollie API key.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *Developers > API keys*, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Mollie documentation, *Authentication*.",
            ..META
        },
        keywords: &["mollie"],
        shape: Shape::Token("(?:live|test)_[0-9A-Za-z]{30,40}"),
        check: structure::not_test,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("MOLLIE_API_KEY=live_<<b62:30>>"),
            Sample::Text("mollie.setApiKey('live_<<b62:30>>')"),
        ],
        no: &[
            Sample::Text("MOLLIE_API_KEY=live_<<b62:12>>"),
            Sample::Text("MOLLIE_API_KEY=alive_<<b62:30>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/checkout-key",
            severity: Severity::Critical,
            summary: "A Checkout.com secret key.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *Developers > Keys*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Checkout.com documentation, *API keys*.",
            ..META
        },
        keywords: &["checkout", "cko_"],
        shape: Shape::Named {
            name: "checkout(?:[_.-]?com)?|cko",
            value: "sk_(?:sbox_)?[0-9a-z]{26}[a-z0-9*#$=]?",
        },
        check: structure::mixed,
        min_entropy: 3.3,
        yes: &[
            Sample::Text("cko_api_key => \"sk_<<low36:26>>\""),
            Sample::Text("export CKO_TOKEN=\"sk_<<low36:26>>\""),
        ],
        no: &[
            Sample::Text("cko_token = \"sk_<<low36:25>>\""),
            Sample::Text("cko_token = \"Zqsk_<<low36:26>>\""),
            Sample::Text("cko_token = \"sk_xxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/cko/sk_<<low36:26>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/paddle-key",
            severity: Severity::Critical,
            summary: "A Paddle API key.",
            docs: "Charges, refunds and reads customers.\n\n\
                Revoke it under *Developer tools > Authentication*, then keep the new one in a secret store that \
                only the payment service reads, restricted to what it does.\n\n\
                Source: Paddle documentation, *API keys*.",
            ..META
        },
        keywords: &["pdl_live_apikey_", "pdl_sdbx_apikey_"],
        shape: Shape::Token("pdl_(?:live|sdbx)_apikey_01[0-9a-z]{24}_[0-9A-Za-z]{22}_[0-9A-Za-z]{3}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("\"print(1)\\nPADDLE_KEY = pdl_live_apikey_01<<low36:24>>_<<b62:22>>_<<b62:3>>\\n\""),
            Sample::Text("docker run -e PADDLE_KEY=pdl_live_apikey_01<<low36:24>>_<<b62:22>>_<<b62:3>> image\n"),
        ],
        no: &[
            Sample::Text("paddle_key = \"pdl_live_apikey_01<<low36:24>>_<<b62:22>>_<<b62:2>>\""),
            Sample::Text("blob: Qzpdl_live_apikey_01<<low36:24>>_<<b62:22>>_<<b62:3>>"),
            Sample::Text("PADDLE_KEY=pdl_live_apikey_01xxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxxx_xxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/recurly-key",
            severity: Severity::Critical,
            summary: "A Recurly private key.",
            docs: "Charges, refunds and reads customers.\n\n\
                Revoke it under *Integrations > API credentials*, then keep the new one in a secret store that only \
                the payment service reads, restricted to what it does.\n\n\
                Source: Recurly documentation, *Authentication*.",
            ..META
        },
        keywords: &["recurly"],
        shape: Shape::Named {
            name: "recurly",
            value: "[0-9a-f]{32}",
        },
        min_entropy: 2.9,
        yes: &[
            Sample::Text("recurly_api_key => \"<<hex:32>>\""),
            Sample::Text("export RECURLY_TOKEN=\"<<hex:32>>\""),
        ],
        no: &[
            Sample::Text("recurly_token = \"<<hex:31>>\""),
            Sample::Text("recurly_token = \"Zq<<hex:32>>\""),
            Sample::Text("recurly_token = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/recurly/<<hex:32>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/chargebee-key",
            severity: Severity::Critical,
            summary: "A Chargebee API key.",
            docs: "Charges, refunds and reads customers.\n\n\
                Revoke it under *Settings > API keys*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Chargebee documentation, *API keys*.",
            ..META
        },
        keywords: &["cb_api", "chargebee"],
        shape: Shape::Named {
            name: "chargebee|cb_api",
            value: "(?:live|test)_[0-9A-Za-z]{30,50}",
        },
        min_entropy: 3.6,
        yes: &[
            Sample::Text("CHARGEBEE_API_KEY=live_<<b62:40>>"),
            Sample::Text("const chargebeeKey = `live_<<b62:40>>`;"),
        ],
        no: &[
            Sample::Text("chargebee_token = \"live_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/chargebee/live_<<b62:40>>"),
            Sample::Text("chargebee_token = \"live_<<b62:12>>\""),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/xendit-key",
            severity: Severity::Critical,
            summary: "A Xendit secret key.",
            docs: "Charges and pays out.\n\n\
                Revoke it under *Settings > API keys*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Xendit documentation, *API keys*.",
            ..META
        },
        keywords: &["xnd_production_", "xnd_development_"],
        shape: Shape::Token("xnd_(?:production|development)_[0-9A-Za-z=+/]{40,90}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e XENDIT_KEY=xnd_production_<<b62:60>> image\n"),
            Sample::Text("XENDIT_KEY=xnd_production_<<b62:60>>"),
        ],
        no: &[
            Sample::Text("blob: Qzxnd_production_<<b62:60>>"),
            Sample::Text("XENDIT_KEY=xnd_production_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("xnd_public_production_<<b62:60>>"),
            Sample::Text("xnd_production_<<b62:20>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/midtrans-key",
            severity: Severity::Critical,
            summary: "A Midtrans server key.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *Settings > Access keys*, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Midtrans documentation, *API authorization*.",
            ..META
        },
        keywords: &["mid-server-"],
        shape: Shape::Token("(?:SB-)?Mid-server-[0-9A-Za-z_-]{24}"),
        min_entropy: 3.3,
        yes: &[
            Sample::Text("curl -H \"Authorization: Bearer Mid-server-<<b62:24>>\" \"$HOST/v1\""),
            Sample::Text("\"print(1)\\nMIDTRANS_KEY = Mid-server-<<b62:24>>\\n\""),
        ],
        no: &[
            Sample::Text("midtrans_key = \"Mid-server-<<b62:23>>\""),
            Sample::Text("blob: QzMid-server-<<b62:24>>"),
            Sample::Text("MIDTRANS_KEY=Mid-server-xxxxxxxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/cashfree-key",
            severity: Severity::Critical,
            summary: "A Cashfree secret key.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *Developers > API keys*, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Cashfree documentation, *API keys*.",
            ..META
        },
        keywords: &["cfsk_ma_"],
        shape: Shape::Token("cfsk_ma_(?:prod|test)_[0-9a-f]{32}_[0-9a-f]{8}"),
        min_entropy: 2.9,
        yes: &[
            Sample::Text("\"print(1)\\nCASHFREE_KEY = cfsk_ma_prod_<<hex:32>>_<<hex:8>>\\n\""),
            Sample::Text("docker run -e CASHFREE_KEY=cfsk_ma_prod_<<hex:32>>_<<hex:8>> image\n"),
        ],
        no: &[
            Sample::Text("cashfree_key = \"cfsk_ma_prod_<<hex:32>>_<<hex:7>>\""),
            Sample::Text("blob: Qzcfsk_ma_prod_<<hex:32>>_<<hex:8>>"),
            Sample::Text("CASHFREE_KEY=cfsk_ma_prod_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_xxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/omise-key",
            severity: Severity::Critical,
            summary: "An Omise secret key.",
            docs: "Charges, refunds and pays out.\n\n\
                Revoke it under *Keys* of the dashboard, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Omise documentation, *Authentication*.",
            ..META
        },
        keywords: &["skey_"],
        shape: Shape::Token("skey_(?:test_)?[0-9a-z]{19}"),
        check: structure::not_test,
        min_entropy: 3.0,
        yes: &[
            Sample::Text("omise_key: 'skey_<<low36:19>>' # rotate in May"),
            Sample::Text("https://host.test/v1?key=skey_<<low36:19>>&page=2"),
        ],
        no: &[
            Sample::Text("omise_key = \"skey_<<low36:18>>\""),
            Sample::Text("blob: Qzskey_<<low36:19>>"),
            Sample::Text("OMISE_KEY=skey_xxxxxxxxxxxxxxxxxxx"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/lemonsqueezy-key",
            severity: Severity::High,
            summary: "A Lemon Squeezy API key.",
            docs: "Reads customers and refunds.\n\n\
                Revoke it under *Settings > API*, then keep the new one in a secret store that only the payment \
                service reads, restricted to what it does.\n\n\
                Source: Lemon Squeezy documentation, *API keys*.",
            ..META
        },
        keywords: &["lemon_squeezy", "lemonsqueezy"],
        shape: Shape::Named {
            name: "lemon_?squeezy",
            value: r"eyJ[0-9A-Za-z_-]{10,100}\.eyJ[0-9A-Za-z_-]{20,900}\.[0-9A-Za-z_-]{300,900}",
        },
        reach: 1800,
        min_entropy: 3.6,
        yes: &[
            Sample::Text("lemonsqueezy_token: eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:342>>\n"),
            Sample::Text("LEMONSQUEEZY_API_KEY=eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:342>>"),
        ],
        no: &[
            Sample::Text(
                "lemonsqueezy_token = \"eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
            ),
            Sample::Text("https://files.test/lemonsqueezy/eyJ<<b62:33>>.eyJ<<b62:200>>.<<b62:342>>"),
            Sample::Text("lemonsqueezy_token = eyJ<<b62:33>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/authorizenet-key",
            severity: Severity::Critical,
            summary: "An Authorize.net transaction key.",
            docs: "Charges and refunds.\n\n\
                Revoke it under *Account > API credentials & keys*, then keep the new one in a secret store that \
                only the payment service reads, restricted to what it does.\n\n\
                Source: Authorize.net documentation, *API credentials*.",
            ..META
        },
        keywords: &[
            "authorize.net",
            "authorize_net",
            "authorizenet",
            "transaction_key",
            "transactionkey",
        ],
        shape: Shape::Named {
            name: "authorize_?net|transaction_?key",
            value: "[0-9A-Za-z]{16}",
        },
        check: structure::mixed,
        min_entropy: 3.2,
        yes: &[
            Sample::Text("const authorizenetKey = `<<b62:16>>`;"),
            Sample::Text("authorizenet.secret = '<<b62:16>>'"),
        ],
        no: &[
            Sample::Text("authorizenet_token = \"<<b62:15>>\""),
            Sample::Text("authorizenet_token = \"Zq<<b62:16>>\""),
            Sample::Text("authorizenet_token = \"xxxxxxxxxxxxxxxx\""),
            Sample::Text("https://files.test/authorizenet/<<b62:16>>"),
        ],
        ..SecretRule::DEFAULT
    },
    SecretRule {
        meta: RuleMeta {
            id: "secrets/polar-token",
            severity: Severity::High,
            summary: "A Polar access token.",
            docs: "Reads customers and refunds.\n\n\
                Revoke it under *Settings > Developers*, then keep the new one in a secret store that only the \
                payment service reads, restricted to what it does.\n\n\
                Source: Polar documentation, *Authentication*.",
            ..META
        },
        keywords: &["polar_oat_", "polar_pat_", "polar_whs_"],
        shape: Shape::Token("polar_(?:oat|pat|at_o|at_u|whs)_[0-9A-Za-z]{30,60}"),
        min_entropy: 3.6,
        yes: &[
            Sample::Text("docker run -e POLAR_TOKEN=polar_oat_<<b62:43>> image\n"),
            Sample::Text("POLAR_TOKEN=polar_oat_<<b62:43>>"),
        ],
        no: &[
            Sample::Text("blob: Qzpolar_oat_<<b62:43>>"),
            Sample::Text("POLAR_TOKEN=polar_oat_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
            Sample::Text("polar_oat_<<b62:12>>"),
        ],
        ..SecretRule::DEFAULT
    },
];
