package io.mutil.bench.fanout;

import io.mutil.bench.Percentiles;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** All clients of a contestant: those that read, and those that stop after they have subscribed. Used by one thread. */
final class Crowd implements AutoCloseable {
    private static final int AT_A_TIME = 128;
    private static final int SECONDS_FOR_SOME = 30;

    private final Sockets sockets;
    private final List<Meter> meters;
    private final List<Subscriber> readers = new ArrayList<>();
    private final List<Subscriber> idlers = new ArrayList<>();
    private final List<Channel> idle = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();
    private int laggard;

    Crowd(Sockets sockets) {
        this.sockets = sockets;
        meters = sockets.loops().stream().map(loop -> new Meter()).toList();
    }

    /** Connects the clients of this traffic, the last of them on small sockets. Returns when they have subscribed. */
    void connect(Proxy proxy, Traffic traffic, int idlerCount) throws IOException, InterruptedException {
        InetSocketAddress server = proxy.address();
        for (int first = 0; first < traffic.clients(); first += AT_A_TIME) {
            int end = Math.min(first + AT_A_TIME, traffic.clients());
            List<CompletableFuture<Void>> some = new ArrayList<>();
            for (int i = first; i < end; i++) {
                boolean idler = i >= traffic.clients() - idlerCount;
                some.add(connect(server, proxy.subscription(traffic, i), i, idler));
            }
            await(some);
        }
    }

    private CompletableFuture<Void> connect(
            InetSocketAddress server, Subscription subscription, int number, boolean idler) {
        int loop = number % meters.size();
        var subscriber = new Subscriber(subscription, meters.get(loop));
        (idler ? idlers : readers).add(subscriber);
        ChannelFuture connecting = sockets.connect(sockets.loops().get(loop), server, idler, subscriber);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                subscriber.subscribed().completeExceptionally(done.cause());
            }
        });
        channels.add(connecting.channel());
        if (idler) {
            idle.add(connecting.channel());
        }
        return subscriber.subscribed();
    }

    private static void await(List<CompletableFuture<Void>> some) throws IOException, InterruptedException {
        try {
            CompletableFuture.allOf(some.toArray(CompletableFuture[]::new)).get(SECONDS_FOR_SOME, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("a client cannot subscribe: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("clients have not subscribed within " + SECONDS_FOR_SOME + " s", e);
        }
    }

    /** The last ones read no more from now on. */
    void stall() {
        idle.forEach(channel -> channel.config().setAutoRead(false));
    }

    /** Whether every client has got a probe. */
    boolean isProbed() {
        return all().allMatch(each -> each.probes() > 0);
    }

    long probes() {
        return all().mapToLong(Subscriber::probes).sum();
    }

    /** Nobody has got a probe; none may be under way. */
    void forgetProbes() {
        all().forEach(Subscriber::forgetProbes);
    }

    private Stream<Subscriber> all() {
        return Stream.of(readers, idlers).flatMap(List::stream);
    }

    /** Whether every reader has all messages up to this one. Looks first at who was late before. */
    boolean hasAll(long sequence) {
        for (int i = 0; i < readers.size(); i++) {
            int at = (laggard + i) % readers.size();
            if (readers.get(at).complete() < sequence) {
                laggard = at;
                return false;
            }
        }
        return true;
    }

    /** Sequence number up to which every reader has its messages. */
    long slowest() {
        return readers.stream().mapToLong(Subscriber::complete).min().orElse(Long.MAX_VALUE);
    }

    long received() {
        return readers.stream().mapToLong(Subscriber::received).sum();
    }

    long missing(long lastSent) {
        return readers.stream().mapToLong(each -> each.missing(lastSent)).sum();
    }

    long faults() {
        return readers.stream().mapToLong(Subscriber::faults).sum();
    }

    /** Readers that the contestant has closed. */
    long ended() {
        return readers.stream().filter(Subscriber::hasEnded).count();
    }

    void measureFrom(long sequence) {
        meters.forEach(meter -> meter.measureFrom(sequence));
    }

    Percentiles latencies() {
        var all = new Histogram();
        meters.forEach(meter -> all.addAll(meter.latencies()));
        return all.percentiles();
    }

    @Override
    public void close() {
        channels.stream().map(Channel::close).toList().forEach(ChannelFuture::syncUninterruptibly);
    }
}
