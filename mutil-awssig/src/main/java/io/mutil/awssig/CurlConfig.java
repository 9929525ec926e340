package io.mutil.awssig;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as a configuration for curl, which makes it send what was signed.
 *
 * @param empty whether it was signed for an empty body
 */
record CurlConfig(
        String method,
        URI uri,
        List<Map.Entry<String, String>> headers,
        @Nullable Path body,
        boolean empty) {

    void printTo(PrintWriter out) {
        out.println("url = " + quoted(uri.toString()));
        out.println("path-as-is");
        out.println("globoff");
        out.println(method.equals("HEAD") ? "head" : "request = " + quoted(method));
        // an empty value would make curl leave the header out
        headers.forEach(header -> out.println("header = "
                + quoted(header.getKey() + (header.getValue().isEmpty() ? ";" : ": " + header.getValue()))));
        if (body != null) {
            printBody(body, out);
        } else if (empty && (method.equals("PUT") || method.equals("POST")) && !have("content-length")) {
            out.println("header = \"Content-Length: 0\""); // which stores insist on
        }
    }

    /** Where a path ends in a slash, an upload would add the name of the file to it. */
    private void printBody(Path file, PrintWriter out) {
        String path = uri.getRawPath();
        if (!path.isEmpty() && !path.endsWith("/")) {
            out.println("upload-file = " + quoted(file.toString()));
            return;
        }
        out.println("data-binary = " + quoted("@" + file));
        if (!have("content-type")) {
            out.println("header = \"Content-Type:\"");
        }
    }

    private boolean have(String name) {
        return headers.stream().anyMatch(header -> header.getKey().equalsIgnoreCase(name));
    }

    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"");
        return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'; // file names may have line breaks
    }
}
