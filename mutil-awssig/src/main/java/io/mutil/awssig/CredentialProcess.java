package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a program that prints credentials. Its arguments and what it prints may be secret and are never shown. */
final class CredentialProcess implements RefreshingCredentials.Source {
    static final Duration LIMIT = Duration.ofMinutes(1);
    static final int MAX_OUTPUT = 64 << 10;
    private static final int LOOK_MILLIS = 10;

    private final List<String> command;
    private final Duration limit;

    CredentialProcess(List<String> command, Duration limit) {
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException("command must begin with a program, was " + command.size() + " words");
        }
        this.command = command;
        this.limit = limit;
    }

    @Override
    public RefreshingCredentials.Expiring load() {
        try {
            return parsed(output());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CredentialsException.interrupted(this + " was stopped because this thread was interrupted", e);
        }
    }

    private byte[] output() throws InterruptedException {
        Process process = start();
        try (InputStream printed = process.getInputStream()) {
            byte[] output = read(process, printed);
            if (process.exitValue() != 0) {
                throw CredentialsException.broken(this + " ended with status " + process.exitValue()
                        + " instead of 0; run it by hand to see what it says");
            }
            return output;
        } catch (IOException e) {
            throw CredentialsException.broken(this + " cannot be read: " + e, e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start() {
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            // the cause would show the arguments
            throw CredentialsException.broken(this + " cannot be started; check that the program exists and may be "
                    + "executed, and quote what has spaces");
        }
    }

    /**
     * Reads only what is there. A read that waits would wait for whatever the program leaves behind too, as an agent that
     * keeps its output open.
     */
    private byte[] read(Process process, InputStream printed) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        var output = new ByteArrayOutputStream();
        boolean ended;
        do {
            ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            // of a program that has ended, all that it printed is there
            for (int there = printed.available(); there > 0; there = printed.available()) {
                output.writeBytes(printed.readNBytes(Math.min(there, MAX_OUTPUT + 1)));
                checkLength(output.size());
            }
            if (!ended && System.nanoTime() - deadline > 0) {
                throw CredentialsException.broken(
                        this + " did not end within " + limit + "; it must not wait for anybody's answer");
            }
        } while (!ended);
        return output.toByteArray();
    }

    private void checkLength(int length) {
        if (length > MAX_OUTPUT) {
            throw CredentialsException.broken(this + " printed more than " + MAX_OUTPUT
                    + " bytes; it must print one JSON object and nothing else");
        }
    }

    /** Reads what a program printed. */
    RefreshingCredentials.Expiring parsed(byte[] output) {
        Map<String, @Nullable Object> fields;
        try {
            fields = Json.object(UTF_8.newDecoder().decode(ByteBuffer.wrap(output)));
        } catch (CharacterCodingException | IllegalArgumentException e) {
            String reason = e instanceof IllegalArgumentException ? e.getMessage() : "no UTF-8";
            throw CredentialsException.broken(this + " must print one JSON object and nothing else: " + reason);
        }
        if (!(fields.get("Version") instanceof BigDecimal version) || version.compareTo(BigDecimal.ONE) != 0) {
            throw CredentialsException.broken(this + " must print \"Version\": 1; no other version is known");
        }
        String key = required(fields, "AccessKeyId");
        String secret = required(fields, "SecretAccessKey");
        String token = text(fields, "SessionToken");
        return new RefreshingCredentials.Expiring(
                token == null ? Credentials.of(key, secret) : Credentials.of(key, secret, token), expiration(fields));
    }

    private String required(Map<String, @Nullable Object> fields, String name) {
        String value = text(fields, name);
        if (value == null) {
            throw CredentialsException.broken(this + " must print \"" + name + "\", and did not");
        }
        return value;
    }

    private @Nullable String text(Map<String, @Nullable Object> fields, String name) {
        Object value = fields.get(name);
        if (value == null || (value instanceof String text && text.isEmpty())) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw CredentialsException.broken(this + " must print \"" + name + "\" as a string");
    }

    private @Nullable Instant expiration(Map<String, @Nullable Object> fields) {
        String text = text(fields, "Expiration");
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw CredentialsException.broken(
                    this + " must print \"Expiration\" as 2030-01-02T03:04:05Z, with an offset or Z");
        }
    }

    @Override
    public String toString() {
        Path name = Path.of(command.get(0)).getFileName();
        return "credential process " + (name == null ? command.get(0) : name);
    }
}
