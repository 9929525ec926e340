package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The choices that the builders of servers and clients have in common.
 *
 * @param <B> the builder itself
 */
abstract class SocketOptions<B extends SocketOptions<B>> {
    private static final Duration LONGEST = Duration.ofDays(365);

    private int maxMessageBytes = 16 << 20;
    private int outboundQueueBytes = 1 << 20;
    private Overflow overflow = Overflow.REJECT;
    private Duration unwritableTimeout = Duration.ofSeconds(10);
    private Duration pingInterval = Duration.ofSeconds(15);
    private Duration handshakeTimeout = Duration.ofSeconds(5);
    private Duration drainTimeout = Duration.ofSeconds(10);
    private boolean compression;
    private Transport transport = Transport.best();
    private @Nullable EventLoopGroup eventLoops;

    abstract B self();

    /**
     * Largest message accepted, in bytes of payload, all fragments together and after decompression. Default 16 MiB; a
     * larger one closes the connection with code 1009.
     */
    public B maxMessageBytes(int bytes) {
        maxMessageBytes = positive("maxMessageBytes", bytes);
        return self();
    }

    /**
     * Bound of the messages that wait to be sent on one connection, in bytes of frames. Default 1 MiB. A single larger
     * message is still admitted when nothing else is queued.
     */
    public B outboundQueueBytes(int bytes) {
        outboundQueueBytes = positive("outboundQueueBytes", bytes);
        return self();
    }

    /** What happens to a message that does not fit into the queue. Default {@link Overflow#REJECT}. */
    public B overflow(Overflow policy) {
        overflow = requireNonNull(policy, "policy");
        return self();
    }

    /**
     * How long a peer may take no byte while messages wait for it, checked every quarter of that time. Default 10 s;
     * then the connection is dropped, and {@code onClose} gets code 1013.
     */
    public B unwritableTimeout(Duration timeout) {
        unwritableTimeout = positive("unwritableTimeout", timeout);
        return self();
    }

    /**
     * How long a connection may bring no byte before a ping is sent. Default 15 s; after two pings without any byte in
     * return the connection is dropped, and {@code onClose} gets code 1006. A connection that this side has paused
     * is never taken for dead. Zero disables.
     */
    public B pingInterval(Duration interval) {
        pingInterval = interval.isZero() ? Duration.ZERO : positive("pingInterval", interval);
        return self();
    }

    /** How long the opening handshake may take, from the connection to the upgrade. Default 5 s. */
    public B handshakeTimeout(Duration timeout) {
        handshakeTimeout = positive("handshakeTimeout", timeout);
        return self();
    }

    /** How long a close waits for queued messages to leave and for the peer's answer. Default 10 s. */
    public B drainTimeout(Duration timeout) {
        drainTimeout = positive("drainTimeout", timeout);
        return self();
    }

    /**
     * Whether permessage-deflate is used if the peer wants it too. Default off: it costs time and, per connection, some
     * 300 KiB. A message cannot inflate beyond {@link #maxMessageBytes}.
     */
    public B compression(boolean on) {
        compression = on;
        return self();
    }

    /** How bytes reach the operating system. Default {@link Transport#best()}. */
    public B transport(Transport transport) {
        this.transport = requireNonNull(transport, "transport");
        return self();
    }

    /**
     * Event loops to run on, of the kind the transport needs. They are not shut down, and must be kept until the object
     * is closed, or its close does not complete. By default there are own ones, on daemon threads named
     * {@code mutil-server-} or {@code mutil-client-}, that end with the object.
     */
    public B eventLoops(EventLoopGroup loops) {
        eventLoops = requireNonNull(loops, "loops");
        return self();
    }

    Settings settings() {
        return new Settings(
                maxMessageBytes,
                outboundQueueBytes,
                overflow,
                unwritableTimeout,
                pingInterval,
                handshakeTimeout,
                drainTimeout,
                compression,
                transport);
    }

    Loops loops(String name, int threads) {
        return eventLoops != null ? Loops.borrowed(eventLoops) : Loops.owned(transport, name, threads);
    }

    static int positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, was " + value);
        }
        return value;
    }

    static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be positive and at most a year, was " + value);
        }
        return value;
    }
}
