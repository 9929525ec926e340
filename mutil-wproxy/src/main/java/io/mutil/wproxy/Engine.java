package io.mutil.wproxy;

import io.mutil.codec.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The parts of a proxy between its upstream and its listeners, and the threads that they run on. */
final class Engine implements Feed.Listener {
    private final Loops loops;
    private final Ledger ledger;
    private final Demand demand;
    private final Hub hub;
    private final Intake intake;
    private final Feed feed;
    private final Clients clients;
    private final Status status;
    private final @Nullable Recorder recorder;

    /** What the parts need to know. */
    record Options(
            Transport transport,
            int threads,
            KeyExtractor extractor,
            @Nullable Access access,
            Hub.Options hub,
            @Nullable History history,
            Demand.Pace pace,
            Feed.Options feed,
            Duration maxLife,
            @Nullable Recorder recorder) {}

    /** Makes all parts; if that fails, no thread and no open file is left. */
    static Engine of(Upstream upstream, Options options) {
        Loops loops = Loops.open(options.transport(), options.threads());
        try {
            return new Engine(upstream, options, loops);
        } catch (Throwable e) {
            loops.shutDownAsync().join();
            throw e;
        }
    }

    private Engine(Upstream upstream, Options options, Loops loops) {
        this.loops = loops;
        Transport transport = options.transport();
        EventLoop loop = loops.upstream().next();
        recorder = options.recorder();
        ledger = new Ledger(options.threads(), key -> demandChanged(key));
        demand = new Demand(loop, System::nanoTime, options.pace(), ledger::forget, this::notTold);
        hub = new Hub(
                ledger,
                options.history(),
                options.hub(),
                System::nanoTime,
                loopsOf(loops.clients()),
                this::pressureChanged);
        intake = new Intake(
                options.extractor(),
                ledger,
                options.history(),
                transport.allocator(),
                loop,
                System::nanoTime,
                hub::publish);
        feed = new Feed(
                upstream,
                this,
                loop,
                transport,
                loops.upstream(),
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble(),
                options.feed());
        clients = new Clients(
                hub,
                options.access(),
                options.maxLife(),
                () -> ThreadLocalRandom.current().nextDouble());
        status = new Status(hub, intake, feed, demand::subscriptions, recorder);
        var unused = loop.scheduleWithFixedDelay(status::sample, 0, 1, TimeUnit.SECONDS);
    }

    private static List<EventLoop> loopsOf(EventLoopGroup group) {
        var loops = new ArrayList<EventLoop>();
        for (EventExecutor loop : group) {
            loops.add((EventLoop) loop);
        }
        return loops;
    }

    // in methods, because these parts know each other

    private void demandChanged(Key key) {
        demand.changed(key);
    }

    private void notTold(UpstreamConnection connection, Throwable why) {
        feed.drop(connection, "could not be asked for keys: " + why);
    }

    private void pressureChanged() {
        feed.pressureChanged();
    }

    void start() {
        feed.start();
    }

    // the upstream

    @Override
    public void message(boolean text, ByteBuf payload) {
        if (recorder != null) {
            recorder.message(text, payload);
        }
        intake.message(text, payload);
    }

    @Override
    public void gap(@Nullable String key, long missed) {
        if (recorder != null) {
            recorder.gap(key, missed);
        }
        intake.gap(key, missed, hub::breakOff);
    }

    @Override
    public void connected(UpstreamConnection connection) {
        if (recorder != null) {
            recorder.connected();
        }
        demand.connected(connection, ledger.keys());
    }

    @Override
    public void disconnected() {
        if (recorder != null) {
            recorder.disconnected();
        }
        intake.breakOff(hub::breakOff);
        demand.disconnected(ledger.keys());
    }

    @Override
    public boolean expectsMessages() {
        return demand.hasAsked();
    }

    @Override
    public boolean shouldPause(boolean paused) {
        return hub.shouldPause(paused);
    }

    // the listeners

    EventLoopGroup clientLoops() {
        return loops.clients();
    }

    Clients clients() {
        return clients;
    }

    Status status() {
        return status;
    }

    CompletableFuture<Void> closeUpstreamAsync() {
        return feed.closeAsync();
    }

    /** Ends the threads; the last thing. */
    CompletableFuture<Void> shutDownAsync() {
        CompletableFuture<Void> done = loops.shutDownAsync();
        return recorder == null ? done : done.thenCompose(v -> recorder.closeAsync());
    }
}
