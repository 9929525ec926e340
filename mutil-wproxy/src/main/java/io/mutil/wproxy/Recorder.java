package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what comes from the upstream, on a thread of its own. Safe for many threads.
 *
 * <p>One buffer is filled while the other is written. A message that finds the first one full is not recorded but counted,
 * and how many these were is written before the next one that is.
 */
final class Recorder {
    private static final Logger LOGGER = System.getLogger(Recorder.class.getName());
    private static final int ROOM = 8 << 20;
    private static final int RESERVE = 64 << 10;
    private static final int FIRST_ROOM = 64 << 10;
    private static final int CLOSE_SECONDS = 10;
    private static final byte[] NO_BYTES = {};

    private final RecordingFile file;
    private final LongSupplier nanos;
    private final long start;
    private final int room;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private ByteBuf filling = Unpooled.buffer(FIRST_ROOM);
    private ByteBuf written = Unpooled.buffer(FIRST_ROOM);
    private long inFilling;
    private long inWritten;
    private long missing;
    private boolean connected;
    private boolean ending;

    // written under the lock, read by everybody
    private volatile long recorded;
    private volatile long notRecorded;

    /**
     * @param nanos the time
     * @param room bytes that may wait to be written
     */
    private Recorder(RecordingFile file, Instant now, LongSupplier nanos, int room) {
        this.file = file;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.room = room;
        filling.writeBytes(Recording.head(now));
    }

    /** @throws IOException if there is such a file already, or it cannot be made */
    static Recorder start(Path path) throws IOException {
        return start(RecordingFile.create(path), Instant.now(), System::nanoTime, ROOM);
    }

    /** The file is the recorder's from now on; it is removed if that cannot begin. */
    static Recorder start(RecordingFile file, Instant now, LongSupplier nanos, int room) {
        try {
            var recorder = new Recorder(file, now, nanos, room);
            var thread = new Thread(recorder::write, "mutil-wproxy-recorder");
            thread.setDaemon(true);
            thread.start();
            return recorder;
        } catch (Throwable e) {
            delete(file, e);
            throw e;
        }
    }

    private static void delete(RecordingFile file, Throwable because) {
        try {
            file.delete();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    void message(boolean text, ByteBuf payload) {
        int length = payload.readableBytes();
        lock.lock();
        try {
            noteConnection();
            if (ending || (filling.readableBytes() + (long) length > room && inFilling > 0)) {
                miss(1);
                missing++;
                return;
            }
            begin(text ? Recording.TEXT : Recording.BINARY, length).writeBytes(payload, payload.readerIndex(), length);
            inFilling++;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void miss(long messages) {
        notRecorded += messages;
    }

    private ByteBuf begin(byte kind, int bodyBytes) {
        if (missing > 0) {
            appendMissing();
        }
        change.signal();
        return Recording.begin(filling, kind, nanos.getAsLong() - start, bodyBytes);
    }

    private void appendMissing() {
        Recording.begin(filling, Recording.MISSING, nanos.getAsLong() - start, Long.BYTES)
                .writeLongLE(missing);
        missing = 0;
    }

    /** Messages may come before it is known that there is a connection. */
    void connected() {
        lock.lock();
        try {
            noteConnection();
        } finally {
            lock.unlock();
        }
    }

    private void noteConnection() {
        if (!connected) {
            connected = true;
            note(Recording.CONNECTED, NO_BYTES);
        }
    }

    void disconnected() {
        lock.lock();
        try {
            connected = false;
            note(Recording.DISCONNECTED, NO_BYTES);
        } finally {
            lock.unlock();
        }
    }

    /** The upstream has left something out; the key is null for messages without one. */
    void gap(@Nullable String key, long missed) {
        byte[] name = key == null ? NO_BYTES : key.getBytes(UTF_8);
        ByteBuf body = Unpooled.buffer(9 + name.length, 9 + name.length);
        body.writeLongLE(missed).writeBoolean(key != null).writeBytes(name);
        lock.lock();
        try {
            note(Recording.GAP, body.array());
        } finally {
            lock.unlock();
        }
    }

    /** What is no message has some room when messages have none, and is left out when that is used up too. */
    private void note(byte kind, byte[] body) {
        if (!ending && filling.readableBytes() + body.length <= room + RESERVE) {
            begin(kind, body.length).writeBytes(body);
        }
    }

    // on the thread

    private void write() {
        try {
            for (ByteBuf next = take(); next.isReadable(); next = take()) {
                file.append(next);
                count();
            }
            file.close();
        } catch (IOException | RuntimeException | InterruptedException e) {
            stop(e);
        } finally {
            ended.complete(null);
        }
    }

    /** Waits for bytes to write; none at the end. */
    private ByteBuf take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!filling.isReadable() && !ending) {
                change.await();
            }
            if (ending && missing > 0) {
                appendMissing();
            }
            return swap();
        } finally {
            lock.unlock();
        }
    }

    private ByteBuf swap() {
        ByteBuf free = written.capacity() > room + 2 * RESERVE ? Unpooled.buffer(FIRST_ROOM) : written.clear();
        written = filling;
        inWritten = inFilling;
        filling = free;
        inFilling = 0;
        return written;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void count() {
        lock.lock();
        try {
            recorded += inWritten;
            inWritten = 0;
        } finally {
            lock.unlock();
        }
    }

    private void stop(Exception why) {
        lock.lock();
        try {
            ending = true;
            miss(inWritten + inFilling);
            filling = Unpooled.EMPTY_BUFFER;
            written = Unpooled.EMPTY_BUFFER;
        } finally {
            lock.unlock();
        }
        LOGGER.log(
                Level.WARNING,
                () -> "recording to " + file + " has stopped, the proxy goes on without: " + why.getMessage()
                        + "; make room and start anew with another file");
        closeAfter(why);
    }

    private void closeAfter(Exception why) {
        try {
            file.close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    // from any thread

    /** Writes what waits, and ends; a disk that hangs is waited for no longer than some seconds. */
    CompletableFuture<Void> closeAsync() {
        lock.lock();
        try {
            ending = true;
            change.signal();
        } finally {
            lock.unlock();
        }
        return ended.copy()
                .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
                .thenRun(() -> {
                    if (!ended.isDone()) {
                        LOGGER.log(
                                Level.WARNING,
                                () -> "the end of recording " + file + " cannot be written, the disk hangs");
                    }
                });
    }

    /** Ends it and removes the file, because there is nothing to record. */
    void discard() throws IOException {
        closeAsync().join();
        file.delete();
    }

    long recorded() {
        return recorded;
    }

    long notRecorded() {
        return notRecorded;
    }
}
