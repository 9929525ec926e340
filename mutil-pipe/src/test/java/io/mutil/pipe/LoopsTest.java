package io.mutil.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopsTest {
    private final Loops loops = new Loops(Transport.nio(), "test-loops");

    @Test
    void usersShareOneGroupUntilTheLast() {
        EventLoopGroup group = loops.acquire();
        assertThat(loops.acquire()).isSameAs(group);

        loops.release();
        assertThat(group.isShuttingDown()).isFalse();
        loops.release();
        assertThat(group.isShuttingDown()).isTrue();
    }

    @Test
    void whatHasEndedIsNotHandedOutThoughItHasUsers() throws Exception {
        EventLoopGroup dead = loops.acquire();
        dead.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();

        EventLoopGroup alive = loops.acquire();

        assertThat(alive.isShuttingDown()).isFalse();
        loops.release();
        assertThat(alive.isShuttingDown()).isFalse();
        loops.release();
        assertThat(alive.isShuttingDown()).isTrue();
    }
}
