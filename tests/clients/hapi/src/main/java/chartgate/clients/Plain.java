package chartgate.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** The same questions by plain HTTP. */
final class Plain {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Plain() {}

    static JsonNode get(String path) {
        try {
            URI uri = URI.create(System.getenv("CHARTGATE_URL") + "/" + path);
            return JSON.readTree(HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Types and ids of what matches. */
    static List<String> ids(String path) {
        List<String> ids = new ArrayList<>();
        for (JsonNode entry : get(path).path("entry")) {
            if (entry.path("search").path("mode").asText().equals("match")) {
                JsonNode resource = entry.path("resource");
                ids.add(resource.path("resourceType").asText() + "/" + resource.path("id").asText());
            }
        }
        return ids;
    }
}
