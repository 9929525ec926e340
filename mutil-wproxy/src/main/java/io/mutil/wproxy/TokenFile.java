package io.mutil.wproxy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file with one token a line, and behind a space or a tab the keys that it may subscribe to, with commas between them; all
 * keys, and everything, if there are none. Empty lines and lines that begin with {@code #} mean nothing.
 */
final class TokenFile {
    private TokenFile() {}

    /** @throws IOException if it cannot be read, or a line is wrong; the message says which one, and no token */
    static Map<String, ClientTerms> read(Path file) throws IOException {
        List<String> lines = Secrets.read(file).lines().toList();
        var tokens = new HashMap<String, ClientTerms>();
        for (int i = 0; i < lines.size(); i++) {
            // some editors put a mark before the first
            String line = lines.get(i).replace("\uFEFF", "").strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(line, file + " line " + (i + 1), tokens);
            }
        }
        if (tokens.isEmpty()) {
            throw new IOException(file + " has no token; write one on a line");
        }
        return tokens;
    }

    private static void add(String line, String place, Map<String, ClientTerms> to) throws IOException {
        String[] parts = line.split("[ \t]+", 2);
        ClientTerms terms = parts.length == 1 ? ClientTerms.unlimited() : ClientTerms.ofKeys(keys(parts[1], place));
        if (to.put(parts[0], terms) != null) {
            throw new IOException(
                    place + " has a token that an earlier line has already; give all its keys on one line");
        }
    }

    private static List<String> keys(String list, String place) throws IOException {
        List<String> keys = Stream.of(list.split(",", -1)).map(String::strip).toList();
        if (keys.stream().anyMatch(key -> key.isEmpty() || key.contains(" "))) {
            throw new IOException(place + " must be a token, a space, and keys with commas between them, as AAPL,MSFT");
        }
        return keys;
    }
}
