package io.mutil.server;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.FaultProxy.Fault;
import io.mutil.server.FaultProxy.Plan;
import io.mutil.server.FaultRig.Session;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.Memory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Any fault at any byte of anything, many times over. {@code -Dmutil.seed} repeats the choices of a run. */
@Tag("soak")
class FaultSoakTest {
    private static final Duration LENGTH = ofSeconds(60);
    private static final Duration WARM_UP = ofSeconds(15);
    private static final int SAMPLES = 15;
    private static final int MOST_AT_ONCE = 4;
    private static final List<Fault> HARMLESS = List.of(Fault.PASS, Fault.HOLD, Fault.SPLIT);

    private final long seed = Long.getLong("mutil.seed", System.nanoTime());
    private final LongAdder whole = new LongAdder();
    private final LongAdder cut = new LongAdder();

    private static void choices(ConnectionOptions<?> options) {
        options.pingInterval(ofSeconds(1))
                .unwritableTimeout(ofSeconds(1))
                .drainTimeout(ofSeconds(1))
                .handshakeTimeout(ofSeconds(3));
    }

    @Test
    @Timeout(300)
    void nothingIsLostWithoutAnErrorAndNothingStays(@TempDir Path dir) throws Exception {
        var random = new Random(seed);
        var rigs = new ArrayList<FaultRig>();
        var heap = new ArrayList<Long>();
        var files = new ArrayList<Integer>();
        try {
            for (Way way : Way.kinds()) {
                rigs.add(new FaultRig(way, FaultSoakTest::choices));
            }
            long start = System.nanoTime();
            long nextSample = start + WARM_UP.toNanos();
            while (System.nanoTime() - start < LENGTH.toNanos()) {
                round(rigs, random, dir);
                if (System.nanoTime() >= nextSample) {
                    heap.add(Memory.heapAfterCollection());
                    files.add(openFiles(files.isEmpty() ? Integer.MAX_VALUE : files.get(0)));
                    nextSample += LENGTH.minus(WARM_UP).dividedBy(SAMPLES).toNanos();
                }
            }
            for (FaultRig rig : rigs) {
                rig.assertServesOthers();
            }
        } finally {
            for (FaultRig rig : rigs) {
                rig.close();
            }
            System.getLogger(FaultSoakTest.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "seed " + seed + "; " + whole + " passed, " + cut + " cut; heap " + heap + " bytes; "
                                    + files + " files");
        }
        assertThat(whole.sum()).isPositive();
        assertThat(cut.sum()).isPositive();
        assertThat(heap).hasSizeGreaterThanOrEqualTo(3);
        Memory.assertFlat(heap);
    }

    /** Every server and its clients do something at the same time, and all of it is over at the end. */
    private void round(List<FaultRig> rigs, Random random, Path dir) throws Exception {
        var parts = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < rigs.size(); i++) {
            FaultRig rig = rigs.get(i);
            var own = new Random(random.nextLong());
            Path home = Files.createDirectory(dir.resolve(Integer.toString(i)));
            parts.add(FaultWork.task(() -> {
                attempts(rig, own);
                work(rig, own, home);
                Eventually.until("none stays", () -> rig.server().connections().isEmpty());
                return null;
            }));
        }
        for (CompletableFuture<?> part : parts) {
            try {
                part.get(120, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        try (Stream<Path> all = Files.walk(dir)) {
            all.filter(path -> !path.equals(dir))
                    .sorted(Comparator.reverseOrder())
                    .map(Path::toFile)
                    .forEach(File::delete);
        }
    }

    private static void attempts(FaultRig rig, Random random) throws Exception {
        Server.Stats before = rig.server().stats();
        int count = random.nextInt(MOST_AT_ONCE);
        for (int i = 0; i < count; i++) {
            Plan plan = new Plan(any(random, List.of(Fault.values())), random.nextInt(1500));
            boolean up = random.nextBoolean();
            rig.proxy().plan(up ? plan : Plan.PASS, up ? Plan.PASS : plan);
            CompletableFuture<Connection> attempt = rig.connect();
            FaultProxy.Link link = rig.proxy().next();
            link.release();
            try {
                attempt.get(60, TimeUnit.SECONDS).closeAsync().get(60, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertThat(e).as(plan.toString()).hasCauseInstanceOf(IOException.class);
                assertThat(plan.fault()).isNotIn(HARMLESS);
            } finally {
                link.close();
            }
        }
        for (Connection connection : rig.unknown(before.accepted() + before.refused() + count)) {
            connection.closed().get(60, TimeUnit.SECONDS);
        }
    }

    private record Doing(Session session, Plan plan, FaultWork.Started started) {}

    private void work(FaultRig rig, Random random, Path dir) throws Exception {
        rig.proxy().plan(Plan.PASS, Plan.PASS);
        var doing = new ArrayList<Doing>();
        int count = 1 + random.nextInt(MOST_AT_ONCE);
        for (int i = 0; i < count; i++) {
            FaultWork work = any(random, List.of(FaultWork.values()));
            Plan plan = plan(work, random);
            Session session = rig.open();
            Connection from = random.nextBoolean() ? session.client() : session.server();
            // what never ends has to be cut, and nothing but its own bytes is sure to come
            boolean forth = !work.ends() || random.nextInt(4) > 0;
            session.flowFrom(forth ? from : session.other(from)).arm(plan);
            Path home = Files.createDirectory(dir.resolve(Integer.toString(i)));
            doing.add(new Doing(session, plan, work.begin(from, session.other(from), home)));
            session.link().release();
        }
        for (Doing each : doing) {
            check(each);
        }
    }

    private static Plan plan(FaultWork work, Random random) {
        int most = switch (work) {
            case FRAMES -> 76_000;
            case STREAM -> 3_000_000;
            case FILE, NAMED_FILE -> FaultWork.CONTENT.length;
            case REQUEST -> 1_100;
            case CLOSE -> 12;
        };
        Fault fault = any(random, List.of(Fault.values()));
        if (HARMLESS.contains(fault) && !work.ends()) {
            fault = Fault.RESET;
        } else if (fault == Fault.SPLIT && most > 100_000) {
            // would take all the time there is
            fault = Fault.HOLD;
        }
        return new Plan(fault, random.nextInt(most));
    }

    private void check(Doing each) throws Exception {
        Session session = each.session();
        boolean arrived = each.started().arrived().get(60, TimeUnit.SECONDS);
        Throwable failure = each.started().sent().handle((v, e) -> e).get(60, TimeUnit.SECONDS);
        String what = each.toString();
        if (failure != null) {
            assertThat(failure).as(what).isInstanceOf(IOException.class);
        }
        if (HARMLESS.contains(each.plan().fault()) || !session.link().isStruck()) {
            assertThat(arrived).as(what).isTrue();
            assertThat(failure).as(what).isNull();
            CompletableFuture.allOf(
                            session.client().closeAsync(), session.server().closeAsync())
                    .get(60, TimeUnit.SECONDS);
        }
        session.client().closed().get(60, TimeUnit.SECONDS);
        session.server().closed().get(60, TimeUnit.SECONDS);
        session.link().close();
        (arrived ? whole : cut).increment();
    }

    private static <T> T any(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** How many descriptors are open, once there are no more than before; zero where nobody can tell. */
    private static int openFiles(int before) {
        Eventually.until("descriptors are closed", () -> descriptors() <= before);
        return descriptors();
    }

    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
