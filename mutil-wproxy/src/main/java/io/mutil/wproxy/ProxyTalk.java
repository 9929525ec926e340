package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
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

    /** Commands that have no answer yet, in their order. */
    private final Queue<Said> unanswered = new ConcurrentLinkedQueue<>();

    private boolean warned;

    /** @param answer if it is carried out */
    private record Said(String command, ByteBuf answer) {}

    /** The commands of this protocol, in messages that the other proxy takes. */
    static final class Format implements SubscriptionFormat {
        /** In characters: each is six bytes at most in JSON. */
        private static final int MOST_AT_ONCE = Clients.LARGEST_COMMAND / 8;

        private static final SubscriptionFormat KEYS = SubscriptionFormat.differences(
                keys -> "{\"subscribe\": " + keys + "}", keys -> "{\"unsubscribe\": " + keys + "}");

        @Override
        public List<String> messages(Set<String> current, Set<String> added, Set<String> removed) {
            var messages = new ArrayList<String>();
            for (Set<String> some : split(removed)) {
                messages.addAll(KEYS.messages(current, Set.of(), some));
            }
            for (Set<String> some : split(added)) {
                messages.addAll(KEYS.messages(current, some, Set.of()));
            }
            return messages;
        }

        private static List<Set<String>> split(Set<String> keys) {
            var parts = new ArrayList<Set<String>>();
            int characters = MOST_AT_ONCE;
            for (String key : keys) {
                characters += key.length() + 4;
                if (characters > MOST_AT_ONCE) {
                    parts.add(new LinkedHashSet<>());
                    characters = key.length() + 4;
                }
                parts.get(parts.size() - 1).add(key);
            }
            return parts;
        }

        @Override
        public List<String> everything(boolean wanted) {
            return List.of(wanted ? "{\"subscribe:all\": true}" : "{\"unsubscribe:all\": true}");
        }
    }

    /** A command is on its way. */
    void said(String command) {
        unanswered.add(new Said(
                command, Unpooled.wrappedBuffer(Notices.acknowledgement(command).payload())));
    }

    /**
     * Whether a message is the other proxy's own; what it says about gaps goes on to the receiver.
     *
     * @param say says something more
     */
    boolean isOwn(ByteBuf message, UpstreamReceiver receiver, Consumer<String> say) {
        Said first = unanswered.peek();
        if (first != null && message.equals(first.answer())) {
            unanswered.remove();
            return true;
        }
        if (first != null && startsWith(message, ERROR)) {
            unanswered.remove();
            refused(first.command(), message, say);
            return true;
        }
        return startsWith(message, GAP) && isGap(message, receiver);
    }

    /** A command is refused as a whole, maybe for one of its keys: the others are asked for again, in halves. */
    private void refused(String command, ByteBuf error, Consumer<String> say) {
        List<String> keys = JSON.readTree(command)
                .path("subscribe")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        if (keys.size() < 2) {
            // clients choose keys, so there may be many
            LOGGER.log(
                    warned ? Level.DEBUG : Level.WARNING,
                    () -> "the proxy above refused a command, and may refuse more: " + Shown.of(error.toString(UTF_8)));
            warned = true;
            return;
        }
        int half = keys.size() / 2;
        for (List<String> some : List.of(keys.subList(0, half), keys.subList(half, keys.size()))) {
            say.accept("{\"subscribe\": " + Notices.list(some) + "}");
        }
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
