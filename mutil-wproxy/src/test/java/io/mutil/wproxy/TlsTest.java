package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.Transport;
import io.mutil.server.WebSocketClient;
import io.mutil.testkit.TestTls;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TlsTest {
    static List<Transport> transports() {
        return Transport.available();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void bothSidesMayUseTls(Transport transport) throws Exception {
        String large = "{\"sym\":\"A\",\"x\":\"" + "\u00e9".repeat(300_000) + "\"}";
        try (ScriptedUpstream upstream = new ScriptedUpstream(server -> server.tls(TestTls.server()));
                WProxy proxy = Quick.proxy(Quick.upstream(upstream).client(client -> client.tls(TestTls.client())))
                        .server(server -> server.tls(TestTls.server()))
                        .transport(transport)
                        .start()) {
            assertThat(upstream.uri().getScheme()).isEqualTo("wss");
            assertThat(proxy.uri().getScheme()).isEqualTo("wss");
            var client = new TestClient(proxy.uri(), options -> options.tls(TestTls.client()));
            client.command("{\"subscribe\": [\"A\"]}");
            for (int i = 0; i < 100; i++) {
                upstream.send("[{\"sym\":\"A\",\"n\":" + i + "},{\"sym\":\"B\"}]");
            }
            upstream.send(large);
            for (int i = 0; i < 100; i++) {
                assertThat(client.next()).isEqualTo("{\"sym\":\"A\",\"n\":" + i + "}");
            }
            assertThat(client.next()).isEqualTo(large);
            upstream.drop();
            upstream.send(large);
            assertThat(client.nextButOutages()).isEqualTo(large);
            client.close();
        }
    }

    /** An upstream that nobody vouches for gets no keys. */
    @ParameterizedTest
    @MethodSource("transports")
    void anUpstreamWithAForeignCertificateIsNotConnectedTo(Transport transport) throws Exception {
        try (ScriptedUpstream stranger = new ScriptedUpstream(server -> server.tls(TestTls.server()));
                ScriptedUpstream known = new ScriptedUpstream(server -> server.tls(TestTls.server()));
                WProxy proxy = Quick.proxy(Upstream.failover(List.of(
                                Quick.upstream(stranger).client(TlsTest::suspicious),
                                Quick.upstream(known).client(client -> client.tls(TestTls.client())))))
                        .transport(transport)
                        .start();
                TestClient client = TestClient.of(proxy, "A")) {
            assertThat(known.heard()).isEqualTo("+ [\"A\"]");
            known.send("{\"sym\":\"A\"}");
            assertThat(client.next()).isEqualTo("{\"sym\":\"A\"}");
            assertThat(stranger.hasHeardNothingMore()).isTrue();
        }
    }

    private static WebSocketClient.Builder suspicious(WebSocketClient.Builder client) {
        return client.tls(TestTls.clientOfOthers());
    }
}
