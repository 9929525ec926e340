package io.mutil.sqlshard;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a store: {@code <dir>/sqlshard/<n>/sqlshard.db}. */
final class StoreDirectory {
    static final String NAME = "sqlshard";

    private final Path root;
    private final ReshardLeftovers leftovers;

    StoreDirectory(Path directory) {
        this.root = directory.resolve(NAME);
        this.leftovers = new ReshardLeftovers(root);
    }

    Path root() {
        return root;
    }

    /** The file of a shard. */
    Path file(int shard) {
        return root.resolve(Integer.toString(shard)).resolve(ShardFile.NAME);
    }

    /** Makes the store if there is none, checks it otherwise; says what it is. */
    CheckedStore open(Requested requested) throws IOException {
        while (true) {
            CheckedStore store = checkOrNull(requested);
            if (store != null) {
                return store;
            }
            create(requested.forNew());
        }
    }

    /**
     * Checks the store.
     *
     * @throws ShardFileException if there is none
     */
    CheckedStore openExisting() throws IOException {
        CheckedStore store = checkOrNull(new Requested(null, null, null, false, false));
        if (store == null) {
            throw new ShardFileException(root, "there is no store", "check the path");
        }
        return store;
    }

    /** Null if there is none. Begins anew if other files have taken the place of those that are being read. */
    private @Nullable CheckedStore checkOrNull(Requested requested) throws IOException {
        while (true) {
            Object before = FileTree.identity(root);
            try {
                leftovers.repair();
                Object identity = FileTree.identity(root);
                if (identity != null && !numbers().isEmpty()) {
                    return check(identity, numbers(), requested);
                }
                if (!leftovers.isUnderWay()) {
                    return null;
                }
            } catch (IOException e) {
                if (isStill(before)) {
                    throw e;
                }
            }
        }
    }

    private boolean isStill(@Nullable Object identity) throws IOException {
        return Objects.equals(identity, FileTree.identity(root));
    }

    /** Whether no other files have taken the place of those that were checked. */
    boolean isStill(CheckedStore store) throws IOException {
        return isStill(store.directory());
    }

    private CheckedStore check(Object identity, List<Integer> numbers, Requested requested) throws IOException {
        SortedMap<Integer, ShardFileException> damaged = new TreeMap<>();
        List<ShardFile> files = inspect(numbers, requested, damaged);
        return new StoreCheck(root, identity, files, damaged, requested).run();
    }

    private List<Integer> numbers() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.matches("0|[1-9][0-9]{0,5}"))
                    .map(Integer::valueOf)
                    .sorted()
                    .toList();
        }
    }

    private List<ShardFile> inspect(
            List<Integer> numbers, Requested requested, Map<Integer, ShardFileException> damaged) throws IOException {
        List<ShardFile> files = new ArrayList<>();
        for (int number : numbers) {
            try {
                files.add(ShardFile.inspect(root.resolve(Integer.toString(number)), number));
            } catch (ShardFileException e) {
                if (!requested.allowDamaged()) {
                    throw e;
                }
                damaged.put(number, e);
            }
        }
        return files;
    }

    /** Under another name first, so that no crash, and no other process, ever finds half a store. */
    private void create(StoreShape shape) throws IOException {
        Path made = makeBeside("new");
        try {
            UUID id = UUID.randomUUID();
            for (int i = 0; i < shape.shards(); i++) {
                ShardFile.create(made.resolve(Integer.toString(i)), Metadata.of(id, shape, i));
            }
            moveIntoPlace(made);
        } finally {
            FileTree.delete(made);
        }
    }

    static Path parent(Path root) {
        return requireNonNull(root.toAbsolutePath().getParent());
    }

    /** A directory that no store has, for what is to be moved here. */
    Path makeBeside(String purpose) throws IOException {
        Path parent = Files.createDirectories(parent(root));
        // with the rights of every other directory, unlike a temporary one
        return Files.createDirectory(parent.resolve("." + NAME + "-" + purpose + "-" + UUID.randomUUID()));
    }

    /**
     * Makes sure that nothing is overwritten.
     *
     * @throws ShardFileException if there is something
     */
    void refuseIfThere() throws ShardFileException {
        if (Files.exists(root)) {
            throw new ShardFileException(
                    root, "there is something already", "choose another directory, or move it away");
        }
    }

    private void moveIntoPlace(Path made) throws IOException {
        try {
            FileTree.sync(made);
            FileTree.move(made, root);
        } catch (FileSystemException e) {
            if (numbers().isEmpty()) {
                throw e;
            }
            // another process was faster, and its store will do if it fits
        }
    }
}
