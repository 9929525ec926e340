package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.Side.Said;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The worked examples of docs/protocol.md are what the code says. */
class ProtocolDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "protocol.md");

    private final Keys keys = Side.keys("2026-11", "correct horse battery staple".getBytes(US_ASCII));

    /** A process whose random bytes count upwards from the given one. */
    private Authentication counting(Handshake handshake, int first) {
        return Side.authentication(handshake, keys, Side.FORMAT, bytes -> {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (first + i);
            }
        });
    }

    private static String document() throws IOException {
        return Files.readString(DOCUMENT).replaceAll("\\s+", "");
    }

    @ParameterizedTest
    @EnumSource
    void showsWhatIsSaid(Handshake handshake) throws IOException {
        Side client = Side.client(counting(handshake, 0));
        Side server = Side.server(counting(handshake, 0x80));

        List<Said> all = Side.talk(client, server);

        assertThat(client.agreement).isNotNull();
        assertThat(server.agreement).isNotNull();
        for (Said said : all) {
            assertThat(document()).contains(ByteBufUtil.hexDump(said.bytes()));
        }
    }

    @Test
    void showsWhatOldPythonsSay() throws IOException {
        byte[] challenge = new byte[20];
        for (int i = 0; i < challenge.length; i++) {
            challenge[i] = (byte) (0x80 + i);
        }
        Side client = Side.client(counting(Handshake.MULTIPROCESSING, 0));
        byte[] message = Side.join(new byte[] {0, 0, 0, 31}, "#CHALLENGE#".getBytes(US_ASCII), challenge);

        byte[] answer = client.hear(message);

        assertThat(document()).contains(ByteBufUtil.hexDump(message)).contains(ByteBufUtil.hexDump(answer));
    }
}
