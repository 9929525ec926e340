package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1:33016", "::1, [::1]:33016"})
    void areWrittenAsInAUri(String host, String text) throws Exception {
        assertThat(Addresses.text(new InetSocketAddress(InetAddress.getByName(host), 33016)))
                .isEqualTo(text);
    }

    @Test
    void thoseThatAreNoneOfTheInternetAreWrittenAsTheyAre() {
        Path file = Path.of("feed.sock");

        assertThat(Addresses.text(InetSocketAddress.createUnresolved("peer", 1)))
                .isEqualTo("peer:1");
        assertThat(Addresses.text(UnixDomainSocketAddress.of(file))).isEqualTo(file.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "6222, 6222", "65535, 65535"})
    void readsPorts(String text, int port) {
        assertThat(new Units.ForPort().convert(text)).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-1", "65536", "99999999999", "1.5"})
    void explainsWhatIsNoPort(String text) {
        assertThatThrownBy(() -> new Units.ForPort().convert(text))
                .hasMessage("'" + text + "' must be a number from 0 to 65535");
    }

    @Test
    void readsUris() {
        assertThat(new Units.ForUri().convert("ws://127.0.0.1:4442/a")).isEqualTo(URI.create("ws://127.0.0.1:4442/a"));
    }

    @ParameterizedTest
    @CsvSource({
        "::::, ::::",
        "ws://a b/, ws://a b/",
        "ws://user:s3@a b/, ws://...@a b/",
        "ws://feed.example.com/?key=s3 x, ws://feed.example.com/?..."
    })
    void explainsWhatIsNoUriWithoutSecrets(String text, String shown) {
        assertThatThrownBy(() -> new Units.ForUri().convert(text))
                .hasMessage("'" + shown + "' must be a URI as ws://host:port/path or wss://host:port/path");
    }
}
