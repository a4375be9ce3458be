package chartgate.validator;

import java.util.List;
import java.util.Map;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r4.model.ValueSet.ConceptSetComponent;

/**
 * Value sets of the National Library of Medicine that US Core 6.1.0 and 7.0.0 point to and do not hold. Version 3.1.1
 * held the same codes itself, so they are taken from there.
 */
final class Vsac {
    /** The version that still has the codes. */
    static final String SOURCE = "3.1.1";

    private static final String CODES = "http://hl7.org/fhir/us/core/ValueSet/";
    private static final String SETS = "http://cts.nlm.nih.gov/fhir/ValueSet/";

    /** The number of a set of the library, and the part of a set of 3.1.1 that has its codes. */
    private record Same(String oid, String set, int part) {}

    private static final List<Same> SAME = List.of(
            new Same("2.16.840.1.114222.4.11.836", "omb-race-category", 0),
            new Same("2.16.840.1.113762.1.4.1021.102", "omb-race-category", 1),
            new Same("2.16.840.1.113883.3.2074.1.1.3", "omb-race-category", 0),
            new Same("2.16.840.1.114222.4.11.837", "omb-ethnicity-category", 0),
            new Same("2.16.840.1.113883.1.11.14914", "detailed-race", 0),
            new Same("2.16.840.1.114222.4.11.877", "detailed-ethnicity", 0),
            new Same("2.16.840.1.113762.1.4.1", "birthsex", 0),
            new Same("2.16.840.1.113762.1.4.1021.103", "birthsex", 1));

    /** Sets of codes that US Core moved out of its own package. */
    private static final List<String> CODE_SYSTEMS = List.of("urn:oid:2.16.840.1.113883.6.238");

    private Vsac() {}

    /** Adds them to every version but their source; false when the source is not there. */
    static boolean add(Map<String, PrePopulatedValidationSupport> versions) {
        PrePopulatedValidationSupport source = versions.get(SOURCE);
        if (source == null) {
            return false;
        }
        for (var version : versions.entrySet()) {
            if (version.getKey().equals(SOURCE)) {
                continue;
            }
            for (Same same : SAME) {
                ValueSet old = (ValueSet) source.fetchValueSet(CODES + same.set);
                version.getValue().addValueSet(set(same, old.getCompose().getInclude().get(same.part)));
            }
            for (String system : CODE_SYSTEMS) {
                version.getValue().addCodeSystem(source.fetchCodeSystem(system));
            }
        }
        return true;
    }

    private static ValueSet set(Same same, ConceptSetComponent codes) {
        ValueSet set = new ValueSet();
        set.setUrl(SETS + same.oid).setStatus(PublicationStatus.ACTIVE);
        set.getCompose().addInclude(codes.copy());
        return set;
    }
}
