package io.mutil.dataflow;

import java.util.List;

/**
 * What a running topology has done so far; cheap enough to ask for every second. Figures are read while the topology
 * runs, so they belong to slightly different moments.
 *
 * @param name of the topology
 * @param levels ingress first, then workers, then egresses
 * @param edges one for each level after the ingress
 * @param lost items thrown away because a deadline or a failure ended the topology
 */
public record DataflowStats(String name, List<LevelStats> levels, List<EdgeStats> edges, long lost) {
    public DataflowStats {
        levels = List.copyOf(levels);
        edges = List.copyOf(edges);
    }
}
