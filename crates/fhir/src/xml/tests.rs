use super::*;

fn xml(json: &str) -> String {
    let text = String::from_utf8(from_json(json.as_bytes(), false).unwrap()).unwrap();
    text.strip_prefix(r#"<?xml version="1.0" encoding="UTF-8"?>"#)
        .unwrap()
        .to_owned()
}

fn body(json: &str) -> String {
    let text = xml(json);
    let inner = text.split_once('>').unwrap().1;
    inner.rsplit_once('<').unwrap().0.to_owned()
}

#[test]
fn elements_in_the_order_of_r4() {
    let json = r#"{"birthDate":"1970-01-01","id":"a","name":[{"given":["A","B"],"family":"F"}],"resourceType":"Patient","active":true,"meta":{"lastUpdated":"2026-01-01T00:00:00Z","versionId":"1"}}"#;
    assert_eq!(
        xml(json),
        r#"<Patient xmlns="http://hl7.org/fhir"><id value="a"/><meta><versionId value="1"/><lastUpdated value="2026-01-01T00:00:00Z"/></meta><active value="true"/><name><family value="F"/><given value="A"/><given value="B"/></name><birthDate value="1970-01-01"/></Patient>"#
    );
}

#[test]
fn a_primitive_has_its_id_and_extensions_inside() {
    let json = r#"{"resourceType":"Patient","birthDate":"1970","_birthDate":{"id":"b","extension":[{"url":"http://x/t","valueDateTime":"1970-01-01T10:00:00Z"}]},"_gender":{"extension":[{"url":"u","valueCode":"unknown"}]}}"#;
    assert_eq!(
        body(json),
        r#"<gender><extension url="u"><valueCode value="unknown"/></extension></gender><birthDate id="b" value="1970"><extension url="http://x/t"><valueDateTime value="1970-01-01T10:00:00Z"/></extension></birthDate>"#
    );
}

#[test]
fn lists_of_primitives_keep_their_places() {
    let json = r#"{"resourceType":"Patient","name":[{"given":["A",null,"C"],"_given":[null,{"extension":[{"url":"u","valueString":"x"}]},{"id":"c"}]}]}"#;
    assert_eq!(
        body(json),
        r#"<name><given value="A"/><given><extension url="u"><valueString value="x"/></extension></given><given id="c" value="C"/></name>"#
    );
}

#[test]
fn nested_extensions_and_ids_of_elements() {
    let json = r#"{"resourceType":"Patient","extension":[{"url":"race","id":"e","extension":[{"url":"text","valueString":"x"}]}],"contact":[{"id":"k","gender":"male"}]}"#;
    assert_eq!(
        body(json),
        r#"<extension id="e" url="race"><extension url="text"><valueString value="x"/></extension></extension><contact id="k"><gender value="male"/></contact>"#
    );
}

#[test]
fn resources_within_resources() {
    let json = r##"{"resourceType":"Bundle","type":"searchset","entry":[{"search":{"mode":"match"},"resource":{"resourceType":"Condition","contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"#p"},"id":"c"},"fullUrl":"u","link":[{"url":"v","relation":"self"}]}]}"##;
    assert_eq!(
        body(json),
        r##"<type value="searchset"/><entry><link><relation value="self"/><url value="v"/></link><fullUrl value="u"/><resource><Condition><id value="c"/><contained><Patient><id value="p"/></Patient></contained><subject><reference value="#p"/></subject></Condition></resource><search><mode value="match"/></search></entry>"##
    );
}

#[test]
fn texts_come_out_as_they_were() {
    let json = r#"{"resourceType":"Patient","id":"a<b>&\"'é \n\r\t\u2028"}"#;
    assert_eq!(
        body(json),
        "<id value=\"a&lt;b&gt;&amp;&quot;&apos;é &#10;&#13;&#9;\u{2028}\"/>"
    );
}

#[test]
fn decimals_keep_their_zeros() {
    let json = r#"{"resourceType":"Location","position":{"longitude":-10.500,"latitude":1.0e2}}"#;
    assert_eq!(
        body(json),
        r#"<position><longitude value="-10.500"/><latitude value="1.0e2"/></position>"#
    );
}

#[test]
fn a_narrative_is_xhtml() {
    let div = r#"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a <b>b</b>\n c &amp; d<br/></p></div>"#;
    let json = format!(r#"{{"resourceType":"Patient","text":{{"div":"{div}","status":"generated"}}}}"#);
    assert_eq!(
        body(&json),
        "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a <b>b</b>\n c &amp; d<br/></p></div></text>"
    );
    for bad in ["<div>", "<div></p>", "</div>", "<!DOCTYPE a><div/>", "<div><br></div>"] {
        let json = format!(r#"{{"resourceType":"Patient","text":{{"div":"{bad}"}}}}"#);
        assert!(
            matches!(from_json(json.as_bytes(), false), Err(Error::Narrative)),
            "{bad}"
        );
    }
}

#[test]
fn parameters_that_hold_parameters() {
    let json = r#"{"resourceType":"Parameters","parameter":[{"name":"element","part":[{"valueString":"x","name":"path"},{"name":"more","part":[{"resource":{"resourceType":"Patient","id":"p"},"name":"r"}]}]}]}"#;
    assert_eq!(
        body(json),
        r#"<parameter><name value="element"/><part><name value="path"/><valueString value="x"/></part><part><name value="more"/><part><name value="r"/><resource><Patient><id value="p"/></Patient></resource></part></part></parameter>"#
    );
}

#[test]
fn on_lines_when_asked() {
    let json = r#"{"resourceType":"Patient","id":"a","name":[{"family":"F"}]}"#;
    let text = String::from_utf8(from_json(json.as_bytes(), true).unwrap()).unwrap();
    assert_eq!(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Patient xmlns=\"http://hl7.org/fhir\">\n  <id value=\"a\"/>\n  <name>\n    <family value=\"F\"/>\n  </name>\n</Patient>"
    );
}

#[test]
fn what_is_no_resource_is_refused() {
    for bad in ["", "[]", "{}", r#"{"resourceType":1}"#, "null"] {
        assert!(from_json(bad.as_bytes(), false).is_err(), "{bad}");
    }
}
