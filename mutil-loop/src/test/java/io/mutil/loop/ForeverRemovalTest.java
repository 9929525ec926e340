package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is left of a source that was removed, replaced or closed: nothing. */
class ForeverRemovalTest {
    private final ForeverFakeTime time = new ForeverFakeTime();
    private final ForeverLoop<String> loop = time.builder().build();
    private final ForeverHand a = new ForeverHand();
    private final ForeverHand b = new ForeverHand();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void removalCancelsWhatTheSourceWaitsFor() {
        loop.add("a", a);

        assertThat(loop.remove("a")).isTrue();

        assertThat(a.arming(0)).isCancelled();
        assertThat(loop.poll()).isEmpty();
        assertThat(loop.names()).isEmpty();
        assertThat(loop.remove("a")).isFalse();
    }

    @Test
    void removalDropsAResultThatNobodyTook() {
        loop.add("a", a);
        loop.add("b", b);
        a.bring("1");
        b.bring("2");

        assertThat(loop.remove("a")).isTrue();

        assertThat(loop.poll().orElseThrow().source()).isEqualTo("b");
        assertThat(loop.poll()).isEmpty();
        assertThat(a.armed()).isEqualTo(1);
    }

    @Test
    void removalEndsARest() {
        loop.add("a", a);
        a.fail(new IOException());
        assertThat(loop.poll()).isPresent();
        assertThat(time.delays()).hasSize(1);

        loop.remove("a");

        assertThat(time.delays()).isEmpty();
        assertThat(a.armed()).isEqualTo(1);
    }

    @Test
    void aLateCompletionOfARemovedSourceIsNotThatOfItsSuccessor() {
        var stubborn = new Stubborn();
        loop.add("a", () -> stubborn);
        loop.remove("a");
        loop.add("a", a);

        stubborn.complete("late");
        assertThat(loop.poll()).isEmpty();

        a.bring("1");
        assertThat(loop.poll().orElseThrow().get()).isEqualTo("1");
        assertThat(loop.poll()).isEmpty();
    }

    @Test
    void aStageThatNobodyCanCancelIsIgnored() {
        var whole = new CompletableFuture<String>();
        loop.add("a", whole::minimalCompletionStage);

        assertThatCode(() -> loop.remove("a")).doesNotThrowAnyException();

        whole.complete("late");
        assertThat(loop.poll()).isEmpty();
    }

    @Test
    void aReplacedSourceBringsNothingMore() {
        loop.add("a", a);
        loop.add("b", b);
        a.bring("old");

        assertThat(loop.replace(Source.async("a", b))).isTrue();
        assertThat(b.armed()).isEqualTo(2);
        b.bring("new");

        assertThat(loop.poll().orElseThrow().get()).isEqualTo("new");
        assertThat(loop.poll()).isEmpty();
    }

    @Test
    void replacingNothingAdds() {
        assertThat(loop.replace(Source.async("a", a))).isFalse();
        a.bring("1");

        assertThat(loop.poll().orElseThrow().get()).isEqualTo("1");
    }

    @Test
    void aSourceRemovedByItsConsumerIsNotArmedAgain() throws InterruptedException {
        loop.add("a", a);
        a.bring("1");

        loop.run(next -> {
            loop.remove("a");
            loop.close();
        });

        assertThat(a.armed()).isEqualTo(1);
    }

    @Test
    void aSourceReplacedByItsConsumerIsArmedOnce() {
        loop.add("a", a);
        a.bring("1");

        assertThatThrownBy(() -> loop.run(next -> {
                    loop.replace(Source.async("a", b));
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");

        assertThat(a.armed()).isEqualTo(1);
        assertThat(b.armed()).isEqualTo(1);
    }

    @Test
    void removedResultsDoNotPileUp() {
        var core = new ForeverCore<String>(FailurePolicy.retry(), time, Runnable::run, false);
        core.add(Source.async("first", () -> CompletableFuture.completedFuture("1")));
        for (int i = 0; i < 10_000; i++) {
            core.replace(Source.async("a", () -> CompletableFuture.completedFuture("2")));
        }

        assertThat(core.waiting()).isLessThan(50);
        assertThat(new ForeverLoop<>(core).takeAllReady())
                .extracting(Completion::source)
                .containsExactly("first", "a");
    }

    @Test
    void closeCancelsAllAndDropsWhatNobodyTook() {
        loop.add("a", a);
        loop.add("b", b);
        b.bring("1");

        loop.close();
        loop.close();

        assertThat(a.arming(0)).isCancelled();
        assertThat(loop.poll()).isEmpty();
        assertThat(loop.takeAllReady()).isEmpty();
        assertThat(loop.iterator().hasNext()).isFalse();
        assertThatThrownBy(loop::take)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the loop is closed, so nothing comes any more");
        assertThatThrownBy(() -> loop.add("c", a))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the loop is closed; make another for source c");
        assertThat(a.armed()).isEqualTo(1);
        assertThat(loop).hasToString("closed loop of 0 sources");
    }

    @Test
    void closeGoesOnWhenAStageRefusesToBeCancelled() {
        loop.add("a", Refusing::new);
        loop.add("b", b);
        loop.add("c", Refusing::new);

        assertThatThrownBy(loop::close)
                .hasMessage("no")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));

        assertThat(b.arming(0)).isCancelled();
        assertThat(loop.names()).isEmpty();
        assertThatCode(loop::close).doesNotThrowAnyException();
    }

    @Test
    void removalIsDoneThoughAStageRefusesToBeCancelled() {
        loop.add("a", Refusing::new);
        loop.add("b", Refusing::new);

        assertThatThrownBy(() -> loop.remove("a")).hasMessage("no");
        assertThatThrownBy(() -> loop.replace(Source.async("b", b))).hasMessage("no");
        b.bring("new");

        assertThat(loop.names()).containsExactly("b");
        assertThat(loop.poll().orElseThrow().get()).isEqualTo("new");
    }

    @Test
    void whatIsRemovedWhileItIsTakenIsNotHandedOver() {
        loop.add(Source.async("a", a).onFailure((failure, consecutive) -> {
            loop.remove("a");
            return Optional.of(Duration.ofSeconds(1));
        }));
        loop.add("b", b);
        a.fail(new IOException());
        b.bring("1");

        assertThat(loop.takeAllReady()).extracting(Completion::source).containsExactly("b");
        assertThat(loop.poll()).isEmpty();
    }

    @Test
    void closeEndsARest() {
        loop.add("a", a);
        a.fail(new IOException());
        assertThat(loop.poll()).isPresent();

        loop.close();
        time.advance(Duration.ofMinutes(1));

        assertThat(time.delays()).isEmpty();
        assertThat(a.armed()).isEqualTo(1);
    }

    /** Goes on when it is cancelled. */
    private static final class Stubborn extends CompletableFuture<String> {
        @Override
        public boolean cancel(boolean interrupt) {
            return false;
        }
    }

    private static final class Refusing extends CompletableFuture<String> {
        @Override
        public boolean cancel(boolean interrupt) {
            throw new IllegalStateException("no");
        }
    }
}
