package io.mutil.server;

import io.mutil.codec.FrameStream;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameOutbox;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** An authenticated connection that carries frames both ways. */
@SuppressWarnings("DoNotCallSuggester") // signatures, to be filled
public final class Connection implements FrameStream {
    private Connection() {}

    @Override
    public void write(ByteBuffer payload) throws IOException, InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> writeAsync(ByteBuffer payload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean tryWrite(ByteBuffer payload) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable ByteBuffer read() throws IOException, InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("NullAway") // does not see the annotation in the compiled interface
    public CompletableFuture<@Nullable ByteBuffer> readAsync() {
        throw new UnsupportedOperationException();
    }

    public CompletableFuture<Void> closeAsync() {
        throw new UnsupportedOperationException();
    }

    public CompletableFuture<Void> closeAsync(int code, String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    /** Why the connection ended; empty while it is open. */
    public Optional<CloseReason> closeReason() {
        throw new UnsupportedOperationException();
    }

    public CompletableFuture<CloseReason> closed() {
        throw new UnsupportedOperationException();
    }

    public boolean isOpen() {
        throw new UnsupportedOperationException();
    }

    public SocketAddress remoteAddress() {
        throw new UnsupportedOperationException();
    }

    public String keyId() {
        throw new UnsupportedOperationException();
    }

    public Handshake handshake() {
        throw new UnsupportedOperationException();
    }

    public Optional<PeerCredentials> peerCredentials() {
        throw new UnsupportedOperationException();
    }

    @Override
    public OutgoingFrame open(long length) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable IncomingFrame next() throws IOException, InterruptedException {
        throw new UnsupportedOperationException();
    }

    @Override
    @SuppressWarnings("NullAway") // does not see the annotation in the compiled interface
    public CompletableFuture<@Nullable IncomingFrame> nextAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> drainAsync() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drain(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    // for files and requests

    FrameOutbox outbox() {
        throw new UnsupportedOperationException();
    }

    FrameInbox inbox() {
        throw new UnsupportedOperationException();
    }

    Channel channel() {
        throw new UnsupportedOperationException();
    }

    /** Where handlers and file work run: threads that may block. */
    Executor executor() {
        throw new UnsupportedOperationException();
    }

    /** Whether frames have kinds: after {@link Handshake#VERSION_2}. */
    boolean typed() {
        return handshake() == Handshake.VERSION_2;
    }
}
