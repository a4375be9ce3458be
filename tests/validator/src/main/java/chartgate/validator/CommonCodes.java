package chartgate.validator;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.ConceptValidationOptions;
import ca.uhn.fhir.context.support.ValidationSupportContext;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.instance.model.api.IBaseResource;

/**
 * Codes of common systems that HAPI knows by itself, such as units and languages. It takes R4's list of common languages
 * for all that may be used, where R4 only prefers them; so that list is left to the value set itself.
 */
final class CommonCodes extends CommonCodeSystemsTerminologyService {
    private static final String PREFERRED = "http://hl7.org/fhir/ValueSet/languages";

    CommonCodes(FhirContext fhir) {
        super(fhir);
    }

    @Override
    public CodeValidationResult validateCodeInValueSet(ValidationSupportContext context,
            ConceptValidationOptions options, String system, String code, String display, IBaseResource set) {
        if (set instanceof org.hl7.fhir.r4.model.ValueSet r4 && PREFERRED.equals(r4.getUrl())) {
            return null;
        }
        return super.validateCodeInValueSet(context, options, system, code, display, set);
    }

    @Override
    public boolean isValueSetSupported(ValidationSupportContext context, String url) {
        return !url.startsWith(PREFERRED) && super.isValueSetSupported(context, url);
    }
}
