package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tells what another proxy says about itself from what it passes on. */
final class ProxyTalk {
    private static final Logger LOGGER = System.getLogger(ProxyTalk.class.getName());
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] GAP = "{\"gap\": {".getBytes(UTF_8);
    private static final byte[] ERROR = "{\"error\": \"".getBytes(UTF_8);

    /** Answers that are still to come, in their order. As many as there are commands under way. */
    private final Queue<byte[]> expected = new ConcurrentLinkedQueue<>();

    /** The commands of this protocol. */
    static final class Format implements SubscriptionFormat {
        private static final SubscriptionFormat KEYS = SubscriptionFormat.differences(
                keys -> "{\"subscribe\": " + keys + "}", keys -> "{\"unsubscribe\": " + keys + "}");

        @Override
        public List<String> messages(Set<String> current, Set<String> added, Set<String> removed) {
            return KEYS.messages(current, added, removed);
        }

        @Override
        public List<String> everything(boolean wanted) {
            return List.of(wanted ? "{\"subscribe:all\": true}" : "{\"unsubscribe:all\": true}");
        }
    }

    /** A command is on its way. */
    void said(String command) {
        expected.add(Notices.acknowledgement(command).payload());
    }

    /** Whether a message is the other proxy's own; what it says about gaps goes on to the receiver. */
    boolean isOwn(ByteBuf message, UpstreamReceiver receiver) {
        byte[] answer = expected.peek();
        if (answer != null && message.readableBytes() == answer.length && startsWith(message, answer)) {
            expected.remove();
            return true;
        }
        if (answer != null && startsWith(message, ERROR)) {
            expected.remove();
            LOGGER.log(Level.WARNING, () -> "the proxy above refused a command: " + message.toString(UTF_8));
            return true;
        }
        return startsWith(message, GAP) && isGap(message, receiver);
    }

    private static boolean startsWith(ByteBuf message, byte[] bytes) {
        if (message.readableBytes() < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (message.getByte(message.readerIndex() + i) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isGap(ByteBuf message, UpstreamReceiver receiver) {
        JsonNode gap;
        try {
            gap = JSON.readTree(message.toString(UTF_8)).path("gap");
        } catch (JacksonException e) {
            return false;
        }
        JsonNode missed = gap.path("missed");
        if (!gap.has("key") || !(missed.isNull() || missed.isIntegralNumber())) {
            return false;
        }
        @Nullable String key = gap.path("key").isNull() ? null : gap.path("key").asString();
        receiver.onGap(key, missed.isNull() ? Notices.UNKNOWN : missed.asLong());
        return true;
    }
}
