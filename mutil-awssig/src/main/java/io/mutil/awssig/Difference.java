package io.mutil.awssig;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between two texts that should be the same, for a person to read. */
final class Difference {
    /** Headers and parameters whose value lets somebody in. */
    private static final Set<String> SECRET = Set.of(
            HeaderForm.TOKEN,
            HeaderForm.S3_SESSION_TOKEN,
            "x-amz-server-side-encryption-customer-key",
            "x-amz-copy-source-server-side-encryption-customer-key",
            "x-api-key",
            "cookie");

    private final StringBuilder out = new StringBuilder();

    /** Compares canonical requests, line by line. */
    void canonicalRequests(String ours, String theirs) {
        List<String> here = Arrays.asList(ours.split("\n", -1));
        List<String> there = Arrays.asList(theirs.split("\n", -1));
        line("method", at(here, 0), at(there, 0));
        path(at(here, 1), at(there, 1));
        query(at(here, 2), at(there, 2));
        headers(headers(here), headers(there));
        line("signed headers", at(here, here.size() - 2), at(there, there.size() - 2));
        line("payload hash", at(here, here.size() - 1), at(there, there.size() - 1));
    }

    /** Compares strings to sign, line by line. */
    void stringsToSign(String ours, String theirs) {
        List<String> here = Arrays.asList(ours.split("\n", -1));
        List<String> there = Arrays.asList(theirs.split("\n", -1));
        line("algorithm", at(here, 0), at(there, 0));
        line("time", at(here, 1), at(there, 1));
        line("scope (day, region, service)", at(here, 2), at(there, 2));
        line("hash of the canonical request", at(here, 3), at(there, 3));
    }

    private void path(String ours, String theirs) {
        line("path", ours, theirs);
        boolean encodable = ours.chars().anyMatch(c -> c != '%' && !Text.isPathText(c));
        if (encodable && !ours.equals(theirs)) {
            note("The server encodes the path itself: send it with each byte encoded but letters, digits, - . _ ~ and"
                    + " slashes, as S3Endpoint.uri does.");
        }
    }

    private static String at(List<String> lines, int index) {
        return index >= 0 && index < lines.size() ? lines.get(index) : "";
    }

    private void query(String ours, String theirs) {
        line("query", withoutSecrets(ours), withoutSecrets(theirs));
        if (withoutSecrets(ours).equals(withoutSecrets(theirs)) && !ours.equals(theirs)) {
            out.append("A secret in the query differs, such as the token of a session.\n");
        }
    }

    private static String withoutSecrets(String query) {
        List<String> parameters = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            String name = parameter.substring(0, parameter.indexOf('=') + 1);
            boolean secret = !name.isEmpty()
                    && SECRET.contains(name.substring(0, name.length() - 1).toLowerCase(Locale.ROOT));
            parameters.add(secret ? name + "..." : parameter);
        }
        return String.join("&", parameters);
    }

    private static Map<String, String> headers(List<String> lines) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 3; i < lines.size() && !lines.get(i).isEmpty(); i++) {
            String line = lines.get(i);
            int colon = Math.max(0, line.indexOf(':'));
            headers.put(line.substring(0, colon), line.substring(Math.min(line.length(), colon + 1)));
        }
        return headers;
    }

    private void headers(Map<String, String> ours, Map<String, String> theirs) {
        Set<String> names = new LinkedHashSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        for (String name : names) {
            header(name, ours.get(name), theirs.get(name));
        }
    }

    private void header(String name, @Nullable String ours, @Nullable String theirs) {
        boolean secret = SECRET.contains(name) && !Objects.equals(ours, theirs);
        String kept = ours == null || theirs == null ? "(a secret)" : "(a secret, which is another one)";
        line("header " + name, shown(ours, secret, "(a secret)"), shown(theirs, secret, kept));
    }

    private static String shown(@Nullable String value, boolean secret, String kept) {
        return value == null ? "(none)" : secret ? kept : value;
    }

    private void line(String what, String ours, String theirs) {
        if (!ours.equals(theirs)) {
            out.append("The ").append(what).append(" differs:\n");
            out.append("  signed here: ").append(ours).append("\n");
            out.append("  server read: ").append(theirs).append("\n");
        }
    }

    void note(String sentence) {
        out.append(sentence).append('\n');
    }

    boolean isEmpty() {
        return out.isEmpty();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
