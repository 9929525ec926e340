package io.mutil.loop;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;

/** The technology compatibility kit of Reactive Streams, of which the publisher keeps every rule that is required. */
class ForeverPublisherRulesTest {
    private static final long TIMEOUT_MILLIS = 10_000;
    private static final long SILENCE_MILLIS = 20;
    private static final long POLL_MILLIS = 10;

    private final List<ForeverLoop<Long>> loops = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loops.forEach(ForeverLoop::close);
    }

    @TestFactory
    Stream<DynamicTest> keepsTheRules() {
        return Arrays.stream(Verification.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .filter(method -> !method.getName().startsWith("untested"))
                // each result goes to one subscriber
                .filter(method -> !method.getName().contains("multicast"))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> verify(method)));
    }

    private void verify(Method rule) throws Throwable {
        // the kit looks once for the error that a bad request causes, so that has to come at once
        var verification = new Verification(rule.getName().contains("spec309"));
        verification.setUp();
        try {
            rule.invoke(verification);
        } catch (InvocationTargetException e) {
            // one that is skipped has failed too
            throw e.getCause();
        }
    }

    private final class Verification extends PublisherVerification<Completion<Long>> {
        private final boolean atOnce;

        Verification(boolean atOnce) {
            super(new TestEnvironment(TIMEOUT_MILLIS, SILENCE_MILLIS, POLL_MILLIS));
            this.atOnce = atOnce;
        }

        @Override
        public Publisher<Completion<Long>> createPublisher(long elements) {
            ForeverLoopBuilder choices = ForeverLoop.builder().endWhenEmpty();
            ForeverLoop<Long> loop = (atOnce ? choices.executor(Runnable::run) : choices).build();
            loops.add(loop);
            var armed = new AtomicLong();
            loop.add("count", () -> {
                if (armed.getAndIncrement() == elements) {
                    loop.remove("count");
                }
                return CompletableFuture.completedFuture(armed.get());
            });
            return FlowAdapters.toPublisher(loop.publisher());
        }

        @Override
        public Publisher<Completion<Long>> createFailedPublisher() {
            ForeverLoop<Long> loop = ForeverLoop.builder()
                    .executor(task -> {
                        throw new RejectedExecutionException("full");
                    })
                    .build();
            loops.add(loop);
            return FlowAdapters.toPublisher(loop.publisher());
        }
    }
}
