package io.mutil.dataflow;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.Codec;
import io.mutil.codec.JsonCodec;
import io.mutil.dataflow.Flows.Collected;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a topology does whatever runs it: numbered items through every shape arrive complete, once, and in order per sender and
 * key. A runtime extends this class and says how it runs a topology, and where workers live.
 */
@Timeout(180)
public abstract class DataflowConformance {
    private static final int ITEMS = 20_000;
    private static final int KEYS = 13;

    /** An item: its place in the stream, and who has handled it, the last one in front. */
    record Item(int number, List<Integer> workers) implements Serializable {
        int key() {
            return number % KEYS;
        }

        Item by(int worker) {
            var more = new ArrayList<>(List.of(worker));
            more.addAll(workers);
            return new Item(number, more);
        }
    }

    static final Codec<Item> CODEC = JsonCodec.of(Item.class);

    /** For runtimes. */
    protected DataflowConformance() {}

    /** Runs a topology until its source has ended and everything has been processed. */
    protected abstract DataflowStats run(Dataflow flow) throws Exception;

    /** Says where the workers of a level live; by default nothing. */
    protected <I, O> Workers<I, O> placed(Workers<I, O> workers, Codec<I> in, Codec<O> out) {
        return workers;
    }

    private static Ingress<Item> items() {
        return Ingress.pulling(() ->
                IntStream.range(0, ITEMS).mapToObj(n -> new Item(n, List.of())).iterator());
    }

    /** Workers that pass items on and leave their number. */
    private Workers<Item, Item> level(int width) {
        return placed(
                Workers.<Item, Item>startedBy(context -> (item, out) -> out.send(item.by(context.index())))
                        .howMany(width),
                CODEC,
                CODEC);
    }

    private Workers<Item, Item> keyed(int width) {
        return level(width).routeBy(Item::key);
    }

    private static void assertComplete(List<Item> items) {
        assertThat(items).extracting(Item::number).doesNotHaveDuplicates().hasSize(ITEMS);
    }

    static void assertInOrderPerKey(List<Item> items) {
        items.stream()
                .collect(groupingBy(Item::key))
                .values()
                .forEach(ofOneKey ->
                        assertThat(ofOneKey).extracting(Item::number).isSorted());
    }

    static void assertInOrderPerWorker(List<Item> items) {
        items.stream()
                .collect(groupingBy(Item::workers))
                .values()
                .forEach(ofOneWay ->
                        assertThat(ofOneWay).extracting(Item::number).isSorted());
    }

    private List<Item> through(List<Workers<Item, Item>> levels) throws Exception {
        Collected<Item> sink = Flows.collect();
        Dataflow.Levels<Item> flow = Dataflow.named("conformance").from(items());
        for (Workers<Item, Item> level : levels) {
            flow = flow.through(level);
        }
        DataflowStats stats = run(flow.to(Egress.<Item>into(sink)).build());
        assertThat(stats.lost()).isZero();
        assertThat(stats.levels()).allMatch(level -> level.errors() == 0);
        return sink.items;
    }

    @Test
    void noLevelAtAll() throws Exception {
        List<Item> items = through(List.of());
        assertComplete(items);
        assertThat(items).extracting(Item::number).isSorted();
    }

    @Test
    void oneToOne() throws Exception {
        List<Item> items = through(List.of(level(1)));
        assertComplete(items);
        assertThat(items).extracting(Item::number).isSorted();
    }

    @Test
    void oneToMany() throws Exception {
        List<Item> items = through(List.of(level(4)));
        assertComplete(items);
        assertInOrderPerWorker(items);
        assertThat(items.stream().map(Item::workers).distinct()).hasSize(4);
    }

    @Test
    void manyToOne() throws Exception {
        List<Item> items = through(List.of(level(4), level(1)));
        assertComplete(items);
        assertInOrderPerWorker(items);
    }

    @Test
    void manyToManyByKey() throws Exception {
        List<Item> items = through(List.of(keyed(3), keyed(4)));
        assertComplete(items);
        assertInOrderPerKey(items);
        // a key has one way through the topology
        items.stream()
                .collect(groupingBy(Item::key))
                .values()
                .forEach(ofOneKey -> assertThat(
                                ofOneKey.stream().map(Item::workers).distinct())
                        .hasSize(1));
    }

    @Test
    void threeLevels() throws Exception {
        List<Item> items = through(List.of(keyed(2), keyed(3), keyed(2)));
        assertComplete(items);
        assertInOrderPerKey(items);
        assertThat(items).allMatch(item -> item.workers().size() == 3);
    }

    @Test
    void broadcast() throws Exception {
        Workers<Item, Item> toAll =
                placed(Workers.<Item, Item>of((item, out) -> out.toAll(item)).howMany(2), CODEC, CODEC);
        List<Item> items = through(List.of(toAll, level(3)));

        assertThat(items).hasSize(3 * ITEMS);
        items.stream()
                .collect(groupingBy(item -> item.workers().get(0)))
                .values()
                .forEach(DataflowConformance::assertComplete);
    }

    @Test
    void filtersOfSeveralEgresses() throws Exception {
        Collected<Item> odd = Flows.collect();
        Collected<Item> even = Flows.collect();
        Collected<Item> all = Flows.collect();
        run(Dataflow.named("filters")
                .from(items())
                .through(keyed(3))
                .to(Egress.<Item>into(odd).filter(item -> item.number() % 2 != 0))
                .to(Egress.<Item>into(even).filter(item -> item.number() % 2 == 0))
                .to(Egress.<Item>into(all))
                .build());

        assertComplete(all.items);
        assertInOrderPerKey(all.items);
        assertThat(odd.items).hasSize(ITEMS / 2).allMatch(item -> item.number() % 2 != 0);
        assertThat(even.items).hasSize(ITEMS / 2).allMatch(item -> item.number() % 2 == 0);
        assertInOrderPerKey(odd.items);
        assertInOrderPerKey(even.items);
    }

    @Test
    void filtersInWorkers() throws Exception {
        Workers<Item, Item> thirds = placed(
                Workers.<Item, Item>of((item, out) -> {
                            if (item.number() % 3 == 0) {
                                out.send(item);
                            }
                        })
                        .howMany(2)
                        .routeBy(Item::key),
                CODEC,
                CODEC);
        List<Item> items = through(List.of(thirds, keyed(2)));

        assertThat(items)
                .extracting(Item::number)
                .doesNotHaveDuplicates()
                .hasSize((ITEMS + 2) / 3)
                .allMatch(n -> n % 3 == 0);
        assertInOrderPerKey(items);
    }

    @Test
    void narrowEdgesHoldEveryoneBack() throws Exception {
        List<Item> items = through(List.of(
                keyed(3).edge(Edge.blocking(1)), keyed(2).edge(Edge.blocking(2)), keyed(3).edge(Edge.blocking(1))));
        assertComplete(items);
        assertInOrderPerKey(items);
    }
}
