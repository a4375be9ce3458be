package chartgate.validator;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.instance.model.api.IBaseResource;

/** US Core's packages, as the registry of FHIR packages gives them out, from a folder. */
final class UsCore {
    private UsCore() {}

    /** The definitions of each version in the folder, by version. */
    static Map<String, PrePopulatedValidationSupport> read(FhirContext fhir, Path folder) throws IOException {
        Map<String, PrePopulatedValidationSupport> versions = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tgz")) {
            for (Path file : files) {
                var support = new PrePopulatedValidationSupport(fhir);
                versions.put(definitions(fhir, file, support), support);
            }
        }
        return versions;
    }

    /** Adds what the package defines; gives its version. */
    private static String definitions(FhirContext fhir, Path file, PrePopulatedValidationSupport support)
            throws IOException {
        IParser parser = fhir.newJsonParser();
        String version = "";
        try (InputStream packed = new BufferedInputStream(Files.newInputStream(file));
                var tar = new TarArchiveInputStream(new GzipCompressorInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName();
                if (name.equals("package/package.json")) {
                    version = Json.read(text(tar)).path("version").asText();
                } else if (name.matches("package/(StructureDefinition|ValueSet|CodeSystem)-[^/]*\\.json")) {
                    IBaseResource definition = parser.parseResource(text(tar));
                    support.addResource(definition);
                }
            }
        }
        return version;
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
}
