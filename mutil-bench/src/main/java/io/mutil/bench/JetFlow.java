package io.mutil.bench;

import static java.util.Objects.requireNonNull;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.function.PredicateEx;
import com.hazelcast.jet.config.JobConfig;
import com.hazelcast.jet.core.JobStatus;
import com.hazelcast.jet.core.Processor;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.Sink;
import com.hazelcast.jet.pipeline.SinkBuilder;
import com.hazelcast.jet.pipeline.SourceBuilder;
import com.hazelcast.jet.pipeline.SourceBuilder.SourceBuffer;
import com.hazelcast.jet.pipeline.StreamSource;
import com.hazelcast.jet.pipeline.StreamStage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The contest's topology as a job of Hazelcast Jet in this JVM, the only member of its cluster.
 *
 * <p>The job runs from one million to the next, as it would in production, on Jet's default threads, one for each processor,
 * and a third for the source, which Jet's source builder makes so. The level in the middle has Jet's default width, its
 * number of threads.
 */
final class JetFlow {
    private static final String SELF = "contest";
    private static final int SOURCE_BATCH = 1024;
    private static final long PATIENCE_SECONDS = 60;

    /** A sink, and when it has all. */
    private static final class Goal {
        final Tally tally = new Tally();
        private final CountDownLatch done = new CountDownLatch(1);
        private final int expected;

        Goal(int expected) {
            this.expected = expected;
        }

        void add(long number) {
            tally.add(number);
            if (tally.count() == expected) {
                done.countDown();
            }
        }
    }

    /** A million on its way. */
    private record Burst(Items source, Goal odd, Goal even) {
        static Burst of(int items) {
            return new Burst(new Items(items), new Goal(items / 2), new Goal(items / 2));
        }
    }

    private final HazelcastInstance member;
    private volatile Burst burst = Burst.of(0);

    JetFlow() {
        member = Hazelcast.newHazelcastInstance(config());
    }

    private Config config() {
        var config = new Config().setUserContext(new ConcurrentHashMap<>(Map.of(SELF, this)));
        config.getJetConfig().setEnabled(true);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        var join = config.getNetworkConfig().getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        return config.setProperty("hazelcast.logging.type", "none")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false");
    }

    void start() {
        var job = member.getJet().newJob(pipeline(), new JobConfig().setName(SELF));
        while (job.getStatus() != JobStatus.RUNNING) {
            Thread.onSpinWait();
        }
    }

    private static Pipeline pipeline() {
        Pipeline pipeline = Pipeline.create();
        StreamStage<Long> results =
                pipeline.readFrom(source()).withoutTimestamps().map(n -> n + 1);
        results.filter(odd()).writeTo(sink("odd", true));
        results.filter(even()).writeTo(sink("even", false));
        return pipeline;
    }

    private static PredicateEx<Long> odd() {
        return n -> Items.isOdd(n);
    }

    private static PredicateEx<Long> even() {
        return n -> !Items.isOdd(n);
    }

    private static StreamSource<Long> source() {
        return SourceBuilder.stream("source", JetFlow::in)
                .<Long>fillBufferFn(JetFlow::fill)
                .build();
    }

    private static void fill(JetFlow flow, SourceBuffer<Long> buffer) {
        Items source = flow.burst.source();
        for (int i = 0; i < SOURCE_BATCH && source.hasNext(); i++) {
            buffer.add(source.next());
        }
    }

    private static Sink<Long> sink(String name, boolean odd) {
        return SinkBuilder.sinkBuilder(name, JetFlow::in)
                .<Long>receiveFn(
                        odd
                                ? (flow, n) -> flow.burst.odd().add(n)
                                : (flow, n) -> flow.burst.even().add(n))
                .preferredLocalParallelism(1)
                .build();
    }

    private static JetFlow in(Processor.Context context) {
        return (JetFlow)
                requireNonNull(context.hazelcastInstance().getUserContext().get(SELF));
    }

    void pass(int items) throws InterruptedException {
        Burst next = Burst.of(items);
        burst = next;
        if (!next.odd().done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)
                || !next.even().done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("items got lost");
        }
        Tally.requireAll(items, next.odd().tally, next.even().tally);
    }

    /** At once: nothing is under way. */
    void close() {
        member.getLifecycleService().terminate();
    }
}
