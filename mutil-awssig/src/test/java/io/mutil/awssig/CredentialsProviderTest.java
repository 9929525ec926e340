package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CredentialsProviderTest {
    private static final Credentials KNOWN = Credentials.of("AKID", "secret");

    private static CredentialsProvider environment(Map<String, String> variables) {
        return new EnvironmentCredentials(variables::get);
    }

    @Test
    void readsKeySecretAndTokenOfTheEnvironment() {
        Credentials credentials = environment(Map.of(
                        "AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", " secret ", "AWS_SESSION_TOKEN", "token"))
                .get();

        assertThat(credentials.accessKey()).isEqualTo("AKID");
        assertThat(credentials.secret()).isEqualTo("secret");
        assertThat(credentials.sessionToken()).isEqualTo("token");
    }

    @Test
    void aKeyOrTokenOfTwoLinesIsRefusedAndNotShown() {
        assertThatThrownBy(() -> Credentials.of("AK\nID", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("accessKey must hold no line break or other control character");
        assertThatThrownBy(() -> Credentials.of("AKID", "secret", "token\r\nX-Injected: 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("sessionToken must hold no line break or other control character");
    }

    @Test
    void takesAnEmptyVariableForNone() {
        Credentials credentials = environment(
                        Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_SESSION_TOKEN", ""))
                .get();

        assertThat(credentials.sessionToken()).isNull();
    }

    @Test
    void saysWhichVariablesAreMissing() {
        assertThatThrownBy(environment(Map.of("AWS_ACCESS_KEY_ID", " "))::get)
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        e -> assertThat(e.isAbsent()).isTrue())
                .hasMessage(
                        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set in the environment; set and export "
                                + "both");
    }

    @Test
    void refusesOneVariableWithoutTheOtherAndDoesNotShowIt() {
        assertThatThrownBy(environment(Map.of("AWS_SECRET_ACCESS_KEY", "wJalr"))::get)
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        e -> assertThat(e.isAbsent()).isFalse())
                .hasMessageStartingWith("AWS_ACCESS_KEY_ID is not set")
                .hasMessageNotContaining("wJalr");
        assertThatThrownBy(environment(Map.of("AWS_ACCESS_KEY_ID", "AKID"))::get)
                .hasMessageStartingWith("AWS_SECRET_ACCESS_KEY is not set");
    }

    @Test
    void asksTheNextSourceWhereOneHasNothing() {
        CredentialsProvider first = CredentialsProvider.firstOf(
                environment(Map.of()), CredentialsProvider.of(KNOWN), environment(Map.of()));

        assertThat(first.get()).isSameAs(KNOWN);
    }

    @Test
    void asksTheNextSourceWhereOneOfTheCallerHasNothing() {
        CredentialsProvider nowhere = () -> {
            throw CredentialsException.absent("the cloud is not here");
        };

        assertThat(CredentialsProvider.firstOf(nowhere, environment(Map.of()), CredentialsProvider.of(KNOWN))
                        .get())
                .isSameAs(KNOWN);
    }

    @Test
    void doesNotPassOverASourceThatDoesNotWork() {
        CredentialsProvider first = CredentialsProvider.firstOf(
                environment(Map.of("AWS_ACCESS_KEY_ID", "AKID")), CredentialsProvider.of(KNOWN));

        assertThatThrownBy(first::get).hasMessageContaining("AWS_SECRET_ACCESS_KEY");
    }

    @Test
    void tellsAllThatHaveNothing() {
        CredentialsProvider nowhere = () -> {
            throw CredentialsException.absent("the cloud is not here");
        };

        assertThatThrownBy(CredentialsProvider.firstOf(environment(Map.of()), nowhere)::get)
                .isInstanceOfSatisfying(
                        CredentialsException.class,
                        e -> assertThat(e.isAbsent()).isTrue())
                .hasMessageContaining("AWS_ACCESS_KEY_ID")
                .hasMessageEndingWith("; or: the cloud is not here");
    }

    @Test
    void needsASource() {
        assertThatIllegalArgumentException().isThrownBy(CredentialsProvider::firstOf);
    }

    @Test
    void saysWhatItIsAndNoSecret() {
        assertThat(Stream.of(
                                CredentialsProvider.of(Credentials.of("AKID", "wJalr", "FwoG")),
                                CredentialsProvider.environment(),
                                CredentialsProvider.profile("dev"),
                                CredentialsProvider.process("/opt/vault/get", "--password", "hunter2"),
                                CredentialsProvider.firstOf(CredentialsProvider.environment()))
                        .map(Object::toString))
                .containsExactly(
                        "given credentials",
                        "environment",
                        "profile dev",
                        "credential process get",
                        "first of [environment]");
        assertThat(CredentialsProvider.standard().toString()).startsWith("first of [environment, profile ");
    }
}
