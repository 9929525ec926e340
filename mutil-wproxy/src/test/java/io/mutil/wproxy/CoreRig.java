package io.mutil.wproxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parts of a proxy between its connections, on loops whose turns are the test's. */
final class CoreRig {
    static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration DEBOUNCE = Duration.ofMillis(20);

    private final ManualLoop upstreamLoop = new ManualLoop();
    private final List<ManualLoop> loops = List.of(new ManualLoop(), new ManualLoop());
    private final Ledger ledger = new Ledger(loops.size(), key -> demand().changed(key));
    private final Demand demand =
            new Demand(upstreamLoop, upstreamLoop, new Demand.Pace(DEBOUNCE, LINGER, 2), ledger::forget, (c, e) -> {});
    private final Hub hub;
    private final Intake intake;
    private final Commands commands;
    private final List<Member> members = new ArrayList<>();
    private final RecordingUpstream service = new RecordingUpstream();
    private RecordingUpstream.Session upstream = service.connect();
    private boolean connected;

    /** A subscriber with its connection. */
    record Member(FakeLink link, Subscriber subscriber) {}

    CoreRig(SlowPolicy policy, QueueLimits limits, boolean remembers) {
        History history = remembers ? new History(50, 100_000) : null;
        var options = new Hub.Options(
                ByteBufAllocator.DEFAULT, "epoch", policy, limits, 100, 1000, 1000, remembers, remembers);
        hub = new Hub(ledger, history, options, upstreamLoop, loops, () -> {});
        intake = new Intake(
                KeyExtractor.field("sym"),
                ledger,
                history,
                ByteBufAllocator.DEFAULT,
                upstreamLoop,
                upstreamLoop,
                hub::publish);
        commands = new Commands(hub);
    }

    private Demand demand() {
        return demand;
    }

    Member connect(int loop) {
        Shard shard = hub.shards().get(loop);
        var link = new FakeLink();
        var member = new Member(link, new Subscriber(hub, shard, link, ClientTerms.unlimited()));
        shard.add(member.subscriber());
        members.add(member);
        return member;
    }

    void disconnect(Member member) {
        members.remove(member);
        member.subscriber().shard().remove(member.subscriber());
    }

    void command(Member member, String text) {
        commands.run(member.subscriber(), text);
    }

    void message(String text) {
        ByteBuf payload = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        intake.message(true, payload);
    }

    /** The upstream says that it has left something out. */
    void gap(@Nullable String key, long missed) {
        intake.gap(key, missed, hub::breakOff);
    }

    void connectUpstream() {
        if (!connected) {
            connected = true;
            upstream = service.connect();
            demand.connected(upstream, ledger.keys());
        }
    }

    void loseUpstream() {
        if (connected) {
            connected = false;
            intake.breakOff(hub::breakOff);
            demand.disconnected(ledger.keys());
        }
    }

    boolean isConnected() {
        return connected;
    }

    void turn(int loop) {
        loops.get(loop).turn();
    }

    void turnUpstream() {
        upstreamLoop.turn();
    }

    void advance(Duration time) {
        upstreamLoop.advance(time);
        loops.forEach(loop -> loop.advance(time));
    }

    /** Everything is connected, everybody reads, and time passes until nothing happens any more. */
    void comeToRest() {
        members.forEach(member -> member.link().stuck(false));
        connectUpstream();
        for (int i = 0; i < 10; i++) {
            advance(LINGER.multipliedBy(2));
        }
    }

    /** What the upstream was told that is wanted. */
    Set<String> toldKeys() {
        return new TreeSet<>(upstream.asked());
    }

    /** What was wrong with that. */
    List<String> complaints() {
        return service.complaints();
    }

    /** What somebody holds. */
    Set<String> knownKeys() {
        var names = new TreeSet<String>();
        ledger.keys().stream().filter(key -> !key.isEverything()).forEach(key -> names.add(String.valueOf(key.name())));
        return names;
    }

    List<Member> members() {
        return members;
    }

    long offset(Member member, String name) {
        Key key = ledger.get(name);
        return key == null ? -1 : key.join(member.subscriber().shard().index()).delivered();
    }

    /** Ends everything, so that no buffer stays. */
    void close() {
        upstreamLoop.turn();
        loops.forEach(ManualLoop::turn);
        List.copyOf(members).forEach(this::disconnect);
    }
}
