package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import io.mutil.codec.internal.BlockingThreads;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The choices that the builders of all servers and clients have in common.
 *
 * @param <B> the builder itself
 */
abstract class LinkOptions<B extends LinkOptions<B>> {
    private static final Duration LONGEST = Duration.ofDays(365);

    private int outboundQueueBytes = 1 << 20;
    private int unsentBytes;
    private Duration unwritableTimeout = Duration.ofSeconds(10);
    private Duration pingInterval = Duration.ofSeconds(15);
    private Duration handshakeTimeout = Duration.ofSeconds(5);
    private Duration drainTimeout = Duration.ofSeconds(10);
    private Transport transport = Transport.best();
    private @Nullable EventLoopGroup eventLoops;
    private @Nullable SslContext tls;
    private @Nullable Executor executor;

    abstract B self();

    /**
     * Bound of what waits to be sent on one connection, in bytes of frames. Default 1 MiB. A single larger frame is
     * still admitted when nothing else is queued.
     */
    public B outboundQueueBytes(int bytes) {
        outboundQueueBytes = positive("outboundQueueBytes", bytes);
        return self();
    }

    /**
     * How many bytes of one connection the kernel may hold that it has not sent yet, one write more or less; the rest waits
     * in the outbound queue. Default: as many as the kernel likes, which may be some MiB. With some 16 KiB a slow peer is
     * noticed early, and whoever sends the newest only decides late what that is; a peer far away may get fewer bytes a
     * second. Has an effect on TCP with Netty's epoll transport ({@code TCP_NOTSENT_LOWAT}), and none elsewhere.
     */
    public B unsentBytes(int bytes) {
        unsentBytes = positive("unsentBytes", bytes);
        return self();
    }

    /**
     * How long a peer may take no byte while some wait for it, checked every quarter of that time. Default 10 s; then
     * the connection is dropped, and its close reason has code 1013.
     */
    public B unwritableTimeout(Duration timeout) {
        unwritableTimeout = positive("unwritableTimeout", timeout);
        return self();
    }

    /**
     * After how long a silence a sign of life is sent. Default 15 s; a connection that brings no byte for three times
     * that long is dropped, and its close reason has code 1006. A connection that this side does not read from is never
     * taken for dead. No sign of life passes inside a frame, so whoever sends one in pieces must not pause that long. Zero
     * disables.
     */
    public B pingInterval(Duration interval) {
        pingInterval = interval.isZero() ? Duration.ZERO : positive("pingInterval", interval);
        return self();
    }

    /** How long the handshake of a connection may take, with everything before it: TLS, upgrade, proof. Default 5 s. */
    public B handshakeTimeout(Duration timeout) {
        handshakeTimeout = positive("handshakeTimeout", timeout);
        return self();
    }

    /** How long a close waits for what is queued to leave and for the peer's end. Default 10 s. */
    public B drainTimeout(Duration timeout) {
        drainTimeout = positive("drainTimeout", timeout);
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

    /**
     * Encrypts with TLS, over TCP and WebSocket. A server's context has a certificate, and may ask clients for theirs; a
     * client's says whom it trusts. Default none.
     */
    public B tls(SslContext context) {
        tls = requireNonNull(context, "context");
        return self();
    }

    /**
     * Where handlers run, and whatever else may block, as the look-up of a host. Default virtual threads where the JDK
     * has them, from 21 on, and otherwise cached daemon threads that end after 10 s without work. It is not shut down.
     */
    public B executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return self();
    }

    /** What {@link #executor} was given, or the default. */
    final Executor blocking() {
        return executor == null ? BlockingThreads.shared() : executor;
    }

    /** Whether {@link #blocking} makes a thread of the operating system for each task, however many there are. */
    final boolean takesThreads() {
        return executor == null && !BlockingThreads.areVirtual();
    }

    /**
     * What {@link #tls} was given.
     *
     * @throws IllegalStateException if that is for the other side
     */
    final @Nullable SslContext checkedTls(boolean client) {
        if (tls != null && tls.isClient() != client) {
            throw new IllegalStateException("tls is the context of a " + (client ? "server" : "client")
                    + "; make it with SslContextBuilder." + (client ? "forClient" : "forServer"));
        }
        return tls;
    }

    LinkSettings link() {
        return new LinkSettings(
                outboundQueueBytes,
                unwritableTimeout,
                pingInterval,
                handshakeTimeout,
                drainTimeout,
                transport,
                unsentBytes);
    }

    Loops loops(String name, int threads) {
        return eventLoops != null ? Loops.borrowed(eventLoops) : Loops.owned(transport, name, threads);
    }

    /** Only loops of the caller can be those that would have to do what is waited for. */
    final void refuseEventLoop(String method, String instead) {
        if (eventLoops != null && Loops.inEventLoop(eventLoops)) {
            throw new IllegalStateException(method + " would block the event loop "
                    + Thread.currentThread().getName() + "; use " + instead + " there");
        }
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

    /** What Netty can count in milliseconds. */
    static Duration checkedConnectTimeout(Duration timeout) {
        if (positive("connectTimeout", timeout).compareTo(Duration.ofDays(20)) > 0) {
            throw new IllegalArgumentException("connectTimeout must be at most 20 days, was " + timeout);
        }
        return timeout;
    }
}
