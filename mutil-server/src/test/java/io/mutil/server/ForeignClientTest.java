package io.mutil.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JDK's client, which shares no code with ours. */
class ForeignClientTest {
    private final Echo echo = new Echo();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private WebSocketServer server;
    private java.net.http.WebSocket client;

    @BeforeEach
    void start() throws Exception {
        server = WebSocketServer.builder(echo).compression(true).start();
        client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(server.uri(), new Listener())
                .get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        client.abort();
        server.close();
    }

    private final class Listener implements java.net.http.WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private int bytes;

        @Override
        public @Nullable CompletionStage<?> onText(java.net.http.WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                events.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(java.net.http.WebSocket socket, ByteBuffer part, boolean last) {
            bytes += part.remaining();
            if (last) {
                events.add("binary " + bytes);
                bytes = 0;
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(java.net.http.WebSocket socket, ByteBuffer message) {
            events.add("pong " + message.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
            events.add("close " + code + " " + reason);
            return null;
        }
    }

    private String next() throws InterruptedException {
        return requireNonNull(events.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void textBinaryFragmentsAndPings() throws Exception {
        client.sendText("grüße", true).join();
        assertThat(next()).isEqualTo("text grüße");
        client.sendText("one, ", false).join();
        client.sendPing(ByteBuffer.allocate(5)).join();
        client.sendText("two, ", false).join();
        client.sendText("three", true).join();
        assertThat(next()).isEqualTo("pong 5");
        assertThat(next()).isEqualTo("text one, two, three");
        client.sendBinary(ByteBuffer.allocate(300_000), true).join();
        assertThat(next()).isEqualTo("binary 300000");
    }

    @Test
    void clientCloses() throws Exception {
        client.sendClose(4000, "bye").join();

        assertThat(echo.next("close")).isEqualTo("close 4000 bye");
        assertThat(next()).startsWith("close 4000");
    }

    @Test
    void serverCloses() throws Exception {
        var end = echo.socket().closeAsync(4001, "enough");

        assertThat(next()).isEqualTo("close 4001 enough");
        end.get(30, TimeUnit.SECONDS);
    }
}
