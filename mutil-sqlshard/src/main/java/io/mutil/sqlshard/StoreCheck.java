package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Whether the files in a directory are one whole store, and the one that the caller wants. */
final class StoreCheck {
    private final Path root;
    private final List<ShardFile> files;
    private final Requested requested;

    /**
     * Checks files in the order of their numbers.
     *
     * @param files at least one
     */
    StoreCheck(Path root, List<ShardFile> files, Requested requested) {
        this.root = root;
        this.files = files;
        this.requested = requested;
    }

    /**
     * What the store is; the files are adopted if that was asked for.
     *
     * @throws ShardFileException if they are no store, or another one
     */
    StoreShape shape() throws IOException {
        Metadata first = firstMetadata();
        StoreShape shape = first == null ? learned() : first.shape();
        checkEach(first);
        checkNumbers(shape);
        checkRequest(shape);
        checkKeyLengths(shape);
        settleOriginals(first, shape);
        return shape;
    }

    private @Nullable Metadata firstMetadata() {
        for (ShardFile file : files) {
            if (file.metadata() != null) {
                return file.metadata();
            }
        }
        return null;
    }

    /** Of a directory of the original, which says nothing about itself. */
    private StoreShape learned() {
        ShardFile first = files.get(0);
        return new StoreShape(files.size(), first.keyLength(), Requested.or(requested.shardIndex(), 0));
    }

    private void checkEach(@Nullable Metadata first) throws ShardFileException {
        for (ShardFile file : files) {
            Metadata metadata = file.metadata();
            if (metadata != null && first != null) {
                checkVersion(file, metadata);
                checkBelongs(file, metadata, first);
            } else if (first != null && !requested.adopt()) {
                throw refused(
                        file,
                        "the file has no metadata, but others of the store have",
                        "restore the right file, or open the store with adopt() if its rows belong here");
            }
        }
    }

    private static void checkVersion(ShardFile file, Metadata metadata) throws ShardFileException {
        if (metadata.version() > Metadata.VERSION) {
            throw refused(
                    file,
                    "the file has format " + metadata.version() + ", this library knows " + Metadata.VERSION,
                    "open it with a newer version of the library");
        }
        if (!metadata.hash().equals(Metadata.HASH) || metadata.version() < 1) {
            throw refused(
                    file,
                    "the metadata is not complete, or its hash is not " + Metadata.HASH,
                    "restore the file from a backup, or open it with a newer version of the library");
        }
    }

    private static void checkBelongs(ShardFile file, Metadata metadata, Metadata first) throws ShardFileException {
        if (metadata.shard() != file.number()) {
            throw refused(
                    file,
                    "the file is that of shard " + metadata.shard(),
                    "move it back to the directory of that number");
        }
        if (!metadata.storeId().equals(first.storeId()) || !metadata.shape().equals(first.shape())) {
            throw refused(file, "the file belongs to another store than its sisters", "restore the right file");
        }
    }

    private void checkNumbers(StoreShape shape) throws ShardFileException {
        for (ShardFile file : files) {
            if (file.number() >= shape.shards()) {
                throw refused(
                        file,
                        "the store has " + shape.shards() + " shards, this one is beyond",
                        "move it away if it is no part of the store, or restore the missing ones before it");
            }
        }
        if (files.size() < shape.shards()) {
            throw new ShardFileException(
                    root.resolve(Integer.toString(firstMissing())),
                    "the store has " + shape.shards() + " shards, this one is missing",
                    "restore it from a backup");
        }
    }

    private int firstMissing() {
        return IntStream.range(0, files.size())
                .filter(i -> files.get(i).number() != i)
                .findFirst()
                .orElse(files.size());
    }

    private void checkRequest(StoreShape shape) throws ShardFileException {
        checkRequest("shards", requested.shards(), shape.shards());
        checkRequest("keyLength", requested.keyLength(), shape.keyLength());
        checkRequest("shardIndex", requested.shardIndex(), shape.shardIndex());
    }

    private void checkRequest(String what, @Nullable Integer wanted, int actual) throws ShardFileException {
        if (wanted != null && wanted != actual) {
            throw new ShardFileException(
                    root,
                    what + " of the store is " + actual + ", but " + wanted + " was asked for",
                    "leave " + what + " out, or use another directory");
        }
    }

    private void checkKeyLengths(StoreShape shape) throws ShardFileException {
        for (ShardFile file : files) {
            if (file.keyLength() != shape.keyLength()) {
                throw refused(
                        file,
                        "its keys have " + file.keyLength() + " parts, those of the store " + shape.keyLength(),
                        "restore the right file");
            }
        }
        if (shape.shardIndex() >= shape.keyLength()) {
            throw new ShardFileException(
                    root,
                    "its keys have " + shape.keyLength() + " parts, so there is no part " + shape.shardIndex(),
                    "choose a shardIndex below that");
        }
    }

    private void settleOriginals(@Nullable Metadata first, StoreShape shape) throws IOException {
        String id = first == null ? UUID.randomUUID().toString() : first.storeId();
        List<ShardFile> originals =
                files.stream().filter(file -> file.metadata() == null).toList();
        for (ShardFile file : originals) {
            checkRows(file, shape);
        }
        if (requested.adopt()) {
            for (ShardFile file : originals) {
                file.adopt(new Metadata(Metadata.VERSION, id, shape, file.number(), Metadata.HASH));
            }
        }
    }

    private void checkRows(ShardFile file, StoreShape shape) throws IOException {
        if (!file.fits(shape)) {
            throw refused(
                    file,
                    "rows do not belong to shard " + file.number() + " of " + shape.shards() + " when part "
                            + shape.shardIndex() + " of the key decides",
                    advice(shape));
        }
    }

    private String advice(StoreShape shape) throws IOException {
        for (int i = 0; i < shape.keyLength(); i++) {
            if (fitsAll(new StoreShape(shape.shards(), shape.keyLength(), i))) {
                return "open the store with shardIndex(" + i + ")";
            }
        }
        return "look for missing shards, or choose another shardIndex";
    }

    private boolean fitsAll(StoreShape shape) throws IOException {
        for (ShardFile file : files) {
            if (!file.fits(shape)) {
                return false;
            }
        }
        return true;
    }

    private static ShardFileException refused(ShardFile file, String problem, String remedy) {
        return new ShardFileException(file.path(), problem, remedy);
    }
}
