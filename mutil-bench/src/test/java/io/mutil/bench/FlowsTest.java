package io.mutil.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FlowsTest {
    private static final int ITEMS = 10_000;

    @Test
    void ourTopologyDeliversEveryItem() throws IOException, InterruptedException, ExecutionException {
        new MutilFlow().pass(ITEMS);
    }

    @Test
    void disruptorDeliversEveryItemAgainAndAgain() throws InterruptedException {
        DisruptorFlow flow = DisruptorFlow.blocking();
        flow.start();

        flow.pass(ITEMS);
        flow.pass(ITEMS);

        flow.close();
    }

    @Test
    void jetDeliversEveryItemAgainAndAgain() throws InterruptedException {
        var flow = new JetFlow();
        flow.start();

        flow.pass(ITEMS);
        flow.pass(ITEMS);

        flow.close();
    }

    @Test
    void executorDeliversEveryItemAgainAndAgain() throws InterruptedException {
        var flow = new ExecutorFlow();
        flow.start();

        flow.pass(ITEMS);
        flow.pass(ITEMS);

        flow.close();
    }

    @Test
    void tallyFindsALostItem() {
        var odd = new Tally();
        var even = new Tally();
        new Items(ITEMS).forEachRemaining(n -> (Items.isOdd(n + 1) ? odd : even).add(n + 1));
        assertThatCode(() -> Tally.requireAll(ITEMS, odd, even)).doesNotThrowAnyException();

        odd.add(1);

        assertThatThrownBy(() -> Tally.requireAll(ITEMS, odd, even)).hasMessageContaining("10001 of 10000");
    }
}
