package io.mutil.sqlshard;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Where the files of a store are while it gets another number of them, and what to do with what is left after a crash.
 *
 * <p>{@code .sqlshard-reshard/new} is being made; {@code .sqlshard-reshard/old} is the store while {@code new} takes its place. New
 * files have a mark until the old ones are deleted. So after a crash, without a store the old one is put back, and beside a store
 * with the mark the old one is waste.
 */
final class ReshardLeftovers {
    private static final Logger LOG = System.getLogger(ReshardLeftovers.class.getName());
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final String MARK = "resharded";

    private final Path root;
    private final Path work;

    ReshardLeftovers(Path root) {
        this.root = root;
        this.work = root.resolveSibling("." + StoreDirectory.NAME + "-reshard");
    }

    /** The new files, until they take the place of the old ones. */
    Path built() {
        return work.resolve("new");
    }

    private Path old() {
        return work.resolve("old");
    }

    private Path mark() {
        return root.resolve(MARK);
    }

    void begin() throws IOException {
        Files.createDirectory(work);
        Files.createDirectory(built());
    }

    /** No file may be open any more. */
    void complete() throws IOException {
        Files.createFile(built().resolve(MARK));
        FileTree.sync(work);
    }

    /** Old files out, new ones in. */
    void swap(Steps steps) throws IOException, InterruptedException {
        move(root, old());
        try {
            steps.reached("old files out");
            move(built(), root);
        } catch (IOException | InterruptedException | RuntimeException e) {
            putBack();
            throw e;
        }
        steps.reached("new files in");
    }

    private void putBack() throws IOException {
        if (!Files.exists(root)) {
            move(old(), root);
        }
    }

    private void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        FileTree.syncOne(work);
        FileTree.syncOne(StoreDirectory.parent(root));
    }

    /** Whether there is a store to wait for, although there is none in its place. */
    boolean isUnderWay() {
        return Files.exists(work);
    }

    /** Deletes what is not the store; for the one who has locked the old files, or if there are none. */
    void clean() throws IOException {
        if (Files.exists(root) && (Files.exists(mark()) || !Files.exists(old()))) {
            FileTree.delete(work);
            Files.deleteIfExists(mark());
        }
    }

    /**
     * Sees to what a crash has left. Where another process is at work or uses the store, it is left for later.
     *
     * @throws IOException if there is no store until another process has ended its work
     */
    void repair() throws IOException {
        if (!Files.exists(work)) {
            return;
        }
        if (Files.exists(root)) {
            repairBesideStore();
        } else if (Files.exists(old())) {
            repairWithoutStore();
        } else {
            throw new ShardFileException(
                    work,
                    "the store is gone, and only what a change of its number of shards had begun is left",
                    "restore the store from a backup, or delete this directory");
        }
    }

    private void repairBesideStore() throws IOException {
        // this one first: who cleans deletes the old files before the mark
        boolean marked = Files.exists(mark());
        if (Files.exists(old()) && !marked) {
            throw new ShardFileException(
                    old(),
                    "the store was moved here when its number of shards was changed, and another one has been made in"
                            + " its place",
                    "move one of the two away; the store belongs at " + root);
        }
        Path locked = file(Files.exists(old()) ? old() : root);
        if (!Files.exists(locked)) {
            clean();
            return;
        }
        try (LockedFile lock = LockedFile.lockOrNull(locked)) {
            if (lock != null) {
                clean();
            }
        }
    }

    private void repairWithoutStore() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!Files.exists(root) && !tryPuttingBack()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException(root
                        + ": another process is changing the number of shards; open the store again when it is done");
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /** Whether nobody else was about to do better. */
    private boolean tryPuttingBack() throws IOException {
        Path locked = file(old());
        try (LockedFile lock = Files.exists(locked) ? LockedFile.lockOrNull(locked) : null) {
            if (lock == null || Files.exists(root)) {
                return false;
            }
            LOG.log(
                    Level.WARNING,
                    "{0}: a change of the number of shards was cut short; the store is as it was before, begin it again",
                    root);
            putBack();
            clean();
            return true;
        }
    }

    private static Path file(Path store) {
        return store.resolve("0").resolve(ShardFile.NAME);
    }
}
