package io.mutil.dataflow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

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

    static final class Collected<T> implements Sink<T> {
        final transient List<T> items = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void accept(T item) {
            items.add(item);
        }
    }
}
