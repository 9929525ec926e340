package io.mutil.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EpollInputTest {
    @BeforeAll
    static void needsEpoll() {
        assumeTrue(Epoll.LOOPS != null, "no native epoll here");
    }

    private static void write(FileDescriptor to, byte[] bytes) throws IOException {
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        assertThat(to.write(direct, 0, bytes.length)).isEqualTo(bytes.length);
    }

    @Test
    void anErrorEndsThatPipeAndNoOther() throws Exception {
        FileDescriptor[] one = FileDescriptor.pipe();
        FileDescriptor[] other = FileDescriptor.pipe();
        try (Pipe failing = Pipe.builder().allocator(new ShortOfMemory(0)).readFrom(one[0].intValue());
                Pipe going = Pipe.builder().readFrom(other[0].intValue())) {
            write(one[1], new byte[] {1});
            assertThatThrownBy(failing::read).isInstanceOf(OutOfMemoryError.class);

            write(other[1], new byte[] {1, 0, 0, 0, 7});
            assertThat(going.read()).isEqualTo(ByteBuffer.wrap(new byte[] {7}));
        } finally {
            one[1].close();
            other[1].close();
        }
    }
}
