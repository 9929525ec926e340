package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.JsonCodec;
import io.mutil.server.FaultProxy.Fault;
import io.mutil.server.FaultProxy.Plan;
import io.mutil.server.FaultRig.Session;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A network that delays, splits, cuts and goes silent, at every phase of a connection. */
@Timeout(120)
class FaultTest {
    private static final List<Fault> CUTS = List.of(Fault.RESET, Fault.END);
    private static final List<Fault> SILENCES = List.of(Fault.STALL, Fault.SWALLOW);
    /** Sizes of TLS handshakes and of records vary a little. */
    private static final int TLS_MARGIN = 16;

    /** No deadline may be what ends it. */
    private static void patient(ConnectionOptions<?> options) {
        options.pingInterval(Duration.ZERO).unwritableTimeout(ofSeconds(60)).handshakeTimeout(ofSeconds(60));
    }

    private static void patientButForTheEnd(ConnectionOptions<?> options) {
        patient(options);
        options.drainTimeout(ofMillis(500));
    }

    private static void quickToSuspect(ConnectionOptions<?> options) {
        options.pingInterval(ofMillis(400))
                .unwritableTimeout(ofMillis(500))
                .drainTimeout(ofMillis(500))
                .handshakeTimeout(ofSeconds(60));
    }

    private static void quickToRefuse(ConnectionOptions<?> options) {
        quickToSuspect(options);
        options.handshakeTimeout(ofMillis(300)).pingInterval(ofMillis(200));
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private int directories;

    private Path newDirectory() throws IOException {
        return Files.createDirectory(dir.resolve(Integer.toString(directories++)));
    }

    // what changes nothing

    static Stream<Arguments> waysAndWorks() {
        return Way.kinds().stream()
                .flatMap(way -> Arrays.stream(FaultWork.values()).map(work -> Arguments.of(way, work)));
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void splittingIntoSingleBytesChangesNothing(Way way) throws Exception {
        try (var rig = new FaultRig(way, FaultTest::patient)) {
            rig.proxy().plan(new Plan(Fault.SPLIT, 0), new Plan(Fault.SPLIT, 0));
            Session session = rig.open();
            assertEverythingPasses(session.client(), session.server());
            assertEverythingPasses(session.server(), session.client());
            CompletableFuture<Void> closing = session.server().closeAsync(3000, "that was all");
            assertThat(session.client().read()).isNull();
            assertThat(session.client().closed().get(30, TimeUnit.SECONDS))
                    .isEqualTo(new CloseReason(3000, "that was all"));
            closing.get(30, TimeUnit.SECONDS);
            assertThat(session.server().closed().get(30, TimeUnit.SECONDS))
                    .isEqualTo(new CloseReason(3000, "that was all"));
            rig.assertServesOthers();
        }
    }

    private void assertEverythingPasses(Connection from, Connection to) throws Exception {
        for (int size : new int[] {0, 1, 127, 5_000}) {
            ByteBuffer sent = ByteBuffer.wrap(FaultWork.CONTENT, 0, size);
            from.write(sent);
            assertThat(to.read()).isEqualTo(sent);
        }
        JsonCodec<Object> json = JsonCodec.of(Object.class);
        from.as(json).write(Map.of("bid", 101.25));
        assertThat(to.as(json).read()).isEqualTo(Map.of("bid", 101.25));

        Path home = newDirectory();
        Path source = Files.write(home.resolve("source"), Arrays.copyOf(FaultWork.CONTENT, 20_000));
        var received = to.receiveFileAsync(FileTarget.of(home.resolve("target")));
        from.sendFile(FileToSend.of(source).sha256());
        ReceivedFile file = requireNonNull(received.get(30, TimeUnit.SECONDS));
        assertThat(file.path()).hasSameBinaryContentAs(source);
        assertThat(file.sha256()).isPresent();
        assertThat(FaultWork.names(home)).containsExactly("source", "target");
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void splitRequestsAreAnswered(Way way) throws Exception {
        try (var rig = new FaultRig(way, FaultTest::patient)) {
            rig.proxy().plan(new Plan(Fault.SPLIT, 0), new Plan(Fault.SPLIT, 0));
            Session session = rig.open();
            Requests.on(session.server(), request -> request);
            Requests asking = Requests.on(session.client());
            for (int size : new int[] {0, 1, 5_000}) {
                ByteBuffer question = ByteBuffer.wrap(FaultWork.CONTENT, 0, size);
                assertThat(asking.ask(question, ofSeconds(60))).isEqualTo(question);
            }
            session.client().close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void delayInTheHandshakeChangesNothing(Way way) throws Exception {
        try (var rig = new FaultRig(way, FaultTest::patient)) {
            Totals totals = Totals.ofHandshake(rig);
            for (boolean up : new boolean[] {true, false}) {
                for (long after : spread(up ? totals.up() : totals.down(), 8, margin(way))) {
                    Plan hold = new Plan(Fault.HOLD, after);
                    rig.proxy().plan(up ? hold : Plan.PASS, up ? Plan.PASS : hold);
                    CompletableFuture<Connection> attempt = rig.connect();
                    FaultProxy.Link link = rig.proxy().next();
                    Eventually.until("bytes are held", link::isStruck);
                    assertThat(attempt).isNotDone();
                    link.release();

                    Connection client = attempt.get(30, TimeUnit.SECONDS);
                    Connection server = rig.served();
                    client.write(ByteBuffer.wrap(new byte[] {7}));
                    assertThat(server.read()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
                    CompletableFuture<ByteBuffer> end = server.readAsync();
                    client.close();
                    assertThat(end.get(30, TimeUnit.SECONDS)).isNull();
                }
            }
            rig.assertServesOthers();
        }
    }

    @ParameterizedTest
    @MethodSource("waysAndWorks")
    void delayChangesNothing(Way way, FaultWork work) throws Exception {
        try (var rig = new FaultRig(way, FaultTest::patient)) {
            long total = Totals.of(rig, work, true, true, newDirectory());
            var delayed = new ArrayList<Doomed>();
            // a file waits for the disk
            for (long after : total < 200_000 ? spread(total, 3, margin(way)) : few(total, margin(way))) {
                delayed.add(begin(rig, work, true, true, new Plan(Fault.HOLD, after)));
            }
            for (Doomed each : delayed) {
                FaultProxy.Link link = each.session().link();
                var arrived = each.started().arrived();
                Eventually.until("bytes are held", () -> link.isStruck() || arrived.isDone());
                assertThat(arrived.isDone() && link.isStruck()).as(each.what()).isFalse();
                assertThat(each.session().client().isOpen()).isNotEqualTo(work == FaultWork.CLOSE);
                link.release();
                if (work.ends()) {
                    assertThat(arrived.get(30, TimeUnit.SECONDS)).isTrue();
                    each.started().sent().get(30, TimeUnit.SECONDS);
                }
                Totals.end(each.session());
            }
            rig.assertServesOthers();
        }
    }

    // what is an error

    private static int margin(Way way) {
        return way.tls() ? TLS_MARGIN : 0;
    }

    /** How many bytes pass when nothing is wrong. */
    private record Totals(long up, long down) {
        static Totals ofHandshake(FaultRig rig) throws Exception {
            rig.proxy().plan(Plan.PASS, Plan.PASS);
            Session session = rig.open();
            var totals = new Totals(
                    session.link().up().passed(), session.link().down().passed());
            end(session);
            return totals;
        }

        /** @param forth whether to look at the direction in which the work goes, or at the other */
        static long of(FaultRig rig, FaultWork work, boolean up, boolean forth, Path home) throws Exception {
            if (work.bytes() > 0) {
                return work.bytes();
            }
            rig.proxy().plan(Plan.PASS, Plan.PASS);
            Session session = rig.open();
            Connection from = up ? session.client() : session.server();
            FaultProxy.Flow flow = session.flowFrom(forth ? from : session.other(from));
            long before = flow.passed();
            var started = work.begin(from, session.other(from), home);
            assertThat(started.arrived().get(30, TimeUnit.SECONDS)).isTrue();
            started.sent().get(30, TimeUnit.SECONDS);
            long total = flow.passed() - before;
            end(session);
            return total;
        }

        private static void end(Session session) throws Exception {
            CompletableFuture.allOf(
                            session.client().closeAsync(), session.server().closeAsync())
                    .get(30, TimeUnit.SECONDS);
        }
    }

    /** Offsets before the last byte: evenly, and both ends closely. */
    private static List<Long> spread(long total, int parts, int margin) {
        long last = total - 1 - margin;
        return parts(last, parts, Stream.of(0L, 1L, 4L, 5L, last - 33, last - 1, last));
    }

    /** A few offsets before the last byte, for what takes its time. */
    private static List<Long> few(long total, int margin) {
        long last = total - 1 - margin;
        return parts(last, 2, Stream.of(0L, 5L, last));
    }

    private static List<Long> parts(long last, int parts, Stream<Long> edges) {
        var offsets = edges.collect(Collectors.toCollection(TreeSet::new));
        LongStream.range(1, parts).map(i -> last * i / parts).forEach(offsets::add);
        return offsets.stream().filter(at -> at >= 0 && at <= last).toList();
    }

    private static List<Long> every(long total) {
        return LongStream.range(0, total).boxed().toList();
    }

    @Test
    void cutAtAnyByteOfTheHandshakeFailsTheAttempt() throws Exception {
        try (var rig = new FaultRig(Way.tcp(), FaultTest::patient)) {
            assertEveryByteMatters(rig, CUTS);
            rig.assertServesOthers();
        }
    }

    @Test
    void silenceAtAnyByteOfTheHandshakeFailsTheAttempt() throws Exception {
        try (var rig = new FaultRig(Way.tcp(), FaultTest::quickToRefuse)) {
            assertEveryByteMatters(rig, SILENCES);
            rig.assertServesOthersAtLast();
        }
    }

    private static void assertEveryByteMatters(FaultRig rig, List<Fault> faults) throws Exception {
        try (var measuring = new FaultRig(Way.tcp(), FaultTest::patient)) {
            Totals totals = Totals.ofHandshake(measuring);
            // what docs/protocol.md says: preambles of 17 + 7 + 32 bytes, proofs of 64, and a byte before the server's
            assertThat(totals).isEqualTo(new Totals(56 + 64, 56 + 65));
            assertAttemptsFail(rig, faults, every(totals.up()), every(totals.down()));
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void cutInTheHandshakeFailsTheAttemptOnEveryWay(Way way) throws Exception {
        try (var rig = new FaultRig(way, FaultTest::patient)) {
            Totals totals = Totals.ofHandshake(rig);
            assertAttemptsFail(rig, CUTS, spread(totals.up(), 16, margin(way)), spread(totals.down(), 16, margin(way)));
            rig.assertServesOthers();
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void silenceInTheHandshakeFailsTheAttemptOnEveryWay(Way way) throws Exception {
        try (var measuring = new FaultRig(way, FaultTest::patient);
                var rig = new FaultRig(way, FaultTest::quickToRefuse)) {
            Totals totals = Totals.ofHandshake(measuring);
            assertAttemptsFail(
                    rig, SILENCES, spread(totals.up(), 8, margin(way)), spread(totals.down(), 8, margin(way)));
            rig.assertServesOthersAtLast();
        }
    }

    private record Attempt(CompletableFuture<Connection> connection, FaultProxy.Link link) {}

    private static Attempt attempt(FaultRig rig, Plan up, Plan down) throws Exception {
        rig.proxy().plan(up, down);
        var attempt = new Attempt(rig.connect(), rig.proxy().next());
        // one at a time as far as that, so that none comes to its deadline before its fault
        Eventually.until(
                "it is cut",
                () -> attempt.link().isStruck() || attempt.connection().isDone());
        return attempt;
    }

    private static void assertAttemptsFail(FaultRig rig, List<Fault> faults, List<Long> up, List<Long> down)
            throws Exception {
        long before = rig.server().stats().accepted();
        var attempts = new ArrayList<Attempt>();
        for (Fault fault : faults) {
            for (long after : up) {
                attempts.add(attempt(rig, new Plan(fault, after), Plan.PASS));
            }
        }
        for (Attempt attempt : attempts) {
            assertFails(attempt);
        }
        // who has not said everything is not let in
        assertThat(rig.server().stats().accepted()).isEqualTo(before);

        for (Fault fault : faults) {
            for (long after : down) {
                attempts.add(attempt(rig, Plan.PASS, new Plan(fault, after)));
            }
        }
        for (Attempt attempt : attempts) {
            assertFails(attempt);
        }
        for (Connection alone : rig.unknown(before + attempts.size())) {
            assertThatThrownBy(alone::read).isInstanceOf(IOException.class);
            assertThat(alone.closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.ABNORMAL);
        }
    }

    private static void assertFails(Attempt attempt) {
        assertThatThrownBy(() -> attempt.connection().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("cannot connect to");
    }

    /** Work on a connection that is going to be cut. */
    private record Doomed(Session session, Connection from, FaultWork.Started started, String what) {}

    @ParameterizedTest
    @MethodSource("waysAndWorks")
    void cutConnectionIsAnErrorWhereverItIsCut(Way way, FaultWork work) throws Exception {
        try (var rig = new FaultRig(way, FaultTest::patient)) {
            for (boolean up : new boolean[] {true, false}) {
                var doomed = new ArrayList<Doomed>();
                long total = Totals.of(rig, work, up, true, newDirectory());
                for (Fault fault : CUTS) {
                    for (long after : up && work.ends() ? spread(total, 8, margin(way)) : few(total, margin(way))) {
                        doomed.add(begin(rig, work, up, true, new Plan(fault, after)));
                    }
                }
                for (Doomed each : doomed) {
                    assertEndsWithAnError(way, work, each, true);
                }
            }
            rig.assertServesOthers();
        }
    }

    @ParameterizedTest
    @MethodSource("waysAndWorks")
    void cutOfTheOtherDirectionIsAnErrorWhereverItIsCut(Way way, FaultWork work) throws Exception {
        // on epoll the rest for a peer that has ended its half waits for nothing but this deadline
        try (var rig = new FaultRig(way, FaultTest::patientButForTheEnd)) {
            var doomed = new ArrayList<Doomed>();
            long total = Totals.of(rig, work, true, false, newDirectory());
            for (Fault fault : CUTS) {
                for (long after : work == FaultWork.REQUEST ? spread(total, 6, margin(way)) : List.of(0L)) {
                    doomed.add(begin(rig, work, true, false, new Plan(fault, after)));
                }
            }
            for (Doomed each : doomed) {
                assertEndsWithAnError(way, work, each, work == FaultWork.REQUEST);
            }
            rig.assertServesOthers();
        }
    }

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void silenceIsAnErrorWhereverItBegins(Way way) throws Exception {
        try (var measuring = new FaultRig(way, FaultTest::patient);
                var rig = new FaultRig(way, FaultTest::quickToSuspect)) {
            var doomed = new ArrayList<Map.Entry<FaultWork, Doomed>>();
            for (FaultWork work : FaultWork.values()) {
                long total = Totals.of(measuring, work, true, true, newDirectory());
                for (Fault fault : SILENCES) {
                    for (long after : few(total, margin(way))) {
                        doomed.add(Map.entry(work, begin(rig, work, true, true, new Plan(fault, after))));
                    }
                }
            }
            for (var each : doomed) {
                assertEndsWithAnError(way, each.getKey(), each.getValue(), true);
            }
            rig.assertServesOthersAtLast();
        }
    }

    private Doomed begin(FaultRig rig, FaultWork work, boolean up, boolean forth, Plan plan) throws Exception {
        Session session = rig.open();
        Connection from = up ? session.client() : session.server();
        session.flowFrom(forth ? from : session.other(from)).arm(plan);
        return new Doomed(
                session,
                from,
                work.begin(from, session.other(from), newDirectory()),
                plan + (up ? " up" : " down") + (forth ? "" : " on the way back"));
    }

    /** @param lost whether something must have been lost, and nobody may believe that it was not */
    private static void assertEndsWithAnError(Way way, FaultWork work, Doomed doomed, boolean lost) throws Exception {
        Session session = doomed.session();
        Connection to = session.other(doomed.from());
        boolean whole = doomed.started().arrived().get(30, TimeUnit.SECONDS);
        Throwable failure = doomed.started().sent().handle((v, e) -> e).get(30, TimeUnit.SECONDS);
        if (failure != null) {
            assertThat(failure).as(doomed.what()).isInstanceOf(IOException.class);
        }
        if (lost && !way.tls()) {
            // under TLS the last bytes may be none of ours
            assertThat(whole).as(doomed.what()).isFalse();
            assertThat(session.link().isStruck()).as(doomed.what()).isTrue();
        }
        if (!work.ends()) {
            assertThat(failure).as(doomed.what()).isInstanceOf(IOException.class);
        }
        if (session.link().isStruck()) {
            assertThat(ended(doomed.from(), doomed.what()))
                    .as(doomed.what())
                    .isIn(work == FaultWork.CLOSE ? List.of(3001, 1006) : List.of(1006, 1013));
            assertThat(ended(to, doomed.what()))
                    .as(doomed.what())
                    .isIn(work == FaultWork.CLOSE && whole ? List.of(3001) : List.of(1006, 1013));
        } else {
            assertThat(whole).as(doomed.what()).isTrue();
            session.client().close();
        }
        session.link().close();
    }

    private static int ended(Connection connection, String what) throws Exception {
        try {
            return connection.closed().get(30, TimeUnit.SECONDS).code();
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError(what + ": did not end: " + connection, e);
        }
    }

    // the client that comes back

    @ParameterizedTest
    @MethodSource("io.mutil.server.Way#kinds")
    void clientComesBackAfterEveryFault(Way way) throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        boolean silence = way.equals(Way.tcp());
        try (var rig = new FaultRig(way, silence ? FaultTest::quickToSuspect : FaultTest::patientButForTheEnd);
                Client client = rig.client()
                        .backoff(new Backoff(ofMillis(10), ofMillis(10), ofSeconds(30)))
                        .onConnection(connection -> follow(connection, heard))
                        .start()) {
            int connects = 0;
            for (Fault fault : silence ? List.of(Fault.RESET, Fault.END, Fault.STALL) : CUTS) {
                Connection server = rig.served();
                server.write(UTF_8.encode("hello"));
                assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("hello");
                FaultProxy.Link link = rig.proxy().next();
                while (link.isStruck()) {
                    link = rig.proxy().next();
                }
                connects++;

                rig.proxy().plan(new Plan(Fault.RESET, 0), Plan.PASS);
                link.down().arm(new Plan(fault, 5 + 3));
                server.write(UTF_8.encode("lost"));

                assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("1006");
                assertThat(server.closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.ABNORMAL);
                long failures = client.stats().failures();
                Eventually.until("it tries", () -> client.stats().failures() > failures + 2);
                assertThat(client.stats().connects()).isEqualTo(connects);
                rig.proxy().plan(Plan.PASS, Plan.PASS);
            }
            rig.served().write(UTF_8.encode("hello again"));
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("hello again");
            client.closeAsync().get(30, TimeUnit.SECONDS);
            assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("1000");
            Eventually.until("it is gone", () -> rig.server().connections().isEmpty());
        }
    }

    private static void follow(Connection connection, Queue<String> heard) throws Exception {
        try {
            for (ByteBuffer frame = connection.read(); frame != null; frame = connection.read()) {
                heard.add(UTF_8.decode(frame).toString());
            }
        } finally {
            heard.add(Integer.toString(connection.closed().get().code()));
        }
    }
}
