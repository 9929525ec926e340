package io.mutil.bench.fanout;

import io.mutil.bench.Percentiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long messages take from when they are due to clients that read, while all do, and while one in ten has stopped. Those
 * that have stopped get so much beforehand that their sockets are full.
 */
final class Latency {
    private static final List<Integer> CLIENTS = List.of(1000);
    private static final int ONE_IN = 10;
    /** About 200 KB for each client; sockets of those that stop take about 100 KB. */
    private static final int FILL = 1000;

    private static final Duration LONGEST_FILL = Duration.ofSeconds(20);

    private final Run run;
    private final Map<Measured, List<Percentiles>> percentiles = new LinkedHashMap<>();

    private record Measured(Traffic traffic, String contestant, boolean stalled) {}

    Latency(Run run) {
        this.run = run;
    }

    void measure() throws InterruptedException {
        run.say(
                "latency: milliseconds from when each message was due, %,d deliveries/s; then with one client in %d "
                        + "not reading",
                run.options().rate(), ONE_IN);
        for (int round = 1; round <= run.options().rounds(); round++) {
            run.say("round %d", round);
            for (Traffic traffic : run.options().traffic(CLIENTS, "all")) {
                for (Contestant contestant : run.contestants()) {
                    run.turn(contestant, traffic, 0, scene -> turn(contestant, traffic, false, scene));
                    run.turn(
                            contestant,
                            traffic,
                            traffic.clients() / ONE_IN,
                            scene -> turn(contestant, traffic, true, scene));
                }
            }
        }
        table();
    }

    private void turn(Contestant contestant, Traffic traffic, boolean stalled, Scene scene) throws IOException {
        Feed feed = scene.feed();
        if (!fill(traffic, feed)) {
            judge(contestant, traffic, stalled, scene);
            return;
        }
        double perSecond = run.options().rate() / traffic.deliveriesPerMessage();
        scene.crowd().measureFrom(feed.sent() + 1);
        long unsent = feed.pace(run.options().round(), perSecond);
        boolean blocked = !feed.drain();
        Percentiles measured = scene.crowd().latencies();
        print(contestant.name(), traffic + (stalled ? " stalled" : ""), measured, unsent);
        judge(contestant, traffic, stalled && blocked, scene);
        percentiles
                .computeIfAbsent(new Measured(traffic, contestant.name(), stalled), none -> new ArrayList<>())
                .add(measured);
    }

    /** That clients that do not read block the others is a result; that messages are lost is a fault. */
    private void judge(Contestant contestant, Traffic traffic, boolean blocked, Scene scene) {
        if (blocked) {
            run.say("  %-18s %-22s blocked by clients that do not read", contestant.name(), traffic);
        } else {
            run.check(contestant, traffic, scene);
        }
    }

    /** Warms up as well; false if nothing arrives any more. */
    private boolean fill(Traffic traffic, Feed feed) throws IOException {
        int messages = FILL * (traffic.keyed() ? traffic.keys() : 1);
        long end = System.nanoTime() + LONGEST_FILL.toNanos();
        long before;
        do {
            before = feed.sent();
            feed.flood(run.warmUp());
        } while (feed.sent() > before && feed.sent() < messages && System.nanoTime() < end);
        return feed.drain();
    }

    private void print(String name, String what, Percentiles p, long unsent) {
        run.say(
                "  %-18s %-30s p50 %,9.2f  p99 %,9.2f  p99.9 %,9.2f%s",
                name,
                what,
                p.p50(),
                p.p99(),
                p.p999(),
                unsent == 0 ? "" : String.format("  overloaded: %,d messages were never sent", unsent));
    }

    private void table() {
        run.say("medians; the last column is p99 with stalled clients / p99 without");
        percentiles.forEach((what, rounds) -> {
            Percentiles all = Percentiles.medianOf(rounds);
            List<Percentiles> without = percentiles.get(new Measured(what.traffic, what.contestant, false));
            String ratio = what.stalled && without != null
                    ? String.format(
                            "  %.2f", all.p99() / Percentiles.medianOf(without).p99())
                    : "";
            run.say(
                    "  %-18s %-30s p50 %,9.2f  p99 %,9.2f  p99.9 %,9.2f%s",
                    what.contestant,
                    what.traffic + (what.stalled ? " stalled" : ""),
                    all.p50(),
                    all.p99(),
                    all.p999(),
                    ratio);
        });
    }
}
