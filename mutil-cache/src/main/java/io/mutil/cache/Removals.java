package io.mutil.cache;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Deletes files, and of those only ours.
 *
 * <p>What should be gone and could not be deleted is doomed: nothing is read from it, and it is tried again. More than some
 * thousand are not kept in mind; then all is doomed that was stored until then, by other processes too.
 */
final class Removals {
    /** How many doomed files are kept in mind. */
    static final int MOST_DOOMED = 10_000;

    private static final long NEVER = Long.MIN_VALUE;
    private static final long ALWAYS = Long.MAX_VALUE;

    private final Folder folder;
    private final EntryReader reader;
    private final Index index;
    private final Health health;
    private final Set<String> doomed = ConcurrentHashMap.newKeySet();
    private final AtomicLong deletions = new AtomicLong();
    private final LongAdder evicted = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final LongSupplier millis;
    /** What was stored until then is doomed. */
    private final AtomicLong doomedUntil = new AtomicLong(NEVER);

    Removals(Folder folder, EntryReader reader, Index index, Health health, LongSupplier millis) {
        this.folder = folder;
        this.reader = reader;
        this.index = index;
        this.health = health;
        this.millis = millis;
    }

    // ---- what should be gone

    boolean isDoomed(String file, Slot slot) {
        return slot.storedAt() <= doomedUntil.get() || doomed.contains(file);
    }

    /** Whether there are more than are kept in mind, until the next {@link #retry}. */
    boolean isManyDoomed() {
        return doomedUntil.get() != NEVER;
    }

    void doom(String file) {
        if (doomed.size() < MOST_DOOMED) {
            doomed.add(file);
        } else {
            doomedUntil.accumulateAndGet(millis.getAsLong(), Math::max);
        }
    }

    /** Deletes what could not be deleted before. */
    void retry() throws IOException {
        long until = doomedUntil.get();
        if (until != NEVER) {
            removeAll(until);
        }
        doomed.forEach(this::delete);
        if (doomed.size() < MOST_DOOMED) {
            // unless more was doomed meanwhile
            doomedUntil.compareAndSet(until, NEVER);
        }
    }

    /** A look through the directory has found them again. */
    void forgetDoomed() {
        doomed.forEach(index::remove);
    }

    // ---- deleting

    void remove(String file) {
        index.remove(file);
        delete(file);
    }

    /** Removes all; nothing is read before that has succeeded. */
    void clear() {
        doomedUntil.set(ALWAYS);
        try {
            retry();
        } catch (IOException e) {
            health.failed(e);
        }
    }

    /** All that was stored until then; what does not say when counts as old. */
    private void removeAll(long until) throws IOException {
        for (String name : folder.names()) {
            if (EntryName.isValid(name) && isOld(name, until)) {
                remove(name);
            }
        }
    }

    private boolean isOld(String name, long until) {
        if (until == ALWAYS) {
            return true;
        }
        try {
            return reader.readHeader(name).storedAt() <= until;
        } catch (IOException e) {
            return true;
        }
    }

    private void delete(String file) {
        try {
            if (reader.isOurs(file)) {
                folder.delete(file);
                deletions.incrementAndGet();
                if (index.contains(file)) {
                    forgetIfGone(file); // an entry that took the name at this moment may have been deleted
                }
            }
            doomed.remove(file);
        } catch (NoSuchFileException e) {
            doomed.remove(file);
        } catch (IOException e) {
            health.countFailure();
            if (mayBeEntry(file)) {
                doom(file);
            } else {
                doomed.remove(file);
            }
        }
    }

    /** Not if it is a directory, say. */
    private boolean mayBeEntry(String file) {
        try {
            return folder.facts(file).regular();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private void forgetIfGone(String file) {
        try {
            folder.facts(file);
        } catch (NoSuchFileException e) {
            index.remove(file);
        } catch (IOException e) {
            // the next look through the directory tells
        }
    }

    // ---- a new entry

    /** How many files were deleted until now. */
    long deletions() {
        return deletions.get();
    }

    /**
     * A file has got its name and is in the index.
     *
     * @param before the {@link #deletions} before it got the name; whatever was deleted since may have been this file
     */
    void placed(String file, long before) {
        doomed.remove(file);
        if (deletions.get() != before) {
            forgetIfGone(file);
        }
    }

    // ---- reasons

    void dropDamaged(String file) {
        damaged.increment();
        remove(file);
    }

    /** Unless another took its place. */
    void dropDamaged(String file, Slot slot) {
        try {
            if (reader.readHeader(file).sameBody(slot)) {
                dropDamaged(file);
            }
        } catch (IOException e) {
            // Whoever asks next deals with that.
        }
    }

    /** Deletes what was not used for longest as long as there is too much. */
    void evict() {
        for (Index.Use victim = index.pollIfTooMuch(); victim != null; victim = index.pollIfTooMuch()) {
            if (!wasUsedElsewhere(victim)) {
                delete(victim.name());
                evicted.increment();
            }
        }
    }

    /** Another process may have used it, or put another in its place; it stays in the index then. */
    private boolean wasUsedElsewhere(Index.Use victim) {
        try {
            Folder.Facts facts = folder.facts(victim.name());
            if (facts.modified() <= victim.usedAt()) {
                return false;
            }
            index.put(new Index.Use(victim.name(), facts.size(), facts.modified()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    long evicted() {
        return evicted.sum();
    }

    long damaged() {
        return damaged.sum();
    }
}
