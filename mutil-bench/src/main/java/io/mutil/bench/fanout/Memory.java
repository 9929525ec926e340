package io.mutil.bench.fanout;

import io.mutil.bench.Percentiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How much memory a client costs that has subscribed, has got a message and waits: what a contestant has with a hundred
 * clients, so that it is warm, is compared with what it has with all.
 */
final class Memory {
    private static final List<Integer> CLIENTS = List.of(5000);
    private static final int FIRST = 100;
    private static final double BYTES_IN_KIB = 1024;

    private final Run run;
    private final Map<String, List<Double>> used = new LinkedHashMap<>();
    private final Map<String, List<Double>> resident = new LinkedHashMap<>();

    private record Sample(OptionalLong used, OptionalLong resident) {
        static Sample of(Proxy proxy) throws IOException {
            return new Sample(proxy.memoryBytes(), proxy.residentBytes());
        }
    }

    Memory(Run run) {
        this.run = run;
    }

    void measure() throws InterruptedException {
        run.say("memory: KiB for each idle client; heap and direct memory after a collection, and resident memory");
        for (int round = 1; round <= run.options().rounds(); round++) {
            for (Traffic traffic : run.options().traffic(CLIENTS, "keyed")) {
                if (traffic.clients() <= first(traffic).clients()) {
                    run.say("  %s: too few clients to compare", traffic);
                    continue;
                }
                for (Contestant contestant : run.contestants()) {
                    run.turn(contestant, first(traffic), 0, scene -> turn(contestant, first(traffic), traffic, scene));
                }
            }
        }
        used.keySet().forEach(this::print);
    }

    private static Traffic first(Traffic all) {
        return all.withClients(Math.max(all.keys(), Math.min(FIRST, all.clients() / 2)));
    }

    private void turn(Contestant contestant, Traffic first, Traffic all, Scene scene)
            throws IOException, InterruptedException {
        Sample before = Sample.of(scene.proxy());
        int more = all.clients() - first.clients();
        scene.crowd().connect(scene.proxy(), all.withClients(more), 0);
        scene.awaitMessages();
        Sample after = Sample.of(scene.proxy());
        String key = String.format("  %-18s %-22s", contestant.name(), all);
        used.computeIfAbsent(key, none -> new ArrayList<>()).add(each(before.used, after.used, more));
        resident.computeIfAbsent(key, none -> new ArrayList<>()).add(each(before.resident, after.resident, more));
        run.check(contestant, all, scene);
    }

    /** NaN if nobody can tell. */
    private static double each(OptionalLong before, OptionalLong after, int clients) {
        return before.isEmpty() || after.isEmpty()
                ? Double.NaN
                : (after.getAsLong() - before.getAsLong()) / BYTES_IN_KIB / clients;
    }

    private void print(String key) {
        run.say(
                "%s heap and direct %7.1f  resident %7.1f",
                key,
                Percentiles.median(used.getOrDefault(key, List.of())),
                Percentiles.median(resident.getOrDefault(key, List.of())));
    }
}
