package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files of the original, whose rows have to tell whether they are where they belong. */
final class OriginalFiles {
    private final List<ShardFile> fitting = new ArrayList<>();
    private final List<ShardFile> misplaced = new ArrayList<>();
    private final StoreShape shape;

    /** Is told what is wrong with one file. */
    interface Refusal {
        void refuse(int shard, ShardFileException damage) throws ShardFileException;
    }

    OriginalFiles(StoreShape shape) {
        this.shape = shape;
    }

    /**
     * Looks at some rows of each.
     *
     * @throws ShardFileException what the refusal throws, or if it is rather the shape that is wrong than a file
     */
    void check(List<ShardFile> files, Refusal refusal) throws IOException {
        for (ShardFile file : files) {
            try {
                (file.fits(shape) ? fitting : misplaced).add(file);
            } catch (ShardFileException e) {
                refusal.refuse(file.number(), e);
            }
        }
        refuseMisplaced(refusal);
    }

    private void refuseMisplaced(Refusal refusal) throws IOException {
        Integer better = misplaced.isEmpty() ? null : betterIndex();
        boolean wrongShape = better != null || misplaced.size() >= fitting.size();
        for (ShardFile file : misplaced) {
            ShardFileException problem = problem(file, better);
            if (wrongShape) {
                throw problem;
            }
            refusal.refuse(file.number(), problem);
        }
    }

    private ShardFileException problem(ShardFile file, @Nullable Integer better) {
        return new ShardFileException(
                file.path(),
                "rows do not belong to shard " + file.number() + " of " + shape.shards() + " when part "
                        + shape.shardIndex() + " of the key decides",
                better == null
                        ? "look for missing shards, or choose another shardIndex"
                        : "open the store with shardIndex(" + better + ")");
    }

    /** Null if none has all rows where they belong. */
    private @Nullable Integer betterIndex() throws IOException {
        for (int i = 0; i < shape.keyLength(); i++) {
            var other = new StoreShape(shape.shards(), shape.keyLength(), i);
            if (allFit(misplaced, other) && allFit(fitting, other)) {
                return i;
            }
        }
        return null;
    }

    private static boolean allFit(List<ShardFile> files, StoreShape shape) throws IOException {
        for (ShardFile file : files) {
            if (!file.fits(shape)) {
                return false;
            }
        }
        return true;
    }
}
