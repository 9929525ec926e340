package io.mutil.bench.fanout;

import io.mutil.bench.Percentiles;
import io.mutil.bench.RatioTable;
import io.mutil.bench.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many deliveries a contestant makes each second, while nothing is lost. */
final class Throughput {
    private static final List<Integer> CLIENTS = List.of(1, 100, 1000, 5000);
    private static final int BYTES_IN_MEGABYTE = 1_000_000;

    private final Run run;
    private final Map<Measured, List<Double>> rates = new LinkedHashMap<>();

    private record Measured(Traffic traffic, String contestant) {}

    Throughput(Run run) {
        this.run = run;
    }

    void measure() throws InterruptedException {
        run.say("throughput: messages of %d bytes as fast as they are taken", Tick.BYTES);
        for (int round = 1; round <= run.options().rounds(); round++) {
            run.say("round %d", round);
            for (Traffic traffic : run.options().traffic(CLIENTS, "both")) {
                for (Contestant contestant : run.contestants()) {
                    run.turn(contestant, traffic, 0, scene -> turn(contestant, traffic, scene));
                }
            }
        }
        if (!rates.isEmpty()) {
            run.out().print(new RatioTable("FanoutDriver", scores()));
        }
    }

    private void turn(Contestant contestant, Traffic traffic, Scene scene) throws IOException {
        scene.feed().flood(run.warmUp());
        long before = scene.crowd().received();
        long start = System.nanoTime();
        scene.feed().flood(run.options().round());
        long received = scene.crowd().received() - before;
        double perSecond = received / ((System.nanoTime() - start) / 1e9);
        scene.feed().drain();
        run.say(
                "  %-18s %-22s %,12.0f deliveries/s %,12.0f messages/s",
                contestant.name(), traffic, perSecond, perSecond / traffic.deliveriesPerMessage());
        run.check(contestant, traffic, scene);
        rates.computeIfAbsent(new Measured(traffic, contestant.name()), none -> new ArrayList<>())
                .add(perSecond);
    }

    private List<Score> scores() {
        List<Score> scores = new ArrayList<>();
        rates.forEach((what, all) -> {
            double perSecond = Percentiles.median(all);
            double megabytes = perSecond * Tick.BYTES / BYTES_IN_MEGABYTE;
            scores.add(new Score(
                    "FanoutDriver", what.traffic.toString(), what.contestant, perSecond, megabytes, 0, all.size()));
        });
        return scores;
    }
}
