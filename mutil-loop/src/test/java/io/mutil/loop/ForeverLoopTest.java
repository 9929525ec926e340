package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sources, and what they bring, to one consumer. */
class ForeverLoopTest {
    private final ForeverFakeTime time = new ForeverFakeTime();
    private final ForeverLoop<String> loop = time.builder().build();
    private final ForeverHand a = new ForeverHand();
    private final ForeverHand b = new ForeverHand();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void handsOutResultsInTheOrderInWhichTheyCame() throws InterruptedException {
        loop.add("a", a);
        loop.add("b", b);

        b.bring("first");
        a.bring("second");

        assertThat(loop.take().get()).isEqualTo("first");
        assertThat(loop.take().get()).isEqualTo("second");
        assertThat(loop.poll()).isEmpty();
    }

    @Test
    void armsASourceAtOnceAndAgainOnlyWhenItsResultWasTaken() throws InterruptedException {
        loop.add("a", a);
        assertThat(a.armed()).isEqualTo(1);

        a.bring("1");
        assertThat(a.armed()).isEqualTo(1);

        loop.take();
        assertThat(a.armed()).isEqualTo(2);
    }

    @Test
    void aResultTellsItsSourceAndItsMetadata() throws InterruptedException {
        loop.add(Source.async("a", a).metadata(URI.create("ws://a")));
        a.bring("1");

        Completion<String> completion = loop.take();

        assertThat(completion.source()).isEqualTo("a");
        assertThat(completion.metadata(URI.class)).contains(URI.create("ws://a"));
        assertThatThrownBy(() -> completion.metadata(String.class)).isInstanceOf(ClassCastException.class);
        assertThat(completion.isFailure()).isFalse();
        assertThat(completion.failure()).isEmpty();
        assertThat(completion.consecutiveFailures()).isZero();
        assertThat(completion.retryIn()).isEmpty();
        assertThat(completion).hasToString("source a brought a value");
    }

    @Test
    void aSourceWithoutMetadataHasNone() throws InterruptedException {
        loop.add("a", a);
        a.bring("1");

        assertThat(loop.take().metadata(Object.class)).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // on JDK 17 it does not read from class files that T may be nullable
    void nullIsAValue() throws InterruptedException {
        try (ForeverLoop<@Nullable Void> ticks = ForeverLoop.create()) {
            ticks.add("tick", () -> CompletableFuture.<@Nullable Void>completedFuture(null));

            assertThat(ticks.take().get()).isNull();
        }
    }

    @Test
    void getThrowsWhatTheSourceFailedWithWrapped() throws InterruptedException {
        var failure = new IOException("secret");
        loop.add("a", a);
        a.fail(failure);

        Completion<String> completion = loop.take();

        assertThat(completion.failure()).containsSame(failure);
        assertThatThrownBy(completion::get)
                .isInstanceOf(CompletionException.class)
                .hasMessage("source a failed, 1 in a row, with java.io.IOException; failure() tells without throwing")
                .hasCause(failure);
    }

    @Test
    void aFailureComesWithoutTheWrappingOfStages() throws InterruptedException {
        var failure = new IOException("broken");
        loop.add("a", () -> a.get().thenApply(value -> value));
        a.fail(failure);

        assertThat(loop.take().failure()).containsSame(failure);
    }

    @Test
    void sourcesThatAreReadyAtOnceTakeTurns() throws InterruptedException {
        for (String name : List.of("a", "b", "c")) {
            loop.add(name, () -> CompletableFuture.completedFuture(name));
        }

        var names = new ArrayList<String>();
        for (int i = 0; i < 9; i++) {
            names.add(loop.take().source());
        }

        assertThat(names).containsExactly("a", "b", "c", "a", "b", "c", "a", "b", "c");
    }

    @Test
    void aSourceThatIsReadyAtOnceDoesNotKeepAnotherWaiting() throws InterruptedException {
        loop.add("busy", () -> CompletableFuture.completedFuture("busy"));
        loop.add("a", a);
        loop.take();

        a.bring("1");

        assertThat(List.of(loop.take().source(), loop.take().source())).contains("a");
    }

    @Test
    void aMillionResultsThatAreReadyAtOnceNeedNoDeepStack() throws InterruptedException {
        var armed = new AtomicInteger();
        loop.add("count", () -> CompletableFuture.completedFuture("" + armed.incrementAndGet()));

        for (int i = 0; i < 1_000_000; i++) {
            loop.take();
        }

        assertThat(armed).hasValue(1_000_001);
    }

    @Test
    void takesAllThatAreReadyEachOnce() {
        IntStream.range(0, 100).forEach(i -> loop.add("s" + i, () -> CompletableFuture.completedFuture("" + i)));
        loop.add("a", a);

        List<Completion<String>> all = loop.takeAllReady();

        assertThat(all)
                .extracting(Completion::get)
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "" + i).toList());
        assertThat(loop.takeAllReady()).hasSize(100);
        assertThat(a.armed()).isEqualTo(1);
    }

    @Test
    void takesNoneIfNoneIsReady() {
        loop.add("a", a);

        assertThat(loop.takeAllReady()).isEmpty();
    }

    @Test
    void aSupplierMayAddAndRemoveSources() throws InterruptedException {
        loop.add("a", () -> {
            loop.remove("a");
            loop.add("b", b);
            return a.get();
        });

        assertThat(loop.names()).containsExactly("b");
        assertThat(a.arming(0)).isCancelled();
        b.bring("1");
        assertThat(loop.take().source()).isEqualTo("b");
    }

    @Test
    void tellsItsFigures() throws InterruptedException {
        loop.add("a", a);
        loop.add("b", b);
        loop.add("c", new ForeverHand());
        a.fail(new IOException());
        loop.take();
        b.bring("1");

        assertThat(loop.stats()).isEqualTo(new ForeverLoopStats(3, 1, 1, 1, 1, 1));
        assertThat(loop).hasToString("loop of 3 sources");
    }

    @Test
    void namesAreUnique() {
        loop.add("a", a);

        assertThatThrownBy(() -> loop.add("a", b))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a source a is in the loop already; choose another name, or replace or remove the one that is there");
        assertThat(b.armed()).isZero();
        a.bring("1");
        assertThat(loop.poll()).isPresent();
    }
}
