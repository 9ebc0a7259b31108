//! Environment files and the start-up files of shells.

use ward_evidence::RuleMeta;

use super::{
    Format,
    syntax::lines::{self, Between},
};
use crate::secrets::rule::META;

/// `.env` in all its forms, `.envrc`, `.bashrc` and its kin.
pub static DOTENV: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-environment",
        summary: "An environment file gives a secret its value.",
        docs: "`.env`, `.env.production`, `.envrc`, `.bash_profile` and their like give names such as `DB_PASSWORD` \
            their values. A template with empty values or placeholders (`.env.example`) is no finding.\n\n\
            Let the file be ignored, share a template instead, and replace the values.",
        ..META
    },
    is: |page| {
        let name = page.name;
        name == ".env"
            || name == "env"
            || name.starts_with(".env.")
            || name.starts_with(".env-")
            || name.starts_with(".env_")
            || name.starts_with("env.")
                && !matches!(
                    page.extension(),
                    "py" | "js" | "ts" | "go" | "rs" | "d" | "mjs" | "java" | "html"
                )
            || matches!(page.extension(), "env" | "envrc" | "dotenv")
            || matches!(
                name,
                ".envrc"
                    | ".bashrc"
                    | ".bash_profile"
                    | ".profile"
                    | ".zshrc"
                    | ".zshenv"
                    | ".zprofile"
                    | ".bash_aliases"
                    | ".cshrc"
                    | ".tcshrc"
                    | ".kshrc"
                    | "config.fish"
                    | ".bash_login"
                    | ".exports"
                    | ".extra"
                    | ".aliases"
                    | ".functions"
                    | "bashrc"
                    | "bash_profile"
                    | "zshrc"
                    | "secrets.env"
                    | ".secrets"
                    | ".secret"
                    | ".credentials"
                    | "environment"
                    | ".pam_environment"
                    | ".flaskenv"
                    | ".dev.vars"
                    | ".htenv"
            )
    },
    read: |page, sink| {
        lines::pairs(page.text, Between::Sign, |pair| {
            sink.setting(pair.key, pair.value.clone())
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn environment_files() {
        check(
            ".env",
            "APP_NAME=x\nAPP_KEY=base64:<<b64:43>>=\nDB_HOST=h\nDB_PASSWORD=<<lower:8>>\nMAIL_PASSWORD=null\nAWS_SECRET_ACCESS_KEY=<<b64:40>>\nREDIS_PASS='<<b62:6>>'\n",
            &[2, 4, 6, 7],
        );
        check(
            "deploy/.env.production",
            "JWT_SECRET=\"<<b62:20>>\" # comment\nTOKEN=${OTHER}\n",
            &[1],
        );
        check(
            ".env.example",
            "DB_PASSWORD=secret\nAPI_KEY=your-key-here\nTOKEN=\n",
            &[],
        );
        check(
            ".bashrc",
            "alias ls='ls -l'\nexport MAILER_API_TOKEN=<<b62:24>>\nexport PATH=$PATH:/x\n",
            &[2],
        );
    }
}
