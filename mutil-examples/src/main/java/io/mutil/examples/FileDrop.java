package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mutil.server.Client;
import io.mutil.server.Connection;
import io.mutil.server.FileRoot;
import io.mutil.server.FileToSend;
import io.mutil.server.Keys;
import io.mutil.server.ReceivedFile;
import io.mutil.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** A server that keeps the files it is sent, under the names that it is told, and a client that sends one. */
public final class FileDrop {
    private FileDrop() {}

    /** Runs both in a directory of their own. */
    public static void main(String... args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("file-drop");
        Path report = Files.writeString(directory.resolve("report.csv"), "symbol,price\nIBM,101.25\n");
        FileRoot inbox = FileRoot.of(Files.createDirectory(directory.resolve("inbox")));
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Keys keys = Keys.of(secret);

        try (Server server = Server.builder(keys)
                        .onConnection(connection -> keep(connection, inbox))
                        .start();
                Connection connection = Client.connect(server.endpoint(), keys)) {
            connection.sendFile(FileToSend.of(report).prefix("2026/report.csv").sha256());
            System.out.println(UTF_8.decode(requireNonNull(connection.read())));
        }
    }

    private static void keep(Connection connection, FileRoot inbox) throws IOException, InterruptedException {
        for (ReceivedFile file = inbox.receive(connection); file != null; file = inbox.receive(connection)) {
            connection.write(UTF_8.encode("kept " + file.prefixText() + ", " + file.size() + " bytes"));
        }
    }
}
