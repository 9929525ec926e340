package io.mutil.bench.fanout;

import io.mutil.bench.RatioTable;
import java.io.PrintStream;
import java.util.List;

/** All contestants, in the order in which they take turns. */
final class Contestants {
    private static final List<Contestant> ALL = List.of(
            new JvmContestant(RatioTable.OURS, OurProxy.class),
            new JvmContestant("netty", BareProxy.class),
            new PythonContestant("python-broadcast", "broadcast"),
            new PythonContestant("python-await", "await"),
            new NchanContestant("nchan"));

    private Contestants() {}

    static List<String> names() {
        return ALL.stream().map(Contestant::name).toList();
    }

    /** Those with these names, or all if there are no names, that are installed. Says what is missing. */
    static List<Contestant> present(List<String> names, PrintStream out) {
        return ALL.stream()
                .filter(contestant -> names.isEmpty() || names.contains(contestant.name()))
                .filter(contestant -> isPresent(contestant, out))
                .toList();
    }

    private static boolean isPresent(Contestant contestant, PrintStream out) {
        contestant.missing().ifPresent(what -> out.println(contestant.name() + " is left out; install " + what));
        return contestant.missing().isEmpty();
    }
}
