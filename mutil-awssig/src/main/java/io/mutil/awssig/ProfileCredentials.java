package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Credentials of a profile, read again when a file has changed. */
final class ProfileCredentials implements CredentialsProvider {
    private static final Logger LOGGER = System.getLogger(ProfileCredentials.class.getName());
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    /** How long credentials stay whose files cannot be used, as while a program writes them anew. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
    /** A file that was changed later than this may be half written. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private static final String KEY = "aws_access_key_id";
    private static final String SECRET = "aws_secret_access_key";
    private static final String TOKEN = "aws_session_token";
    private static final String PROCESS = "credential_process";
    /** What stands for credentials that only a request to AWS can get; the first outranks a key in the same profile. */
    private static final List<String> OF_OTHERS = List.of(
            "role_arn",
            "sso_session",
            "sso_account_id",
            "web_identity_token_file",
            "credential_source",
            "login_session");

    private final Variables variables;
    private final @Nullable String name;
    private final LongSupplier nanos;
    private final Clock clock;
    private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

    /** When a file was changed, and what else tells a change; without a time if there is none. */
    private record FileState(
            @Nullable Instant time, @Nullable Object key, long length) {
        static FileState of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new FileState(
                        attributes.lastModifiedTime().toInstant(), attributes.fileKey(), attributes.size());
            } catch (IOException e) {
                // reading it says what is wrong
                return new FileState(null, null, -1);
            }
        }

        /** Whether somebody may still be writing it. */
        boolean isNewAt(Instant now) {
            return time != null && !now.isBefore(time) && now.isBefore(time.plus(SETTLED));
        }
    }

    /**
     * Where credentials come from, how the files looked then, and when that was.
     *
     * @param failing since when the files cannot be used; null if they can
     */
    private record Known(
            CredentialsProvider source,
            String process,
            List<FileState> files,
            long looked,
            @Nullable Long failing) {
        Known lookedAgain(long now) {
            return new Known(source, process, files, now, failing);
        }

        Known failing(long now) {
            return new Known(source, process, files, now, failing == null ? Long.valueOf(now) : failing);
        }
    }

    /** @param name null for the one that the environment names */
    ProfileCredentials(Variables variables, @Nullable String name, LongSupplier nanos, Clock clock) {
        this.variables = variables;
        this.name = name;
        this.nanos = nanos;
        this.clock = clock;
    }

    @Override
    public Credentials get() {
        Known before = known.get();
        long now = nanos.getAsLong();
        if (before != null && now - before.looked() < LOOK_EVERY_NANOS) {
            return before.source().get();
        }
        Known next = looked(before, now);
        if (known.compareAndSet(before, next)) {
            return next.source().get();
        }
        // threads looked at once: all use what one of them saw, so that only one process runs
        return Objects.requireNonNull(known.get()).source().get();
    }

    private Known looked(@Nullable Known before, long now) {
        Path credentials = file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        Path config = file("AWS_CONFIG_FILE", "config");
        // the files may change while they are read, then the next look reads them again
        List<FileState> files = List.of(FileState.of(credentials), FileState.of(config));
        Instant time = clock.instant();
        boolean settled = files.stream().noneMatch(file -> file.isNewAt(time));
        if (before == null) {
            // of files that somebody may still be writing nothing is known at the next look
            return read(null, credentials, config, settled ? files : List.of(), now);
        }
        if (before.files().equals(files)) {
            return new Known(before.source(), before.process(), files, now, null);
        }
        if (!settled) {
            return before.lookedAgain(now);
        }
        try {
            return read(before, credentials, config, files, now);
        } catch (CredentialsException e) {
            return kept(before, now, e);
        }
    }

    private Known read(@Nullable Known before, Path credentials, Path config, List<FileState> files, long now) {
        Map<String, String> properties = new HashMap<>(profileOf(config, true));
        properties.putAll(profileOf(credentials, false));
        if (properties.isEmpty()) {
            throw CredentialsException.absent(
                    "there is no profile " + profileName() + " with anything in " + credentials + " and " + config
                            + "; check its name, or write aws_access_key_id and aws_secret_access_key there");
        }
        checkOurs(properties);
        String process = properties.containsKey(KEY) ? "" : properties.getOrDefault(PROCESS, "");
        CredentialsProvider source = before != null && !process.isEmpty() && process.equals(before.process())
                ? before.source()
                : source(properties);
        return new Known(source, process, files, now, null);
    }

    private Known kept(Known before, long now, CredentialsException e) {
        Long since = before.failing();
        if (since == null) {
            LOGGER.log(Level.WARNING, () -> "credentials stay for 10 seconds: " + e.getMessage());
        } else if (now - since >= PATIENCE_NANOS) {
            throw e;
        }
        return before.failing(now);
    }

    private Path file(String variable, String usual) {
        String home = Objects.requireNonNullElse(variables.value("HOME"), System.getProperty("user.home"));
        String named = variables.value(variable);
        if (named == null) {
            return Path.of(home, ".aws", usual);
        }
        return named.startsWith("~/") ? Path.of(home, named.substring(2)) : Path.of(named);
    }

    private Map<String, String> profileOf(Path file, boolean config) {
        try {
            return ProfileFile.parse(new String(Files.readAllBytes(file), UTF_8), config, file.toString())
                    .getOrDefault(profileName(), Map.of());
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IOException e) {
            throw CredentialsException.broken(file + " cannot be read: " + e + "; let this program read it", e);
        }
    }

    private String profileName() {
        return name != null ? name : Objects.requireNonNullElse(variables.value("AWS_PROFILE"), "default");
    }

    private CredentialsProvider source(Map<String, String> properties) {
        String key = properties.getOrDefault(KEY, "");
        String secret = properties.getOrDefault(SECRET, "");
        if (key.isEmpty() != secret.isEmpty()) {
            throw CredentialsException.broken(this + " has only one of " + KEY + " and " + SECRET + "; write both");
        }
        if (!key.isEmpty()) {
            String token = properties.getOrDefault(TOKEN, "");
            return CredentialsProvider.of(
                    token.isEmpty() ? Credentials.of(key, secret) : Credentials.of(key, secret, token));
        }
        String process = properties.getOrDefault(PROCESS, "");
        if (process.isEmpty()) {
            throw CredentialsException.absent(
                    this + " has no credentials; write " + KEY + " and " + SECRET + ", or " + PROCESS);
        }
        List<String> command =
                CommandWords.split(process, System.getProperty("os.name").startsWith("Windows"));
        if (command.isEmpty()) {
            throw CredentialsException.broken(this + " has a " + PROCESS + " without a program, or with a quotation "
                    + "mark that has no other; quote what has spaces");
        }
        return new RefreshingCredentials(new CredentialProcess(command, CredentialProcess.LIMIT), Clock.systemUTC());
    }

    private void checkOurs(Map<String, String> properties) {
        boolean own = properties.containsKey(KEY) || properties.containsKey(PROCESS);
        for (String other : OF_OTHERS) {
            if (properties.containsKey(other) && (!own || other.equals(OF_OTHERS.get(0)))) {
                throw CredentialsException.broken(
                        this + " has " + other + ", which needs requests to AWS; make a profile "
                                + "with credential_process = aws configure export-credentials --format process --profile "
                                + profileName());
            }
        }
    }

    @Override
    public String toString() {
        return "profile " + profileName();
    }
}
