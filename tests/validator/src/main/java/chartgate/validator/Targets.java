package chartgate.validator;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.util.ClasspathUtil;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.common.hapi.validation.validator.FhirDefaultPolicyAdvisor;
import org.hl7.fhir.exceptions.FHIRException;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.SearchParameter;
import org.hl7.fhir.r5.elementmodel.Element;
import org.hl7.fhir.r5.elementmodel.JsonParser;
import org.hl7.fhir.r5.model.CanonicalResource;
import org.hl7.fhir.r5.model.CanonicalType;
import org.hl7.fhir.r5.utils.validation.IResourceValidator;
import org.hl7.fhir.r5.utils.validation.IValidationPolicyAdvisor;
import org.hl7.fhir.r5.utils.validation.IValidatorResourceFetcher;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;

/**
 * What references point to: the resources that the same server gave. So a dead link is an error, and so is one to a
 * resource that is not what the profile of the reference asks for.
 */
final class Targets implements IValidatorResourceFetcher {
    private static final String PARAMETER = "http://hl7.org/fhir/SearchParameter/";

    private static final String PARAMETERS = "/org/hl7/fhir/r4/model/sp/search-parameters.json";

    private final Map<String, String> texts = new HashMap<>();
    /** The canonical URLs of R4's search parameters. */
    private final Set<String> parameters = new HashSet<>();

    Targets(FhirContext fhir, List<Answers.Document> documents) {
        // What HAPI itself knows of a parameter has another URL where several types share one.
        String all = ClasspathUtil.loadResource(PARAMETERS);
        for (BundleEntryComponent entry : fhir.newJsonParser().parseResource(Bundle.class, all).getEntry()) {
            parameters.add(((SearchParameter) entry.getResource()).getUrl());
        }
        for (Answers.Document document : documents) {
            String id = document.json().path("id").asText();
            if (!id.isEmpty() && !document.subset()) {
                texts.put(document.type() + "/" + id, document.text());
            }
        }
    }

    /** How far references are followed: to a resource of the right type, or to one that the profile asks for. */
    static IValidationPolicyAdvisor policy(boolean profiles) {
        return new FhirDefaultPolicyAdvisor() {
            @Override
            public ReferenceValidationPolicy policyForReference(
                    IResourceValidator validator, Object context, String path, String url, ReferenceDestinationType to) {
                return profiles
                        ? ReferenceValidationPolicy.CHECK_VALID
                        : ReferenceValidationPolicy.CHECK_EXISTS_AND_TYPE;
            }
        };
    }

    @Override
    public Element fetch(IResourceValidator validator, Object context, String url) {
        String[] parts = url.split("/");
        String key = parts.length < 2 ? url : parts[parts.length - 2] + "/" + parts[parts.length - 1];
        String text = texts.get(key);
        if (text == null) {
            return null;
        }
        try {
            return new JsonParser(validator.getContext()).parse(text, key.substring(0, key.indexOf('/')));
        } catch (Exception e) {
            throw new FHIRException(e);
        }
    }

    @Override
    public boolean resolveURL(IResourceValidator validator, Object context, String path, String url, String type,
            boolean canonical, List<CanonicalType> targets) {
        return !url.startsWith(PARAMETER) || parameters.contains(url);
    }

    @Override
    public byte[] fetchRaw(IResourceValidator validator, String url) {
        throw new UnsupportedOperationException(url);
    }

    @Override
    public IValidatorResourceFetcher setLocale(Locale locale) {
        return this;
    }

    @Override
    public CanonicalResource fetchCanonicalResource(IResourceValidator validator, Object context, String url) {
        return null;
    }

    @Override
    public boolean fetchesCanonicalResource(IResourceValidator validator, String url) {
        return false;
    }

    @Override
    public Set<ResourceVersionInformation> fetchCanonicalResourceVersions(
            IResourceValidator validator, Object context, String url) {
        return Set.of();
    }
}
