package io.mutil.dataflow;

import io.mutil.server.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Sources, sinks and runs that several tests share. */
final class Flows {
    private Flows() {}

    static Ingress<Integer> numbers(int count) {
        return Ingress.pulling(() -> IntStream.range(0, count).iterator());
    }

    /** A sink that remembers; its list is complete once the topology has ended. */
    static <T> Collected<T> collect() {
        return new Collected<>();
    }

    static DataflowStats run(Dataflow flow) throws Exception {
        try (RunningDataflow running = flow.start()) {
            running.await();
            return running.stats();
        }
    }

    /** Waits hardly at all between attempts to connect. */
    static Backoff quick() {
        return new Backoff(Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(30));
    }

    static LevelStats level(RunningDataflow running, String name) {
        return running.stats().levels().stream()
                .filter(level -> level.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    static List<String> texts(long from, long to) {
        return LongStream.range(from, to).mapToObj(Long::toString).toList();
    }

    static final class Collected<T> implements Sink<T> {
        final transient List<T> items = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void accept(T item) {
            items.add(item);
        }
    }
}
