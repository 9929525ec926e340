package io.mutil.frame;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command of that name, which tells the size of the terminal that is its standard input. The shell gives it our own descriptor
 * for that, so the answer holds for where we print, wherever input comes from, unlike that of {@code System.console()}.
 */
final class Stty implements Terminal.Probe {
    private static final long DEADLINE_MS = 1_000;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6}) (\\d{1,6})\\s*");

    private final List<String> shell;
    private final long deadline;

    Stty() {
        this(List.of("/bin/sh", "-c"), DEADLINE_MS);
    }

    /** @param deadline in milliseconds */
    Stty(List<String> shell, long deadline) {
        this.shell = shell;
        this.deadline = deadline;
    }

    @Override
    public int columns(int descriptor) {
        boolean out = descriptor == Terminal.OUT;
        String command = out ? "exec stty size <&1 >&2 2>/dev/null" : "exec stty size <&2 2>/dev/null";
        var builder = new ProcessBuilder(new ArrayList<>(shell)).redirectInput(Redirect.PIPE);
        builder.command().add(command);
        // the one that is asked about is passed on, the other brings the answer
        builder.redirectOutput(out ? Redirect.INHERIT : Redirect.PIPE);
        builder.redirectError(out ? Redirect.PIPE : Redirect.INHERIT);
        try {
            return columns(builder.start(), out);
        } catch (IOException e) {
            return -1; // there is no shell
        }
    }

    private int columns(Process process, boolean out) throws IOException {
        try {
            if (!process.waitFor(deadline, TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
                return -1;
            }
            var answer = out ? process.getErrorStream() : process.getInputStream();
            Matcher size = SIZE.matcher(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
            return size.matches() ? Integer.parseInt(size.group(2)) : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        } finally {
            process.destroyForcibly();
        }
    }
}
