package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final FastLoop loop = new FastLoop();

    /** Has always done what it is given before the caller looks. */
    private static final class FastLoop extends SingleThreadIoEventLoop {
        FastLoop() {
            super(null, new DefaultThreadFactory("places-test", true), LocalIoHandler.newFactory());
        }

        @Override
        public void execute(Runnable task) {
            var done = new FutureTask<Void>(task, null);
            super.execute(done);
            if (!inEventLoop()) {
                try {
                    done.get(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    @AfterEach
    void stop() {
        var unused = loop.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }

    private Channel channel() throws InterruptedException {
        Channel channel = new LocalChannel();
        loop.register(channel).sync();
        return channel;
    }

    @Test
    void whoWaitsLongestMakesRoomForTheNext() throws Exception {
        var places = new Places(1, 2);
        Channel first = channel();
        Channel second = channel();
        Channel third = channel();

        assertThat(places.await(first)).isTrue();
        assertThat(places.await(second)).isTrue();
        assertThat(places.await(third)).isTrue();

        first.closeFuture().sync();
        assertThat(places.take(first)).isFalse();
        assertThat(places.isFull()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(places.take(third)).isTrue();
        assertThat(places.isFull()).isTrue();
        assertThat(places.take(second)).isFalse();
        third.close().sync();
        assertThat(places.isFull()).isFalse();
    }

    @Test
    void openConnectionsDoNotMakeRoom() throws Exception {
        var places = new Places(1, 1);
        Channel open = channel();
        assertThat(places.await(open)).isTrue();
        assertThat(places.take(open)).isTrue();

        assertThat(places.await(channel())).isTrue();
        assertThat(places.await(channel())).isTrue();

        assertThat(open.isOpen()).isTrue();
    }

    @Test
    void channelsAreEndedOnTheirEventLoops() throws Exception {
        var places = new Places(1);
        Channel channel = channel();
        places.await(channel);
        var onLoop = new CompletableFuture<Boolean>();

        places.close(ending -> {
                    onLoop.complete(ending.eventLoop().inEventLoop());
                    return Optional.empty();
                })
                .get(30, TimeUnit.SECONDS);

        assertThat(onLoop).isCompletedWithValue(true);
        assertThat(channel.isOpen()).isFalse();
    }
}
