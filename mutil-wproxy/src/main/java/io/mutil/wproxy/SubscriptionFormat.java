package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a service wants to be told when the keys change: the text messages to send, in their order. For services that want
 * the whole list each time, as well as for those that want differences.
 *
 * <pre>{@code
 * SubscriptionFormat format = SubscriptionFormat.wholeList(keys -> "{\"symbols\":" + keys + "}");
 * }</pre>
 */
@FunctionalInterface
public interface SubscriptionFormat {
    /**
     * Makes the messages for one change. Called on the event loop of the upstream, so it must not block; an exception ends
     * the connection, which is then made anew.
     *
     * @param current all keys after the change, in no particular order. It is an unmodifiable view of what the proxy itself
     *     goes on to change: read it on the calling thread before this method returns, and copy it to keep it or to hand it
     *     to another thread
     * @param added keys that were not asked for before; unmodifiable, made for this call, may be kept and read on any thread
     * @param removed keys that are not wanted any more; likewise
     * @return the messages, which may be none
     */
    List<String> messages(Set<String> current, Set<String> added, Set<String> removed);

    /** Makes the messages that ask for everything, or no longer do. By default none. Called as {@link #messages}. */
    default List<String> everything(boolean wanted) {
        return List.of();
    }

    /** Says nothing: for services that send everything of their own accord. */
    static SubscriptionFormat none() {
        return (current, added, removed) -> List.of();
    }

    /**
     * One message for what is no longer wanted and one for what is wanted in addition; of these, those that have keys.
     *
     * @param subscribe makes a message of a JSON list of keys, as {@code ["AAPL","MSFT"]}
     * @param unsubscribe likewise
     */
    static SubscriptionFormat differences(Function<String, String> subscribe, Function<String, String> unsubscribe) {
        requireNonNull(subscribe, "subscribe");
        requireNonNull(unsubscribe, "unsubscribe");
        return (current, added, removed) -> {
            var messages = new ArrayList<String>(2);
            if (!removed.isEmpty()) {
                messages.add(unsubscribe.apply(Notices.list(removed)));
            }
            if (!added.isEmpty()) {
                messages.add(subscribe.apply(Notices.list(added)));
            }
            return messages;
        };
    }

    /**
     * One message with the whole list, which may be empty.
     *
     * @param message makes a message of a JSON list of keys, as {@code ["AAPL","MSFT"]}
     */
    static SubscriptionFormat wholeList(Function<String, String> message) {
        requireNonNull(message, "message");
        return (current, added, removed) -> List.of(message.apply(Notices.list(current)));
    }
}
