package chartgate.validator;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;

/** Validates everything that the server at CHARTGATE_URL serves; the argument is the file that explains warnings. */
public final class Main {
    /** The versions of US Core that the server says it follows. */
    private static final List<String> VERSIONS = List.of("6.1.0", "7.0.0");
    private static final int THREADS = 2;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        long begun = System.nanoTime();
        Report report = new Report(Explained.read(Path.of(arguments[0])));
        Answers answers = walk();
        List<Answers.Document> documents = answers.documents();
        System.out.printf("%d documents of %d answers%n", documents.size(), answers.requests());

        FhirContext fhir = FhirContext.forR4();
        Map<String, PrePopulatedValidationSupport> packages = packages(fhir);
        Targets targets = new Targets(fhir, documents);
        var definitions = Judge.r4(fhir);
        Judge r4 = new Judge(fhir, definitions, "R4", null, targets);
        List<Judge> usCore = new ArrayList<>();
        packages.forEach((version, support) ->
                usCore.add(new Judge(fhir, definitions, "US Core " + version, support, targets)));

        List<String> failed = new ArrayList<>(answers.wrong());
        failed.addAll(SelfCheck.run(documents, r4, usCore));
        Xml xml = new Xml(fhir, r4);
        failed.addAll(xml.check(System.getenv("CHARTGATE_URL"), documents));
        judge(documents, r4, usCore, report);
        report.print();
        for (String unused : report.unused()) {
            System.out.println("explained, but it did not occur: " + unused);
        }
        System.out.printf("%d kinds of resources made wrong on purpose; %d resources the same in XML%n",
                SelfCheck.size(), xml.compared());
        failed.forEach(what -> System.out.println("error: " + what));
        boolean passed = report.passed() && failed.isEmpty();
        System.out.printf("validator: %s, %d s%n", passed ? "passed" : "FAILED", (System.nanoTime() - begun) / 1_000_000_000);
        System.exit(passed ? 0 : 1);
    }

    private static Answers walk() {
        String all = System.getenv("CHARTGATE_URL");
        Answers answers = new Answers();
        answers.walk(all);
        for (String source : System.getenv().getOrDefault("CHARTGATE_SOURCES", "").split(" ")) {
            if (!source.isEmpty()) {
                answers.walk(all.replaceFirst("/fhir$", "/" + source + "/fhir"));
            }
        }
        return answers;
    }

    /** US Core's packages, by version; none without the folder. */
    private static Map<String, PrePopulatedValidationSupport> packages(FhirContext fhir) throws IOException {
        String folder = System.getenv().getOrDefault("US_CORE_DIR", "");
        if (folder.isEmpty()) {
            System.out.println("skipped: US Core's profiles. US_CORE_DIR names no folder with its packages; base R4 only");
            return Map.of();
        }
        var versions = UsCore.read(fhir, Path.of(folder));
        if (!Vsac.add(versions)) {
            System.out.println("the package of US Core " + Vsac.SOURCE + " is not there: races and birth sexes are not known");
        }
        versions.keySet().retainAll(VERSIONS);
        if (!versions.keySet().equals(new TreeSet<>(VERSIONS))) {
            throw new IOException(folder + " has US Core's packages " + versions.keySet() + ", wanted " + VERSIONS);
        }
        System.out.println("US Core " + String.join(" and ", versions.keySet()));
        return versions;
    }

    /** What claims profiles is held against them in each version, everything else against R4. */
    private static void judge(List<Answers.Document> documents, Judge r4, List<Judge> usCore, Report report)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> tasks = new ArrayList<>();
        for (Answers.Document document : documents) {
            report.count(document);
            if (document.claims() && !usCore.isEmpty()) {
                for (Judge judge : usCore) {
                    tasks.add(threads.submit(() -> report.add(document, judge.name(), judge.judge(document.text()))));
                }
            } else {
                String text = Judge.unclaimed(document.json()).toString();
                tasks.add(threads.submit(() -> report.add(document, r4.name(), r4.judge(text))));
            }
        }
        for (Future<?> task : tasks) {
            task.get();
        }
        threads.shutdown();
    }
}
