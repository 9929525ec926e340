package io.mutil.awssig;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What differs between two texts that should be the same, for a person to read. */
final class Difference {
    private static final String TOKEN = "x-amz-security-token";

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
        line("query", hidden(ours), hidden(theirs));
        if (hidden(ours).equals(hidden(theirs)) && !ours.equals(theirs)) {
            out.append("The session token in the query differs.\n");
        }
    }

    private static String hidden(String query) {
        List<String> parameters = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            parameters.add(parameter.startsWith(QueryForm.TOKEN + "=") ? QueryForm.TOKEN + "=..." : parameter);
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
            String here = ours.get(name);
            String there = theirs.get(name);
            if (name.equals(TOKEN)) {
                out.append(Objects.equals(here, there) ? "" : "The session token in the headers differs.\n");
            } else {
                line("header " + name, here == null ? "(none)" : here, there == null ? "(none)" : there);
            }
        }
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
