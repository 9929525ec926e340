package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileCredentialsTest {
    private static final String KEYS = "aws_access_key_id = %s\naws_secret_access_key = wJalr\n";

    private Path home;
    private final AtomicLong nanos = new AtomicLong();
    /** Late enough for every file that a test writes. */
    private final Clock clock = Clock.fixed(Instant.parse("2100-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void home(@TempDir Path home) throws IOException {
        this.home = home;
        variables.put("HOME", home.toString());
        Files.createDirectory(home.resolve(".aws"));
    }

    private ProfileCredentials profile(String name) {
        return new ProfileCredentials(variables::get, name, nanos::get, clock);
    }

    private ProfileCredentials usual() {
        return new ProfileCredentials(variables::get, null, nanos::get, clock);
    }

    private void credentials(String text) throws IOException {
        Files.writeString(home.resolve(".aws/credentials"), text);
    }

    private void config(String text) throws IOException {
        Files.writeString(home.resolve(".aws/config"), text);
    }

    private static String keys(String accessKey) {
        return KEYS.formatted(accessKey);
    }

    @Test
    void readsANamedProfileOfTheHome() throws IOException {
        credentials("[default]\n" + keys("AKID1") + "[dev]\n" + keys("AKID2") + "aws_session_token = FwoG\n");

        Credentials credentials = profile("dev").get();

        assertThat(credentials.accessKey()).isEqualTo("AKID2");
        assertThat(credentials.secret()).isEqualTo("wJalr");
        assertThat(credentials.sessionToken()).isEqualTo("FwoG");
    }

    @Test
    void takesTheProfileThatTheEnvironmentNames() throws IOException {
        credentials("[default]\n" + keys("AKID1") + "[dev]\n" + keys("AKID2"));

        assertThat(usual().get().accessKey()).isEqualTo("AKID1");
        variables.put("AWS_PROFILE", "dev");
        assertThat(usual().get().accessKey()).isEqualTo("AKID2");
    }

    @Test
    void takesFilesThatTheEnvironmentNames() throws IOException {
        Files.writeString(home.resolve("mine"), "[dev]\n" + keys("AKID1"));
        Files.writeString(home.resolve("my config"), "[profile other]\n" + keys("AKID2"));
        variables.put("AWS_SHARED_CREDENTIALS_FILE", "~/mine");
        variables.put("AWS_CONFIG_FILE", home.resolve("my config").toString());

        assertThat(profile("dev").get().accessKey()).isEqualTo("AKID1");
        assertThat(profile("other").get().accessKey()).isEqualTo("AKID2");
    }

    @Test
    void prefersTheCredentialsFileToTheConfiguration() throws IOException {
        config("[profile dev]\naws_access_key_id = AKID1\naws_secret_access_key = other\n");
        credentials("[dev]\naws_secret_access_key = wJalr\n");

        Credentials credentials = profile("dev").get();

        assertThat(credentials.accessKey()).isEqualTo("AKID1");
        assertThat(credentials.secret()).isEqualTo("wJalr");
    }

    /** As where a key is written over another one within one tick of the file system's clock. */
    @Test
    void noticesAChangeRightAfterTheFirstLookThatNothingElseTells() throws IOException {
        Path file = home.resolve(".aws/credentials");
        FileTime time = FileTime.from(Instant.parse("2030-01-01T00:00:00Z"));
        var clock = new SettableClock("2030-01-01T00:00:00Z");
        credentials("[dev]\n" + keys("AKID1"));
        Files.setLastModifiedTime(file, time);
        var profile = new ProfileCredentials(variables::get, "dev", nanos::get, clock);
        assertThat(profile.get().accessKey()).isEqualTo("AKID1");

        credentials("[dev]\n" + keys("AKID2"));
        Files.setLastModifiedTime(file, time);
        clock.advance(Duration.ofSeconds(1));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(profile.get().accessKey()).isEqualTo("AKID2");
    }

    @Test
    void looksAgainOnlyWhenASecondHasPassed() throws IOException {
        credentials("[dev]\n" + keys("AKID1"));
        ProfileCredentials profile = profile("dev");
        profile.get();
        credentials("[dev]\n" + keys("AKID-OF-ANOTHER-LENGTH"));

        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        assertThat(profile.get().accessKey()).isEqualTo("AKID1");
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(profile.get().accessKey()).isEqualTo("AKID-OF-ANOTHER-LENGTH");
    }

    @Test
    void doesNotReadAFileThatMayBeHalfWritten() throws IOException {
        credentials("[dev]\n" + keys("AKID1"));
        ProfileCredentials profile = profile("dev");
        profile.get();

        credentials("[dev]\naws_access_key_id = AKID2\naws_secret_access_key = wJ");
        changedAt(clock.instant().minusMillis(999));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(profile.get().accessKey()).isEqualTo("AKID1");

        credentials("[dev]\n" + keys("AKID2"));
        changedAt(clock.instant().minusMillis(1000));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(profile.get().accessKey()).isEqualTo("AKID2");
        assertThat(profile.get().secret()).isEqualTo("wJalr");
    }

    @Test
    void readsAFileThatWasChangedInTheFuture() throws IOException {
        credentials("[dev]\n" + keys("AKID1"));
        ProfileCredentials profile = profile("dev");
        profile.get();

        credentials("[dev]\n" + keys("AKID2"));
        changedAt(clock.instant().plusSeconds(60));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(profile.get().accessKey()).isEqualTo("AKID2");
    }

    private void changedAt(Instant time) throws IOException {
        Files.setLastModifiedTime(home.resolve(".aws/credentials"), FileTime.from(time));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[dev]\n", "[dev]\naws_access_key_id = AKID2\n", "[dev", "gone"})
    void keepsCredentialsForTenSecondsWhereAFileCannotBeUsed(String text) throws IOException {
        credentials("[dev]\n" + keys("AKID1"));
        ProfileCredentials profile = profile("dev");
        profile.get();
        if (text.equals("gone")) {
            Files.delete(home.resolve(".aws/credentials"));
        } else {
            credentials(text);
        }
        try (LogLines lines = LogLines.of(ProfileCredentials.class, Level.WARNING)) {
            for (int second = 0; second < 10; second++) {
                nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                assertThat(profile.get().accessKey()).isEqualTo("AKID1");
            }
            assertThat(lines.at(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith("credentials stay for 10 seconds: ");

            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThatThrownBy(profile::get).isInstanceOf(CredentialsException.class);
            assertThatThrownBy(profile::get).isInstanceOf(CredentialsException.class);
            credentials("[dev]\n" + keys("AKID-NEW"));
            assertThat(profile.get().accessKey()).isEqualTo("AKID-NEW");
        }
    }

    @Test
    void doesNotTurnToAnotherSourceWhileAFileIsWrittenAnew() throws IOException {
        credentials("[dev]\n" + keys("AKID1"));
        CredentialsProvider first =
                CredentialsProvider.firstOf(profile("dev"), CredentialsProvider.of(Credentials.of("OTHER", "wJalr")));
        first.get();

        try (LogLines lines = LogLines.of(ProfileCredentials.class, Level.WARNING)) {
            credentials("");
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());

            assertThat(first.get().accessKey()).isEqualTo("AKID1");
            assertThat(lines.all()).hasSize(1);
        }
    }

    @Test
    void keepsTheSameCredentialsWhileTheFilesStay() throws IOException {
        credentials("[dev]\n" + keys("AKID1"));
        ProfileCredentials profile = profile("dev");
        Credentials first = profile.get();

        nanos.addAndGet(Duration.ofSeconds(5).toNanos());

        assertThat(profile.get()).isSameAs(first);
    }

    @Test
    void runsTheProcessOfAProfileOnceAlthoughTheFilesChange() throws IOException {
        config("[profile dev]\ncredential_process = " + CredentialChild.line("count", home.resolve("count")) + "\n");
        ProfileCredentials profile = profile("dev");
        assertThat(profile.get().accessKey()).isEqualTo("RUN1");

        credentials("[other]\n");
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());

        assertThat(profile.get().accessKey()).isEqualTo("RUN1");
        assertThat(profile("dev").get().accessKey()).isEqualTo("RUN2");
    }

    @Test
    void prefersKeysToAProcess() throws IOException {
        config("[profile dev]\ncredential_process = /no/such/program\n" + keys("AKID1"));

        assertThat(profile("dev").get().accessKey()).isEqualTo("AKID1");
    }

    @Test
    void dropsAProcessWhenKeysAreWrittenBesideIt() throws IOException {
        String process =
                "[profile dev]\ncredential_process = " + CredentialChild.line("count", home.resolve("count")) + "\n";
        config(process);
        ProfileCredentials profile = profile("dev");
        profile.get();

        config(process + keys("AKID1"));
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());

        assertThat(profile.get().accessKey()).isEqualTo("AKID1");
    }

    @Test
    void saysWhereAProfileIsMissing() throws IOException {
        assertThatThrownBy(profile("dev")::get)
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        e -> assertThat(e.isAbsent()).isTrue())
                .hasMessageStartingWith("there is no profile dev")
                .hasMessageContaining(home.resolve(".aws/credentials").toString())
                .hasMessageContaining(home.resolve(".aws/config").toString());
        config("[profile dev]\nregion = r\n");
        assertThatThrownBy(profile("dev")::get)
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        e -> assertThat(e.isAbsent()).isTrue())
                .hasMessageStartingWith("profile dev has no credentials");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws_access_key_id = hunter2",
                "aws_secret_access_key = hunter2",
                "aws_access_key_id = hunter2\naws_secret_access_key =",
                "credential_process = \"hunter2",
                "credential_process = /no/such/program hunter2",
                "sso_session = hunter2",
                "role_arn = hunter2\naws_access_key_id = hunter2\naws_secret_access_key = hunter2",
                "hunter2",
            })
    void refusesAProfileThatDoesNotWorkWithoutShowingIt(String properties) throws IOException {
        credentials("[dev]\n" + properties + "\n");

        assertThatThrownBy(profile("dev")::get)
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        e -> assertThat(e.isAbsent()).isFalse())
                .hasMessageContaining("; ")
                .hasNoCause()
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void saysHowARoleIsUsed() throws IOException {
        config("[profile dev]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = default\n");

        assertThatThrownBy(profile("dev")::get)
                .hasMessage(
                        "profile dev has role_arn, which needs requests to AWS; make a profile with credential_process"
                                + " = aws configure export-credentials --format process --profile dev");
    }

    @Test
    void saysThatAFileCannotBeRead() throws IOException {
        Files.createDirectory(home.resolve(".aws/credentials"));

        assertThatThrownBy(profile("dev")::get)
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        e -> assertThat(e.isAbsent()).isFalse())
                .hasMessageContaining("cannot be read");
    }
}
