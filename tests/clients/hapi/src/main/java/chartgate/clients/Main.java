package chartgate.clients;

import static ca.uhn.fhir.rest.api.SearchStyleEnum.POST;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.api.CacheControlDirective;
import ca.uhn.fhir.rest.api.SummaryEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.AdditionalRequestHeadersInterceptor;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import ca.uhn.fhir.rest.server.exceptions.MethodNotAllowedException;
import ca.uhn.fhir.rest.server.exceptions.NotModifiedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestComponent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;

/** HAPI's generic client: its parser takes every resource apart into classes, and here refuses what it does not know. */
public final class Main {
    private static final String BASE = System.getenv("CHARTGATE_URL");
    /** A patient of a sample with conditions, visits and procedures. */
    private static final String PATIENT = "healthjump.pt.700101";
    /** One that its source has deleted. */
    private static final String GONE = "healow.pt.5011";

    private final FhirContext fhir = FhirContext.forR4();
    private final IGenericClient client;
    private CapabilityStatementRestComponent rest;

    private Main() {
        fhir.setParserErrorHandler(new StrictErrorHandler());
        // The client asks for the CapabilityStatement first and refuses a server of another version.
        fhir.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.ONCE);
        client = fhir.newRestfulGenericClient(BASE);
    }

    public static void main(String[] arguments) {
        Main main = new Main();
        Checks checks = new Checks("HAPI FHIR client");
        checks.run("reads the CapabilityStatement", main::statement);
        checks.run("pages through a search", main::paging);
        checks.run("pages through a search by POST", main::post);
        checks.run("includes both ways", main::includes);
        checks.run("searches by chains, dates and codes", main::queries);
        checks.run("counts, and asks for summaries", main::summaries);
        checks.run("reads with an ETag, and not again what has not changed", main::etag);
        checks.run("reads versions and their history", main::versions);
        checks.run("asks for everything about a patient", main::everything);
        checks.run("sends a batch", main::batch);
        checks.run("is told what is wrong", main::errors);
        checks.end();
    }

    private String statement() {
        CapabilityStatement statement = client.capabilities().ofType(CapabilityStatement.class).execute();
        Checks.equal(statement.getFhirVersion().toCode(), "4.0.1");
        rest = statement.getRestFirstRep();
        return rest.getResource().size() + " types";
    }

    /** The ids on this page and those behind it. */
    private List<String> all(Bundle first) {
        List<String> ids = new ArrayList<>();
        for (Bundle page = first; ; page = client.loadPage().next(page).execute()) {
            ids.addAll(ids(page, SearchEntryMode.MATCH));
            if (page.getLink(Bundle.LINK_NEXT) == null) {
                return ids;
            }
        }
    }

    private static Set<String> ids(Bundle bundle, SearchEntryMode mode) {
        Set<String> ids = new TreeSet<>();
        for (BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.getSearch().getMode() == mode) {
                ids.add(entry.getResource().getIdElement().toUnqualifiedVersionless().getValue());
            }
        }
        return ids;
    }

    private static Set<String> asked(String path) {
        return new TreeSet<>(Plain.ids(path));
    }

    private String paging() {
        StringBuilder told = new StringBuilder();
        for (var resource : rest.getResource()) {
            String type = resource.getType();
            List<String> found = all(client.search().forResource(type).count(25).returnBundle(Bundle.class).execute());
            Checks.equal(found.size(), Plain.get(type + "?_summary=count").path("total").asInt());
            Checks.equal(new HashSet<>(found).size(), found.size());
            told.append(told.isEmpty() ? "" : ", ").append(type).append(' ').append(found.size());
        }
        return told.toString();
    }

    private String post() {
        Bundle first = client.search().forResource(Condition.class).where(Condition.PATIENT.hasId(PATIENT)).count(7)
                .usingStyle(POST).returnBundle(Bundle.class).execute();
        Set<String> found = new TreeSet<>(all(first));
        Checks.equal(found, asked("Condition?_count=1000&patient=" + PATIENT));
        return found.size() + " as by GET";
    }

    private String includes() {
        Bundle forth = client.search().forResource(Condition.class).where(Condition.PATIENT.hasId(PATIENT))
                .include(Condition.INCLUDE_ENCOUNTER).count(1000).returnBundle(Bundle.class).execute();
        Set<String> referred = new TreeSet<>();
        for (BundleEntryComponent entry : forth.getEntry()) {
            if (entry.getResource() instanceof Condition condition && condition.getEncounter().hasReference()) {
                referred.add(condition.getEncounter().getReference());
            }
        }
        Checks.equal(ids(forth, SearchEntryMode.INCLUDE), referred);
        Bundle back = client.search().forResource(Patient.class).where(Patient.RES_ID.exactly().code(PATIENT))
                .revInclude(Condition.INCLUDE_PATIENT).returnBundle(Bundle.class).execute();
        Checks.equal(ids(back, SearchEntryMode.INCLUDE), asked("Condition?_count=1000&patient=" + PATIENT));
        return referred.size() + " and " + ids(back, SearchEntryMode.INCLUDE).size();
    }

    private String queries() {
        Bundle found = client.search().forResource(Encounter.class)
                .where(Encounter.PATIENT.hasChainedProperty(Patient.FAMILY.matches().value("a")))
                .and(Encounter.DATE.afterOrEquals().day("2020-01-01"))
                .and(Encounter.STATUS.exactly().codes("finished", "planned"))
                .sort().descending(Encounter.DATE).count(1000).returnBundle(Bundle.class).execute();
        String path = "Encounter?patient.family=a&date=ge2020-01-01&status=finished,planned&_count=1000";
        Checks.equal(ids(found, SearchEntryMode.MATCH), asked(path));
        Checks.that(!found.getEntry().isEmpty(), "nothing was found");
        return found.getEntry().size() + " visits";
    }

    private String summaries() {
        int total = Plain.get("Patient?_summary=count").path("total").asInt();
        Bundle count = client.search().forResource(Patient.class).summaryMode(SummaryEnum.COUNT)
                .returnBundle(Bundle.class).execute();
        Checks.equal(count.getTotal(), total);
        Bundle some = client.search().forResource(Patient.class).elementsSubset("identifier").count(5)
                .returnBundle(Bundle.class).execute();
        Patient patient = (Patient) some.getEntryFirstRep().getResource();
        Checks.that(patient.hasIdentifier() && !patient.hasName(), "not what was asked for");
        Checks.equal(patient.getMeta().getTagFirstRep().getCode(), "SUBSETTED");
        return total + " patients";
    }

    private String etag() {
        Patient patient = client.read().resource(Patient.class).withId(PATIENT).execute();
        String version = patient.getMeta().getVersionId();
        Checks.equal(patient.getIdElement().getVersionIdPart(), version);
        Patient kept = client.read().resource(Patient.class).withId(PATIENT).ifVersionMatches(version)
                .returnResource(patient).execute();
        Checks.that(kept == patient, "it was read again");
        Checks.refused(NotModifiedException.class, () -> client.read().resource(Patient.class).withId(PATIENT)
                .ifVersionMatches(version).throwNotModifiedException().execute());
        Patient anew = client.read().resource(Patient.class).withId(PATIENT).ifVersionMatches("0")
                .throwNotModifiedException().cacheControl(CacheControlDirective.noCache()).execute();
        Checks.that(anew.equalsDeep(patient), "another version of the same");
        return "304, and 200 for another version";
    }

    private boolean offers(String code) {
        return rest.getResource().stream().filter(r -> r.getType().equals("Patient"))
                .anyMatch(r -> r.getInteraction().stream().anyMatch(i -> i.getCode().toCode().equals(code)));
    }

    private String versions() {
        Patient patient = client.read().resource(Patient.class).withId(PATIENT).execute();
        String version = patient.getMeta().getVersionId();
        Supplier<Patient> vread =
                () -> client.read().resource(Patient.class).withIdAndVersion(PATIENT, version).execute();
        if (!offers("vread")) {
            Checks.refused(ResourceNotFoundException.class, vread);
            return "not declared, and refused";
        }
        Checks.that(vread.get().equalsDeep(patient), "another resource");
        if (!offers("history-instance")) {
            return "version " + version + "; no history declared";
        }
        Bundle history = client.history().onInstance("Patient/" + PATIENT).returnBundle(Bundle.class).execute();
        Checks.equal(history.getType().toCode(), "history");
        Checks.equal(history.getEntryFirstRep().getResource().getMeta().getVersionId(), version);
        return "version " + version + ", " + history.getEntry().size() + " in the history";
    }

    private String everything() {
        boolean declared = rest.getResource().stream().filter(r -> r.getType().equals("Patient"))
                .anyMatch(r -> r.getOperation().stream().anyMatch(o -> o.getName().equals("everything")));
        Supplier<Bundle> ask = () -> client.operation().onInstance("Patient/" + PATIENT).named("$everything")
                .withNoParameters(Parameters.class).useHttpGet().returnResourceType(Bundle.class).execute();
        if (!declared) {
            Checks.refused(ResourceNotFoundException.class, ask);
            return "not declared, and refused";
        }
        Set<String> found = new TreeSet<>();
        for (Bundle page = ask.get(); ; page = client.loadPage().next(page).execute()) {
            page.getEntry().forEach(
                    e -> found.add(e.getResource().getIdElement().toUnqualifiedVersionless().getValue()));
            if (page.getLink(Bundle.LINK_NEXT) == null) {
                break;
            }
        }
        for (String type : List.of("Condition", "Encounter", "Procedure")) {
            Set<String> wanted = asked(type + "?_count=1000&patient=" + PATIENT);
            Checks.that(found.containsAll(wanted), "not every " + type);
        }
        Checks.that(found.contains("Patient/" + PATIENT), "not the patient");
        return found.size() + " resources";
    }

    private String batch() {
        Bundle batch = new Bundle().setType(Bundle.BundleType.BATCH);
        for (String url : List.of("Patient/" + PATIENT, "Condition?_count=2&patient=" + PATIENT, "Patient/none")) {
            batch.addEntry().getRequest().setMethod(HTTPVerb.GET).setUrl(url);
        }
        Supplier<Bundle> send = () -> client.transaction().withBundle(batch).execute();
        if (rest.getInteraction().stream().noneMatch(i -> i.getCode().toCode().equals("batch"))) {
            Checks.refused(BaseServerResponseException.class, send);
            return "not declared, and refused";
        }
        List<String> statuses = send.get().getEntry().stream()
                .map(e -> e.getResponse().getStatus().substring(0, 3)).toList();
        Checks.equal(statuses, List.of("200", "200", "404"));
        return "200, 200 and 404";
    }

    private String errors() {
        told(ResourceNotFoundException.class, "not-found",
                () -> client.read().resource(Patient.class).withId("none").execute());
        told(ResourceGoneException.class, "deleted",
                () -> client.read().resource(Patient.class).withId(GONE).execute());
        told(InvalidRequestException.class, "value", () -> client.search()
                .byUrl("Patient?birthdate=1980-13").returnBundle(Bundle.class).execute());
        told(MethodNotAllowedException.class, "not-supported",
                () -> client.create().resource(new Patient()).execute());
        IGenericClient strict = fhir.newRestfulGenericClient(BASE);
        var header = new AdditionalRequestHeadersInterceptor();
        header.addHeaderValue("Prefer", "handling=strict");
        strict.registerInterceptor(header);
        told(InvalidRequestException.class, "not-supported", () -> strict.search()
                .byUrl("Patient?birthdat=1980").returnBundle(Bundle.class).execute());
        return "404, 410, 400, 405, 400";
    }

    /** The call is refused with this exception, and its OperationOutcome has this code. */
    private static <T extends BaseServerResponseException> void told(Class<T> type, String code, Supplier<?> call) {
        T refusal = Checks.refused(type, call);
        OperationOutcome outcome = (OperationOutcome) refusal.getOperationOutcome();
        Checks.that(outcome != null, "no OperationOutcome with " + refusal.getStatusCode());
        Checks.equal(outcome.getIssueFirstRep().getCode().toCode(), code);
    }
}
