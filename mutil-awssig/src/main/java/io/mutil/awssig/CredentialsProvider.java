package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where credentials come from; asked at each signature, so that they may change.
 *
 * <p>Of sources that AWS knows and this library does not, such as roles and the instance's metadata, {@code aws configure
 * export-credentials --format process} makes a {@link #process}; any other {@code Supplier<Credentials>} is as good.
 *
 * <p>All of these are safe for use by many threads.
 */
@FunctionalInterface
public interface CredentialsProvider extends Supplier<Credentials> {
    /**
     * Gives those that hold now. May wait for a process.
     *
     * @throws CredentialsException if there are none
     */
    @Override
    Credentials get();

    /** Always the same. */
    static CredentialsProvider of(Credentials credentials) {
        requireNonNull(credentials, "credentials");
        return new NamedProvider("given credentials", () -> credentials);
    }

    /** From {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and, if there is one, {@code AWS_SESSION_TOKEN}. */
    static CredentialsProvider environment() {
        return new EnvironmentCredentials(System::getenv);
    }

    /** The profile that {@code AWS_PROFILE} names, else {@code default}; the rest as {@link #profile(String)}. */
    static CredentialsProvider profile() {
        return new ProfileCredentials(System::getenv, null, System::nanoTime, Clock.systemUTC());
    }

    /**
     * A profile of {@code ~/.aws/credentials} and {@code ~/.aws/config}, or of the files that {@code
     * AWS_SHARED_CREDENTIALS_FILE} and {@code AWS_CONFIG_FILE} name: a key with its secret, or a {@code
     * credential_process}. A change of the files is noticed within two seconds. Where they cannot be used after a
     * change, as while they are written anew, what they held before stays for ten seconds.
     *
     * @param name as in {@code [name]} of the first file and {@code [profile name]} of the second
     */
    static CredentialsProvider profile(String name) {
        return new ProfileCredentials(
                System::getenv, requireNonNull(name, "name"), System::nanoTime, Clock.systemUTC());
    }

    /**
     * What a program prints, in the JSON that AWS documents for {@code credential_process}. It runs when credentials are
     * asked for the first time, and again before they expire: five minutes, or a quarter of their life if that is less.
     * One run serves all threads; while what they have is valid, only one of them waits. It may take a minute and print
     * 64 KiB; what it prints to its error stream is dropped, since that may hold secrets. A program that it leaves behind goes
     * on. After a failure with nothing valid at hand the same failure is given for a second, then twice as long each time, up
     * to 30 seconds.
     *
     * @param command the program and its arguments; no shell sees them
     */
    static CredentialsProvider process(String... command) {
        return new RefreshingCredentials(
                new CredentialProcess(List.of(command), CredentialProcess.LIMIT), Clock.systemUTC());
    }

    /**
     * The first of these that has any. One that is configured and does not work ends the search, because the next may
     * be somebody else.
     */
    static CredentialsProvider firstOf(CredentialsProvider... sources) {
        return new FirstCredentials(List.of(sources));
    }

    /** The {@link #environment()}, else the {@link #profile()}. */
    static CredentialsProvider standard() {
        return firstOf(environment(), profile());
    }
}
