package io.mutil.bench;

import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.Egress;
import io.mutil.dataflow.Ingress;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.dataflow.Workers;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/**
 * The contest's topology as a {@link Dataflow}: a pulling source, 64 workers in turn, two sinks whose filters are asked at
 * the sender. Edges are the default ones of 1024 items, and so are the threads.
 */
final class MutilFlow {
    private final Tally odd = new Tally();
    private final Tally even = new Tally();

    void pass(int items) throws IOException, InterruptedException, ExecutionException {
        odd.reset();
        even.reset();
        try (RunningDataflow running = flow(items).start()) {
            running.await();
        }
        Tally.requireAll(items, odd, even);
    }

    private Dataflow flow(int items) {
        return Dataflow.named("contest")
                .from(Ingress.pulling(() -> new Items(items)))
                .through(Workers.<Long, Long>of((n, out) -> out.send(n + 1)).howMany(DataflowSuite.WORKERS))
                .to(Egress.<Long>into(odd::add).filter(n -> Items.isOdd(n)))
                .to(Egress.<Long>into(even::add).filter(n -> !Items.isOdd(n)))
                .build();
    }
}
