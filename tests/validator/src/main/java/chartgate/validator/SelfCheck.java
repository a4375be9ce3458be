package chartgate.validator;

import chartgate.validator.Judge.Grade;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Resources that are wrong on purpose: a validator that lets one pass proves nothing. */
final class SelfCheck {
    /** A good resource of this type made bad; the error's text has the words. */
    private record Bad(String what, String type, boolean usCore, String words, Consumer<ObjectNode> make) {}

    private static final List<Bad> BAD = List.of(
            new Bad("no subject (cardinality)", "Condition", false, "Condition.subject: minimum required = 1",
                    condition -> condition.remove("subject")),
            new Bad("a gender that is no code of its value set", "Patient", false, "femail",
                    patient -> patient.put("gender", "femail")),
            new Bad("a day that is none", "Patient", false, "birthDate",
                    patient -> patient.put("birthDate", "1980-02-31")),
            new Bad("an element that R4 does not have", "Patient", false, "nickname",
                    patient -> patient.put("nickname", "Bo")),
            new Bad("a reference to another type than allowed", "Condition", false, "Condition.subject",
                    condition -> condition.putObject("subject").put("reference", "Practitioner/x")),
            new Bad("a dead link", "Condition", true, "Condition.subject",
                    condition -> condition.putObject("subject").put("reference", "Patient/nobody")),
            new Bad("no name (US Core)", "Patient", true, "Patient.name: minimum required = 1",
                    patient -> patient.remove("name")),
            new Bad("no identifier (US Core)", "Patient", true, "Patient.identifier: minimum required = 1",
                    patient -> patient.remove("identifier")),
            new Bad("no category (US Core)", "Condition", true, "Condition.category: minimum required = 1",
                    condition -> condition.remove("category")),
            new Bad("a race that is none (US Core)", "Patient", true, "9999-9",
                    patient -> patient.withArray("/extension").addObject()
                            .put("url", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race")
                            .withArray("/extension").addObject().put("url", "ombCategory")
                            .putObject("valueCoding").put("system", "urn:oid:2.16.840.1.113883.6.238")
                            .put("code", "9999-9")));

    private SelfCheck() {}

    /** What was not found although it is wrong. */
    static List<String> run(List<Answers.Document> documents, Judge r4, List<Judge> usCore) {
        List<String> missed = new ArrayList<>();
        for (Bad bad : BAD) {
            List<Judge> judges = new ArrayList<>(usCore);
            if (!bad.usCore) {
                judges.add(r4);
            }
            ObjectNode resource = good(documents, bad.type).deepCopy();
            bad.make.accept(resource);
            for (Judge judge : judges) {
                String text = (judge == r4 ? Judge.unclaimed(resource) : resource).toString();
                boolean found = judge.judge(text).stream()
                        .anyMatch(f -> f.grade() == Grade.ERROR && f.text().contains(bad.words));
                if (!found) {
                    missed.add(judge.name() + " did not find: " + bad.what);
                }
            }
        }
        return missed;
    }

    static int size() {
        return BAD.size();
    }

    private static ObjectNode good(List<Answers.Document> documents, String type) {
        for (Answers.Document document : documents) {
            JsonNode profile = document.json().path("meta").path("profile");
            if (document.type().equals(type) && !profile.isMissingNode() && !document.subset()) {
                return (ObjectNode) document.json();
            }
        }
        throw new IllegalStateException("the server has no " + type);
    }
}
