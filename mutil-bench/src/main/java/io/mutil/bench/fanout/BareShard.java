package io.mutil.bench.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The clients of {@link BareProxy} on one event loop. */
final class BareShard {
    private final EventLoop loop;
    private final Set<ChannelHandlerContext> everything = new LinkedHashSet<>();
    private final Map<String, Set<ChannelHandlerContext>> byKey = new HashMap<>();
    private final Set<ChannelHandlerContext> touched = new LinkedHashSet<>();
    private volatile boolean keyed;

    /** A message as it goes to clients, and its key, or none if nobody asked for keys. */
    record Shared(ByteBuf frame, String key) {}

    BareShard(EventLoop loop) {
        this.loop = loop;
    }

    void add(ChannelHandlerContext client) {
        everything.add(client);
    }

    void add(ChannelHandlerContext client, String key) {
        byKey.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(client);
        keyed = true;
    }

    void remove(ChannelHandlerContext client) {
        everything.remove(client);
        byKey.values().forEach(clients -> clients.remove(client));
    }

    /** Whether anybody has asked for a key. */
    boolean isKeyed() {
        return keyed;
    }

    /** Takes over one reference of each frame. Called by the event loop of the upstream. */
    void send(List<Shared> batch) {
        loop.execute(() -> {
            for (ChannelHandlerContext client : everything) {
                batch.forEach(message -> write(client, message.frame));
                client.flush();
            }
            if (keyed) {
                sendByKey(batch);
            }
            batch.forEach(message -> message.frame.release());
        });
    }

    private void sendByKey(List<Shared> batch) {
        for (Shared message : batch) {
            for (ChannelHandlerContext client : byKey.getOrDefault(message.key, Set.of())) {
                write(client, message.frame);
                touched.add(client);
            }
        }
        touched.forEach(ChannelHandlerContext::flush);
        touched.clear();
    }

    private static void write(ChannelHandlerContext client, ByteBuf frame) {
        var unused = client.write(frame.retainedDuplicate(), client.voidPromise());
    }
}
