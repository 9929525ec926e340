package io.mutil.sqlshard;

import java.io.IOException;
import java.util.List;

/** Files of the original, whose rows have to tell whether they are where they belong. */
final class OriginalFiles {
    private final List<ShardFile> files;
    private final StoreShape shape;

    OriginalFiles(List<ShardFile> files, StoreShape shape) {
        this.files = files;
        this.shape = shape;
    }

    /**
     * Looks at some rows of each.
     *
     * @throws ShardFileException if one belongs elsewhere
     */
    void check() throws IOException {
        for (ShardFile file : files) {
            if (!file.fits(shape)) {
                throw new ShardFileException(
                        file.path(),
                        "rows do not belong to shard " + file.number() + " of " + shape.shards() + " when part "
                                + shape.shardIndex() + " of the key decides",
                        advice());
            }
        }
    }

    private String advice() throws IOException {
        for (int i = 0; i < shape.keyLength(); i++) {
            if (allFit(new StoreShape(shape.shards(), shape.keyLength(), i))) {
                return "open the store with shardIndex(" + i + ")";
            }
        }
        return "look for missing shards, or choose another shardIndex";
    }

    private boolean allFit(StoreShape other) throws IOException {
        for (ShardFile file : files) {
            if (!file.fits(other)) {
                return false;
            }
        }
        return true;
    }
}
