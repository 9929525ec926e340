package io.mutil.sqlshard;

import static io.mutil.sqlshard.Stores.sql;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What can happen to a file while nobody has it open. */
enum Damage {
    MISSING("the file of this shard is missing; restore it from a backup", (file, dir) -> {
        Files.delete(file);
    }),
    DIRECTORY_MISSING("the store has 4 shards, this one is missing; restore it from a backup", (file, dir) -> {
        Files.delete(file);
        Files.delete(file.getParent());
    }),
    EMPTY("the file is empty; restore it from a backup", (file, dir) -> {
        Files.write(file, new byte[0]);
    }),
    CUT("the file is damaged or no SQLite database; restore it from a backup", (file, dir) -> {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 4096);
        }
    }),
    CUT_INSIDE_A_PAGE("restore it from a backup", (file, dir) -> {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(1000);
        }
    }),
    ZEROS("the file is damaged or no SQLite database; restore it from a backup", (file, dir) -> {
        Files.write(file, new byte[(int) Files.size(file)]);
    }),
    FLIPPED_BIT_IN_THE_HEADER("the file is damaged or no SQLite database; restore it from a backup", (file, dir) -> {
        byte[] all = Files.readAllBytes(file);
        all[3] ^= 1;
        Files.write(file, all);
    }),
    OF_ANOTHER_STORE(
            "the file belongs to another store than its sisters; restore the right file from a backup", (file, dir) -> {
                sql(file, "UPDATE mutil_meta SET value = 'other' WHERE name = 'store_id'");
            }),
    OF_A_STORE_OF_ANOTHER_SHAPE(
            "the file belongs to another store than its sisters; restore the right file", (file, dir) -> {
                sql(file, "UPDATE mutil_meta SET value = 5 WHERE name = 'shards'");
            }),
    OF_ANOTHER_SHARD(
            "the file is that of shard 1; move it back to the directory of that number, or restore", (file, dir) -> {
                Files.copy(Stores.file(dir, 1), file, StandardCopyOption.REPLACE_EXISTING);
            }),
    OF_A_NEWER_FORMAT("the file has format 2, this library knows 1; open it with a newer version", (file, dir) -> {
        sql(file, "UPDATE mutil_meta SET value = 2 WHERE name = 'format'");
    }),
    OF_ANOTHER_HASH("the metadata is not complete, or its hash is not adler32; restore the file", (file, dir) -> {
        sql(file, "UPDATE mutil_meta SET value = 'xxh64' WHERE name = 'hash'");
    }),
    PART_OF_METADATA("the metadata is not complete, or its hash is not adler32; restore the file", (file, dir) -> {
        sql(file, "DELETE FROM mutil_meta WHERE name = 'shards'");
    }),
    NO_METADATA("the file has no metadata, but others of the store have; restore the right file, or", (file, dir) -> {
        sql(file, "DROP TABLE mutil_meta");
    }),
    NO_TABLE("the file has no table db(key_0, ..., data)", (file, dir) -> {
        sql(file, "DROP TABLE db");
    }),
    KEYS_OF_ANOTHER_LENGTH("its keys have 2 parts, those of the store 3; restore the right file", (file, dir) -> {
        sql(file, "DROP TABLE db");
        sql(file, "CREATE TABLE db(key_0, key_1, data, PRIMARY KEY(key_0, key_1))");
    });

    final String message;

    @SuppressWarnings("ImmutableEnumChecker") // these hold nothing
    private final Doing doing;

    private interface Doing {
        void to(Path file, Path dir) throws Exception;
    }

    Damage(String message, Doing doing) {
        this.message = message;
        this.doing = doing;
    }

    void to(Path file, Path dir) throws Exception {
        doing.to(file, dir);
    }
}
