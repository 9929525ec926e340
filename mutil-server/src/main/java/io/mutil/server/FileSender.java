package io.mutil.server;

import io.mutil.codec.internal.Turn;
import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.security.MessageDigest;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends one file on its turn in the order of writes.
 *
 * <p>Where nothing has to see the bytes they go from the disk to the socket directly; elsewhere they are read here. Either
 * way in pieces, of which two wait at most, so that memory is bounded and a file that shrinks is noticed between two
 * pieces. Blocks; runs on a thread that may.
 */
final class FileSender {
    private static final int MAX_PENDING = 64;
    private static final int REGION = 1 << 20;
    private static final int CHUNK = 256 << 10;
    private static final long HEARTBEAT_NANOS = 1_000_000_000;

    /** What the peer is told; where the file is and how long it was is not its business. */
    private static final String CUT = "the file could not be read to its end";

    private final Connection connection;
    private final Turn turn;
    private final FileToSend what;
    private final BooleanSupplier cancelled;

    private FileSender(Connection connection, Turn turn, FileToSend what, BooleanSupplier cancelled) {
        this.connection = connection;
        this.turn = turn;
        this.what = what;
        this.cancelled = cancelled;
    }

    static long send(Connection connection, FileToSend what) throws IOException, InterruptedException {
        check(connection, what);
        Turn turn = connection.outbox().turn();
        try {
            Waiting.get(turn.first());
        } catch (Throwable e) {
            turn.close();
            throw e;
        }
        return new FileSender(connection, turn, what, () -> false).run();
    }

    /** The place in the order is taken at the call; until it has come, a file costs neither a thread nor a descriptor. */
    static CompletableFuture<Long> sendAsync(Connection connection, FileToSend what) {
        check(connection, what);
        var sent = new CompletableFuture<Long>();
        Turn turn;
        AtomicInteger pending = connection.filesToSend();
        try {
            if (pending.incrementAndGet() > MAX_PENDING) {
                throw new IOException(
                        MAX_PENDING + " files wait to be sent on this connection; send more when one of them has left");
            }
            turn = connection.outbox().turn();
        } catch (IOException e) {
            pending.decrementAndGet();
            sent.completeExceptionally(e);
            return sent;
        }
        var sender = new FileSender(connection, turn, what, sent::isDone);
        var unused = turn.first().whenComplete((v, e) -> {
            if (e == null) {
                sender.start(sent);
            } else {
                sender.fail(sent, e);
            }
        });
        return sent;
    }

    private void start(CompletableFuture<Long> sent) {
        try {
            connection.executor().execute(() -> run(sent));
        } catch (RuntimeException e) {
            turn.close();
            fail(sent, e);
        }
    }

    private void fail(CompletableFuture<Long> sent, Throwable why) {
        connection.filesToSend().decrementAndGet();
        sent.completeExceptionally(why);
    }

    private static void check(Connection connection, FileToSend what) {
        if (!connection.typed() && (what.hasSha256() || what.offset() > 0)) {
            throw new UnsupportedOperationException((what.hasSha256() ? "a checksum" : "resuming")
                    + " needs Handshake.VERSION_2, which tells the receiver of it; here a file is a bare frame");
        }
    }

    private void run(CompletableFuture<Long> sent) {
        try {
            long length = run();
            connection.filesToSend().decrementAndGet();
            sent.complete(length);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(sent, new InterruptedIOException("interrupted while a file was sent"));
        } catch (Throwable e) {
            fail(sent, e);
        }
    }

    private long run() throws IOException, InterruptedException {
        FileSource source;
        try {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException();
            }
            source = FileSource.open(what);
        } catch (Throwable e) {
            turn.close();
            throw e;
        }
        try (source) {
            return send(source);
        }
    }

    private long send(FileSource source) throws IOException, InterruptedException {
        try {
            Waiting.get(connection.typed() ? sendTyped(source) : sendBare(source));
            return source.length();
        } catch (IOException e) {
            throw source.explained(e);
        }
    }

    private CompletableFuture<Void> sendTyped(FileSource source) throws IOException, InterruptedException {
        var start = new FileStart(what.hasSha256(), source.length(), what.offset(), what.prefix());
        MessageDigest digest = what.hasSha256() ? Sha256.newDigest() : null;
        ByteBuf first;
        try {
            requireRoom(Math.max(start.bytes(), FileEnd.complete(null).payload().length + 32));
            digestKept(source, digest);
            first = connection.frame(Kinds.FILE_START, start.bytes(), start.bytes());
        } catch (Throwable e) {
            turn.close();
            throw e;
        }
        start.write(first);
        add(first, 1);
        try {
            sendPieces(source, digest);
            return end(FileEnd.complete(digest == null ? null : digest.digest()));
        } catch (FileSystemException e) {
            var unused = end(FileEnd.aborted(CUT));
            closeCut();
            throw e;
        } catch (Throwable e) {
            var unused = end(FileEnd.aborted("the sender gave it up"));
            throw e;
        }
    }

    private void requireRoom(int bytes) throws IOException {
        if (bytes > connection.maxPayload()) {
            throw new IOException("start of a file of " + bytes + " bytes exceeds the longest frame of the peer, "
                    + connection.maxPayload() + "; use a shorter prefix, or raise the peer's limit");
        }
    }

    private CompletableFuture<Void> end(FileEnd end) {
        ByteBuf frame;
        try {
            frame = end.frame(connection);
        } catch (Throwable e) {
            turn.abort(e);
            throw e;
        }
        CompletableFuture<Void> sent = turn.add(frame, frame.readableBytes(), 1);
        turn.close();
        return sent;
    }

    /** The digest is that of the whole file, so it begins with what the receiver has already. */
    private void digestKept(FileSource source, @Nullable MessageDigest digest)
            throws IOException, InterruptedException {
        if (digest == null || source.start() == source.first()) {
            return;
        }
        ByteBuf buffer = connection.channel().alloc().directBuffer(CHUNK, CHUNK);
        try {
            long quiet = System.nanoTime();
            for (long at = source.start(); at < source.first(); ) {
                requireNotCancelled();
                at += digest(source, at, (int) Math.min(CHUNK, source.first() - at), buffer, digest);
                if (System.nanoTime() - quiet > HEARTBEAT_NANOS) {
                    // nothing else can be sent meanwhile, and the peer counts the seconds
                    add(connection.frame(Kinds.HEARTBEAT, 0, 0), 1);
                    quiet = System.nanoTime();
                }
            }
        } finally {
            buffer.release();
        }
    }

    private static int digest(FileSource source, long at, int count, ByteBuf buffer, MessageDigest digest)
            throws IOException, InterruptedException {
        ByteBuf part = buffer.clear().slice(0, count).clear();
        source.read(at, part);
        digest.update(part.nioBuffer());
        return count;
    }

    private void sendPieces(FileSource source, @Nullable MessageDigest digest)
            throws IOException, InterruptedException {
        boolean zeroCopy = zeroCopy();
        int most = (int) Math.min(zeroCopy ? REGION : CHUNK, connection.maxPayload());
        ByteBuf buffer =
                zeroCopy && digest != null ? connection.channel().alloc().directBuffer(CHUNK, CHUNK) : null;
        try {
            for (long at = source.first(); at < source.end(); ) {
                turn.awaitAtMost(most);
                requireNotCancelled();
                int count = (int) Math.min(most, source.end() - at);
                if (zeroCopy) {
                    // read before it is sent, so that the event loop finds it in memory
                    for (int done = 0; buffer != null && digest != null && done < count; ) {
                        done += digest(source, at + done, Math.min(CHUNK, count - done), buffer, digest);
                    }
                    source.requireWhole();
                    add(connection.frame(Kinds.FILE_DATA, count, 0), 0);
                    var unused = addRegion(source, at, count, 1);
                } else {
                    add(chunk(source, at, connection.frame(Kinds.FILE_DATA, count, count), count, digest), 1);
                }
                at += count;
            }
        } finally {
            if (buffer != null) {
                buffer.release();
            }
        }
    }

    /** Without kinds a file is one frame: prefix, then bytes. */
    private CompletableFuture<Void> sendBare(FileSource source) throws IOException, InterruptedException {
        ByteBuffer prefix = what.prefix();
        ByteBuf header;
        try {
            long length = Math.addExact(source.length(), prefix.remaining());
            requireFits(length);
            header = connection.frame(Kinds.DATA, length, prefix.remaining()).writeBytes(prefix);
        } catch (Throwable e) {
            turn.close();
            throw e;
        }
        CompletableFuture<Void> last = turn.add(header, header.readableBytes(), source.length() == 0 ? 1 : 0);
        try {
            boolean zeroCopy = zeroCopy();
            int most = zeroCopy ? REGION : CHUNK;
            for (long at = source.first(); at < source.end(); ) {
                turn.awaitAtMost(most);
                requireNotCancelled();
                int count = (int) Math.min(most, source.end() - at);
                int frames = at + count == source.end() ? 1 : 0;
                if (zeroCopy) {
                    source.requireWhole();
                    last = addRegion(source, at, count, frames);
                } else {
                    ByteBuf into = connection.channel().alloc().directBuffer(count);
                    last = turn.add(chunk(source, at, into, count, null), count, frames);
                }
                at += count;
            }
        } catch (Throwable e) {
            // the header has gone, so nothing but the end of the stream can follow
            closeCut();
            turn.abort(e);
            throw e;
        }
        turn.close();
        return last;
    }

    private void requireFits(long length) throws IOException {
        try {
            connection.agreement().outbound().check(length);
        } catch (IllegalArgumentException e) {
            throw new IOException("file is one frame with this handshake: " + e.getMessage(), e);
        }
    }

    private static ByteBuf chunk(FileSource source, long at, ByteBuf into, int count, @Nullable MessageDigest digest)
            throws IOException, InterruptedException {
        try {
            int before = into.writerIndex();
            ByteBuf part = into.slice(before, count).clear();
            source.read(at, part);
            into.writerIndex(before + count);
            if (digest != null) {
                digest.update(part.nioBuffer());
            }
            return into;
        } catch (Throwable e) {
            into.release();
            throw e;
        }
    }

    private CompletableFuture<Void> addRegion(FileSource source, long at, int count, int frames) {
        var sent = new CompletableFuture<Void>();
        // open until it has been asked why
        source.retain();
        CompletableFuture<Void> told = sent.whenComplete((done, e) -> {
            try {
                if (e instanceof IOException failure && source.explained(failure) != failure) {
                    // said first, before the broken stream is closed with what the network says
                    closeCut();
                }
            } finally {
                source.release();
            }
        });
        turn.add(source.region(at, count), count, frames, sent);
        return told;
    }

    private void add(ByteBuf bytes, int frames) {
        var unused = turn.add(bytes, bytes.readableBytes(), frames);
    }

    private void closeCut() {
        connection.closing().start(new CloseReason(CloseReason.INTERNAL_ERROR, CUT));
    }

    /** Whether the bytes may go from the disk to the socket directly: nothing in between has to see them. */
    private boolean zeroCopy() {
        ChannelPipeline pipeline = connection.channel().pipeline();
        return pipeline.get(SslHandler.class) == null && pipeline.get(BinaryMessages.class) == null;
    }

    private void requireNotCancelled() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException();
        }
    }
}
