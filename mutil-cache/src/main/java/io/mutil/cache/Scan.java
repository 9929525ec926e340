package io.mutil.cache;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Looks through a directory for files that the index does not know, and in the index for files that are gone. Reads nothing but
 * headers, and those only of unknown files.
 */
final class Scan {
    private final Folder folder;
    private final EntryReader reader;
    private final Index index;
    private final Consumer<String> onDamaged;

    Scan(Folder folder, EntryReader reader, Index index, Consumer<String> onDamaged) {
        this.folder = folder;
        this.reader = reader;
        this.index = index;
        this.onDamaged = onDamaged;
    }

    /**
     * Does it.
     *
     * @param now microseconds since the epoch
     * @return how many files could not be looked at
     */
    long run(long now) throws IOException {
        Map<String, Index.Use> known = index.all();
        var found = new ArrayList<Index.Use>();
        long failures = 0;
        for (String name : folder.names()) {
            if (known.remove(name) == null) {
                failures += look(name, now, found) ? 0 : 1;
            }
        }
        found.sort(Comparator.comparingLong(Index.Use::usedAt).thenComparing(Index.Use::name));
        found.forEach(index::found);
        known.values().forEach(index::removeUnlessUsedSince);
        return failures;
    }

    private boolean look(String name, long now, List<Index.Use> found) {
        try {
            if (Temporaries.isOne(name)) {
                Temporaries.sweep(folder, name, now);
            } else if (EntryName.isValid(name)) {
                lookAtEntry(name, found);
            }
            return true;
        } catch (NoSuchFileException e) {
            return true; // somebody else was faster
        } catch (IOException e) {
            return false;
        }
    }

    private void lookAtEntry(String name, List<Index.Use> found) throws IOException {
        Folder.Facts facts = folder.facts(name);
        if (!facts.regular()) {
            return;
        }
        try {
            if (facts.size() < reader.readHeader(name).end()) {
                throw new DamagedException("shorter than the header says", true);
            }
            found.add(new Index.Use(name, facts.size(), facts.modified()));
        } catch (DamagedException e) {
            if (e.ours()) {
                onDamaged.accept(name);
            }
        }
    }
}
