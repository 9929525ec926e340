package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A disk tier with a clock of its own, and short words for what tests do with it. */
final class DiskFixture implements AutoCloseable {
    static final long WHOLE = 1 << 20;

    final FaultyFolder folder;
    final AtomicLong millis;
    final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    final FileDisk disk;

    DiskFixture(Path directory) {
        this(directory, 1 << 20, 1000);
    }

    DiskFixture(Path directory, long maxBytes, long maxEntries) {
        this(new FaultyFolder(directory), maxBytes, maxEntries, new AtomicLong(1_700_000_000_000L));
    }

    DiskFixture(FaultyFolder folder, long maxBytes, long maxEntries, AtomicLong millis) {
        this.folder = folder;
        this.millis = millis;
        disk = new FileDisk(
                folder,
                new Index(maxBytes, maxEntries),
                new Threads(Runnable::run, Runnable::run, scheduler),
                () -> TimeUnit.MILLISECONDS.toNanos(millis.get()),
                millis::get);
    }

    static EntryName name(String fileName) {
        return new EntryName(fileName, null);
    }

    static Meta meta(long storedAt) {
        return new Meta(
                200,
                Map.of("etag", List.of("\"v" + storedAt + "\""), "content-type", List.of("text/plain")),
                storedAt,
                storedAt + 1000,
                storedAt + 2000);
    }

    @Nullable
    Held put(String fileName, String body) {
        return put(name(fileName), body.getBytes(UTF_8), meta(1));
    }

    @Nullable
    Held put(EntryName name, byte[] body, Meta meta) {
        DiskTier.Sink sink = disk.begin(name);
        if (sink == null) {
            return null;
        }
        sink.write(ByteBuffer.wrap(body));
        return sink.commit(meta);
    }

    /** Renews what is there now. */
    boolean renew(String fileName, Meta meta) {
        Held known = disk.get(name(fileName), WHOLE);
        return known != null && disk.renew(name(fileName), known, meta);
    }

    boolean has(String fileName) {
        return disk.get(name(fileName), WHOLE) != null;
    }

    /** The body as text, null for a miss. */
    @Nullable
    String get(String fileName) {
        Held held = disk.get(name(fileName), WHOLE);
        return held == null ? null : text(held);
    }

    static String text(@Nullable Held held) {
        try (var in = requireNonNull(held).body().open()) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        disk.close();
        scheduler.shutdownNow();
    }
}
