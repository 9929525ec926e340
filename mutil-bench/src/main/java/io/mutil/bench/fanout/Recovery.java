package io.mutil.bench.fanout;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.mutil.bench.Percentiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long it takes after an upstream listens again until every client has got a message of its key. */
final class Recovery {
    private static final List<Integer> CLIENTS = List.of(100);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(10);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Run run;
    private final Map<String, List<Double>> millis = new LinkedHashMap<>();

    Recovery(Run run) {
        this.run = run;
    }

    void measure() throws InterruptedException {
        run.say("recovery: milliseconds from when the upstream listens again until all keys are live");
        for (int round = 1; round <= run.options().rounds(); round++) {
            for (Traffic traffic : run.options().traffic(CLIENTS, "keyed")) {
                for (Contestant contestant : run.contestants()) {
                    if (contestant.comesBack()) {
                        run.turn(contestant, traffic, 0, scene -> turn(contestant, traffic, scene));
                    }
                }
            }
        }
        millis.forEach((key, all) -> run.say("%s median %,9.0f", key, Percentiles.median(all)));
    }

    private void turn(Contestant contestant, Traffic traffic, Scene scene) throws IOException, InterruptedException {
        var upstream = (UpstreamServer) scene.proxy().inlet();
        upstream.drop();
        MILLISECONDS.sleep(run.options().round().toMillis());
        scene.crowd().forgetProbes();
        upstream.comeBack();
        long start = System.nanoTime();
        scene.feed().reconnect(upstream);
        scene.feed().probe(BETWEEN_PROBES);
        double took = (System.nanoTime() - start) / NANOS_PER_MILLI;
        run.say("  %-18s %-22s %,9.0f", contestant.name(), traffic, took);
        String key = String.format("  %-18s %-22s", contestant.name(), traffic);
        millis.computeIfAbsent(key, none -> new ArrayList<>()).add(took);
    }
}
