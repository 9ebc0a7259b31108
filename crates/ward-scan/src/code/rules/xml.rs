//! XML that asks for more than it holds.

use ward_evidence::{RuleMeta, Severity, controls::CODE_1A};

use super::super::rule::{Hit, On, Rule};

pub(super) static XML: Rule = Rule {
    meta: RuleMeta {
        id: "code/unsafe-xml",
        severity: Severity::Medium,
        controls: &[CODE_1A],
        summary: "XML is read by a parser that does what the document asks.",
        docs: "Entities can name files of this machine and addresses of its network, or grow from a line to gigabytes.\n\nExample: `lxml.etree.XMLParser(resolve_entities=True, no_network=False)`\n\n**Instead:** defusedxml; `lxml.etree.XMLParser(resolve_entities=False)`.\n\nSource: Python documentation, XML vulnerabilities; CWE-611, CWE-776. Python's own parsers resolve no external entities and Expat 2.4.1 stops those that grow, so calls of them are shown in the thorough profile.",
    },
    on: &[
        On::Call("xml.etree.cElementTree.parse"),
        On::Call("xml.etree.cElementTree.iterparse"),
        On::Call("xml.etree.cElementTree.fromstring"),
        On::Call("xml.etree.cElementTree.XMLParser"),
        On::Call("xml.etree.ElementTree.parse"),
        On::Call("xml.etree.ElementTree.iterparse"),
        On::Call("xml.etree.ElementTree.fromstring"),
        On::Call("xml.etree.ElementTree.XMLParser"),
        On::Call("xml.sax.expatreader.create_parser"),
        On::Call("xml.dom.expatbuilder.parse"),
        On::Call("xml.dom.expatbuilder.parseString"),
        On::Call("xml.sax.parse"),
        On::Call("xml.sax.parseString"),
        On::Call("xml.sax.make_parser"),
        On::Call("xml.dom.minidom.parse"),
        On::Call("xml.dom.minidom.parseString"),
        On::Call("xml.dom.pulldom.parse"),
        On::Call("xml.dom.pulldom.parseString"),
        On::Call("lxml.etree.XMLParser"),
        On::Call("lxml.etree.ETCompatXMLParser"),
        On::Method("setFeature"),
    ],
    check: |ctx, site, out| {
        let Some(call) = site.call() else { return };
        if site.name.starts_with("lxml.") {
            let is = |name, value| {
                let given = ctx.arg(call, None, name).given();
                given.is_some_and(|given| ctx.constant(given).as_bool() == Some(value))
            };
            if is("resolve_entities", true) || is("huge_tree", true) || is("no_network", false) {
                out.report(Hit::at(call).thorough_if(ctx.is_test()));
            }
            return;
        }
        if site.name.ends_with(".setFeature") || site.name == "setFeature" {
            let external = |expr| {
                ctx.name(expr).is_some_and(|name| {
                    name.ends_with("feature_external_ges") || name.ends_with("feature_external_pes")
                })
            };
            let on = ctx
                .arg(call, 1, "state")
                .given()
                .is_some_and(|on| ctx.is_true(on) || ctx.constant(on).as_int() == Some(1));
            if on && ctx.arg(call, 0, "name").given().is_some_and(external) {
                out.report(Hit::at(call).thorough_if(ctx.is_test()));
            }
            return;
        }
        let module = site.name.rsplit_once('.').map_or("", |(module, _)| module);
        let id = match module {
            "xml.etree.cElementTree" => "B313",
            "xml.etree.ElementTree" => "B314",
            "xml.sax.expatreader" => "B315",
            "xml.dom.expatbuilder" => "B316",
            "xml.sax" => "B317",
            "xml.dom.minidom" => "B318",
            _ => "B319",
        };
        out.report(
            Hit::at(call)
                .severity(Severity::Low)
                .thorough()
                .bandit(id, Severity::Medium),
        );
    },
    bad: &[
        "from lxml import etree\netree.XMLParser(resolve_entities=True)",
        "import xml.etree.ElementTree as ET\nET.parse(f)",
        "import xml.sax, xml.sax.handler\np = xml.sax.make_parser()\np.setFeature(xml.sax.handler.feature_external_ges, True)",
    ],
    good: &[
        "from lxml import etree\netree.XMLParser(resolve_entities=False)",
        "import defusedxml.ElementTree as ET\nET.parse(f)",
    ],
};
