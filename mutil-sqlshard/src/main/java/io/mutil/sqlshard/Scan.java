package io.mutil.sqlshard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Describes rows by a range of keys, and reads or removes them.
 *
 * <p>A range is all keys that begin with a prefix, and whose first part after it lies between two bounds, as {@link ShardKey}
 * orders parts: numbers before text before bytes. Without a prefix the bounds are for the first part. SQLite finds and orders
 * the rows by the index of their keys, so it reads no others; a prefix that holds the part that chooses the shard has
 * one file asked, any other all of them.
 *
 * <p>Immutable and safe for many threads: every method returns another scan, which can be kept and used again. Nothing is read
 * before {@link #stream}, {@link #keys} or {@link #remove}.
 *
 * <pre>{@code
 * Scan<JsonNode> day = store.scan().prefix("IBM").from(1_700_000_000L).toExclusive(1_700_086_400L);
 * try (Stream<Row<JsonNode>> newest = day.descending().limit(10).stream()) {
 *     newest.forEach(row -> System.out.println(row.key() + " " + row.value()));
 * }
 * long removed = day.remove();
 * }</pre>
 *
 * @param <V> the values
 */
public final class Scan<V> {
    private final Store<V> store;
    private final Range range;

    private Scan(Store<V> store, Range range) {
        this.store = store;
        this.range = range;
    }

    /** All rows of a store. */
    static <V> Scan<V> of(Store<V> store) {
        return new Scan<>(store, Range.all(store.shape().keyLength()));
    }

    /**
     * Only keys that begin with these parts, in place of those given before.
     *
     * @param parts as for {@link ShardKey#of}; none for all keys
     * @throws IllegalArgumentException if there are more parts than in a key, as many and a bound, or one can be no part
     */
    public Scan<V> prefix(Object... parts) {
        List<Object> checked = new ArrayList<>();
        for (Object part : parts) {
            checked.add(KeyPart.checked(part, checked.size()));
        }
        return with(range.withPrefix(checked));
    }

    /**
     * Only keys whose first part after the prefix is this or more, in place of the lower bound given before.
     *
     * @throws IllegalArgumentException if the prefix is a whole key, or this can be no part
     */
    public Scan<V> from(Object part) {
        return with(range.withLower(bound(part, true)));
    }

    /**
     * Only keys whose first part after the prefix is more than this, in place of the lower bound given before.
     *
     * @throws IllegalArgumentException as {@link #from} says
     */
    public Scan<V> fromExclusive(Object part) {
        return with(range.withLower(bound(part, false)));
    }

    /**
     * Only keys whose first part after the prefix is this or less, in place of the upper bound given before.
     *
     * @throws IllegalArgumentException as {@link #from} says
     */
    public Scan<V> to(Object part) {
        return with(range.withUpper(bound(part, true)));
    }

    /**
     * Only keys whose first part after the prefix is less than this, in place of the upper bound given before.
     *
     * @throws IllegalArgumentException as {@link #from} says
     */
    public Scan<V> toExclusive(Object part) {
        return with(range.withUpper(bound(part, false)));
    }

    private Bound bound(Object part, boolean inclusive) {
        return new Bound(List.of(KeyPart.checked(part, range.prefix().size())), inclusive);
    }

    /** The largest key first; the bounds keep their meaning. */
    public Scan<V> descending() {
        return with(range.withOrder(true));
    }

    /**
     * Only the first rows, in the order of the scan.
     *
     * @param rows 0 or more
     * @throws IllegalArgumentException if it is negative
     */
    public Scan<V> limit(long rows) {
        return with(range.withLimit(rows));
    }

    private Scan<V> with(Range range) {
        return new Scan<>(store, range);
    }

    /**
     * The rows, in the order of their keys over all files, read in pieces as the stream goes.
     *
     * <p>Close it, unless it is read to its end. Each file is shown as it was when this method read its first rows: with all
     * writes that returned before, and none that began after it returned. A stream that is open stops neither writes nor
     * other reads, but the logs of its files grow meanwhile; of one shard 64 may be open whose rows are more than a few hundred. What
     * fails later is thrown as {@link java.io.UncheckedIOException}.
     *
     * @throws IllegalStateException if too many streams are open
     */
    public Stream<Row<V>> stream() throws IOException, InterruptedException {
        Merge rows = Merge.open(shards(), range, true);
        return RangeSpliterator.stream(
                rows, row -> new Row<>(row.key(), store.decoded(row).orElseThrow()));
    }

    /** The keys, as {@link #stream} has them, without reading values. */
    public Stream<ShardKey> keys() throws IOException, InterruptedException {
        return RangeSpliterator.stream(Merge.open(shards(), range, false), Change::key);
    }

    /**
     * Removes the rows, a few hundred in a transaction, so that other writes come between. A row put meanwhile may be
     * removed or not; what is behind the last row stays. If it fails, or is interrupted, some may have been removed.
     *
     * @return how many were removed
     */
    public long remove() throws IOException, InterruptedException {
        return new Removal(store, shards()).remove(range);
    }

    private List<Shard> shards() throws IOException {
        return store.shardsOf(range.prefix());
    }
}
