package io.mutil.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body in the heap as long as it is small, and moves it to the disk when it is not. One thread uses it at a time;
 * another one may give it up meanwhile.
 */
final class BodyWriter implements BodySink {
    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int ABORTED = 2;
    private static final int FIRST = 8 << 10;

    private final Settings settings;
    private final Freshness freshness;
    private final DiskTier disk;
    private final EntryName name;
    private final boolean heapOnly;
    /** For what is too large for memory and does not go to the disk. */
    private final Pieces pieces;

    private final AtomicInteger state = new AtomicInteger(IDLE);

    private byte[] heap = {};
    private int size;
    private long length;
    private boolean wanted = true;
    private boolean mayKeep = true;
    private DiskTier.@Nullable Sink sink;
    private @Nullable IOException failure;

    /**
     * A body that begins.
     *
     * @param heapOnly the disk has failed on this body before
     * @param budget for what is too large for memory and does not go to the disk
     */
    BodyWriter(
            Settings settings,
            Freshness freshness,
            DiskTier disk,
            EntryName name,
            boolean heapOnly,
            HeapBudget budget) {
        this.settings = settings;
        this.freshness = freshness;
        this.disk = disk;
        this.name = name;
        this.heapOnly = heapOnly;
        pieces = new Pieces(budget);
    }

    @Override
    public void head(int status, Map<String, List<String>> headers) throws IOException {
        enter();
        try {
            Map<String, List<String>> lower = Fetched.inLowerCase(headers);
            wanted = Judge.isGood(status);
            mayKeep = Landing.mayKeep(status, lower, freshness);
            long announced = announced(lower);
            if (wanted) {
                checkLength(announced);
            }
            if (wanted && announced <= settings.memoryEntry()) {
                heap = new byte[(int) announced];
            }
        } finally {
            leave();
        }
    }

    private static long announced(Map<String, List<String>> headers) {
        List<String> lengths = headers.getOrDefault("content-length", List.of());
        try {
            return lengths.isEmpty()
                    ? 0
                    : Math.max(0, Long.parseLong(lengths.get(0).strip()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        enter();
        try {
            length += bytes.remaining();
            checkLength(length);
            if (!wanted) {
                bytes.position(bytes.limit());
            } else if (sink != null) {
                append(sink, bytes);
            } else if (length <= settings.memoryEntry()) {
                append(bytes);
            } else {
                overflow(bytes);
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            leave();
        }
    }

    /**
     * Says whether all that was written is there.
     *
     * @throws IOException what failed, of which whoever wrote may have taken no notice
     */
    void checkWhole() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    /** What the whole disk would not hold is refused too, unless it would not go there. */
    private void checkLength(long bytes) throws IOException {
        if (bytes > settings.maxBody()) {
            throw new IOException("a body of " + bytes + " bytes or more exceeds maxBodyBytes " + settings.maxBody()
                    + "; raise it with FetchCacheBuilder.maxBodyBytes");
        }
        if (wanted && mayKeep && bytes > Math.max(settings.memoryEntry(), settings.maxBodyOnDisk())) {
            throw new IOException("a body of " + bytes + " bytes or more exceeds the " + settings.diskBytes()
                    + " bytes that the disk may hold; raise them with FetchCacheBuilder.disk");
        }
    }

    private static void append(DiskTier.Sink sink, ByteBuffer bytes) throws BodyLostException {
        boolean written = sink.write(bytes);
        bytes.position(bytes.limit());
        if (!written) {
            throw new BodyLostException(true);
        }
    }

    private void append(ByteBuffer bytes) {
        int more = bytes.remaining();
        if (heap.length - size < more) {
            long roomy = Math.max(size + (long) more, Math.max(FIRST, 2L * size));
            heap = Arrays.copyOf(heap, (int) Math.min(settings.memoryEntry(), roomy));
        }
        bytes.get(heap, size, more);
        size += more;
    }

    private void overflow(ByteBuffer bytes) throws IOException {
        if (mayKeep && !heapOnly && pieces.isEmpty()) {
            DiskTier.Sink begun = disk.begin(name);
            if (begun != null && begun.write(ByteBuffer.wrap(heap, 0, size))) {
                sink = begun;
                clearHeap();
                append(begun, bytes);
                return;
            }
            if (begun != null) {
                begun.abort();
            }
        }
        if (!pieces.add(ByteBuffer.wrap(heap, 0, size))) {
            throw noRoom();
        }
        clearHeap();
        if (!pieces.add(bytes)) {
            throw noRoom();
        }
    }

    private void clearHeap() {
        heap = new byte[0];
        size = 0;
    }

    private IOException noRoom() {
        return new IOException(
                "a body of " + length + " bytes or more, which "
                        + (mayKeep ? "the disk cannot take" : "must not be stored")
                        + ", has no place in the " + settings.memoryWithoutDisk()
                        + " bytes that there are for all such; raise FetchCacheBuilder.memoryWithoutDisk, or see what ails the disk");
    }

    /** Whether it lies on the disk. */
    boolean isOnDisk() {
        return sink != null;
    }

    /** What lies in the heap. */
    Body inHeap() {
        if (!pieces.isEmpty()) {
            return pieces.body();
        }
        return new Body.InMemory(size == heap.length ? heap : Arrays.copyOf(heap, size));
    }

    /**
     * Puts what lies on the disk in its place.
     *
     * @throws BodyLostException if the disk failed
     */
    Held commit(Meta meta) throws IOException {
        enter();
        try {
            Held held = sink == null ? null : sink.commit(meta);
            if (held == null) {
                throw new BodyLostException(true);
            }
            return held;
        } finally {
            leave();
        }
    }

    /** Gives up what was not committed, and its part of the budget; from any thread, and as often as one likes. */
    void abort() {
        int before = state.getAndSet(ABORTED);
        if (before == IDLE) {
            letGo();
        }
    }

    private void enter() throws IOException {
        if (!state.compareAndSet(IDLE, BUSY)) {
            if (state.get() == BUSY) {
                throw new IllegalStateException("a body takes one write at a time");
            }
            throw new IOException("nobody waits for this body any more");
        }
    }

    private void leave() {
        if (!state.compareAndSet(BUSY, IDLE)) {
            letGo();
        }
    }

    private void letGo() {
        pieces.clear();
        clearHeap();
        if (sink != null) {
            sink.abort();
        }
    }
}
