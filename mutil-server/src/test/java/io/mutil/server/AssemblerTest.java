package io.mutil.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    private final Assembler fragments = new Assembler(UnpooledByteBufAllocator.DEFAULT, 10);

    @AfterEach
    void drop() {
        fragments.drop();
    }

    private boolean add(int bytes) {
        ByteBuf fragment = Unpooled.buffer().writeZero(bytes);
        try {
            return fragments.add(fragment);
        } finally {
            fragment.release();
        }
    }

    @Test
    void messageUpToTheLimitIsPutTogether() {
        assertThat(add(4)).isTrue();
        assertThat(add(6)).isTrue();

        ByteBuf whole = requireNonNull(fragments.take());
        assertThat(whole.readableBytes()).isEqualTo(10);
        whole.release();
        assertThat(fragments.isEmpty()).isTrue();
    }

    @Test
    void messageBeyondTheLimitIsDropped() {
        assertThat(add(4)).isTrue();
        assertThat(add(7)).isFalse();

        assertThat(fragments.isEmpty()).isTrue();
    }

    /** As an inflated one may be. */
    @Test
    void firstFragmentBeyondTheLimitIsRefused() {
        assertThat(add(11)).isFalse();

        assertThat(fragments.isEmpty()).isTrue();
    }
}
