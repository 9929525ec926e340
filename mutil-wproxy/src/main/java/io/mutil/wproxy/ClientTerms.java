package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one client may do, and how it is treated where that differs from other clients.
 *
 * <p>Immutable: each method makes new terms.
 *
 * <pre>{@code
 * ClientTerms terms = ClientTerms.ofKeys(Set.of("AAPL", "MSFT")).slowPolicy(SlowPolicy.CLOSE);
 * }</pre>
 */
public final class ClientTerms {
    private static final ClientTerms UNLIMITED = new ClientTerms(key -> true, true, null, null, 0);

    private final Predicate<? super String> keys;
    private final boolean everything;
    private final @Nullable SlowPolicy slowPolicy;
    private final @Nullable QueueLimits queueLimits;
    private final int maxSubscriptions;

    private ClientTerms(
            Predicate<? super String> keys,
            boolean everything,
            @Nullable SlowPolicy slowPolicy,
            @Nullable QueueLimits queueLimits,
            int maxSubscriptions) {
        this.keys = keys;
        this.everything = everything;
        this.slowPolicy = slowPolicy;
        this.queueLimits = queueLimits;
        this.maxSubscriptions = maxSubscriptions;
    }

    /** All keys, and everything. */
    public static ClientTerms unlimited() {
        return UNLIMITED;
    }

    /** These keys, and not everything. */
    public static ClientTerms ofKeys(Collection<String> keys) {
        return ofKeys(Set.copyOf(keys)::contains);
    }

    /** Keys that pass, and not everything. The condition is called on an event loop, so it must not block. */
    public static ClientTerms ofKeys(Predicate<? super String> condition) {
        return new ClientTerms(requireNonNull(condition, "condition"), false, null, null, 0);
    }

    /** Another policy than the proxy's. */
    public ClientTerms slowPolicy(SlowPolicy policy) {
        return new ClientTerms(keys, everything, requireNonNull(policy, "policy"), queueLimits, maxSubscriptions);
    }

    /** Other limits than the proxy's. */
    public ClientTerms queueLimits(QueueLimits limits) {
        return new ClientTerms(keys, everything, slowPolicy, requireNonNull(limits, "limits"), maxSubscriptions);
    }

    /**
     * How many keys it may subscribe to at a time, instead of what the proxy says.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public ClientTerms maxSubscriptions(int count) {
        return new ClientTerms(
                keys, everything, slowPolicy, queueLimits, WProxy.Builder.positive("maxSubscriptions", count));
    }

    boolean admits(String key) {
        return keys.test(key);
    }

    boolean admitsEverything() {
        return everything;
    }

    SlowPolicy slowPolicyOr(SlowPolicy other) {
        return slowPolicy == null ? other : slowPolicy;
    }

    QueueLimits queueLimitsOr(QueueLimits other) {
        return queueLimits == null ? other : queueLimits;
    }

    int maxSubscriptionsOr(int other) {
        return maxSubscriptions == 0 ? other : maxSubscriptions;
    }
}
