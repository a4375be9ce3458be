package chartgate.validator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that a server answers, asked for by nothing but its CapabilityStatement and its links. */
final class Answers {
    /** Of each type, how many resources are also asked for in the ways that concern one resource. */
    private static final int OF_EACH_TYPE = 4;
    /** Of each search mode, how many entries of a Bundle are validated with it. */
    private static final int OF_EACH_MODE = 3;

    /** A resource, or a whole answer: where it was first seen, and its text. */
    record Document(String label, String type, String where, String text, JsonNode json) {
        /** Whether elements were left out because the request asked for some only. */
        boolean subset() {
            for (JsonNode tag : json.path("meta").path("tag")) {
                if (tag.path("code").asText().equals("SUBSETTED")) {
                    return true;
                }
            }
            return false;
        }

        /** Whether it says which profiles it follows; a part of a resource cannot keep such a promise. */
        boolean claims() {
            return !subset() && !json.path("meta").path("profile").isEmpty();
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    /** By text: what two addresses answer alike is one document. */
    private final Map<String, Document> documents = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private int requests;

    List<Document> documents() {
        return List.copyOf(documents.values());
    }

    /** Answers that were no FHIR, or had another status than they should. */
    List<String> wrong() {
        return wrong;
    }

    int requests() {
        return requests;
    }

    /** Walks through what one base serves. */
    void walk(String base) {
        JsonNode statement = get(base + "/metadata", 200);
        for (JsonNode rest : statement.path("rest")) {
            for (JsonNode resource : rest.path("resource")) {
                type(base, resource);
            }
            system(base, rest);
        }
        refusals(base);
    }

    private void type(String base, JsonNode declared) {
        String type = declared.path("type").asText();
        for (JsonNode operation : declared.path("operation")) {
            String definition = operation.path("definition").asText();
            if (definition.startsWith(base)) {
                get(definition, 200);
            }
        }
        List<String> ids = pages(base + "/" + type + "?_count=100");
        get(base + "/" + type + "?_count=20&_include=*&_revinclude=*", 200);
        get(base + "/" + type + "?_count=20&_summary=true", 200);
        get(base + "/" + type + "?_count=2&_elements=identifier", 200);
        get(base + "/" + type + "?_summary=count", 200);
        get(base + "/" + type + "?_id=none", 200);
        get(base + "/" + type + "?_count=1&nonsense=1", 200);
        for (String id : spread(ids)) {
            String address = base + "/" + type + "/" + id;
            JsonNode one = get(address, 200);
            if (interaction(declared, "vread")) {
                get(address + "/_history/" + one.path("meta").path("versionId").asText(), 200);
            }
            if (interaction(declared, "history-instance")) {
                pages(address + "/_history");
            }
            for (JsonNode operation : declared.path("operation")) {
                pages(address + "/$" + operation.path("name").asText());
            }
        }
    }

    private void system(String base, JsonNode rest) {
        if (interaction(rest, "search-system")) {
            pages(base + "?_type=Patient,Location&_count=40");
        }
        if (interaction(rest, "history-system")) {
            pages(base + "/_history?_count=40");
        }
    }

    /** What is refused is refused with an OperationOutcome. */
    private void refusals(String base) {
        get(base + "/Patient/none", 404);
        get(base + "/Nothing/none", 404);
        get(base + "/Patient?birthdate=1980-13", 400);
        get(base + "/Patient?_cursor=AAAA", 400);
        get(base + "/Patient?nonsense=1", 400, "Prefer", "handling=strict");
        get(base + "/Patient", 406, "Accept", "image/png");
    }

    private static boolean interaction(JsonNode declared, String code) {
        for (JsonNode interaction : declared.path("interaction")) {
            if (interaction.path("code").asText().equals(code)) {
                return true;
            }
        }
        return false;
    }

    /** A few ids from the whole range: the first and the last are among them. */
    private static List<String> spread(List<String> ids) {
        List<String> some = new ArrayList<>();
        int count = Math.min(OF_EACH_TYPE, ids.size());
        for (int i = 0; i < count; i++) {
            some.add(ids.get(count == 1 ? 0 : i * (ids.size() - 1) / (count - 1)));
        }
        return some;
    }

    /** Follows the next links; gives the ids of all matches. */
    private List<String> pages(String address) {
        List<String> ids = new ArrayList<>();
        for (String next = address; next != null; ) {
            JsonNode page = get(next, 200);
            for (JsonNode entry : page.path("entry")) {
                if (!entry.path("search").path("mode").asText("match").equals("match")) {
                    continue;
                }
                ids.add(entry.path("resource").path("id").asText());
            }
            next = null;
            for (JsonNode link : page.path("link")) {
                if (link.path("relation").asText().equals("next")) {
                    next = link.path("url").asText();
                }
            }
        }
        return ids;
    }

    private JsonNode get(String address, int status, String... headers) {
        requests++;
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.replace("|", "%7C")));
            if (headers.length > 0) {
                request.headers(headers);
            }
            var response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != status) {
                wrong.add(address + ": " + response.statusCode() + " and not " + status);
            }
            JsonNode answer = Json.read(response.body());
            if (status >= 400 && !answer.path("resourceType").asText().equals("OperationOutcome")) {
                wrong.add(address + ": an error without an OperationOutcome");
            }
            keep(address, answer);
            return answer;
        } catch (IOException e) {
            wrong.add(address + ": " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return MissingNode.getInstance();
    }

    /** The answer, and each resource in it. */
    private void keep(String address, JsonNode answer) {
        String type = answer.path("resourceType").asText();
        boolean bundle = type.equals("Bundle");
        add(bundle ? "Bundle, " + answer.path("type").asText() : type, type, address, bundle ? cut(answer) : answer);
        Set<String> urls = new HashSet<>();
        for (JsonNode entry : answer.path("entry")) {
            JsonNode resource = entry.path("resource");
            if (!urls.add(entry.path("fullUrl").asText() + resource.path("meta").path("versionId").asText())) {
                wrong.add(address + ": twice in the Bundle: " + entry.path("fullUrl").asText());
            }
            if (resource.isObject()) {
                String of = resource.path("resourceType").asText();
                add(of, of, entry.path("fullUrl").asText(address), resource);
            }
        }
    }

    /** A Bundle with its first resources of each search mode: all of them are validated by themselves. */
    private static JsonNode cut(JsonNode bundle) {
        ObjectNode copy = bundle.deepCopy();
        Map<String, Integer> kept = new HashMap<>();
        if (copy.get("entry") instanceof ArrayNode entries) {
            for (Iterator<JsonNode> each = entries.iterator(); each.hasNext(); ) {
                if (kept.merge(each.next().path("search").path("mode").asText(), 1, Integer::sum) > OF_EACH_MODE) {
                    each.remove();
                }
            }
        }
        return copy;
    }

    private void add(String label, String type, String where, JsonNode json) {
        String text = json.toString();
        documents.putIfAbsent(text, new Document(label, type, where, text, json));
    }
}
