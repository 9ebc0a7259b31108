//! Java: properties and Spring, Maven, Tomcat, Hibernate, Gradle, Android.

use ward_evidence::{RuleMeta, Severity};

use super::{
    Format,
    syntax::{
        lines::{self, Between},
        xml::{self, Node},
        yaml,
    },
};
use crate::secrets::rule::META;

/// `.properties`, Spring's YAML, Gradle's signing settings.
pub static PROPERTIES: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-properties",
        summary: "Application properties hold a password or secret.",
        docs: "`spring.datasource.password`, `signing.password`, `storePassword` and their like in clear text.\n\n\
            Write `${DB_PASSWORD}` and give the value at start, or use a vault; change the password.\n\n\
            Source: the Spring Boot documentation, *Externalized Configuration*.",
        ..META
    },
    is: |page| {
        page.extension() == "properties"
            || matches!(page.extension(), "yml" | "yaml")
                && (page.name.starts_with("application") || page.name.starts_with("bootstrap"))
            || matches!(
                page.name,
                "grails-app" | "application.conf" | "datasource.groovy" | "signing.gradle"
            )
    },
    read: |page, sink| {
        if matches!(page.extension(), "yml" | "yaml") {
            yaml::scalars(page.text, |entry| sink.setting(entry.key, entry.value.clone()));
        } else {
            lines::pairs(page.text, Between::Sign, |pair| {
                sink.setting(pair.key, pair.value.clone())
            });
        }
    },
};

/// `settings.xml`, `tomcat-users.xml`, `context.xml`, `hibernate.cfg.xml`, `persistence.xml`, `standalone.xml`.
pub static XML: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-java-xml",
        summary: "An XML configuration of a Java program holds a password.",
        docs: "Maven's `settings.xml`, Tomcat's users and data sources, Hibernate's and JPA's connections.\n\n\
            Encrypt Maven's passwords or take them from the environment, give data sources to the container, and \
            change the passwords.",
        ..META
    },
    is: |page| {
        page.extension() == "xml"
            && (matches!(
                page.name,
                "settings.xml"
                    | "settings-security.xml"
                    | "tomcat-users.xml"
                    | "context.xml"
                    | "server.xml"
                    | "hibernate.cfg.xml"
                    | "persistence.xml"
                    | "standalone.xml"
                    | "domain.xml"
                    | "applicationcontext.xml"
                    | "datasource.xml"
                    | "datasources.xml"
                    | "resources.xml"
                    | "jetty.xml"
                    | "build.xml"
                    | "config.xml"
                    | "connection.xml"
                    | "local.xml"
            ) || page.name.ends_with("-ds.xml")
                || page.name.contains("hibernate"))
    },
    read: |page, sink| {
        xml::nodes(page.text, |node| match node {
            Node::Text(entry, attributes) => {
                let named = attributes
                    .iter()
                    .find(|(name, _)| *name == b"name")
                    .map(|(_, value)| page.get(value.clone()));
                let name = named
                    .filter(|_| entry.is_any(&["property", "entry", "param", "init-param", "Arg", "Set"]))
                    .unwrap_or(entry.key);
                let value = page.get(entry.value.clone());
                if value.starts_with(b"{")
                    && value.ends_with(b"}")
                    && value.len() > 16
                    && entry.is_any(&["password", "passphrase", "master"])
                {
                    // Maven's own encryption; the key is in settings-security.xml, itself hidden with a fixed key.
                    let severity = if entry.is("master") {
                        Severity::Medium
                    } else {
                        Severity::Low
                    };
                    sink.encrypted(entry.value.clone(), severity, "encrypted with Maven's master password");
                } else if entry.is_any(&["password", "passphrase", "passwd"]) {
                    sink.login(entry.value.clone());
                } else {
                    sink.setting(name, entry.value.clone());
                }
            }
            Node::Attribute(entry, all) if entry.is("value") => {
                if let Some((_, name)) = all.iter().find(|(name, _)| *name == b"name" || *name == b"key") {
                    sink.setting(page.get(name.clone()), entry.value.clone());
                }
            }
            Node::Attribute(entry, _) => {
                let key = entry.key.to_ascii_lowercase();
                if key.ends_with(b"password")
                    || key.ends_with(b"keystorepass")
                    || key.ends_with(b"keypass")
                    || key.ends_with(b"passwd")
                {
                    sink.setting(entry.key, entry.value.clone());
                }
            }
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn properties() {
        check(
            "application.properties",
            "server.port=1\nspring.datasource.password=<<lower:9>>\nspring.datasource.username=u\n",
            &[2],
        );
        check(
            "application-prod.yml",
            "spring:\n  datasource:\n    password: <<b62:9>>\n    url: jdbc:x\n",
            &[3],
        );
        check(
            "keystore.properties",
            "storePassword=<<b62:9>>\nkeyPassword=<<b62:9>>\nstoreFile=x.jks\n",
            &[1, 2],
        );
    }

    #[test]
    fn xml() {
        check(
            "settings.xml",
            "<settings><servers><server>\n<username>u</username>\n<password><<b62:9>></password>\n</server></servers></settings>",
            &[3],
        );
        check(
            "tomcat-users.xml",
            "<tomcat-users>\n<user username=\"a\" password=\"<<b62:9>>\" roles=\"manager\"/></tomcat-users>",
            &[2],
        );
        check(
            "hibernate.cfg.xml",
            "<a><property name=\"connection.username\">u</property>\n<property name=\"connection.password\"><<b62:9>></property></a>",
            &[2],
        );
    }
}
