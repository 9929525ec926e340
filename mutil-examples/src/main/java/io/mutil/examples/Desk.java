package io.mutil.examples;

import io.mutil.dispatch.Arg;
import io.mutil.dispatch.Dispatch;
import io.mutil.dispatch.DispatchException;
import io.mutil.dispatch.Shell;
import io.mutil.dispatch.Verb;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** An order desk. Runs the lines that are its arguments, say {@code "buy IBM 10" positions}, or without any those that are typed. */
public final class Desk {
    private final Map<String, Integer> positions = new ConcurrentSkipListMap<>();
    private final Dispatch<Desk> commands = commands();
    private final AtomicReference<CompletableFuture<String>> nextTrade =
            new AtomicReference<>(new CompletableFuture<>());

    Desk() {}

    /** Runs it. */
    public static void main(String... lines) throws Exception {
        var desk = new Desk();
        if (lines.length == 0) {
            desk.shell();
        } else {
            desk.run(List.of(lines), System.out::println);
        }
    }

    private void shell() throws IOException {
        Shell.of(commands, this).prompt("desk> ").run();
    }

    void run(List<String> lines, Consumer<String> out) throws Exception {
        for (String line : lines) {
            try {
                Object result = commands.run(line, this, out);
                if (result != null) {
                    out.accept(result.toString());
                }
            } catch (DispatchException e) {
                out.accept(e.getMessage());
            }
        }
    }

    private Dispatch<Desk> commands() {
        Arg<String> symbol = Arg.of("symbol").map(text -> text.toUpperCase(Locale.ROOT));
        Arg<String> held = symbol.completing(positions::keySet);
        Arg<Integer> quantity = Arg.of("qty", Integer::valueOf)
                .check(count -> count > 0, "must be positive")
                .orElse(1);
        return Dispatch.<Desk>builder()
                .group(
                        "orders",
                        orders -> orders.add(Verb.<Desk>of(
                                                "buy",
                                                call -> call.state().trade(call.get(symbol), call.get(quantity)),
                                                symbol,
                                                quantity)
                                        .help("Buys at the market."))
                                .add(Verb.<Desk>of(
                                                "sell",
                                                call -> call.state().trade(call.get(held), -call.get(quantity)),
                                                held,
                                                quantity)
                                        .help("Sells at the market.")))
                .group(
                        "book",
                        book -> book.add(Verb.<Desk>of(
                                                "positions",
                                                call -> call.state().positions())
                                        .help("Shows what is held."))
                                .add(Verb.<Desk>of("watch", call -> call.state().watch(call.out()))
                                        .help("Waits for the next trade."))
                                .add(Verb.<Desk>of("wipe", call -> call.state().wipe())
                                        .dangerous()
                                        .help("Forgets all that is held.")))
                .build();
    }

    private String trade(String symbol, int quantity) {
        String position = symbol + " " + positions.merge(symbol, quantity, Integer::sum);
        nextTrade.getAndSet(new CompletableFuture<>()).complete(position);
        return position;
    }

    private String positions() {
        return positions.toString();
    }

    /** Each watcher has a future of its own, as Ctrl-C cancels it. */
    CompletionStage<String> watch(Consumer<String> out) {
        CompletableFuture<String> trade = nextTrade.get().copy();
        out.accept("waiting for a trade; Ctrl-C stops");
        return trade;
    }

    private String wipe() {
        int count = positions.size();
        positions.clear();
        return count + " forgotten";
    }
}
