package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginPolicyTest {
    private static HttpHeaders headers(@Nullable String origin, @Nullable String host) {
        var headers = new DefaultHttpHeaders();
        if (origin != null) {
            headers.add("Origin", origin);
        }
        if (host != null) {
            headers.add("Host", host);
        }
        return headers;
    }

    @ParameterizedTest
    @CsvSource({
        // origin, host, on loopback, on a public address
        ", localhost:80, true, true",
        ", evil.example, true, true",
        "http://localhost:8080, localhost:8080, true, true",
        "http://LOCALHOST:8080, localhost:8080, true, true",
        "http://127.0.0.1:8080, 127.0.0.1:8080, true, true",
        "http://127.9.9.9, 127.9.9.9, true, true",
        "http://[::1]:8080, [::1]:8080, true, true",
        "http://localhost, localhost:80, true, true",
        "https://localhost, localhost:443, true, true",
        "http://localhost:8080, localhost:8081, false, false",
        "http://localhost:8080, 127.0.0.1:8080, false, false",
        "http://evil.example:8080, localhost:8080, false, false",
        "http://evil.example:8080, evil.example:8080, false, true",
        "http://127.0.0.1.evil.example, 127.0.0.1.evil.example, false, true",
        "http://feed.example, feed.example, false, true",
        "https://app.example.com, localhost:8080, true, true",
        "https://APP.example.com, localhost:8080, true, true",
        "https://app.example.com:444, localhost:8080, false, false",
        "null, localhost, false, false",
        "file://, localhost, false, false",
        "http://, localhost, false, false",
        "http://a b, a b, false, false",
        "http://localhost, , false, false",
    })
    void admitsOwnAndAllowedPagesOnly(
            @Nullable String origin, @Nullable String host, boolean onLoopback, boolean onPublic) {
        var allowed = Set.of("https://app.example.com");

        assertThat(new OriginPolicy(allowed, true).admits(headers(origin, host)))
                .isEqualTo(onLoopback);
        assertThat(new OriginPolicy(allowed, false).admits(headers(origin, host)))
                .isEqualTo(onPublic);
    }

    @Test
    void nullOriginPassesOnlyIfAllowed() {
        assertThat(new OriginPolicy(Set.of("null"), true).admits(headers("null", "localhost")))
                .isTrue();
    }

    @Test
    void severalOriginsAreRefused() {
        HttpHeaders headers = headers("http://localhost", "localhost").add("Origin", "http://localhost");

        assertThat(new OriginPolicy(Set.of(), true).admits(headers)).isFalse();
    }

    @Test
    void serverAnswers403() throws Exception {
        try (var server = WebSocketServer.builder(new Recorder())
                        .allowOrigin("https://app.example.com")
                        .start();
                var evil = new RawClient(server.port());
                var app = new RawClient(server.port())) {
            evil.write(RawClient.handshake("Host: localhost\r\nOrigin: https://evil.example\r\n"));
            app.write(RawClient.handshake("Host: localhost\r\nOrigin: https://app.example.com\r\n"));

            assertThat(evil.readHead()).contains("403");
            assertThat(evil.readStatus()).contains("allowOrigin");
            assertThat(app.readHead()).contains("101");
            app.frame(0x88, new byte[0]);
        }
    }
}
