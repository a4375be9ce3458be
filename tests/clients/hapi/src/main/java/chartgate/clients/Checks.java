package chartgate.clients;

import java.util.Objects;
import java.util.function.Supplier;

/** Runs checks, prints a line for each and the sum, and ends with 1 when one fails. */
final class Checks {
    private final String client;
    private int done;
    private int failed;

    Checks(String client) {
        this.client = client;
    }

    void run(String what, Supplier<String> check) {
        done++;
        try {
            System.out.printf("ok      %s: %s: %s%n", client, what, check.get());
        } catch (RuntimeException | AssertionError e) {
            failed++;
            System.out.printf("FAILED  %s: %s: %s%n", client, what, e);
        }
    }

    void end() {
        System.out.printf("result  %s %d %d%n", client, done, failed);
        System.exit(failed == 0 ? 0 : 1);
    }

    static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    static void equal(Object found, Object wanted) {
        that(Objects.equals(found, wanted), found + " and not " + wanted);
    }

    /** The exception, which the call must throw. */
    static <T extends RuntimeException> T refused(Class<T> type, Supplier<?> call) {
        try {
            call.get();
        } catch (RuntimeException e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw e;
        }
        throw new AssertionError("it was not refused");
    }
}
