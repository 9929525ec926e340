package io.mutil.wproxy;

import io.mutil.server.WebSocketClient;
import io.mutil.server.WebSocketListener;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the command line says about the upstream. */
final class UpstreamOptions {
    private static final String KEYS = "{keys}";
    private static final int USUAL_MESSAGE = 16 << 20;
    private static final URI SOMEWHERE = URI.create("ws://127.0.0.1/");

    @Option(
            names = "--failover",
            paramLabel = "URI",
            description = "another upstream with the same to offer; repeatable")
    private List<URI> failover = new ArrayList<>();

    @Option(names = "--upstream-is-proxy", description = "the upstream is another proxy of this kind")
    private boolean ofProxy;

    @Option(
            names = "--subscribe-message",
            paramLabel = "TEXT",
            description = "asks for keys, as '{\"action\":\"subscribe\",\"trades\":{keys}}' (default: nothing)")
    private @Nullable String subscribe;

    @Option(
            names = "--unsubscribe-message",
            paramLabel = "TEXT",
            description = "says which keys nobody wants any more (default: nothing)")
    private @Nullable String unsubscribe;

    @Option(
            names = "--on-connect",
            paramLabel = "SECRET",
            description = "a message to send first, such as a login; repeatable")
    private List<String> onConnect = new ArrayList<>();

    @Option(
            names = "--wait-for",
            paramLabel = "TEXT",
            description = "what the answer to a login holds; the stream begins behind it (default: at once)")
    private @Nullable String waitFor;

    @Option(names = "--header", paramLabel = "NAME:SECRET", description = "a header of the connection; repeatable")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--silence-timeout",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "connect anew if nothing comes for so long (default: never)")
    private Duration silence = Duration.ZERO;

    @Option(
            names = "--debounce",
            paramLabel = "TIME",
            defaultValue = "20ms",
            description = "gather changes of keys for so long (default: ${DEFAULT-VALUE})")
    private Duration debounce = Duration.ZERO;

    @Option(
            names = "--linger",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "go on with a key that nobody wants any more for so long (default: ${DEFAULT-VALUE})")
    private Duration linger = Duration.ZERO;

    @Option(
            names = "--chunk",
            paramLabel = "N",
            defaultValue = "500",
            description = "say at most so many keys at a time (default: ${DEFAULT-VALUE})")
    private int chunk;

    @Option(
            names = "--max-message",
            paramLabel = "SIZE",
            defaultValue = "16m",
            converter = Units.ForBytes.class,
            description = "its largest message; a larger one ends the connection (default: ${DEFAULT-VALUE})")
    private long maxMessage = USUAL_MESSAGE;

    private record Header(String name, String value) {
        static Header of(String text) throws IOException {
            int colon = text.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException(
                        "--header must be a name, a colon and a value, as 'X-Key: @key.txt'");
            }
            var header = new Header(
                    text.substring(0, colon).strip(),
                    Secrets.resolve(text.substring(colon + 1).strip()));
            // what is no header is told now, and not each time when it is connected
            WebSocketClient.builder(SOMEWHERE, new WebSocketListener() {}).header(header.name(), header.value());
            return header;
        }

        /** Without the value, which may be secret. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** @throws IOException if a file or a variable with a secret is not there */
    Upstream upstream(URI first) throws IOException {
        checkFormat();
        checkMaxMessage();
        List<Header> shown = new ArrayList<>();
        for (String header : headers) {
            shown.add(Header.of(header));
        }
        List<String> said = new ArrayList<>();
        for (String message : onConnect) {
            said.add(Secrets.resolve(message));
        }
        List<WebSocketUpstream> all = Stream.concat(Stream.of(first), failover.stream())
                .map(uri -> webSocket(uri, shown, said))
                .toList();
        return all.size() == 1 ? all.get(0) : Upstream.failover(all);
    }

    private WebSocketUpstream webSocket(URI uri, List<Header> shown, List<String> said) {
        WebSocketUpstream upstream = ofProxy ? Upstream.proxy(uri) : Upstream.webSocket(uri);
        if (subscribe != null) {
            upstream = upstream.subscriptions(this::messages);
        }
        if (!said.isEmpty() || waitFor != null) {
            upstream = upstream.onConnect(service -> converse(service, said));
        }
        return upstream.client(client -> {
            shown.forEach(header -> client.header(header.name(), header.value()));
            return client.maxMessageBytes((int) maxMessage);
        });
    }

    private List<String> messages(Set<String> current, Set<String> added, Set<String> removed) {
        return Stream.of(message(unsubscribe, removed), message(subscribe, added))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> message(@Nullable String template, Set<String> keys) {
        return template == null || keys.isEmpty() ? List.of() : List.of(template.replace(KEYS, Notices.list(keys)));
    }

    private void converse(Conversation service, List<String> said) throws IOException, InterruptedException {
        for (String message : said) {
            service.send(message);
        }
        if (waitFor != null) {
            String answer = service.receive();
            while (!answer.contains(waitFor)) {
                answer = service.receive();
            }
        }
    }

    private void checkFormat() {
        checkTemplate("--subscribe-message", subscribe);
        checkTemplate("--unsubscribe-message", unsubscribe);
        if (unsubscribe != null && subscribe == null) {
            throw new IllegalArgumentException("--unsubscribe-message needs --subscribe-message");
        }
        if (ofProxy && subscribe != null) {
            throw new IllegalArgumentException(
                    "--upstream-is-proxy says how to ask for keys, leave out --subscribe-message");
        }
    }

    private void checkMaxMessage() {
        if (maxMessage < 1 || maxMessage > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "--max-message must be from 1 to " + Integer.MAX_VALUE + " bytes, was " + maxMessage);
        }
    }

    private static void checkTemplate(String option, @Nullable String template) {
        if (template != null && !template.contains(KEYS)) {
            throw new IllegalArgumentException(
                    option + " must hold " + KEYS + ", which stands for a JSON list of keys");
        }
    }

    /** Whether something is said that a recording has no use for. */
    boolean isAboutConnections() {
        return ofProxy
                || subscribe != null
                || waitFor != null
                || !silence.isZero()
                || maxMessage != USUAL_MESSAGE
                || !failover.isEmpty()
                || !onConnect.isEmpty()
                || !headers.isEmpty();
    }

    void applyTo(WProxy.Builder proxy) {
        proxy.silenceTimeout(silence).debounce(debounce).linger(linger).chunk(chunk);
    }
}
