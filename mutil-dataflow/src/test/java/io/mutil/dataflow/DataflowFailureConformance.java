package io.mutil.dataflow;

import static io.mutil.dataflow.DataflowConformance.CODEC;
import static io.mutil.dataflow.DataflowConformance.assertInOrderPerKey;
import static io.mutil.dataflow.DataflowConformance.assertInOrderPerWorker;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.Codec;
import io.mutil.dataflow.DataflowConformance.Item;
import io.mutil.dataflow.Flows.Collected;
import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a topology of any shape does when its workers fail in the middle of a stream, one level after the other: another worker
 * goes on, what was lost is what the statistics say, nothing comes twice or out of order, and the topology ends by itself. A
 * runtime extends this class and says where workers live and how one is broken.
 */
@Timeout(240)
public abstract class DataflowFailureConformance {
    /** How many items come through before and after each failure. */
    private static final int SOME = 500;

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final NumberedItems source = new NumberedItems();
    private final Collected<Item> sink = Flows.collect();
    /** What each failure had cost when another worker had taken over. */
    private final List<Long> costs = new ArrayList<>();

    /** For runtimes. */
    protected DataflowFailureConformance() {}

    /** Says where the workers of a level live; they do not fail by themselves. */
    protected abstract <I, O> Workers<I, O> placed(String level, Workers<I, O> workers, Codec<I> in, Codec<O> out);

    /** Breaks a worker of a level that has more to do, or all of them; does not wait for the consequences. */
    protected abstract void breakLevel(String level);

    /** How many new workers take over after {@link #breakLevel}. */
    protected abstract int successors(LevelStats level);

    @BeforeEach
    void nothingIsPoisoned() {
        Poison.clear();
    }

    private <I, O> Workers<I, O> named(String name, Workers<I, O> workers, Codec<I> in, Codec<O> out) {
        return placed(name, workers.named(name), in, out)
                .onError((item, failure) -> {})
                .supervise(Supervision.restart().backoff(AT_ONCE, AT_ONCE));
    }

    /** Workers that pass items on and leave their number. */
    private Workers<Item, Item> level(int place, int width) {
        return named(
                "level-" + place,
                Workers.<Item, Item>startedBy(context -> {
                            Poison poison = Poison.of(context.level());
                            return (item, out) -> {
                                poison.taste();
                                out.send(item.by(context.index()));
                            };
                        })
                        .howMany(width),
                CODEC,
                CODEC);
    }

    private Workers<Item, Item> keyed(int place, int width) {
        return level(place, width).routeBy(Item::key);
    }

    /** Lets a stream run, breaks every level once, and lets the stream end. */
    private DataflowStats breakEachLevelOf(Dataflow flow) throws Exception {
        try (RunningDataflow running = flow.start()) {
            for (WorkerLevel<?, ?> level : flow.levels()) {
                awaitMore();
                breakLevel(level.name());
                Eventually.until("another worker of " + level.name(), () -> {
                    LevelStats now = Flows.level(running, level.name());
                    return now.restarts() == successors(now);
                });
                costs.add(cost(running.stats()));
            }
            awaitMore();
            source.end();
            assertThat(running.await(DEADLINE)).as("it ends by itself").isTrue();
            return running.stats();
        }
    }

    private void awaitMore() {
        int before = sink.items.size();
        Eventually.until("the stream goes on", () -> sink.items.size() > before + SOME);
    }

    private static long cost(DataflowStats stats) {
        return stats.lost()
                + stats.levels().stream().mapToLong(LevelStats::errors).sum();
    }

    private DataflowStats through(List<Workers<Item, Item>> levels) throws Exception {
        Dataflow.Levels<Item> flow = Dataflow.named("failures").from(Ingress.pulling(() -> source));
        for (Workers<Item, Item> level : levels) {
            flow = flow.through(level);
        }
        DataflowStats stats = breakEachLevelOf(flow.to(Egress.into(sink)).build());
        assertThat(stats.levels().stream().skip(1).limit(levels.size()))
                .allMatch(level -> level.restarts() == successors(level));
        return stats;
    }

    /** For shapes in which every item has one way. */
    private void assertOnlyTheCountedAreMissing(DataflowStats stats, List<Item> items) {
        assertThat(items).extracting(Item::number).doesNotHaveDuplicates();
        assertThat(items.size() + cost(stats)).isEqualTo(source.count());
    }

    @Test
    void oneToOne() throws Exception {
        DataflowStats stats = through(List.of(level(1, 1)));
        assertOnlyTheCountedAreMissing(stats, sink.items);
        assertThat(sink.items).extracting(Item::number).isSorted();
    }

    @Test
    void oneToMany() throws Exception {
        DataflowStats stats = through(List.of(level(1, 4)));
        assertOnlyTheCountedAreMissing(stats, sink.items);
        assertInOrderPerWorker(sink.items);
    }

    @Test
    void manyToOne() throws Exception {
        DataflowStats stats = through(List.of(level(1, 4), level(2, 1)));
        assertOnlyTheCountedAreMissing(stats, sink.items);
        assertInOrderPerWorker(sink.items);
    }

    @Test
    void manyToManyByKey() throws Exception {
        DataflowStats stats = through(List.of(keyed(1, 3), keyed(2, 4)));
        assertOnlyTheCountedAreMissing(stats, sink.items);
        assertInOrderPerKey(sink.items);
    }

    @Test
    void threeLevels() throws Exception {
        DataflowStats stats = through(List.of(keyed(1, 2), keyed(2, 3), keyed(3, 2)));
        assertOnlyTheCountedAreMissing(stats, sink.items);
        assertInOrderPerKey(sink.items);
    }

    @Test
    void narrowEdges() throws Exception {
        DataflowStats stats =
                through(List.of(keyed(1, 3).edge(Edge.blocking(1)), keyed(2, 2).edge(Edge.blocking(2))));
        assertOnlyTheCountedAreMissing(stats, sink.items);
        assertInOrderPerKey(sink.items);
    }

    @Test
    void broadcast() throws Exception {
        int copies = 3;
        Workers<Item, Item> toAll = named(
                "to-all",
                Workers.<Item, Item>startedBy(context -> {
                            Poison poison = Poison.of(context.level());
                            return (item, out) -> {
                                poison.taste();
                                out.toAll(item);
                            };
                        })
                        .howMany(2),
                CODEC,
                CODEC);

        DataflowStats stats = through(List.of(toAll, level(2, copies)));

        long lostBefore = costs.get(0);
        long lostBehind = cost(stats) - lostBefore;
        assertThat(sink.items).hasSize(Math.toIntExact(copies * (source.count() - lostBefore) - lostBehind));
        sink.items.stream()
                .collect(groupingBy(item -> item.workers().get(0)))
                .values()
                .forEach(ofOne -> assertThat(ofOne).extracting(Item::number).doesNotHaveDuplicates());
    }

    @Test
    void filtersOfSeveralEgresses() throws Exception {
        Collected<Item> odd = Flows.collect();
        Collected<Item> even = Flows.collect();

        DataflowStats stats = breakEachLevelOf(Dataflow.named("filters")
                .from(Ingress.pulling(() -> source))
                .through(keyed(1, 3))
                .to(Egress.<Item>into(odd).filter(item -> item.number() % 2 != 0))
                .to(Egress.<Item>into(even).filter(item -> item.number() % 2 == 0))
                .to(Egress.into(sink))
                .build());

        assertOnlyTheCountedAreMissing(stats, sink.items);
        List<Item> both = new ArrayList<>(odd.items);
        both.addAll(even.items);
        assertOnlyTheCountedAreMissing(stats, both);
        assertInOrderPerKey(sink.items);
        assertInOrderPerKey(odd.items);
        assertInOrderPerKey(even.items);
    }

    @Test
    void filtersInWorkers() throws Exception {
        Workers<Item, Item> thirds = named(
                        "thirds",
                        Workers.<Item, Item>startedBy(context -> {
                                    Poison poison = Poison.of(context.level());
                                    return (item, out) -> {
                                        poison.taste();
                                        if (item.number() % 3 == 0) {
                                            out.send(item);
                                        }
                                    };
                                })
                                .howMany(2),
                        CODEC,
                        CODEC)
                .routeBy(Item::key);

        DataflowStats stats = through(List.of(thirds, keyed(2, 2)));

        assertThat(sink.items).extracting(Item::number).doesNotHaveDuplicates().allMatch(n -> n % 3 == 0);
        long wanted = (source.count() + 2) / 3;
        // nobody knows which of those that were lost would have been wanted
        assertThat((long) sink.items.size()).isBetween(wanted - cost(stats), wanted);
        assertInOrderPerKey(sink.items);
    }

    @Test
    void closesInTimeWhileALevelIsDown() throws Exception {
        Duration never = Duration.ofHours(1);
        Dataflow flow = Dataflow.named("down")
                .from(Ingress.pulling(() -> source))
                .through(keyed(1, 2))
                .through(keyed(2, 3).supervise(Supervision.restart().backoff(never, never)))
                .to(Egress.into(sink))
                .build();
        RunningDataflow running =
                ThreadRuntime.builder().drainTimeout(Duration.ofMillis(200)).start(flow);
        awaitMore();
        breakLevel("level-2");

        assertThat(running.closeAsync()).succeedsWithin(DEADLINE);

        assertOnlyTheCountedAreMissing(running.stats(), sink.items);
        assertInOrderPerKey(sink.items);
        assertThat(running.stats().levels()).allMatch(level -> level.restarts() == 0);
    }
}
