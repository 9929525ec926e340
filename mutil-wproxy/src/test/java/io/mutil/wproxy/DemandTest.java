package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final Duration DEBOUNCE = Duration.ofMillis(20);
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final ManualLoop loop = new ManualLoop();
    private final ToldUpstream upstream = new ToldUpstream();
    private final List<Throwable> failures = new ArrayList<>();
    private final Ledger ledger = new Ledger(1, key -> demand().changed(key));
    private Demand demand = lingering(LINGER);

    private Demand demand() {
        return demand;
    }

    private Demand lingering(Duration linger) {
        var pace = new Demand.Pace(DEBOUNCE, linger, 3);
        return new Demand(loop, loop, pace, ledger::forget, (c, e) -> failures.add(e));
    }

    @Test
    void gathersChanges() {
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");
        ledger.acquire("b");
        loop.advance(DEBOUNCE.minusNanos(1));
        assertThat(upstream.calls()).isEmpty();

        loop.advance(Duration.ofNanos(1));

        assertThat(upstream.calls()).containsExactly("[a, b] +[a, b] -[]");
    }

    @Test
    void saysNothingIfOneOfSeveralHoldersLeaves() {
        demand.connected(upstream, ledger.keys());
        Key key = ledger.acquire("a");
        ledger.acquire("a");
        loop.advance(DEBOUNCE);
        upstream.calls();

        ledger.release(key);
        loop.advance(Duration.ofDays(1));

        assertThat(upstream.calls()).isEmpty();
    }

    @Test
    void keepsAKeyForAWhile() {
        demand.connected(upstream, ledger.keys());
        Key key = ledger.acquire("a");
        loop.advance(DEBOUNCE);
        upstream.calls();
        ledger.release(key);
        loop.advance(DEBOUNCE.plus(LINGER).minusNanos(1));
        assertThat(upstream.calls()).isEmpty();
        assertThat(ledger.get("a")).isSameAs(key);

        loop.advance(Duration.ofNanos(1));

        assertThat(upstream.calls()).containsExactly("[] +[] -[a]");
        assertThat(ledger.get("a")).isNull();
    }

    @Test
    void countsTheWhileAnewWhenAKeyWasHeldInBetween() {
        demand.connected(upstream, ledger.keys());
        Key key = ledger.acquire("a");
        loop.advance(DEBOUNCE);
        upstream.calls();
        ledger.release(key);
        loop.advance(LINGER.minusSeconds(1));
        ledger.acquire("a");
        ledger.release(key);

        loop.advance(LINGER);
        assertThat(upstream.calls()).isEmpty();

        loop.advance(DEBOUNCE);
        assertThat(upstream.calls()).containsExactly("[] +[] -[a]");
    }

    @Test
    void splitsLargeChangesAndTellsWhatIsGoneFirst() {
        demand = lingering(Duration.ZERO);
        demand.connected(upstream, ledger.keys());
        Key old = ledger.acquire("old");
        loop.advance(DEBOUNCE);
        upstream.calls();
        ledger.release(old);
        for (String name : List.of("a", "b", "c", "d", "e", "f")) {
            ledger.acquire(name);
        }

        loop.advance(DEBOUNCE);

        assertThat(upstream.calls())
                .containsExactly(
                        "[a, b] +[a, b] -[old]", "[a, b, c, d, e] +[c, d, e] -[]", "[a, b, c, d, e, f] +[f] -[]");
    }

    @Test
    void waitsForTheEndOfOneCallBeforeTheNext() {
        var answer = new CompletableFuture<Void>();
        upstream.answerWith(answer);
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");
        loop.advance(DEBOUNCE);
        ledger.acquire("b");
        loop.advance(DEBOUNCE);
        assertThat(upstream.calls()).containsExactly("[a] +[a] -[]");

        answer.complete(null);
        loop.turn();

        assertThat(upstream.calls()).containsExactly("[a, b] +[b] -[]");
    }

    @Test
    void asksANewConnectionForEverythingThatIsWanted() {
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");
        ledger.acquireEverything();
        loop.advance(DEBOUNCE);
        demand.disconnected(ledger.keys());
        ledger.acquire("b");
        loop.advance(DEBOUNCE);
        var second = new ToldUpstream();

        demand.connected(second, ledger.keys());
        loop.turn();

        assertThat(second.calls()).containsExactly("everything true", "[a, b] +[a, b] -[]");
    }

    @Test
    void asksANewConnectionForNothingIfNothingIsWanted() {
        Key key = ledger.acquire("a");
        loop.advance(DEBOUNCE);
        ledger.release(key);
        loop.advance(DEBOUNCE.plus(LINGER));

        demand.connected(upstream, ledger.keys());
        loop.turn();

        assertThat(upstream.calls()).isEmpty();
        assertThat(ledger.keys()).isEmpty();
    }

    @Test
    void doesNotWaitForAConnectionThatIsGone() {
        upstream.answerWith(new CompletableFuture<>());
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");
        loop.advance(DEBOUNCE);
        demand.disconnected(ledger.keys());
        var second = new ToldUpstream();

        demand.connected(second, ledger.keys());
        loop.turn();

        assertThat(second.calls()).containsExactly("[a] +[a] -[]");
    }

    @Test
    void reportsACallThatFails() {
        var failure = new IOException("refused");
        upstream.answerWith(CompletableFuture.failedFuture(failure));
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");

        loop.advance(DEBOUNCE);

        assertThat(failures).containsExactly(failure);
    }

    @Test
    void turnsEverythingOnAndOff() {
        demand.connected(upstream, ledger.keys());
        Key everything = ledger.acquireEverything();
        loop.advance(DEBOUNCE);
        ledger.release(everything);
        loop.advance(DEBOUNCE.plus(LINGER));

        assertThat(upstream.calls()).containsExactly("everything true", "everything false");
    }
}
