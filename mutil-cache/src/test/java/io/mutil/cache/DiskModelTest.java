package io.mutil.cache;

import static io.mutil.cache.DiskFixture.meta;
import static io.mutil.cache.DiskFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The order of use and the bounds, against a list. */
class DiskModelTest {
    private static final long MAX_BYTES = 3000;
    private static final int MAX_ENTRIES = 6;

    /** What happens to a file. */
    enum Kind {
        PUT,
        GET,
        RENEW,
        REMOVE,
        REOPEN,
        CLEAR
    }

    /** One thing that happens. */
    record Step(Kind kind, int file, int size, int minutes) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(10, Kind.PUT),
                net.jqwik.api.Tuple.of(8, Kind.GET),
                net.jqwik.api.Tuple.of(2, Kind.RENEW),
                net.jqwik.api.Tuple.of(2, Kind.REMOVE),
                net.jqwik.api.Tuple.of(2, Kind.REOPEN),
                net.jqwik.api.Tuple.of(1, Kind.CLEAR));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 900),
                        Arbitraries.integers().between(0, 2))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 60)
    void whatIsThereIsWhatTheListSays(@ForAll("steps") List<Step> steps) throws IOException {
        Path dir = Files.createTempDirectory("mutil-cache");
        var millis = new AtomicLong(1_700_000_000_000L);
        var fixture = open(dir, millis);
        var model = new LinkedHashMap<String, Long>();
        try {
            for (Step step : steps) {
                millis.addAndGet(step.minutes() * 60_000L);
                if (step.kind() == Kind.REOPEN) {
                    fixture.close();
                    fixture = open(dir, millis);
                } else {
                    apply(step, fixture, model);
                }
                assertSame(dir, fixture, model);
            }
        } finally {
            fixture.close();
            delete(dir);
        }
    }

    private static DiskFixture open(Path dir, AtomicLong millis) {
        return new DiskFixture(new FaultyFolder(dir), MAX_BYTES, MAX_ENTRIES, millis);
    }

    private static void apply(Step step, DiskFixture fixture, Map<String, Long> model) {
        String file = "f" + step.file();
        switch (step.kind()) {
            case PUT -> {
                assertThat(fixture.put(name(file), new byte[step.size()], meta(1)))
                        .isNotNull();
                model.remove(file);
                model.put(file, Slot.HEADER + step.size() + (long) MetaBytes.of(file, meta(1)).length);
                evict(model);
            }
            case GET -> {
                assertThat(fixture.has(file)).isEqualTo(model.containsKey(file));
                use(model, file);
            }
            case RENEW -> {
                Meta other = meta(1);
                var renewed = new Meta(other.status(), other.headers(), 2, 3, 4);
                assertThat(fixture.renew(file, renewed)).isEqualTo(model.containsKey(file));
                use(model, file);
            }
            case REMOVE -> {
                fixture.disk.remove(name(file));
                model.remove(file);
            }
            default -> {
                fixture.disk.clear();
                model.clear();
            }
        }
    }

    private static void use(Map<String, Long> model, String file) {
        Long size = model.remove(file);
        if (size != null) {
            model.put(file, size);
        }
    }

    private static void evict(Map<String, Long> model) {
        while (model.size() > MAX_ENTRIES || bytes(model) > MAX_BYTES) {
            model.remove(model.keySet().iterator().next());
        }
    }

    private static long bytes(Map<String, Long> model) {
        return model.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void assertSame(Path dir, DiskFixture fixture, Map<String, Long> model) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            Set<String> there = files.map(file -> String.valueOf(file.getFileName()))
                    .filter(file -> !file.equals("locks"))
                    .collect(Collectors.toSet());
            assertThat(there).isEqualTo(model.keySet());
        }
        assertThat(fixture.disk.stats().bytes()).isEqualTo(bytes(model));
        assertThat(fixture.disk.stats().entries()).isEqualTo(model.size());
    }

    private static void delete(Path dir) throws IOException {
        var all = new ArrayList<Path>();
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        all.forEach(file -> {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
