package io.mutil.pipe;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;

/** Cuts text into lines that are not too long for a log, without keeping more than one. */
final class LineLog {
    /** Longer lines go on in the next one. */
    static final int LONGEST = 4096;

    private final Consumer<String> lines;
    private final StringBuilder line = new StringBuilder();

    LineLog(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Reads to the end. */
    void readAll(Reader in) throws IOException {
        char[] some = new char[LONGEST];
        try {
            for (int count = in.read(some); count >= 0; count = in.read(some)) {
                for (int i = 0; i < count; i++) {
                    add(some[i]);
                }
            }
        } finally {
            if (!line.isEmpty()) {
                end();
            }
        }
    }

    private void add(char c) {
        if (c == '\n') {
            end();
        } else if (c != '\r') {
            if (line.length() == LONGEST) {
                end();
            }
            line.append(c);
        }
    }

    private void end() {
        String whole = line.toString();
        line.setLength(0);
        lines.accept(whole);
    }
}
