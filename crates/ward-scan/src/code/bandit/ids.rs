//! The table of Bandit's tests: its identifier and name for each, and the rule of Ward that says why it matters.

/// One test of Bandit.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::code) struct Test {
    /// Its identifier, as `B101`.
    pub(in crate::code) id: &'static str,
    /// The number in it.
    pub(super) number: u16,
    /// Its name, as comments may give it.
    pub(super) name: &'static str,
    /// The rule of Ward for the same fault.
    pub(in crate::code) rule: &'static str,
}

/// The test with this identifier.
pub(super) fn by_id(id: &str) -> Option<&'static Test> {
    let at = TESTS.binary_search_by(|test| test.id.cmp(id)).ok()?;
    TESTS.get(at)
}

/// The rule of Ward for the same fault as a test of Bandit, by its identifier or its name.
pub(in crate::code) fn rule_for(word: &str) -> Option<&'static str> {
    by_id(&word.to_ascii_uppercase())
        .or_else(|| by_name(word))
        .map(|test| test.rule)
}

/// The test with this name.
pub(super) fn by_name(name: &str) -> Option<&'static Test> {
    TESTS.iter().find(|test| test.name == name)
}

const fn test(number: u16, id: &'static str, name: &'static str, rule: &'static str) -> Test {
    Test { id, number, name, rule }
}

/// Every test, by identifier.
pub(in crate::code) static TESTS: &[Test] = &[
    test(101, "B101", "assert_used", "code/assert"),
    test(102, "B102", "exec_used", "code/eval"),
    test(103, "B103", "set_bad_file_permissions", "code/permissive-permissions"),
    test(104, "B104", "hardcoded_bind_all_interfaces", "code/bind-all-interfaces"),
    test(105, "B105", "hardcoded_password_string", "code/hardcoded-password"),
    test(106, "B106", "hardcoded_password_funcarg", "code/hardcoded-password"),
    test(107, "B107", "hardcoded_password_default", "code/hardcoded-password"),
    test(108, "B108", "hardcoded_tmp_directory", "code/temporary-path"),
    test(110, "B110", "try_except_pass", "code/swallowed-exception"),
    test(112, "B112", "try_except_continue", "code/swallowed-exception"),
    test(113, "B113", "request_without_timeout", "code/request-without-timeout"),
    test(201, "B201", "flask_debug_true", "code/flask-debug"),
    test(202, "B202", "tarfile_unsafe_members", "code/archive-extraction"),
    test(301, "B301", "pickle", "code/pickle-load"),
    test(302, "B302", "marshal", "code/marshal-load"),
    test(303, "B303", "md5", "code/weak-hash"),
    test(304, "B304", "ciphers", "code/weak-cipher"),
    test(305, "B305", "cipher_modes", "code/weak-cipher"),
    test(306, "B306", "mktemp_q", "code/mktemp"),
    test(307, "B307", "eval", "code/eval"),
    test(308, "B308", "mark_safe", "code/unescaped-markup"),
    test(310, "B310", "urllib_urlopen", "code/url-open"),
    test(311, "B311", "random", "code/weak-random"),
    test(312, "B312", "telnetlib", "code/cleartext-protocol"),
    test(313, "B313", "xml_bad_cElementTree", "code/unsafe-xml"),
    test(314, "B314", "xml_bad_ElementTree", "code/unsafe-xml"),
    test(315, "B315", "xml_bad_expatreader", "code/unsafe-xml"),
    test(316, "B316", "xml_bad_expatbuilder", "code/unsafe-xml"),
    test(317, "B317", "xml_bad_sax", "code/unsafe-xml"),
    test(318, "B318", "xml_bad_minidom", "code/unsafe-xml"),
    test(319, "B319", "xml_bad_pulldom", "code/unsafe-xml"),
    test(321, "B321", "ftplib", "code/cleartext-protocol"),
    test(323, "B323", "unverified_context", "code/tls-not-verified"),
    test(324, "B324", "hashlib_insecure_functions", "code/weak-hash"),
    test(401, "B401", "import_telnetlib", "code/cleartext-protocol"),
    test(402, "B402", "import_ftplib", "code/cleartext-protocol"),
    test(403, "B403", "import_pickle", "code/risky-import"),
    test(404, "B404", "import_subprocess", "code/risky-import"),
    test(405, "B405", "import_xml_etree", "code/risky-import"),
    test(406, "B406", "import_xml_sax", "code/risky-import"),
    test(407, "B407", "import_xml_expat", "code/risky-import"),
    test(408, "B408", "import_xml_minidom", "code/risky-import"),
    test(409, "B409", "import_xml_pulldom", "code/risky-import"),
    test(411, "B411", "import_xmlrpclib", "code/risky-import"),
    test(412, "B412", "import_httpoxy", "code/risky-import"),
    test(413, "B413", "import_pycrypto", "code/risky-import"),
    test(415, "B415", "import_pyghmi", "code/cleartext-protocol"),
    test(501, "B501", "request_with_no_cert_validation", "code/tls-not-verified"),
    test(502, "B502", "ssl_with_bad_version", "code/weak-tls"),
    test(503, "B503", "ssl_with_bad_defaults", "code/weak-tls"),
    test(504, "B504", "ssl_with_no_version", "code/weak-tls"),
    test(505, "B505", "weak_cryptographic_key", "code/weak-key"),
    test(506, "B506", "yaml_load", "code/unsafe-yaml"),
    test(507, "B507", "ssh_no_host_key_verification", "code/ssh-host-key"),
    test(508, "B508", "snmp_insecure_version", "code/weak-snmp"),
    test(509, "B509", "snmp_weak_cryptography", "code/weak-snmp"),
    test(601, "B601", "paramiko_calls", "code/ssh-command"),
    test(602, "B602", "subprocess_popen_with_shell_equals_true", "code/shell"),
    test(603, "B603", "subprocess_without_shell_equals_true", "code/process"),
    test(604, "B604", "any_other_function_with_shell_equals_true", "code/shell"),
    test(605, "B605", "start_process_with_a_shell", "code/shell"),
    test(606, "B606", "start_process_with_no_shell", "code/process"),
    test(607, "B607", "start_process_with_partial_path", "code/partial-path"),
    test(608, "B608", "hardcoded_sql_expressions", "code/sql-string"),
    test(
        609,
        "B609",
        "linux_commands_wildcard_injection",
        "code/wildcard-command",
    ),
    test(610, "B610", "django_extra_used", "code/django-raw-sql"),
    test(611, "B611", "django_rawsql_used", "code/django-raw-sql"),
    test(612, "B612", "logging_config_insecure_listen", "code/logging-listen"),
    test(613, "B613", "trojansource", "code/hidden-direction"),
    test(614, "B614", "pytorch_load", "ml/torch-load"),
    test(615, "B615", "huggingface_unsafe_download", "ml/unpinned-download"),
    test(701, "B701", "jinja2_autoescape_false", "code/template-autoescape"),
    test(702, "B702", "use_of_mako_templates", "code/template-autoescape"),
    test(703, "B703", "django_mark_safe", "code/unescaped-markup"),
    test(704, "B704", "markupsafe_markup_xss", "code/unescaped-markup"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_stand_in_order_and_are_found() {
        assert!(TESTS.is_sorted_by(|one, next| one.id < next.id));
        for test in TESTS {
            assert_eq!(test.id, format!("B{}", test.number));
            assert_eq!(by_id(test.id), Some(test));
            assert_eq!(by_name(test.name), Some(test));
        }
        assert_eq!(by_id("B999"), None);
    }
}
