package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One file of a store: its writer, its readers, and what has returned but is not written yet. */
final class Shard {
    /** A short commit or two. */
    private static final int YIELDS = 100;

    private final int index;
    private final Path file;
    private final Durability durability;
    private final Handoff handoff;
    private final WriteQueue queue;
    private final ShardWriter writer;
    private final Readers readers;
    private final OpenCursors cursors = new OpenCursors();
    private final LongAdder conflicts = new LongAdder();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<@Nullable IOException> notClosed = new AtomicReference<>();

    /** What all shards of a store have in common. */
    record Settings(
            Sql sql,
            int shards,
            Durability durability,
            int readers,
            int queueLimit,
            Handoff handoff,
            ThreadFactory threads,
            Executor callbacks) {}

    private Shard(int index, Path file, Settings settings, WriteConnection connection) {
        this.index = index;
        this.file = file;
        this.durability = settings.durability();
        this.handoff = settings.handoff();
        this.queue = new WriteQueue(file, settings.queueLimit(), durability, System::nanoTime);
        this.writer = new ShardWriter(file, queue, connection, settings.callbacks());
        this.readers = new Readers(file, settings.sql(), settings.readers());
    }

    /** Opens a file that has been checked, and starts its writer. */
    static Shard open(int index, Path file, Settings settings) throws IOException {
        try {
            boolean synced = settings.durability().isSynced();
            return start(index, file, settings, new WriteConnection(file, settings.sql(), synced, settings.shards()));
        } catch (SQLException e) {
            throw SqlErrors.explained(e, file);
        }
    }

    private static Shard start(int index, Path file, Settings settings, WriteConnection connection)
            throws SQLException {
        boolean started = false;
        try {
            var shard = new Shard(index, file, settings, connection);
            settings.threads().newThread(shard::run).start();
            started = true;
            return shard;
        } finally {
            if (!started) {
                connection.close();
            }
        }
    }

    /** Closes as well, as the one who asks for that may be a virtual thread. */
    private void run() {
        try {
            writer.run();
        } finally {
            queue.close();
            closeAll();
            closed.countDown();
        }
    }

    private void closeAll() {
        try {
            cursors.close();
            readers.close();
            writer.close();
        } catch (IOException | RuntimeException e) {
            notClosed.set(e instanceof IOException io ? io : new IOException(file + ": cannot be closed", e));
        }
    }

    int index() {
        return index;
    }

    Path file() {
        return file;
    }

    /** The data of a row, whether it is in the file yet or not; null if there is none. */
    byte @Nullable [] get(ShardKey key) throws IOException, InterruptedException {
        Change put = queue.pending().get(key);
        return put != null ? put.data() : this.<byte @Nullable []>read(connection -> connection.get(key));
    }

    /** Whether a key has a row, in the file yet or not. */
    boolean contains(ShardKey key) throws IOException, InterruptedException {
        return queue.pending().get(key) != null || read(connection -> connection.contains(key));
    }

    /**
     * Reads the file with a connection of the pool, in this thread, or in a platform thread for a virtual one. Sees all that
     * was committed; {@link #settle} comes before it where puts may still be under way.
     */
    <R extends @Nullable Object> R read(Readers.Reading<R> reading) throws IOException, InterruptedException {
        return handoff.call(() -> readers.read(reading));
    }

    /** Does it in this thread, or in a platform thread for a virtual one. */
    <R extends @Nullable Object> R call(Handoff.Work<R> work) throws IOException, InterruptedException {
        return handoff.call(work);
    }

    /** The pool, for those who keep a connection for longer. */
    Readers readers() {
        return readers;
    }

    /** Those who do so. */
    OpenCursors cursors() {
        return cursors;
    }

    /** Waits until the file has all that has returned. */
    void settle() throws IOException, InterruptedException {
        if (!queue.pending().isEmpty()) {
            write(barrier());
        }
    }

    /** Puts rows; when it returns is up to the durability. */
    void put(List<Change> puts) throws IOException, InterruptedException {
        if (durability.isBehind()) {
            var unused = beginPut(puts);
        } else {
            write(Write.put(puts));
        }
    }

    /** Puts rows; what it returns is to be awaited, for as long as the durability says. */
    Write<@Nullable Void> beginPut(List<Change> puts) throws IOException, InterruptedException {
        Write<@Nullable Void> write = Write.put(puts);
        return begin(durability.isBehind() ? write.markBehind() : write);
    }

    /** Queues it for the writer; waits only while the queue is full. */
    <W extends Write<?>> W begin(W write) throws IOException, InterruptedException {
        queue.add(write);
        return write;
    }

    /** Does it, and waits for the commit. */
    <R extends @Nullable Object> R write(Write<R> write) throws IOException, InterruptedException {
        if (Handoff.isVirtual(Thread.currentThread())) {
            // native code would keep its carrier
            queue.add(write);
        } else {
            write.setHelped(true);
            queue.add(write);
            help(write);
        }
        return write.await();
    }

    /**
     * Serves the queue as soon as nobody else does, which is most often within the time that it takes to put a thread to
     * sleep and to wake it.
     */
    @SuppressWarnings("ThreadPriorityCheck") // bounded, and only a help: nothing relies on who comes next
    private void help(Write<?> write) {
        for (int left = YIELDS; !write.isEnded() && !writer.help() && left > 0; left--) {
            Thread.yield();
        }
        if (!write.isEnded()) {
            write.setHelped(false);
            queue.wake();
        }
    }

    /** Does it; waits only while the queue is full. */
    <R extends @Nullable Object> CompletableFuture<R> writeAsync(Write<R> write) {
        CompletableFuture<R> future = write.asFuture();
        try {
            queue.add(write);
        } catch (IOException e) {
            future.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            future.completeExceptionally(e);
        }
        return future;
    }

    /** Ends when all that came before it has. */
    static Write<@Nullable Void> barrier() {
        return Write.of(0, 0, connection -> null);
    }

    /** Makes sure that the disk has what the barrier stands behind. */
    void sync() throws IOException {
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        if (!durability.isSynced() && Files.exists(log)) {
            FileTree.syncOne(log);
            // the log may be new
            FileTree.syncOne(file.resolveSibling(""));
        }
    }

    /** A function of a caller has to run again. */
    void conflict() {
        conflicts.increment();
    }

    ShardStats stats() {
        return new ShardStats(
                index,
                readers.reads(),
                writer.commits(),
                writer.rows(),
                conflicts.sum(),
                writer.failures(),
                queue.rows(),
                false);
    }

    /** Accepts nothing more. */
    void beginClosing() {
        queue.close();
    }

    /** Waits, whatever it takes, until what was accepted is written and the file is closed; says once why it is not. */
    void endClosing() throws IOException {
        Uninterrupted.run(() -> {
            closed.await();
            return true;
        });
        IOException failure = notClosed.getAndSet(null);
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public String toString() {
        return "Shard[" + index + ", " + file + "]";
    }
}
