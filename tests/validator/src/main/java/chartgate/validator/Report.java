package chartgate.validator;

import chartgate.validator.Judge.Finding;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What was found, counted by type; the same finding at several places is told once. */
final class Report {
    /** The counts of a type. */
    private static final class Row {
        int documents;
        int errors;
        int unexplained;
        int explained;
        int notChecked;
        int hints;
    }

    /** A finding that fails the run: how often, and where for example. */
    private static final class Fault {
        int times;
        final String where;

        Fault(String where) {
            this.where = where;
        }
    }

    private final Explained explained;
    private final Map<String, Row> rows = new TreeMap<>();
    private final Map<String, Fault> faults = new LinkedHashMap<>();
    private final Set<Explained.Entry> used = new HashSet<>();

    Report(Explained explained) {
        this.explained = explained;
    }

    void count(Answers.Document document) {
        row(document).documents++;
    }

    private Row row(Answers.Document document) {
        return rows.computeIfAbsent(document.label(), label -> new Row());
    }

    synchronized void add(Answers.Document document, String judge, List<Finding> findings) {
        Row row = row(document);
        for (Finding finding : findings) {
            String text = finding.text();
            switch (finding.grade()) {
                case ERROR -> {
                    row.errors++;
                    fault("error", judge, text, document);
                }
                case WARNING -> warning(row, judge, text, document);
                case HINT -> row.hints++;
            }
        }
    }

    private void warning(Row row, String judge, String text, Answers.Document document) {
        Explained.Entry entry = explained.of(text);
        if (entry == null) {
            row.unexplained++;
            fault("unexplained warning", judge, text, document);
            return;
        }
        used.add(entry);
        if (entry.notChecked()) {
            row.notChecked++;
        } else {
            row.explained++;
        }
    }

    private void fault(String kind, String judge, String text, Answers.Document document) {
        String key = kind + " (" + judge + "): " + text;
        faults.computeIfAbsent(key, k -> new Fault(document.where())).times++;
    }

    boolean passed() {
        return faults.isEmpty();
    }

    /** Explanations of what did not occur. */
    List<String> unused() {
        return explained.entries().stream().filter(e -> !used.contains(e)).map(Explained.Entry::text).toList();
    }

    void print() {
        for (var fault : faults.entrySet()) {
            System.out.printf("%s%n    %d times, as in %s%n", fault.getKey(), fault.getValue().times, fault.getValue().where);
        }
        String line = "| %-28s | %9s | %6s | %11s | %9s | %11s | %6s |%n";
        System.out.printf(line, "what", "documents", "errors", "unexplained", "explained", "not checked", "hints");
        Row sum = new Row();
        for (var entry : rows.entrySet()) {
            Row row = entry.getValue();
            print(line, entry.getKey(), row);
            sum.documents += row.documents;
            sum.errors += row.errors;
            sum.unexplained += row.unexplained;
            sum.explained += row.explained;
            sum.notChecked += row.notChecked;
            sum.hints += row.hints;
        }
        print(line, "all", sum);
    }

    private static void print(String line, String label, Row row) {
        System.out.printf(line, label, row.documents, row.errors, row.unexplained, row.explained, row.notChecked, row.hints);
    }
}
