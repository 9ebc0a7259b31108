//! Commands of Windows: those of `cmd`, of PowerShell, and of the tools that administrators use with them.

use std::ops::Range;

use super::{bare, words};

/// The password that the command at `words[index]` is given.
pub(super) fn password(line: &[u8], words: &[Range<usize>], index: usize) -> Option<Range<usize>> {
    let given = words.get(index + 1..).unwrap_or_default();
    let text = |span: &Range<usize>| line.get(span.clone()).unwrap_or_default();
    let is = |span: &Range<usize>, option: &[u8]| text(span).eq_ignore_ascii_case(option);
    let behind = |option: &[u8]| {
        let at = given.iter().position(|span| is(span, option))?;
        let value = given.get(at + 1)?;
        (!text(value).starts_with(b"/")).then(|| value.clone())
    };
    let called = program(text(words.get(index)?));
    let is_called = |name: &[u8]| called.eq_ignore_ascii_case(name);
    if is_called(b"net") && given.first().is_some_and(|word| is(word, b"use")) {
        of_net_use(line, given.get(1..)?)
    } else if is_called(b"convertto-securestring") {
        of_secure_string(line, words, index)
    } else if is_called(b"psexec") || is_called(b"psexec64") {
        of_psexec(line, given)
    } else if is_called(b"schtasks") {
        behind(b"/rp").map(|value| bare(line, value))
    } else if is_called(b"invoke-sqlcmd") {
        behind(b"-password")
            .filter(|value| is_quoted(text(value)))
            .map(|value| bare(line, value))
    } else {
        None
    }
}

/// Whether a value is what `cmd` puts in when it comes to the line: `!NAME!`, and the arguments of the script.
pub(super) fn is_delayed(value: &[u8]) -> bool {
    value.starts_with(b"%") || value.len() > 2 && value.starts_with(b"!") && value.ends_with(b"!")
}

/// A command's own name, without its folder and without `.exe`.
fn program(word: &[u8]) -> &[u8] {
    let word = word.strip_suffix(b"\"").unwrap_or(word);
    let own = word.rsplit(|byte| matches!(byte, b'/' | b'\\' | b';' | b'(' | b'`' | b'"'));
    let own = own.into_iter().next().unwrap_or(word);
    match own.len().checked_sub(4).and_then(|at| own.split_at_checked(at)) {
        Some((name, end)) if end.eq_ignore_ascii_case(b".exe") => name,
        _ => own,
    }
}

fn is_quoted(word: &[u8]) -> bool {
    word.starts_with(b"\"") || word.starts_with(b"'")
}

/// The password of `net use Z: \\\\host\\share /user:me secret`: what stands behind the share and is no option.
fn of_net_use(line: &[u8], words: &[Range<usize>]) -> Option<Range<usize>> {
    let text = |span: &Range<usize>| line.get(span.clone()).unwrap_or_default();
    // Up to the next command, and to where the output goes.
    let own = words
        .iter()
        .take_while(|word| !text(word).iter().any(|byte| matches!(byte, b'>' | b'<' | b'|' | b'&')));
    let own: Vec<_> = own.collect();
    let option = |word: &Range<usize>| text(word).starts_with(b"/");
    let user = |word: &Range<usize>| {
        text(word)
            .get(..6)
            .is_some_and(|begin| begin.eq_ignore_ascii_case(b"/user:"))
    };
    let share = own
        .iter()
        .position(|word| text(word).starts_with(b"\\\\") || text(word).starts_with(b"\"\\\\"))?;
    let password = own.iter().skip(share + 1).find(|word| !option(word))?;
    (own.iter().any(|word| user(word)) && text(password) != b"*").then(|| bare(line, (*password).clone()))
}

/// The password of `ConvertTo-SecureString 'secret' -AsPlainText -Force`, or of what is handed to it through a pipe, where
/// that is a text alone and not the argument of a command. Without `-AsPlainText` the text is one that is encrypted.
fn of_secure_string(line: &[u8], words: &[Range<usize>], command: usize) -> Option<Range<usize>> {
    let text = |index: usize| {
        words
            .get(index)
            .and_then(|span| line.get(span.clone()))
            .unwrap_or_default()
    };
    let ends = |index: &usize| text(*index) == b"|" || text(index - 1).ends_with(b";");
    let end = (command + 1..words.len()).find(ends).unwrap_or(words.len());
    let is = |index: usize, option: &[u8]| {
        text(index)
            .get(..option.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(option))
    };
    (command + 1..end).find(|index| is(*index, b"-asplaintext"))?;
    let named = (command + 1..end).find(|index| text(*index).eq_ignore_ascii_case(b"-string"));
    let value = if command >= 2 && text(command - 1) == b"|" {
        let begins = command == 2 || text(command - 3) == b"=" || text(command - 3).ends_with(b";");
        begins.then_some(command - 2)?
    } else {
        named.unwrap_or(command) + 1
    };
    words
        .get(value)
        .filter(|_| is_quoted(text(value)))
        .map(|span| bare(line, span.clone()))
}

/// The password of `psexec \\\\host -u me -p secret command ..`: the options of the command are not its own.
fn of_psexec(line: &[u8], given: &[Range<usize>]) -> Option<Range<usize>> {
    let mut words = given.iter().peekable();
    while let Some(word) = words.next() {
        let text = line.get(word.clone()).unwrap_or_default().to_ascii_lowercase();
        match text.as_slice() {
            b"-p" | b"/p" => return words.next().map(|value| bare(line, value.clone())),
            b"-u" | b"/u" | b"-w" | b"-n" | b"-r" | b"-a" => {
                words.next();
            }
            b"-i" => {
                let number = |span: &&Range<usize>| {
                    line.get((*span).clone())
                        .is_some_and(|text| text.iter().all(u8::is_ascii_digit))
                };
                words.next_if(number);
            }
            [b'-' | b'/' | b'\\' | b'@', ..] => {}
            _ => return None,
        }
    }
    None
}

/// The name and the value of `setx NAME value`, which gives a variable its value for good.
pub(super) fn of_setx(line: &[u8]) -> Option<(&[u8], Range<usize>)> {
    let words = words(line);
    let mut words = words.iter();
    if !program(line.get(words.next()?.clone())?).eq_ignore_ascii_case(b"setx") {
        return None;
    }
    let mut given = words.filter(|span| line.get(span.start) != Some(&b'/'));
    let name = bare(line, given.next()?.clone());
    let value = given.next()?;
    // What PowerShell has in brackets is a command.
    let asked = line.get(value.start) == Some(&b'(');
    let value = bare(line, value.clone());
    (!asked && !is_delayed(line.get(value.clone())?)).then_some((line.get(name)?, value))
}

#[cfg(test)]
mod tests {
    use crate::secrets::files::tests::check;

    #[test]
    fn commands_of_windows() {
        check(
            "map.bat",
            "net use Z: \\\\host\\share /user:corp\\me <<b62:12>>\nNET USE \\\\host\\share <<b62:12>> /USER:me /persistent:no >nul\nrem net use \\\\host\\share <<b62:12>> /user:me\n",
            &[1, 2],
        );
        check(
            "map.cmd",
            "net use Z: \\\\host\\share /user:me *\nnet use Z: \\\\host\\share /user:me %PASS%\nnet use Z: \\\\host\\share %1 /user:me\nnet use Z: \\\\host\\share /user:me <password>\nnet use Z: \\\\host\\share /user:me >log.txt\nnet use Z: /delete\nnet use Z: \\\\host\\share /user:me !PASS!\nnet use Z: \\\\host\\share /user:me !KISDB!\n",
            &[],
        );
        check(
            "jobs.cmd",
            "psexec \\\\pacs01 -u corp\\me -p <<b62:12>> ipconfig\n\"C:\\Program Files\\Tools\\PsExec64.exe\" -accepteula -i 2 \\\\a -u me -p \"<<b62:12>>\" cmd\nschtasks /create /tn a /tr b.cmd /ru corp\\me /RP <<b62:12>> /sc daily\n",
            &[1, 2, 3],
        );
        check(
            "jobs.cmd",
            "psexec \\\\pacs01 -u me tool -p <<b62:12>>\npsexec \\\\pacs01 -u me -p %PASS% cmd\npsexec \\\\pacs01 -u me -p !PASS! cmd\npsexec -p\nschtasks /create /tn a /ru SYSTEM /rp /sc daily\nschtasks /create /ru me /rp * /tn a\nschtasks /create /ru me /rp %1 /tn a\nschtasks /create /ru me /rp \"\" /tn a\nrobocopy a b /rp <<b62:12>>\ntool -u me -p <<b62:12>>\n",
            &[],
        );
        check(
            "load.ps1",
            "Invoke-Sqlcmd -ServerInstance db -Username svc -Password '<<b62:12>>' -Query 'select 1'\ninvoke-sqlcmd -password \"<<b62:12>>\"\n",
            &[1, 2],
        );
        check(
            "load.ps1",
            "Invoke-Sqlcmd -ServerInstance db -Password $pw\nInvoke-Sqlcmd -Password \"$pw\"\nInvoke-Sqlcmd -Password (Get-Secret db)\nInvoke-Sqlcmd -Credential $c -Query 'select 1'\nNew-LocalUser -Password '<password>'\n",
            &[],
        );
    }

    #[test]
    fn secure_strings() {
        check(
            "new.ps1",
            "$c = ConvertTo-SecureString \"<<b62:12>>\" -AsPlainText -Force\nNew-LocalUser svc -Password (convertto-securestring -String '<<b62:12>>' -Force -AsPlainText)\n$c = '<<b62:12>>' | ConvertTo-SecureString -AsPlainText -Force\n\
             $c = ConvertTo-SecureString -AsPlainText -Force -String '<<b62:12>>'\n'<<b62:12>>' | ConvertTo-SecureString -AsPlainText -Force\n\
             $c = [pscredential]::new('svc', (ConvertTo-SecureString -AsPlainText -String '<<b62:12>>' -Force))\n",
            &[1, 2, 3, 4, 5, 6],
        );
        check(
            "new.ps1",
            "$c = ConvertTo-SecureString $plain -AsPlainText -Force\n$c = ConvertTo-SecureString \"$env:PW\" -AsPlainText -Force\n$c = ConvertTo-SecureString (Get-Content pw.txt) -AsPlainText -Force\n$c = Get-Content pw.txt | ConvertTo-SecureString\n$c = ConvertTo-SecureString '<<hex:64>>' -Key $k\n$c = ConvertTo-SecureString '<password>' -AsPlainText -Force\nConvertTo-SecureString -AsPlainText -Force\n# ConvertTo-SecureString '<<b62:12>>' -AsPlainText\n",
            &[],
        );
        check(
            "read.ps1",
            "$p = Get-Content 'C:\\secrets\\kis-<<b62:8>>.txt' | ConvertTo-SecureString -AsPlainText -Force\n\
             $p = Read-Host 'Kennwort_<<b62:8>>' | ConvertTo-SecureString -AsPlainText -Force\n\
             $p = vault kv get -field=password 'kis/<<b62:8>>' | ConvertTo-SecureString -AsPlainText -Force\n\
             & 'C:\\tools\\getpw.exe' 'svc_<<b62:8>>' | ConvertTo-SecureString -AsPlainText -Force\n\
             (Import-Csv 'users-<<b62:8>>.csv').Password | ConvertTo-SecureString -AsPlainText -Force\n\
             ConvertTo-SecureString '<<hex:64>>' -Key $k; $q | ConvertTo-SecureString -AsPlainText -Force\n\
             $c = ConvertTo-SecureString -AsPlainText -Force -String $plain\n",
            &[],
        );
    }

    #[test]
    fn variables() {
        check(
            "a.bat",
            "setx DB_PASSWORD \"<<b62:12>>\"\nSETX /M API_TOKEN <<b62:20>>\nsetx PATH \"<<b62:12>>\"\nsetx DB_PASSWORD %1\nsetx DB_PASSWORD \"%PW%\" /M\nsetx DB_PASSWORD\nsetx\nsetx TOKEN_FILE C:\\k.txt\n",
            &[1, 2],
        );
        check(
            "a.bat",
            "setx DB_PASSWORD !PW!\nsetx DB_PASSWORD \"!KIS_PW!\"\nsetx AZURE_KEYVAULT_SECRET kis-db-password\nsetx DB_PASSWORD (Read-Host)\nsetx DB_PASSWORD %~1\nsetx VAULT_TOKEN kis-prod-reader\nsetx DB_PASSWORD kis-db-password\n",
            &[],
        );
    }
}
