package chartgate.validator;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Resource;

/** The same resources in XML: they are what they are in JSON, and the validator can read them. */
final class Xml {
    private final Judge r4;
    private final IParser xml;
    private final IParser json;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> wrong = new ArrayList<>();
    private int compared;

    Xml(FhirContext fhir, Judge r4) {
        this.r4 = r4;
        xml = fhir.newXmlParser().setParserErrorHandler(new StrictErrorHandler());
        json = fhir.newJsonParser().setParserErrorHandler(new StrictErrorHandler());
    }

    /** What is wrong with the XML of everything that was seen as JSON. */
    List<String> check(String base, List<Answers.Document> documents) throws IOException, InterruptedException {
        Map<String, Answers.Document> known = new HashMap<>();
        Set<String> types = new TreeSet<>();
        for (Answers.Document document : documents) {
            boolean searched = !document.type().equals("OperationDefinition") && !document.subset();
            if (searched && document.where().startsWith(base + "/" + document.type() + "/")) {
                known.put(document.type() + "/" + document.json().path("id").asText(), document);
                types.add(document.type());
            }
        }
        for (String type : types) {
            for (String next = base + "/" + type + "?_count=200"; next != null; ) {
                next = page(next, known);
            }
        }
        validate(base + "/metadata");
        validate(base + "/Patient/none");
        for (Answers.Document document : known.values()) {
            wrong.add("not found in XML: " + document.where());
        }
        return wrong;
    }

    int compared() {
        return compared;
    }

    /** Compares a page's resources and takes them from the known ones; gives the address of the next page. */
    private String page(String address, Map<String, Answers.Document> known) throws IOException, InterruptedException {
        Bundle page = (Bundle) xml.parseResource(get(address));
        for (BundleEntryComponent entry : page.getEntry()) {
            Resource resource = entry.getResource();
            String key = resource.fhirType() + "/" + resource.getIdElement().getIdPart();
            Answers.Document same = known.remove(key);
            // Written anew, since the id of an entry is its whole address to HAPI.
            String written = json.encodeResourceToString(resource);
            if (same == null || !written.equals(json.encodeResourceToString(json.parseResource(same.text())))) {
                wrong.add("another resource in XML than in JSON: " + key + " in " + address);
            }
            compared++;
        }
        if (!page.getEntry().isEmpty()) {
            validate(page.getEntryFirstRep().getFullUrl());
        }
        return page.getLink(Bundle.LINK_NEXT) == null ? null : page.getLink(Bundle.LINK_NEXT).getUrl();
    }

    private void validate(String address) throws IOException, InterruptedException {
        String text = get(address).replaceAll("<profile value=\"[^\"]*\"/>", "");
        for (Judge.Finding finding : r4.judgeXml(text)) {
            if (finding.grade() == Judge.Grade.ERROR) {
                wrong.add("XML of " + address + ": " + finding.text());
            }
        }
    }

    private String get(String address) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address)).header("Accept", "application/fhir+xml");
        var response = http.send(request.build(), BodyHandlers.ofString());
        String type = response.headers().firstValue("Content-Type").orElse("none");
        if (!type.startsWith("application/fhir+xml")) {
            wrong.add(address + ": Content-Type " + type);
        }
        return response.body();
    }
}
