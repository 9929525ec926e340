package io.mutil.dataflow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tells what a topology is, in text. */
final class Description {
    private Description() {}

    static String of(Dataflow flow) {
        Map<String, String> levels = new LinkedHashMap<>();
        levels.put(flow.ingress().name(), of(flow.ingress()));
        flow.levels().forEach(level -> levels.put(level.name(), of(level)));
        flow.egresses().forEach(egress -> levels.put(egress.name(), of(egress)));
        int width = levels.keySet().stream().mapToInt(String::length).max().orElse(0);
        var text = new StringBuilder(flow.name());
        levels.forEach((name, what) -> text.append("\n  ")
                .append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(what));
        return text.toString();
    }

    static String of(Ingress<?> ingress) {
        return ingress + of(ingress.supervision());
    }

    private static String of(WorkerLevel<?, ?> level) {
        var text = new StringBuilder().append(level.howMany()).append(level.howMany() == 1 ? " worker" : " workers");
        level.processes()
                .ifPresent(processes -> text.append(" in processes, ")
                        .append(processes.workersPerProcess())
                        .append(" in each"));
        text.append(level.key().isPresent() ? ", by key" : level.routesBySender() ? ", by sender" : ", in turn");
        if (!level.tick().isZero()) {
            text.append(", ticks every ").append(level.tick());
        }
        return text.append(of(level.supervision())).append(of(level.edge())).toString();
    }

    private static String of(EgressLevel<?> level) {
        return level.egress()
                + (level.filter().isPresent() ? ", filtered" : "")
                + of(level.supervision())
                + of(level.edge());
    }

    private static String of(Optional<Supervision> supervision) {
        return supervision.map(action -> "; failures: " + action).orElse("");
    }

    private static String of(Edge edge) {
        return "; edges of " + edge.capacity() + ", " + edge.whenFull();
    }
}
