package io.mutil.bench.store;

import io.mutil.sqlshard.Durability;
import io.mutil.sqlshard.Row;
import io.mutil.sqlshard.ShardKey;
import io.mutil.sqlshard.SqlShard;
import io.mutil.sqlshard.ValueCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Ours. */
final class MutilStore implements Store {
    private static final int TOGETHER = 1000;

    private final SqlShard<Quote> shards;
    private final Puts puts;
    private final boolean fileByFile;

    /** How rows are put. */
    enum Puts {
        /** One after the other. */
        ONE {
            @Override
            void put(SqlShard<Quote> shards, Rows rows, Share share) throws IOException, InterruptedException {
                each(shards, rows, share);
            }
        },
        /** One after the other, with a store that commits later. */
        BEHIND {
            @Override
            void put(SqlShard<Quote> shards, Rows rows, Share share) throws IOException, InterruptedException {
                each(shards, rows, share);
            }
        },
        /** Without waiting, until all have been begun. */
        ASYNC {
            @Override
            void put(SqlShard<Quote> shards, Rows rows, Share share) {
                List<CompletableFuture<?>> begun = new ArrayList<>();
                for (int row = share.part(); row < rows.count(); row += share.parts()) {
                    begun.add(shards.putAsync(ShardKey.of(rows.key(row)), rows.value(row)));
                }
                begun.forEach(CompletableFuture::join);
            }
        },
        /** A thousand in a call. */
        ALL {
            @Override
            void put(SqlShard<Quote> shards, Rows rows, Share share) throws IOException, InterruptedException {
                Map<ShardKey, Quote> some = new HashMap<>();
                for (int row = share.part(); row < rows.count(); row += share.parts()) {
                    some.put(ShardKey.of(rows.key(row)), rows.value(row));
                    if (some.size() == TOGETHER) {
                        shards.putAll(some);
                        some.clear();
                    }
                }
                shards.putAll(some);
            }
        };

        abstract void put(SqlShard<Quote> shards, Rows rows, Share share) throws IOException, InterruptedException;

        private static void each(SqlShard<Quote> shards, Rows rows, Share share)
                throws IOException, InterruptedException {
            for (int row = share.part(); row < rows.count(); row += share.parts()) {
                shards.put(ShardKey.of(rows.key(row)), rows.value(row));
            }
        }
    }

    MutilStore(Path directory, int shards, Durability durability, Puts puts) throws IOException {
        this(
                SqlShard.builder(directory, ValueCodec.json(Quote.class))
                        .shards(shards)
                        .keyLength(1)
                        .durability(durability)
                        .open(),
                puts,
                false);
    }

    private MutilStore(SqlShard<Quote> shards, Puts puts, boolean fileByFile) {
        this.shards = shards;
        this.puts = puts;
        this.fileByFile = fileByFile;
    }

    /** The same, except that a scan has the order of the keys within a file only. */
    MutilStore scannedFileByFile() {
        return new MutilStore(shards, puts, true);
    }

    @Override
    public void put(Rows rows, Share share) throws IOException, InterruptedException {
        puts.put(shards, rows, share);
    }

    @Override
    public void settle() throws IOException, InterruptedException {
        if (puts == Puts.BEHIND) {
            shards.flush();
        }
    }

    @Override
    public Reader reader() {
        return key -> shards.get(ShardKey.of(key)).orElse(null);
    }

    @Override
    public long size() throws IOException, InterruptedException {
        return shards.size();
    }

    @Override
    public void scan(BiConsumer<String, Quote> action) throws IOException, InterruptedException {
        if (fileByFile) {
            shards.forEach(row -> accept(action, row));
        } else {
            try (Stream<Row<Quote>> rows = shards.scan().stream()) {
                rows.forEach(row -> accept(action, row));
            }
        }
    }

    private static void accept(BiConsumer<String, Quote> action, Row<Quote> row) {
        action.accept((String) row.key().part(0), row.value());
    }

    @Override
    public void close() throws IOException {
        shards.close();
    }
}
