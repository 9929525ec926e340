package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import java.time.Duration;

/** What the network egresses have in common: their codec, and how they gather items and treat slow readers. */
final class BatchOptions<T> {
    private static final int MAX_BATCH = 1 << 20;

    private final Codec<? super T> codec;
    private int maxItems = Batch.NONE;
    private Duration maxDelay = Duration.ZERO;
    private SlowReader slowReaders = SlowReader.WAIT;

    BatchOptions(Codec<? super T> codec) {
        this.codec = requireNonNull(codec, "codec");
    }

    void batch(int maxItems, Duration maxDelay) {
        if (!codec.isText()) {
            throw new IllegalArgumentException(
                    "batch needs a codec that can write an array as text, " + codec + " cannot; use JsonCodec");
        }
        if (maxItems < 1 || maxItems > MAX_BATCH) {
            throw new IllegalArgumentException("maxItems must be 1 to " + MAX_BATCH + ", was " + maxItems);
        }
        if (maxDelay.isNegative()) {
            throw new IllegalArgumentException("maxDelay must not be negative, was " + maxDelay);
        }
        this.maxItems = maxItems;
        this.maxDelay = maxDelay;
    }

    void slowReaders(SlowReader policy) {
        slowReaders = requireNonNull(policy, "policy");
    }

    Codec<? super T> codec() {
        return codec;
    }

    int maxItems() {
        return maxItems;
    }

    Duration maxDelay() {
        return maxDelay;
    }

    SlowReader slowReaders() {
        return slowReaders;
    }
}
