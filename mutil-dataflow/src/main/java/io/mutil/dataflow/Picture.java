package io.mutil.dataflow;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a page shows at one moment. Rates are per second, and not numbers while there is only one sample. */
record Picture(String name, Figures.Phase phase, String error, long lost, List<Level> levels) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /** @param way into this level; null for the ingress */
    record Level(
            String kind,
            LevelStats totals,
            double in,
            double out,
            double errors,
            double discarded,
            long sent,
            List<Condition> conditions,
            String error,
            @Nullable Way way) {}

    /**
     * An edge.
     *
     * @param fill share of the room in its queues that was taken, 0 to 1
     * @param waiting share of the time in which some sender waited for room, 0 to 1
     */
    record Way(EdgeStats totals, double fill, double waiting, double blocked, double dropped, double filtered) {}

    String json() {
        ObjectNode json = MAPPER.createObjectNode()
                .put("name", name)
                .put("phase", text(phase))
                .put("error", error)
                .put("lost", lost);
        ArrayNode all = json.putArray("levels");
        levels.forEach(level -> write(level, all.addObject()));
        return MAPPER.writeValueAsString(json);
    }

    private static void write(Level level, ObjectNode json) {
        json.put("name", level.totals().name())
                .put("kind", level.kind())
                .put("width", level.totals().width())
                .put("in", rounded(level.in()))
                .put("out", rounded(level.out()))
                .put("errorRate", rounded(level.errors()))
                .put("discardRate", rounded(level.discarded()))
                .put("received", level.totals().received())
                .put("sent", level.sent())
                .put("errors", level.totals().errors())
                .put("discarded", level.totals().discarded())
                .put("restarts", level.totals().restarts())
                .put("connections", level.totals().connections())
                .put("error", level.error());
        ArrayNode conditions = json.putArray("conditions");
        level.conditions().forEach(condition -> conditions.add(text(condition)));
        if (level.way() != null) {
            write(level.way(), json.putObject("way"));
        }
    }

    private static void write(Way way, ObjectNode json) {
        EdgeStats totals = way.totals();
        json.put("from", totals.from())
                .put("capacity", totals.edge().capacity())
                .put("whenFull", text(totals.edge().whenFull()))
                .put("queues", totals.queues())
                .put("queued", totals.queued())
                .put("sent", totals.sent())
                .put("fill", rounded(way.fill() * 100))
                .put("waiting", rounded(way.waiting() * 100))
                .put("blockedRate", rounded(way.blocked()))
                .put("blocked", totals.blocked())
                .put("dropRate", rounded(way.dropped()))
                .put("dropped", totals.dropped())
                .put("filterRate", rounded(way.filtered()))
                .put("filtered", totals.filtered());
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static @Nullable Double rounded(double value) {
        return Double.isNaN(value) ? null : Math.round(value * 10) / 10.0;
    }
}
