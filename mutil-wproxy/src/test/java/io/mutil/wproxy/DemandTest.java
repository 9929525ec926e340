package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.wproxy.RecordingUpstream.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemandTest {
    private static final Duration DEBOUNCE = Duration.ofMillis(20);
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final ManualLoop loop = new ManualLoop();
    private final RecordingUpstream service = new RecordingUpstream();
    private final Session upstream = service.connect();
    private final List<Throwable> failures = new ArrayList<>();
    private final Ledger ledger = new Ledger(1, key -> demand().changed(key));
    private Demand demand = lingering(LINGER);

    @AfterEach
    void everythingSaidWasADifference() {
        assertThat(service.complaints()).isEmpty();
    }

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
        assertThat(upstream.said()).isEmpty();

        loop.advance(Duration.ofNanos(1));

        assertThat(upstream.said()).containsExactly("[a, b] +[a, b] -[]");
    }

    @Test
    void saysNothingIfOneOfSeveralHoldersLeaves() {
        demand.connected(upstream, ledger.keys());
        Key key = ledger.acquire("a");
        ledger.acquire("a");
        loop.advance(DEBOUNCE);
        upstream.said();

        ledger.release(key);
        loop.advance(Duration.ofDays(1));

        assertThat(upstream.said()).isEmpty();
    }

    @Test
    void keepsAKeyForAWhile() {
        demand.connected(upstream, ledger.keys());
        Key key = ledger.acquire("a");
        loop.advance(DEBOUNCE);
        upstream.said();
        ledger.release(key);
        loop.advance(DEBOUNCE.plus(LINGER).minusNanos(1));
        assertThat(upstream.said()).isEmpty();
        assertThat(ledger.get("a")).isSameAs(key);

        loop.advance(Duration.ofNanos(1));

        assertThat(upstream.said()).containsExactly("[] +[] -[a]");
        assertThat(ledger.get("a")).isNull();
    }

    @Test
    void countsTheWhileAnewWhenAKeyWasHeldInBetween() {
        demand.connected(upstream, ledger.keys());
        Key key = ledger.acquire("a");
        loop.advance(DEBOUNCE);
        upstream.said();
        ledger.release(key);
        loop.advance(LINGER.minusSeconds(1));
        ledger.acquire("a");
        ledger.release(key);

        loop.advance(LINGER);
        assertThat(upstream.said()).isEmpty();

        loop.advance(DEBOUNCE);
        assertThat(upstream.said()).containsExactly("[] +[] -[a]");
    }

    @Test
    void splitsLargeChangesAndTellsWhatIsGoneFirst() {
        demand = lingering(Duration.ZERO);
        demand.connected(upstream, ledger.keys());
        Key old = ledger.acquire("old");
        loop.advance(DEBOUNCE);
        upstream.said();
        ledger.release(old);
        for (String name : List.of("a", "b", "c", "d", "e", "f")) {
            ledger.acquire(name);
        }

        loop.advance(DEBOUNCE);

        assertThat(upstream.said())
                .containsExactly(
                        "[a, b] +[a, b] -[old]", "[a, b, c, d, e] +[c, d, e] -[]", "[a, b, c, d, e, f] +[f] -[]");
    }

    @Test
    void waitsForTheEndOfOneCallBeforeTheNext() {
        service.hold(true);
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");
        loop.advance(DEBOUNCE);
        ledger.acquire("b");
        loop.advance(DEBOUNCE);
        assertThat(upstream.said()).containsExactly("[a] +[a] -[]");

        upstream.answer();
        loop.turn();

        assertThat(upstream.said()).containsExactly("[a, b] +[b] -[]");
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
        Session second = service.connect();

        demand.connected(second, ledger.keys());
        loop.turn();

        assertThat(second.said()).containsExactly("everything true", "[a, b] +[a, b] -[]");
    }

    @Test
    void asksANewConnectionForNothingIfNothingIsWanted() {
        Key key = ledger.acquire("a");
        loop.advance(DEBOUNCE);
        ledger.release(key);
        loop.advance(DEBOUNCE.plus(LINGER));

        demand.connected(upstream, ledger.keys());
        loop.turn();

        assertThat(upstream.said()).isEmpty();
        assertThat(ledger.keys()).isEmpty();
    }

    @Test
    void doesNotWaitForAConnectionThatIsGone() {
        service.hold(true);
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");
        loop.advance(DEBOUNCE);
        demand.disconnected(ledger.keys());
        Session second = service.connect();

        demand.connected(second, ledger.keys());
        loop.turn();

        assertThat(second.said()).containsExactly("[a] +[a] -[]");
    }

    @Test
    void reportsACallThatFails() {
        service.hold(true);
        demand.connected(upstream, ledger.keys());
        ledger.acquire("a");
        loop.advance(DEBOUNCE);

        upstream.refuse();
        loop.turn();

        assertThat(failures).singleElement().asString().contains("refused");
    }

    @Test
    void turnsEverythingOnAndOff() {
        demand.connected(upstream, ledger.keys());
        Key everything = ledger.acquireEverything();
        loop.advance(DEBOUNCE);
        ledger.release(everything);
        loop.advance(DEBOUNCE.plus(LINGER));

        assertThat(upstream.said()).containsExactly("everything true", "everything false");
    }
}
