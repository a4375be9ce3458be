package chartgate.validator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file that explains warnings: rows of tables with a pattern, in which `*` is any text, and a reason. */
final class Explained {
    /** Below this heading stand warnings which say that something could not be checked. */
    private static final String NOT_CHECKED = "Not checked";
    private static final Pattern ROW = Pattern.compile("\\| `(.+?)` \\| (.+) \\|");

    /** One row; {@code notChecked} when it is no fault but a gap of the check. */
    record Entry(String text, Pattern pattern, boolean notChecked) {}

    private final List<Entry> entries = new ArrayList<>();

    static Explained read(Path file) throws IOException {
        Explained explained = new Explained();
        String heading = "";
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ *", "");
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String text = row.group(1);
                explained.entries.add(new Entry(text, pattern(text), heading.equals(NOT_CHECKED)));
            }
        }
        return explained;
    }

    private static Pattern pattern(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split("\\*", -1)) {
            parts.add(Pattern.quote(part));
        }
        return Pattern.compile(String.join(".*", parts), Pattern.DOTALL);
    }

    List<Entry> entries() {
        return entries;
    }

    /** The first entry for a finding, or null. */
    Entry of(String finding) {
        for (Entry entry : entries) {
            if (entry.pattern.matcher(finding).matches()) {
                return entry;
            }
        }
        return null;
    }
}
