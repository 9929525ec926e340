package io.mutil.awssig;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as a configuration for curl, which makes it send what was signed. */
record CurlConfig(
        String method,
        URI uri,
        List<Map.Entry<String, String>> headers,
        @Nullable Path body) {

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
        if (headers.stream().noneMatch(header -> header.getKey().equalsIgnoreCase("content-type"))) {
            out.println("header = \"Content-Type:\"");
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
