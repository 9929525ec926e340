package io.mutil.dataflow;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Makes pictures of samples: rates and shares over the last few seconds. For one thread. */
final class Meter {
    static final Duration WINDOW = Duration.ofSeconds(3);

    private final LongSupplier nanoTime;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private final Map<String, Diagnosis> diagnoses = new HashMap<>();

    Meter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Sample(long nanos, Figures figures) {
        LevelStats level(int index) {
            return figures.stats().levels().get(index);
        }

        /** The edge into a level, which is not the ingress. */
        EdgeStats edge(int index) {
            return figures.stats().edges().get(index - 1);
        }
    }

    void sample(Figures figures) {
        long now = nanoTime.getAsLong();
        samples.add(new Sample(now, figures));
        while (now - samples.element().nanos() > WINDOW.toNanos()) {
            samples.remove();
        }
    }

    /** Forgets everything. */
    void clear() {
        samples.clear();
        diagnoses.clear();
    }

    /** What the samples show; there is at least one. */
    Picture picture() {
        Figures now = samples.getLast().figures();
        DataflowStats stats = now.stats();
        List<Diagnosis.Signs> signs = new ArrayList<>();
        for (int i = 0; i < stats.levels().size(); i++) {
            signs.add(signs(i));
        }
        boolean someStarve = signs.stream().anyMatch(Diagnosis.Signs::starves);
        List<Picture.Level> levels = new ArrayList<>();
        for (int i = 0; i < stats.levels().size(); i++) {
            levels.add(level(i, signs.get(i), someStarve));
        }
        return new Picture(stats.name(), now.phase(), now.error(), lost(now), levels);
    }

    /** What is still queued at the end comes to nobody. */
    private static long lost(Figures figures) {
        DataflowStats stats = figures.stats();
        long queued = stats.edges().stream().mapToLong(EdgeStats::queued).sum();
        return figures.phase() == Figures.Phase.ENDED ? stats.lost() + queued : stats.lost();
    }

    private Diagnosis.Signs signs(int index) {
        Sample now = samples.getLast();
        LevelStats totals = now.level(index);
        boolean ingress = index == 0;
        return new Diagnosis.Signs(
                now.nanos(),
                totals.errors(),
                ingress ? 0 : fill(index),
                ingress ? 0 : waiting(index),
                !ingress && rate(s -> s.edge(index).dropped()) > 0,
                mean(s -> s.figures().atWork().contains(totals.name()) ? 1 : 0),
                waysFrom(totals.name()).stream()
                        .mapToDouble(this::waiting)
                        .max()
                        .orElse(0),
                now.figures().unconnected().contains(totals.name()),
                now.figures().endings().get(totals.name()));
    }

    private Picture.Level level(int index, Diagnosis.Signs signs, boolean someStarve) {
        Sample now = samples.getLast();
        LevelStats totals = now.level(index);
        List<Integer> next = waysFrom(totals.name());
        return new Picture.Level(
                index == 0 ? "ingress" : next.isEmpty() ? "egress" : "workers",
                totals,
                rate(s -> s.level(index).received()),
                next.stream().mapToDouble(i -> rate(s -> s.edge(i).sent())).sum(),
                rate(s -> s.level(index).errors()),
                rate(s -> s.level(index).discarded()),
                next.stream().mapToLong(i -> now.edge(i).sent()).sum(),
                diagnoses
                        .computeIfAbsent(
                                totals.name(),
                                name -> new Diagnosis(
                                        samples.getFirst().level(index).errors()))
                        .of(signs, someStarve),
                signs.ending() == null ? "" : signs.ending(),
                index == 0 ? null : way(index));
    }

    private List<Integer> waysFrom(String name) {
        List<Integer> next = new ArrayList<>();
        List<EdgeStats> edges = samples.getLast().figures().stats().edges();
        for (int i = 0; i < edges.size(); i++) {
            if (edges.get(i).from().equals(name)) {
                next.add(i + 1);
            }
        }
        return next;
    }

    private Picture.Way way(int index) {
        return new Picture.Way(
                samples.getLast().edge(index),
                fill(index),
                waiting(index),
                rate(s -> s.edge(index).blocked()),
                rate(s -> s.edge(index).dropped()),
                rate(s -> s.edge(index).filtered()));
    }

    private double waiting(int index) {
        return mean(s -> s.edge(index).waiting() > 0 ? 1 : 0);
    }

    private double fill(int index) {
        return mean(s -> fill(s.edge(index)));
    }

    private static double fill(EdgeStats edge) {
        double room = (double) edge.queues() * edge.edge().capacity();
        return room == 0 ? 0 : Math.min(1, edge.queued() / room);
    }

    private double mean(ToDoubleFunction<Sample> gauge) {
        return samples.stream().mapToDouble(gauge).average().orElse(0);
    }

    private double rate(ToLongFunction<Sample> counter) {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        long nanos = last.nanos() - first.nanos();
        return nanos == 0 ? Double.NaN : (counter.applyAsLong(last) - counter.applyAsLong(first)) * 1e9 / nanos;
    }
}
