package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** The path as the Python library signs it: {@code quote(unquote(path))}, which takes an encoded slash for a slash. */
final class CompatiblePath {
    private CompatiblePath() {}

    static String canonical(String path) {
        return new Text(path.length() + 16).addEncodedPath(unquoted(path)).ascii();
    }

    /** Each run of ASCII is decoded by itself, with U+FFFD for what is no UTF-8. */
    private static String unquoted(String path) {
        var result = new StringBuilder();
        var run = new ByteArrayOutputStream();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c >= 0x80) {
                result.append(run.toString(UTF_8)).append(c);
                run.reset();
                continue;
            }
            int escaped = c == '%' ? Text.escaped(path, i, path.length()) : -1;
            run.write(escaped < 0 ? c : escaped);
            i += escaped < 0 ? 0 : 2;
        }
        return result.append(run.toString(UTF_8)).toString();
    }
}
