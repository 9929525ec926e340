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

    @Test
    void channelsAreEndedOnTheirEventLoops() throws Exception {
        var places = new Places(1);
        Channel channel = new LocalChannel();
        loop.register(channel).sync();
        places.take(channel);
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
