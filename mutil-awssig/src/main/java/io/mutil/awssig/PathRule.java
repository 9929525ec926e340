package io.mutil.awssig;

import java.util.ArrayDeque;
import java.util.Deque;

/** How the path of a request is written where it is signed. A service has one; a signer knows that of S3 and of others. */
public enum PathRule {
    /** As it is sent: S3. A path of S3 has each byte encoded but slashes and letters, digits, {@code - . _ ~}. */
    AS_SENT {
        @Override
        String canonical(String raw) {
            return raw.isEmpty() ? "/" : sendable(raw);
        }
    },
    /** As it is sent, encoded once more; dot segments and double slashes stay. */
    ENCODED_AGAIN {
        @Override
        String canonical(String raw) {
            return raw.isEmpty() ? "/" : encoded(raw);
        }
    },
    /** Dot segments and double slashes are resolved, and all is encoded once more: services other than S3. */
    NORMALIZED {
        @Override
        String canonical(String raw) {
            return encoded(normalized(raw));
        }

        @Override
        boolean keeps(String raw) {
            return normalized(raw).equals(raw);
        }
    };

    /** The rule of a service. */
    static PathRule of(String service) {
        return Scheme.isS3(service) ? AS_SENT : NORMALIZED;
    }

    /** The canonical form of a path as it is sent. */
    abstract String canonical(String raw);

    /** Whether no other segments have the same canonical form. */
    boolean keeps(String raw) {
        return true;
    }

    /** What cannot be sent as it is, is encoded. */
    private static String sendable(String raw) {
        int at = 0;
        while (at < raw.length() && isSendable(raw.charAt(at))) {
            at++;
        }
        if (at == raw.length()) {
            return raw;
        }
        var out = new Text(raw.length() + 16);
        for (int i = 0; i < raw.length(); i = raw.offsetByCodePoints(i, 1)) {
            int c = raw.codePointAt(i);
            if (isSendable(c)) {
                out.add((char) c);
            } else {
                out.addEncodedCodePoint(c);
            }
        }
        return out.ascii();
    }

    private static boolean isSendable(int c) {
        return c > ' ' && c < 0x7F;
    }

    private static String encoded(String raw) {
        int at = 0;
        while (at < raw.length() && Text.isPathText(raw.charAt(at))) {
            at++;
        }
        return at == raw.length()
                ? raw
                : new Text(raw.length() + 16).addEncodedPath(raw).ascii();
    }

    private static String normalized(String raw) {
        if (raw.startsWith("/") && !raw.contains("//") && !raw.contains("/.")) {
            return raw;
        }
        Deque<String> segments = new ArrayDeque<>();
        int from = 0;
        while (from <= raw.length()) {
            int slash = raw.indexOf('/', from);
            int to = slash < 0 ? raw.length() : slash;
            enter(raw.substring(from, to), segments);
            from = to + 1;
        }
        String end = raw.endsWith("/") && !segments.isEmpty() ? "/" : "";
        return "/" + String.join("/", segments) + end;
    }

    private static void enter(String segment, Deque<String> segments) {
        if (segment.equals("..")) {
            segments.pollLast();
        } else if (!segment.isEmpty() && !segment.equals(".")) {
            segments.addLast(segment);
        }
    }
}
