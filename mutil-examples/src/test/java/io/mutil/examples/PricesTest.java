package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.Client;
import io.mutil.server.Connection;
import io.mutil.server.ConnectionHandler;
import io.mutil.server.Keys;
import io.mutil.server.Requests;
import io.mutil.server.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PricesTest {
    @Test
    void everyQuestionIsAnswered() throws Exception {
        PrintStream terminal = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            Prices.main();
        } finally {
            System.setOut(terminal);
        }

        assertThat(printed.toString(UTF_8))
                .contains("Quote[symbol=IBM, price=101.25]", "Quote[symbol=MSFT, price=420.5]");
    }

    @Test
    void exampleOfTheDocumentationWorks() throws Exception {
        byte[] secret = "32 random bytes would be better.".getBytes(UTF_8);
        ByteBuffer request = ByteBuffer.wrap(new byte[] {1, 2, 3});

        Keys keys = Keys.of(secret);
        try (Server server = Server.builder(keys).onConnection(this::echo).start();
                Connection connection = Client.connect(server.endpoint(), keys)) {
            connection.write(request);
            assertThat(connection.read()).isEqualTo(request);
        }
    }

    @Test
    void exampleOfRequestsWorks() throws Exception {
        Keys keys = Keys.of("32 random bytes would be better.".getBytes(UTF_8));
        ByteBuffer question = UTF_8.encode("IBM");
        ConnectionHandler answering = connection -> Requests.on(connection, symbol -> UTF_8.encode("101.25"));

        try (Server server = Server.builder(keys).onConnection(answering).start();
                Connection connection = Client.connect(server.endpoint(), keys)) {
            Requests requests = Requests.on(connection);
            ByteBuffer answer = requests.ask(question, Duration.ofSeconds(30));
            assertThat(UTF_8.decode(answer).toString()).isEqualTo("101.25");
        }
    }

    private void echo(Connection connection) throws IOException, InterruptedException {
        for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
            connection.write(frame);
        }
    }
}
