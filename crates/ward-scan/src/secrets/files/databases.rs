//! Clients of databases and their settings.

use ward_evidence::RuleMeta;

use super::{
    Format, in_folder,
    syntax::{
        json,
        lines::{self, Between},
        xml::{self, Node},
        yaml,
    },
};
use crate::secrets::rule::META;

/// PostgreSQL's `.pgpass`: `host:port:database:user:password`.
pub static PGPASS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-pgpass",
        summary: "A PostgreSQL password file holds the password of a login.",
        docs: "Each line is `host:port:database:user:password`; `:` and `\\` are escaped with `\\`.\n\n\
            Keep it in the home folder, readable by its owner only; never in a repository. Change the password.\n\n\
            Source: the PostgreSQL documentation, *The Password File*.",
        ..META
    },
    is: |page| matches!(page.name, ".pgpass" | "pgpass" | "pgpass.conf") || page.name.ends_with(".pgpass"),
    read: |page, sink| {
        for (start, line) in lines::lines(page.text) {
            if line.starts_with(b"#") {
                continue;
            }
            let (mut at, mut colons) = (0, 0);
            while let Some(&byte) = line.get(at) {
                at += match byte {
                    b'\\' => 2,
                    b':' => {
                        colons += 1;
                        1
                    }
                    _ => 1,
                };
                if colons == 4 {
                    sink.login(start + at..start + line.trim_ascii_end().len().max(at));
                    break;
                }
            }
        }
    },
};

/// MySQL's `my.cnf` and its kin.
pub static MYSQL: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-mysql",
        summary: "A MySQL option file holds the password of a login.",
        docs: "`password=` in a section such as `[client]` of `my.cnf`.\n\n\
            Use a login path or a socket with peer authentication, keep the file out of repositories, and change the \
            password.\n\n\
            Source: the MySQL manual, *Using Option Files*.",
        ..META
    },
    is: |page| {
        matches!(
            page.name,
            ".my.cnf" | "my.cnf" | "my.ini" | "client.cnf" | "debian.cnf" | ".odbc.ini" | "odbc.ini" | ".freetds.conf"
        ) || page.name.ends_with(".my.cnf")
    },
    read: |page, sink| {
        lines::pairs(page.text, Between::Sign, |pair| {
            if pair.is_any(&[
                "password",
                "pass",
                "passwd",
                "pwd",
                "loose-password",
                "master-password",
                "ssl-passphrase",
            ]) {
                sink.login(pair.value.clone());
            }
        });
    },
};

/// Graphical clients whose settings are JSON: Robomongo, Studio 3T, Compass.
pub static CLIENTS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-database-client",
        summary: "Settings of a database client hold a password.",
        docs: "`robomongo.json`, `robo3t.json` and their like hold the passwords of databases and of the SSH tunnels \
            to them.\n\n\
            Keep them in the home folder, and change the passwords.",
        ..META
    },
    is: |page| {
        (page.name.starts_with("robomongo") || page.name.starts_with("robo3t") || page.name.contains("mongodb-compass"))
            && page.extension() == "json"
            || matches!(
                page.name,
                "sequelpro.plist" | "connections.json" | ".mongorc.js" | "pgadmin4.json" | "servers.json"
            )
            || in_folder(page, "sqltools")
    },
    read: |page, sink| {
        json::strings(page.text, |entry| {
            let name = entry.key.to_ascii_lowercase();
            let ends = |end: &[u8]| name.ends_with(end);
            if ends(b"password") || ends(b"passphrase") || ends(b"passwd") {
                sink.login(entry.value.clone());
            }
        });
    },
};

/// DBeaver's connections.
pub static DBEAVER: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-dbeaver",
        summary: "DBeaver's connections hold a password.",
        docs: "`data-sources.xml` hides passwords with a fixed key; `credentials-config.json` is encrypted with a \
            key that is the same in every copy. Both are as good as clear text.\n\n\
            Keep the workspace out of repositories, and change the passwords.",
        ..META
    },
    is: |page| {
        page.name.contains("data-sources") || page.name == "credentials-config.json" && page.path.contains("dbeaver")
    },
    read: |page, sink| {
        if page.extension() == "json" {
            json::strings(page.text, |entry| {
                if entry.is_any(&["password", "ssh.password", "passphrase"]) {
                    sink.login_noted(entry.value.clone(), "clear text, or hidden with a fixed key");
                }
            });
            return;
        }
        xml::nodes(page.text, |node| match node {
            Node::Attribute(entry, _) if entry.is_any(&["password", "passphrase"]) => {
                sink.login_noted(entry.value.clone(), "hidden with a fixed key");
            }
            Node::Attribute(entry, all) if entry.is("value") => {
                if let Some((_, name)) = all.iter().find(|(name, _)| *name == b"name") {
                    sink.setting(page.get(name.clone()), entry.value.clone());
                }
            }
            _ => {}
        });
    },
};

/// Settings of frameworks for databases: `database.yml`, `mongoid.yml`, `knexfile`, `ormconfig.json`.
pub static SETTINGS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-database-settings",
        summary: "Database settings hold a password.",
        docs: "`database.yml`, `mongoid.yml`, `ormconfig.json` and their like name the password of a database in \
            clear text.\n\n\
            Take it from the environment (`<%= ENV['..'] %>`), and change it.",
        ..META
    },
    is: |page| {
        let stem = page.name.rsplit_once('.').map_or(page.name, |(stem, _)| stem);
        matches!(page.extension(), "yml" | "yaml" | "json")
            && (matches!(
                stem,
                "database"
                    | "mongoid"
                    | "ormconfig"
                    | "databases"
                    | "db"
                    | "redis"
                    | "sequelize"
                    | "elasticsearch"
                    | "sunspot"
                    | "mongo"
                    | "mysql"
                    | "postgres"
                    | "postgresql"
                    | "dbconfig"
                    | "parameters"
                    | "sentinel"
                    | "cable"
                    | "sidekiq"
                    | "resque"
                    | "ldap"
            ) || stem.starts_with("database."))
    },
    read: |page, sink| {
        if page.extension() == "json" {
            json::strings(page.text, |entry| sink.setting(entry.key, entry.value.clone()));
        } else {
            yaml::scalars(page.text, |entry| sink.setting(entry.key, entry.value.clone()));
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn pgpass() {
        check(
            ".pgpass",
            "# c\nh:5432:db:me:<<lower:8>>\n*:*:*:you:a\\:b<<b62:5>>\nh:5432:db:me\n",
            &[2, 3],
        );
    }

    #[test]
    fn mysql() {
        check(
            ".my.cnf",
            "[client]\nuser=me\npassword=<<lower:8>>\n[mysqld]\nport=1\n",
            &[3],
        );
    }

    #[test]
    fn clients() {
        check(
            "db/robomongo.json",
            "{\"connections\":[{\n\"userName\":\"u\",\n\"userPassword\":\"<<lower:9>>\",\n\"sshUserPassword\":\"\"}]}",
            &[3],
        );
        check(
            "dbeaver-data-sources.xml",
            "<c>\n<connection user=\"u\" password=\"<<b62:12>>\"/></c>",
            &[2],
        );
    }

    #[test]
    fn settings() {
        check(
            "config/database.yml",
            "production:\n  username: u\n  password: <<b62:9>>\ntest:\n  password: <%= ENV['X'] %>\n",
            &[3],
        );
        check(
            "mongoid.yml",
            "production:\n  clients:\n    default:\n      options:\n        user: 'u'\n        password: '<<lower:9>>'\n",
            &[6],
        );
    }
}
