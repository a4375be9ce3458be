package chartgate.validator;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.common.hapi.validation.validator.WorkerContextValidationSupportAdapter;
import org.hl7.fhir.r5.elementmodel.Manager.FhirFormat;
import org.hl7.fhir.r5.utils.validation.ValidatorSession;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.r5.utils.validation.constants.IdStatus;
import org.hl7.fhir.r5.utils.xver.XVerExtensionManagerOld;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.validation.ValidatorSettings;
import org.hl7.fhir.validation.instance.InstanceValidator;

/** The validator with the definitions of R4, and of one version of US Core. */
final class Judge {
    /** How grave a finding is. */
    enum Grade { ERROR, WARNING, HINT }

    /** What is wrong with a document, in the validator's words. */
    record Finding(Grade grade, String place, String message) {
        /** Place and message in one, without what differs from resource to resource or from run to run. */
        String text() {
            return place.replaceAll("/\\*.*?\\*/|\\[[0-9]+\\]", "") + ": " + message.replaceAll("@[0-9a-f]+", "");
        }
    }

    private final String name;
    /** One for each thread, kept: HAPI's own wrapper makes one for each resource, which takes longer than its work. */
    private final ThreadLocal<InstanceValidator> validator;

    /** {@code usCore} may be null: R4 alone. */
    Judge(FhirContext fhir, IValidationSupport r4, String name, PrePopulatedValidationSupport usCore, Targets targets) {
        this.name = name;
        List<IValidationSupport> supports = new ArrayList<>();
        supports.add(r4);
        if (usCore != null) {
            supports.add(usCore);
        }
        supports.add(new CommonCodes(fhir));
        supports.add(new InMemoryTerminologyServerValidationSupport(fhir));
        // There is no terminology server: codes of systems that no package holds are told as not checked.
        var unknown = new UnknownCodeSystemWarningValidationSupport(fhir);
        unknown.setNonExistentCodeSystemSeverity(IssueSeverity.WARNING);
        supports.add(unknown);
        var chain = new ValidationSupportChain(supports);
        var context = WorkerContextValidationSupportAdapter.newVersionSpecificWorkerContextWrapper(chain);
        validator = ThreadLocal.withInitial(() -> validator(context, usCore != null, targets));
    }

    private static InstanceValidator validator(
            WorkerContextValidationSupportAdapter context, boolean usCore, Targets targets) {
        var validator = new InstanceValidator(context, new FhirInstanceValidator.NullEvaluationContext(),
                new XVerExtensionManagerOld(context), new ValidatorSession(), new ValidatorSettings());
        validator.setAnyExtensionsAllowed(true);
        validator.setBestPracticeWarningLevel(BestPracticeWarningLevel.Warning);
        validator.setResourceIdRule(IdStatus.OPTIONAL);
        validator.setErrorForUnknownProfiles(true);
        validator.setFetcher(targets);
        validator.setPolicyAdvisor(Targets.policy(usCore));
        return validator;
    }

    static IValidationSupport r4(FhirContext fhir) {
        return new DefaultProfileValidationSupport(fhir);
    }

    /** The resource, or the Bundle with its resources, without the profiles that they say they follow. */
    static JsonNode unclaimed(JsonNode resource) {
        JsonNode copy = resource.deepCopy();
        for (JsonNode meta : copy.findValues("meta")) {
            if (meta instanceof ObjectNode object) {
                object.remove("profile");
            }
        }
        return copy;
    }

    String name() {
        return name;
    }

    List<Finding> judge(String json) {
        return judge(json, FhirFormat.JSON);
    }

    List<Finding> judgeXml(String xml) {
        return judge(xml, FhirFormat.XML);
    }

    private List<Finding> judge(String text, FhirFormat format) {
        List<ValidationMessage> messages = new ArrayList<>();
        var stream = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        validator.get().validate(null, messages, stream, format);
        return messages.stream()
                .map(m -> new Finding(grade(m.getLevel()), m.getLocation(), m.getMessage()))
                .toList();
    }

    private static Grade grade(ValidationMessage.IssueSeverity severity) {
        return switch (severity) {
            case FATAL, ERROR -> Grade.ERROR;
            case WARNING -> Grade.WARNING;
            default -> Grade.HINT;
        };
    }
}
