//! Networks: wireless, tunnels, dial-up.

use data_encoding::BASE64;
use ward_evidence::RuleMeta;

use super::{
    Format, in_folder,
    syntax::lines::{self, Between},
};
use crate::secrets::rule::META;

/// `wpa_supplicant.conf`, NetworkManager, hostapd, netctl.
pub static WIRELESS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-wireless",
        summary: "Network settings hold the key of a wireless network or the password of a login.",
        docs: "`psk` and `password` of `wpa_supplicant.conf`, NetworkManager's connections and `hostapd.conf`. A \
            hexadecimal `psk` opens the network as the passphrase does.\n\n\
            Keep them readable by root only, out of repositories, and change the key.",
        ..META
    },
    is: |page| {
        page.name.starts_with("wpa_supplicant")
            || matches!(page.extension(), "nmconnection")
            || matches!(
                page.name,
                "hostapd.conf"
                    | "interfaces"
                    | "iwd.conf"
                    | "wifi.conf"
                    | "networks.conf"
                    | "hostapd.psk"
                    | "hostapd.wpa_psk"
            )
            || in_folder(page, "system-connections")
            || in_folder(page, "netctl")
            || page.extension() == "psk"
    },
    read: |page, sink| {
        lines::pairs(page.text, Between::SignOrSpace, |pair| {
            if pair.is_any(&[
                "psk",
                "password",
                "wpa_passphrase",
                "wpa_psk",
                "sae_password",
                "passphrase",
                "private_key_passwd",
                "wep_key0",
                "wep_key1",
                "wep_key2",
                "wep_key3",
                "wep-key0",
                "wpa-psk",
                "wireless-key",
                "key",
                "leap-password",
                "private-key-password",
                "PreSharedKey",
                "pin",
                "password-raw",
                "dh_file_passwd",
            ]) && !page.get(pair.value.clone()).contains(&b'*')
            {
                sink.login(pair.value.clone());
            }
        });
    },
};

/// WireGuard, OpenVPN, IPsec, PPP, RADIUS.
pub static TUNNELS: Format = Format {
    meta: RuleMeta {
        id: "secrets/file-tunnel",
        summary: "A tunnel's settings hold a key or the password of a login.",
        docs: "`PrivateKey` of WireGuard, the two lines of OpenVPN's `auth-user-pass`, `ipsec.secrets`, \
            `chap-secrets`, `clients.conf` of RADIUS: whoever has it is inside.\n\n\
            Keep them readable by root only, out of repositories, and replace them.",
        ..META
    },
    is: |page| {
        let wireguard = page.extension() == "conf"
            && super::starts_with_mark(page, "[Interface]")
            && super::starts_with_mark(page, "PrivateKey");
        wireguard
            || matches!(
                page.name,
                "ipsec.secrets"
                    | "chap-secrets"
                    | "pap-secrets"
                    | "psk.txt"
                    | "clients.conf"
                    | "vpnc.conf"
                    | "openvpn-auth.txt"
                    | "ovpn-auth.txt"
                    | "auth-user-pass.txt"
                    | "userpass.txt"
                    | "vpn-auth.txt"
                    | "auth.txt"
                    | "login.conf"
                    | "pass.txt"
                    | "up.txt"
                    | "openvpn.auth"
                    | "credentials.txt"
                    | "vpn.auth"
            )
            || matches!(page.extension(), "ovpn" | "pcf" | "secrets") && page.name != "rsyncd.secrets"
            || page.extension() == "auth"
    },
    read: |page, sink| {
        if super::starts_with_mark(page, "[Interface]") {
            lines::pairs(page.text, Between::Sign, |pair| {
                let key = BASE64
                    .decode(page.get(pair.value.clone()))
                    .is_ok_and(|bytes| bytes.len() == 32);
                if pair.is_any(&["PrivateKey", "PresharedKey"]) && key {
                    sink.login(pair.value.clone());
                }
            });
            return;
        }
        if matches!(page.name, "chap-secrets" | "pap-secrets" | "psk.txt") {
            for (start, line) in lines::lines(page.text) {
                if line.trim_ascii_start().starts_with(b"#") {
                    continue;
                }
                // `client server secret addresses`; `address secret` in psk.txt.
                let wanted = if page.name == "psk.txt" { 1 } else { 2 };
                let mut at = 0;
                let mut index = 0;
                for word in line.split(u8::is_ascii_whitespace) {
                    let begin = start + at;
                    at += word.len() + 1;
                    if word.is_empty() {
                        continue;
                    }
                    if index == wanted {
                        let value = lines::unquoted(word);
                        sink.login(begin + value.start..begin + value.end);
                    }
                    index += 1;
                }
            }
            return;
        }
        if page.extension() == "secrets" {
            for (start, line) in lines::lines(page.text) {
                let Some(kind) = [&b"PSK "[..], b"EAP ", b"XAUTH ", b"NTLM ", b"PIN "]
                    .iter()
                    .find_map(|kind| memchr::memmem::find(line, kind).map(|at| at + kind.len()))
                else {
                    continue;
                };
                let rest = line.get(kind..).unwrap_or_default();
                let space = rest.len() - rest.trim_ascii_start().len();
                let value = lines::unquoted(rest.get(space..).unwrap_or_default());
                if !line.trim_ascii_start().starts_with(b"#") {
                    sink.login(start + kind + space + value.start..start + kind + space + value.end);
                }
            }
            return;
        }
        if matches!(page.name, "clients.conf" | "vpnc.conf") || page.extension() == "pcf" {
            lines::pairs(page.text, Between::SignOrSpace, |pair| {
                if pair.is_any(&["secret", "GroupPwd", "UserPassword", "enc_GroupPwd", "enc_UserPassword"]) {
                    sink.login(pair.value.clone());
                }
                // `IPSec secret x`, `Xauth password x`
                let value = page.get(pair.value.clone());
                if pair.is_any(&["IPSec", "Xauth"])
                    && let Some(rest) = value
                        .strip_prefix(b"secret ")
                        .or_else(|| value.strip_prefix(b"password "))
                {
                    sink.login(pair.value.end - rest.len()..pair.value.end);
                }
            });
            return;
        }
        // Two lines: the user and the password.
        let mut lines = lines::lines(page.text).filter(|(_, line)| !line.trim_ascii().is_empty());
        if let (Some((_, user)), Some((start, password)), None) = (lines.next(), lines.next(), lines.next()) {
            let word = |line: &[u8]| {
                !line
                    .trim_ascii()
                    .iter()
                    .any(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'<' | b'{'))
            };
            if word(user) && word(password) && password.len() >= 4 {
                sink.login(start..start + password.trim_ascii_end().len());
            }
        }
    },
};

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn wireless() {
        check(
            "wpa_supplicant.conf",
            "network={\n  ssid=\"a\"\n  psk=\"<<lower:9>>\"\n  key_mgmt=WPA-PSK\n}\nnetwork={\n  psk=<<hex:64>>\n}\n",
            &[3, 7],
        );
        check(
            "home.nmconnection",
            "[wifi-security]\nkey-mgmt=wpa-psk\npsk=<<lower:9>>\n",
            &[3],
        );
    }

    #[test]
    fn tunnels() {
        check(
            "wg0.conf",
            "[Interface]\nPrivateKey = <<b62:42>>A=\n[Peer]\nPublicKey = <<b62:42>>A=\n",
            &[2],
        );
        check("openvpn/auth.txt", "me\n<<lower:9>>\n", &[2]);
        check(
            "ipsec.secrets",
            "# x\n: PSK \"<<b62:9>>\"\nme : EAP \"<<lower:9>>\"\n: RSA key.pem\n",
            &[2, 3],
        );
        check(
            "ppp/chap-secrets",
            "# client server secret ip\nme * \"<<lower:9>>\" *\n",
            &[2],
        );
    }
}
