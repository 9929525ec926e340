package io.mutil.cache;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Entries on a disk. Nothing here throws because of the disk: what cannot be read is a miss, what cannot be written is not
 * kept, and both are counted.
 */
interface DiskTier extends AutoCloseable {
    /**
     * Looks an entry up, which counts as a use.
     *
     * @param wholeUpTo a body of at most so many bytes is read and checked now; a larger one is an {@link Body.OnDisk}
     * @return null if there is none, or none that can be trusted
     */
    @Nullable
    Held get(EntryName name, long wholeUpTo);

    /** Begins an entry; null if nothing can be written now. */
    @Nullable
    Sink begin(EntryName name);

    /**
     * Gives an entry new metadata and leaves its body.
     *
     * @param known the entry that they are for
     * @return false if that could not be done, or another body has taken its place, which they would be wrong for
     */
    boolean renew(EntryName name, Held known, Meta meta);

    /** Entries of the same family that are older, latest first, as far as this process knows. */
    List<EntryName> olderSiblings(EntryName name);

    /** Removes an entry, and no file that is none. What cannot be deleted is not found any more by this process. */
    void remove(EntryName name);

    /** Removes all entries, in the same way. */
    void clear();

    /**
     * Keeps other processes from fetching the same entry. Completes once this process may, exceptionally with a
     * {@link java.util.concurrent.TimeoutException} if another one holds it for too long. Where the disk has no locks it
     * completes at once. A cancelled future holds nothing.
     *
     * <p>It completes on a thread that waits for the disk, or in the caller's.
     */
    CompletableFuture<Lease> lock(EntryName name, Duration atMost);

    /** Figures. */
    DiskStats stats();

    @Override
    void close();

    /** Takes a body while it arrives. Not for several threads at once. */
    interface Sink {
        /**
         * Appends what is between position and limit, which stay where they are.
         *
         * @return false if the disk failed or the body is too large for it, from when on all is ignored and nothing will be kept
         */
        boolean write(ByteBuffer bytes);

        /**
         * Puts the entry in its place, and removes older siblings of its family.
         *
         * @return the entry as it lies there, null if the disk failed
         */
        @Nullable
        Held commit(Meta meta);

        /** Gives it up; does nothing after a commit. */
        void abort();
    }

    /** A right that other processes respect. */
    interface Lease extends AutoCloseable {
        @Override
        void close();
    }
}
