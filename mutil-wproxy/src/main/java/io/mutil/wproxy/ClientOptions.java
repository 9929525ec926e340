package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mutil.server.WebSocketServer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the command line says about clients. */
final class ClientOptions {
    /** What a proxy allows unless told otherwise. */
    private static final int IN_ALL = 1_000_000;

    @Option(
            names = "--key-field",
            paramLabel = "NAME",
            defaultValue = "sym",
            description = "the field of an element that holds its key (default: ${DEFAULT-VALUE})")
    private String keyField = "";

    @Option(
            names = "--slow-policy",
            paramLabel = "POLICY",
            defaultValue = "conflate",
            converter = Policy.class,
            description = "if one is behind: conflate, drop-oldest, drop-newest or close (default: conflate)")
    private SlowPolicy slowPolicy = SlowPolicy.CONFLATE;

    @Option(
            names = "--queue-bytes",
            paramLabel = "SIZE",
            defaultValue = "1m",
            converter = Units.ForBytes.class,
            description = "how much may wait for a client before that applies (default: ${DEFAULT-VALUE})")
    private long queueBytes;

    @Option(
            names = "--queue-messages",
            paramLabel = "N",
            defaultValue = "10000",
            description = "how many messages may (default: ${DEFAULT-VALUE})")
    private int queueMessages;

    @Option(
            names = "--queue-age",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "and for how long (default: ${DEFAULT-VALUE})")
    private Duration queueAge = Duration.ZERO;

    @Option(names = "--snapshots", description = "keep the last message of each key, for the command snapshot")
    private boolean snapshots;

    @Option(
            names = "--history",
            paramLabel = "N,SIZE",
            converter = ForHistory.class,
            description = "keep so many messages of so many bytes, as 10000,16m, for the command since")
    private @Nullable Kept history;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "admit only who has a token of this file; see below")
    private @Nullable Path tokenFile;

    @Option(
            names = "--origin",
            paramLabel = "ORIGIN",
            description = "admit pages of this origin, as https://app.example.com; repeatable")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = "--allow-host",
            paramLabel = "NAME",
            description = "with --status: a name that clients connect to, as feed.example.com; repeatable")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--max-clients",
            paramLabel = "N",
            defaultValue = "10000",
            description = "how many there may be (default: ${DEFAULT-VALUE})")
    private int maxClients;

    @Option(
            names = "--max-subscriptions",
            paramLabel = "N",
            defaultValue = "10000",
            description = "how many keys each may subscribe to (default: ${DEFAULT-VALUE})")
    private int maxSubscriptions;

    @Option(
            names = "--max-keys",
            paramLabel = "N",
            defaultValue = "100000",
            description = "how many different keys all together may (default: ${DEFAULT-VALUE})")
    private int maxKeys;

    @Option(
            names = "--max-life",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "ask a client to connect anew after so long (default: never)")
    private Duration maxLife = Duration.ZERO;

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "serve wss with this certificate chain in PEM")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "its private key in PEM, PKCS #8")
    private @Nullable Path key;

    @Option(
            names = "--status",
            paramLabel = "PATH",
            description = "answer HTTP requests for this path, as /status, with figures in JSON")
    private @Nullable String status;

    /** What a history keeps at most. */
    record Kept(int messages, long bytes) {}

    static final class Policy implements ITypeConverter<SlowPolicy> {
        @Override
        public SlowPolicy convert(String text) {
            return switch (text) {
                case "conflate" -> SlowPolicy.CONFLATE;
                case "drop-oldest" -> SlowPolicy.DROP_OLDEST;
                case "drop-newest" -> SlowPolicy.DROP_NEWEST;
                case "close" -> SlowPolicy.CLOSE;
                default ->
                    throw new TypeConversionException(
                            "'" + text + "' must be conflate, drop-oldest, drop-newest or close");
            };
        }
    }

    static final class ForHistory implements ITypeConverter<Kept> {
        @Override
        public Kept convert(String text) {
            String[] parts = text.split(",", -1);
            if (parts.length != 2 || !parts[0].matches("\\d{1,9}")) {
                throw new TypeConversionException("'" + text + "' must be messages and bytes, as 10000,16m");
            }
            return new Kept(Integer.parseInt(parts[0]), new Units.ForBytes().convert(parts[1]));
        }
    }

    /** @throws IOException if a file cannot be used */
    void applyTo(WProxy.Builder proxy) throws IOException {
        proxy.keysOf(KeyExtractor.field(keyField))
                .slowPolicy(slowPolicy)
                .queueLimits(new QueueLimits(queueBytes, queueMessages, queueAge))
                .maxSubscriptions(
                        WProxy.Builder.positive("--max-subscriptions", maxSubscriptions),
                        Math.max(IN_ALL, maxSubscriptions))
                .maxKeys(WProxy.Builder.positive("--max-keys", maxKeys))
                .maxLife(maxLife)
                .statsCommand();
        if (snapshots) {
            proxy.snapshots();
        }
        if (history != null) {
            proxy.history(history.messages(), history.bytes());
        }
        if (tokenFile != null) {
            proxy.access(Access.tokens(TokenFile.read(tokenFile)));
        }
        if (status != null) {
            proxy.status(status);
        }
        SslContext tls = tls();
        proxy.server(server -> server(server, tls));
    }

    private WebSocketServer.Builder server(WebSocketServer.Builder server, @Nullable SslContext tls) {
        origins.forEach(server::allowOrigin);
        hosts.forEach(server::allowHost);
        if (tls != null) {
            server.tls(tls);
        }
        return server.maxConnections(maxClients);
    }

    private @Nullable SslContext tls() throws IOException {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException("--tls-cert and --tls-key need each other");
        }
        try (var chain = pem(Secrets.text(certificate));
                var own = pem(Secrets.read(key))) {
            return SslContextBuilder.forServer(chain, own).build();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "no certificate and key in " + certificate + " and " + key + ": " + e.getMessage()
                            + "; both must be PEM, the key as PKCS #8",
                    e);
        }
    }

    private static InputStream pem(String text) {
        return new ByteArrayInputStream(text.getBytes(US_ASCII));
    }

    boolean hasTokens() {
        return tokenFile != null;
    }
}
