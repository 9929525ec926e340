package io.mutil.loop;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Sources that fail. */
class ForeverFailureTest {
    private static final ForeverBackOff LONGEST_RESTS =
            new ForeverBackOff(ofMillis(250).toNanos(), ofSeconds(30).toNanos(), bound -> bound - 1);

    private final ForeverFakeTime time = new ForeverFakeTime();
    private final ForeverHand a = new ForeverHand();
    private final ForeverLoop<String> loop =
            time.builder().onFailure(LONGEST_RESTS).build();

    @Test
    void aFailureIsDeliveredAndItsSourceRests() {
        loop.add("a", a);
        a.fail(new IOException("broken"));

        Completion<String> failure = loop.poll().orElseThrow();

        assertThat(failure.isFailure()).isTrue();
        assertThat(failure.consecutiveFailures()).isEqualTo(1);
        assertThat(failure.retryIn()).contains(ofMillis(250));
        time.advance(ofMillis(249));
        assertThat(a.armed()).isEqualTo(1);
        time.advance(ofMillis(1));
        assertThat(a.armed()).isEqualTo(2);
        a.bring("1");
        assertThat(loop.poll().orElseThrow().get()).isEqualTo("1");
    }

    @Test
    void aSourceDoesNotRestBeforeItsFailureWasTaken() {
        loop.add("a", a);
        a.fail(new IOException("broken"));

        time.advance(ofSeconds(60));

        assertThat(time.delays()).isEmpty();
        assertThat(a.armed()).isEqualTo(1);
    }

    @Test
    void restsDoubleUntilTheSourceWorks() {
        loop.add("a", a);
        var rests = new ArrayList<Duration>();
        for (int i = 0; i < 9; i++) {
            rests.add(failAndRest());
        }
        a.bring("1");
        loop.poll();
        rests.add(failAndRest());

        assertThat(rests)
                .containsExactly(
                        ofMillis(250),
                        ofMillis(500),
                        ofSeconds(1),
                        ofSeconds(2),
                        ofSeconds(4),
                        ofSeconds(8),
                        ofSeconds(16),
                        ofSeconds(30),
                        ofSeconds(30),
                        ofMillis(250));
    }

    private Duration failAndRest() {
        a.fail(new IOException("broken"));
        Duration rest = loop.poll().orElseThrow().retryIn().orElseThrow();
        time.advance(rest);
        return rest;
    }

    @Test
    void aSourceThatTakesLongToFailIsNotHealthyForThat() {
        loop.add("a", a);
        failAndRest();

        time.advance(ofSeconds(60));

        assertThat(failAndRest()).isEqualTo(ofMillis(500));
    }

    @Property(tries = 200)
    void aRestIsNeverLongerThanItsBound(
            @ForAll @IntRange(min = 1, max = 1_000_000) int consecutive,
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long first,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long more) {
        FailurePolicy policy = FailurePolicy.retry(ofNanos(first), ofNanos(first + more));

        Duration rest = policy.delayAfter(new IOException(), consecutive).orElseThrow();

        double bound = Math.min((double) (first + more), (double) first * Math.pow(2, consecutive - 1));
        assertThat(rest).isPositive();
        assertThat((double) rest.toNanos()).isLessThanOrEqualTo(bound);
    }

    @Test
    void aSourceThatStopsIsGoneOnceItsFailureWasDelivered() {
        loop.add(Source.async("a", a).onFailure(FailurePolicy.stop()));
        a.fail(new IOException("broken"));
        assertThat(loop.names()).containsExactly("a");

        Completion<String> failure = loop.poll().orElseThrow();

        assertThat(failure.isFailure()).isTrue();
        assertThat(failure.retryIn()).isEmpty();
        assertThat(loop.names()).isEmpty();
        assertThat(time.delays()).isEmpty();
        loop.add("a", a);
        assertThat(a.armed()).isEqualTo(2);
    }

    @Test
    void aPolicyOfTheCallersOwnIsAskedWithTheFailureAndTheCount() {
        var asked = new ArrayList<String>();
        loop.add(Source.async("a", a).onFailure((failure, consecutive) -> {
            asked.add(failure.getMessage() + " " + consecutive);
            return consecutive < 3 ? Optional.of(ofSeconds(consecutive)) : Optional.empty();
        }));

        for (String message : List.of("x", "y", "z")) {
            a.fail(new IOException(message));
            loop.poll().orElseThrow().retryIn().ifPresent(time::advance);
        }

        assertThat(asked).containsExactly("x 1", "y 2", "z 3");
        assertThat(loop.names()).isEmpty();
    }

    @Test
    void noPolicyMakesAHotLoop() {
        loop.add(Source.async("a", a).onFailure((failure, consecutive) -> Optional.of(Duration.ZERO)));
        a.fail(new IOException());

        assertThat(loop.poll().orElseThrow().retryIn()).contains(ofMillis(1));
        assertThat(time.delays()).containsExactly(ofMillis(1));
    }

    @Test
    void aRestHasAnEnd() {
        loop.add(Source.async("a", a)
                .onFailure((failure, consecutive) -> Optional.of(Duration.ofSeconds(Long.MAX_VALUE))));
        a.fail(new IOException());

        assertThat(loop.poll().orElseThrow().retryIn()).contains(Duration.ofDays(365));
    }

    @Test
    void aSourceWhosePolicyFailsIsRetried() {
        loop.add(Source.async("a", a).onFailure((failure, consecutive) -> {
            throw new IllegalStateException("policy");
        }));
        a.fail(new IOException("broken"));

        try (LogLines log = LogLines.of(ForeverLoop.class, Level.WARNING)) {
            Completion<String> failure = loop.poll().orElseThrow();

            assertThat(failure.failure().orElseThrow()).hasMessage("broken");
            assertThat(failure.retryIn().orElseThrow()).isBetween(ofMillis(1), ofMillis(250));
            assertThat(time.delays()).hasSize(1);
            assertThat(log.at(Level.WARNING))
                    .containsExactly("the failure policy of source a failed; retrying by the default");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // as a caller without the checker may do
    void aSupplierThatReturnsNullHasFailed() {
        loop.add("a", () -> (CompletionStage<String>) null);

        assertThat(loop.poll().orElseThrow().failure().orElseThrow())
                .isInstanceOf(NullPointerException.class)
                .hasMessageStartingWith("the supplier of source a returned null");
    }

    @Test
    void aSupplierThatThrowsHasFailedEachTime() {
        loop.add("a", () -> {
            throw new IllegalStateException("not now");
        });

        Completion<String> first = loop.poll().orElseThrow();
        assertThat(first.failure().orElseThrow()).hasMessage("not now");
        assertThat(loop.poll()).isEmpty();

        time.advance(first.retryIn().orElseThrow());
        assertThat(loop.poll().orElseThrow().consecutiveFailures()).isEqualTo(2);
    }

    @Test
    void aFutureThatItsOwnerCancelsIsAFailure() {
        loop.add("a", a);
        a.arming(0).cancel(true);

        assertThat(loop.poll().orElseThrow().failure().orElseThrow()).isInstanceOf(CancellationException.class);
    }

    @Test
    void anExecutorThatRejectsIsAFailureOfTheSource() {
        loop.add(Source.blocking("a", () -> "1", task -> {
            throw new RejectedExecutionException("full");
        }));

        Completion<String> failure = loop.poll().orElseThrow();

        assertThat(failure.failure().orElseThrow()).hasMessage("full");
        assertThat(failure.retryIn()).contains(ofMillis(250));
    }

    @Test
    void aSchedulerThatRejectsLosesNoSource() throws InterruptedException {
        loop.add(Source.async("a", () -> a.armed() == 0 ? a.get() : CompletableFuture.completedFuture("again"))
                .onFailure(FailurePolicy.retry(ofMillis(1), ofMillis(1))));
        time.shutdown();
        a.fail(new IOException());
        try (LogLines log = LogLines.of(ForeverLoop.class, Level.WARNING)) {
            assertThat(loop.take().isFailure()).isTrue();

            assertThat(loop.take().get()).isEqualTo("again");
            assertThat(log.at(Level.WARNING)).hasSize(1);
        }
    }

    @Test
    void boundsOfABackOffAreChecked() {
        assertThatThrownBy(() -> FailurePolicy.retry(Duration.ZERO, ofSeconds(1)))
                .hasMessage("first must be positive, was PT0S");
        assertThatThrownBy(() -> FailurePolicy.retry(ofSeconds(2), ofSeconds(1)))
                .hasMessage("longest must be at least first, PT2S, was PT1S");
        assertThatThrownBy(() -> FailurePolicy.retry(ofSeconds(2), Duration.ofDays(366)))
                .hasMessage("longest must be at most PT8760H, was PT8784H");
        assertThat(FailurePolicy.retry()).hasToString("retry after up to PT0.25S, doubling up to PT30S");
    }
}
