package io.mutil.dataflow;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tells what a topology is, in text. */
final class Description {
    private Description() {}

    static String of(Dataflow flow) {
        Map<String, String> levels = new LinkedHashMap<>();
        levels.put(flow.ingress().name(), flow.ingress().toString());
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
        level.supervision().ifPresent(supervision -> text.append("; failures: ").append(supervision));
        return text.append(of(level.edge())).toString();
    }

    private static String of(EgressLevel<?> level) {
        return level.egress() + (level.filter().isPresent() ? ", filtered" : "") + of(level.edge());
    }

    private static String of(Edge edge) {
        return "; edges of " + edge.capacity() + ", " + edge.whenFull();
    }
}
