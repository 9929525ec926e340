package io.mutil.pipe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mutil.testkit.Eventually;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A socket among the descriptors, as some parents hand them down. */
@Timeout(60)
class EpollOutputTest {
    @BeforeAll
    static void needsEpoll() {
        assumeTrue(Epoll.LOOPS != null, "no native epoll here");
    }

    /** The two ends of a connection. */
    private record Sockets(int ours, Socket theirs) {
        static Sockets connected(Path name) throws IOException {
            Socket listening = Socket.newSocketDomain();
            try {
                listening.bind(new DomainSocketAddress(name.toFile()));
                listening.listen(1);
                Socket theirs = Socket.newSocketDomain();
                theirs.connect(new DomainSocketAddress(name.toFile()));
                int ours = listening.accept(new byte[128]);
                return new Sockets(ours, theirs);
            } finally {
                listening.close();
            }
        }
    }

    @Test
    void framesPass(@TempDir Path directory) throws Exception {
        Sockets ends = Sockets.connected(directory.resolve("s"));
        try (Pipe pipe = Pipe.builder().writeTo(ends.ours())) {
            pipe.write(ByteBuffer.wrap(new byte[] {7}));
            ByteBuffer got = ByteBuffer.allocateDirect(16);
            Eventually.until("a frame of one byte has come", () -> {
                try {
                    int count = ends.theirs().read(got, got.position(), got.limit());
                    got.position(got.position() + Math.max(0, count));
                    return got.position() == 5;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 7}));
        } finally {
            ends.theirs().close();
        }
    }

    @Test
    void readerThatGoesIsNoticedThoughNothingIsWritten(@TempDir Path directory) throws Exception {
        Sockets ends = Sockets.connected(directory.resolve("s"));
        Descriptor descriptor = Descriptor.of(ends.ours(), false);
        Pipe.Builder builder = Pipe.builder();
        var end = new DescriptorEnds(builder.settings(), requireNonNull(Epoll.LOOPS));
        var output = (EpollOutput) end.output(descriptor);
        try (Pipe pipe = Pipe.over(new Ends("socket", null, output, false, end::release), builder.settings())) {
            ends.theirs().close();

            Eventually.until("the end is noticed", output::isClosed);
            assertThatThrownBy(() -> pipe.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the reader of descriptor " + ends.ours() + " is gone");
        }
    }

    @Test
    void anErrorIsToldToThoseWhoWait() throws Exception {
        FileDescriptor[] ends = FileDescriptor.pipe();
        try (Pipe pipe = Pipe.builder().allocator(new ShortOfMemory(128 << 10)).writeTo(ends[1].intValue())) {
            assertThatThrownBy(() -> pipe.write(ByteBuffer.allocate(200_000))).isInstanceOf(OutOfMemoryError.class);
        } finally {
            ends[0].close();
        }
    }
}
