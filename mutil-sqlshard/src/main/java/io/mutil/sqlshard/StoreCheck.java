package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether the files in a directory are one whole store, and the one that the caller wants. What concerns one shard is thrown, or
 * noted if damaged shards are allowed; what concerns the whole store is always thrown.
 */
final class StoreCheck {
    private static final String SHARDS = "shards";

    private final Path root;
    private final Object identity;
    private final List<ShardFile> files;
    private final SortedMap<Integer, ShardFileException> damaged;
    private final Requested requested;

    /** What most files say that they belong to. */
    private record Store(String id, StoreShape shape) {}

    /**
     * Checks files in the order of their numbers.
     *
     * @param identity of the directory, before the files were read
     * @param damaged those that could not be read; gets those that do not belong
     */
    StoreCheck(
            Path root,
            Object identity,
            List<ShardFile> files,
            SortedMap<Integer, ShardFileException> damaged,
            Requested requested) {
        this.root = root;
        this.identity = identity;
        this.files = files;
        this.damaged = damaged;
        this.requested = requested;
    }

    /**
     * What the store is; the files are adopted if that was asked for.
     *
     * @throws ShardFileException if they are no store, or another one
     */
    CheckedStore run() throws IOException {
        checkFormats();
        Store store = store();
        StoreShape shape = store == null ? learned() : store.shape();
        checkBelonging(store);
        checkNumbers(shape);
        checkRequest(shape);
        checkKeyLengths(shape);
        String id = settleOriginals(store, shape);
        checkSomeAreWhole(shape);
        return new CheckedStore(shape, id, identity, damaged);
    }

    /** Of the shard, if that may be. */
    private void refuse(ShardFile file, String problem, String remedy) throws ShardFileException {
        refuse(file.number(), new ShardFileException(file.path(), problem, remedy));
    }

    private void refuse(int shard, ShardFileException damage) throws ShardFileException {
        if (!requested.allowDamaged()) {
            throw damage;
        }
        damaged.putIfAbsent(shard, damage);
    }

    private boolean isSound(ShardFile file) {
        return !damaged.containsKey(file.number());
    }

    private void checkFormats() throws ShardFileException {
        for (ShardFile file : files) {
            Metadata metadata = file.metadata();
            if (metadata != null && metadata.version() > Metadata.VERSION) {
                refuse(
                        file,
                        "the file has format " + metadata.version() + ", this library knows " + Metadata.VERSION,
                        "open it with a newer version of the library");
            } else if (metadata != null && !metadata.isComplete()) {
                refuse(
                        file,
                        "the metadata is not complete, or its hash is not " + Metadata.HASH,
                        "restore the file from a backup, or open it with a newer version of the library");
            }
        }
    }

    /** Null if all are files of the original, which say nothing about themselves. */
    private @Nullable Store store() throws ShardFileException {
        Map<Store, Integer> votes = new LinkedHashMap<>();
        for (ShardFile file : files) {
            Metadata metadata = file.metadata();
            if (metadata != null && isSound(file)) {
                votes.merge(new Store(metadata.storeId(), metadata.shape()), 1, Integer::sum);
            }
        }
        Store most = votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(null);
        checkMajority(votes, most);
        return most;
    }

    /** In doubt nothing is called damaged, as it could be the wrong half. */
    private void checkMajority(Map<Store, Integer> votes, @Nullable Store most) throws ShardFileException {
        int most2 = 2 * votes.getOrDefault(most, 0);
        int all = votes.values().stream().mapToInt(Integer::intValue).sum();
        if (requested.allowDamaged() && all > 0 && most2 <= all) {
            throw new ShardFileException(
                    root, "the files belong to different stores", "restore those that do not belong here");
        }
    }

    private StoreShape learned() {
        int found =
                1 + Math.max(files.isEmpty() ? 0 : files.get(files.size() - 1).number(), lastDamaged());
        int shards = requested.allowDamaged() ? Requested.or(requested.shards(), found) : found;
        int keyLength = files.stream()
                .filter(this::isSound)
                .mapToInt(ShardFile::keyLength)
                .findFirst()
                .orElse(1);
        return new StoreShape(shards, keyLength, Requested.or(requested.shardIndex(), 0));
    }

    private int lastDamaged() {
        return damaged.isEmpty() ? 0 : damaged.lastKey();
    }

    private void checkBelonging(@Nullable Store store) throws ShardFileException {
        for (ShardFile file : files) {
            Metadata metadata = file.metadata();
            if (store == null || !isSound(file)) {
                continue;
            }
            if (metadata != null) {
                checkBelongs(file, metadata, store);
            } else if (!requested.adopt()) {
                refuse(
                        file,
                        "the file has no metadata, but others of the store have",
                        "restore the right file, or open the store with adopt() if its rows belong here");
            }
        }
    }

    private void checkBelongs(ShardFile file, Metadata metadata, Store store) throws ShardFileException {
        if (!metadata.storeId().equals(store.id()) || !metadata.shape().equals(store.shape())) {
            refuse(file, "the file belongs to another store than its sisters", "restore the right file from a backup");
        } else if (metadata.shard() != file.number()) {
            refuse(
                    file,
                    "the file is that of shard " + metadata.shard(),
                    "move it back to the directory of that number, or restore the right file from a backup");
        }
    }

    private void checkNumbers(StoreShape shape) throws ShardFileException {
        for (ShardFile file : files) {
            if (file.number() >= shape.shards()) {
                throw new ShardFileException(
                        file.path(),
                        "the store has " + shape.shards() + " shards, this one is beyond",
                        "move it away if it is no part of the store, or restore the missing ones before it");
            }
        }
        for (int i = 0; i < shape.shards(); i++) {
            checkPresence(i, shape);
        }
    }

    private void checkPresence(int shard, StoreShape shape) throws ShardFileException {
        if (damaged.containsKey(shard) || files.stream().anyMatch(file -> file.number() == shard)) {
            return;
        }
        Path missing = root.resolve(Integer.toString(shard));
        refuse(
                shard,
                new ShardFileException(
                        missing,
                        "the store has " + shape.shards() + " shards, this one is missing",
                        "restore it from a backup"));
    }

    private void checkRequest(StoreShape shape) throws ShardFileException {
        checkRequest(SHARDS, requested.shards(), shape.shards());
        checkRequest("keyLength", requested.keyLength(), shape.keyLength());
        checkRequest("shardIndex", requested.shardIndex(), shape.shardIndex());
    }

    private void checkRequest(String what, @Nullable Integer wanted, int actual) throws ShardFileException {
        if (wanted != null && wanted != actual) {
            throw new ShardFileException(
                    root,
                    what + " of the store is " + actual + ", but " + wanted + " was asked for",
                    "leave " + what + " out, " + (what.equals(SHARDS) ? "reshard the store, " : "")
                            + "or use another directory");
        }
    }

    private void checkKeyLengths(StoreShape shape) throws ShardFileException {
        for (ShardFile file : files) {
            if (isSound(file) && file.keyLength() != shape.keyLength()) {
                refuse(
                        file,
                        "its keys have " + file.keyLength() + " parts, those of the store " + shape.keyLength(),
                        "restore the right file from a backup");
            }
        }
        if (shape.shardIndex() >= shape.keyLength()) {
            throw new ShardFileException(
                    root,
                    "its keys have " + shape.keyLength() + " parts, so there is no part " + shape.shardIndex(),
                    "choose a shardIndex below that");
        }
    }

    /** Returns the id that the files have after that. */
    private @Nullable String settleOriginals(@Nullable Store store, StoreShape shape) throws IOException {
        String id = store == null ? null : store.id();
        List<ShardFile> originals = files.stream()
                .filter(file -> file.metadata() == null && isSound(file))
                .toList();
        new OriginalFiles(shape).check(originals, this::refuse);
        if (!requested.adopt()) {
            return id;
        }
        String adopted = id == null ? UUID.randomUUID().toString() : id;
        adopt(originals, adopted, shape);
        return adopted;
    }

    /** Only as a whole: with a file missing, even the number of shards may be wrong. */
    private void adopt(List<ShardFile> originals, String id, StoreShape shape) throws IOException {
        if (!damaged.isEmpty()) {
            throw firstDamage();
        }
        for (ShardFile file : originals) {
            file.adopt(new Metadata(Metadata.VERSION, id, shape, file.number(), Metadata.HASH));
        }
    }

    private void checkSomeAreWhole(StoreShape shape) throws ShardFileException {
        if (damaged.size() == shape.shards()) {
            throw firstDamage();
        }
    }

    private ShardFileException firstDamage() {
        return damaged.values().iterator().next();
    }
}
