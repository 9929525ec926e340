package io.mutil.examples;

import io.mutil.dataflow.Outlet;
import io.mutil.dataflow.Worker;
import io.mutil.examples.Update.Bar;
import io.mutil.examples.Update.Statistics;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes bars of the trades of one pipe. Time is that of the trades: a bar ends with the first trade of a later second,
 * whichever its symbol.
 */
final class BarMaker implements Worker<Trade, Update> {
    private final int pipe;
    private final transient Map<String, Bar> open = new LinkedHashMap<>();
    private long second;
    private long trades;
    private long quantity;

    BarMaker(int pipe) {
        this.pipe = pipe;
    }

    @Override
    public void process(Trade trade, Outlet<Update> out) {
        trades++;
        quantity += trade.quantity();
        if (trade.time() / 1000 > second) {
            sendBars(out);
            second = trade.time() / 1000;
        }
        open.merge(trade.symbol(), Bar.of(trade), (bar, first) -> bar.with(trade));
    }

    private void sendBars(Outlet<Update> out) {
        open.values().forEach(out::send);
        open.clear();
    }

    @Override
    public void tick(Outlet<Update> out) {
        out.send(new Statistics(pipe, trades, quantity));
        trades = 0;
        quantity = 0;
    }

    @Override
    public void finish(Outlet<Update> out) {
        sendBars(out);
        tick(out);
    }
}
