package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a message of a client asks for: a JSON object whose members are commands, read and checked as a whole before any of
 * it takes effect.
 */
final class Order {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_KEY = 256;

    private final Subscriber subscriber;
    private final Hub hub;
    private final Set<String> added = new LinkedHashSet<>();
    private final Set<String> removed = new LinkedHashSet<>();
    private @Nullable Boolean everything;
    private @Nullable Set<String> snapshot;
    private @Nullable Since since;
    private boolean stats;

    /** Why a message is not carried out. The text is for the client. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String text) {
            super(text, null, false, false);
        }

        Element notice() {
            return Notices.error(String.valueOf(getMessage()));
        }
    }

    private Order(Hub hub, Subscriber subscriber) {
        this.hub = hub;
        this.subscriber = subscriber;
    }

    static Order read(Hub hub, Subscriber subscriber, String message) throws RefusedException {
        JsonNode commands = parse(message);
        var order = new Order(hub, subscriber);
        for (Map.Entry<String, JsonNode> command : commands.properties()) {
            order.add(command.getKey(), command.getValue());
        }
        order.check();
        return order;
    }

    private static JsonNode parse(String message) throws RefusedException {
        JsonNode commands;
        try {
            commands = JSON.readTree(message);
        } catch (JacksonException e) {
            // what is wrong with it is the client's to know
            commands = null;
        }
        if (commands == null || !commands.isObject()) {
            throw new RefusedException("Commands must be a JSON object");
        }
        return commands;
    }

    private void add(String command, JsonNode value) throws RefusedException {
        switch (command) {
            case "subscribe" -> names("Subscribe", value).forEach(this::subscribe);
            case "unsubscribe" -> names("Unsubscribe", value).forEach(this::unsubscribe);
            case "subscribe:all" -> everything = true;
            case "unsubscribe:all" -> everything = false;
            case "snapshot" -> {
                offer(command, hub.keepsLast());
                snapshot = isTrue(value) ? Set.of() : names("Snapshot", value);
            }
            case "since" -> {
                offer(command, hub.history() != null);
                since = isTrue(value) ? Since.NOTHING : Since.read(value);
            }
            case "stats" -> {
                offer(command, hub.options().statsCommand());
                stats = true;
            }
            default -> throw new RefusedException("Unknown command: " + shortened(command));
        }
    }

    private static void offer(String command, boolean isOffered) throws RefusedException {
        if (!isOffered) {
            throw new RefusedException("This proxy does not offer " + command);
        }
    }

    private static boolean isTrue(JsonNode value) {
        return value.isBoolean() && value.asBoolean();
    }

    private static String shortened(String text) {
        return text.length() <= 50 ? text : text.substring(0, 50) + "...";
    }

    private static Set<String> names(String command, JsonNode list) throws RefusedException {
        if (!list.isArray()) {
            throw new RefusedException(command + " items must be a list");
        }
        var names = new LinkedHashSet<String>();
        for (JsonNode item : list) {
            names.add(name(command, item));
        }
        return names;
    }

    private static String name(String command, JsonNode item) throws RefusedException {
        if (!item.isString() && !item.isIntegralNumber()) {
            throw new RefusedException(command + " items must be strings");
        }
        String name = item.asString();
        if (name.isEmpty() || name.length() > LONGEST_KEY) {
            throw new RefusedException(command + " items must have 1 to " + LONGEST_KEY + " characters");
        }
        if (!isEncodable(name)) {
            throw new RefusedException(command + " items must be valid Unicode");
        }
        return name;
    }

    /** Half a surrogate pair would be another key above, where it arrives as a question mark. */
    private static boolean isEncodable(String name) {
        return name.chars().noneMatch(c -> Character.isSurrogate((char) c))
                || UTF_8.newEncoder().canEncode(name);
    }

    private void subscribe(String name) {
        if (!removed.remove(name) && !subscriber.isSubscribedTo(name)) {
            added.add(name);
        }
    }

    private void unsubscribe(String name) {
        if (!added.remove(name) && subscriber.isSubscribedTo(name)) {
            removed.add(name);
        }
    }

    private void check() throws RefusedException {
        ClientTerms terms = subscriber.terms();
        if (Boolean.TRUE.equals(everything) && !terms.admitsEverything()) {
            throw new RefusedException("Not allowed: subscribe:all");
        }
        for (String name : added) {
            if (!terms.admits(name)) {
                throw new RefusedException("Not allowed: " + name);
            }
        }
        int most = terms.maxSubscriptionsOr(hub.options().maxSubscriptions());
        if (!added.isEmpty() && subscriber.subscriptions() + added.size() - removed.size() > most) {
            throw new RefusedException("Too many subscriptions: at most " + most);
        }
        if (snapshot != null && (since != null || subscriber.isCounting())) {
            throw new RefusedException("Snapshot is not for clients that count with since");
        }
        for (String name : snapshot == null ? Set.<String>of() : snapshot) {
            if (!added.contains(name) && (!subscriber.isSubscribedTo(name) || removed.contains(name))) {
                throw new RefusedException("Snapshot items must be subscribed to");
            }
        }
    }

    Set<String> added() {
        return added;
    }

    Set<String> removed() {
        return removed;
    }

    /** Null if nothing is said about that. */
    @Nullable
    Boolean everything() {
        return everything;
    }

    /** Names of which the last message is wanted; empty for those that are new; null for none. */
    @Nullable
    Set<String> snapshot() {
        return snapshot;
    }

    /** Null if that is not asked for. */
    @Nullable
    Since since() {
        return since;
    }

    boolean stats() {
        return stats;
    }
}
