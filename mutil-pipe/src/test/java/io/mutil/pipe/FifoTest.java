package io.mutil.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FifoTest {
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
    private final ThreadFactory factory = task -> {
        var thread = new Thread(task, "own-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    };

    private static Path fifo(Path directory) throws Exception {
        Path path = directory.resolve("fifo");
        Conduit.Fifos.make(path);
        return path;
    }

    private void assertThreadsEnd() {
        assertThat(threads).isNotEmpty();
        Eventually.until("the threads end", () -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void aPipeExistsBeforeTheOtherEndDoes(@TempDir Path directory) throws Exception {
        Path path = fifo(directory);
        try (Pipe in = Pipe.builder().readFifo(path)) {
            var frame = in.readAsync();
            assertThat(frame).isNotDone();
            try (Pipe out = Pipe.builder().writeFifo(path)) {
                out.write(ByteBuffer.wrap(new byte[] {1}));
                assertThat(frame.get()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
            }
            assertThat(in.read()).isNull();
        }
    }

    @Test
    void writesWaitForAReader(@TempDir Path directory) throws Exception {
        Path path = fifo(directory);
        try (Pipe out = Pipe.builder().writeFifo(path)) {
            var sent = out.writeAsync(ByteBuffer.wrap(new byte[] {1}));
            assertThat(sent).isNotDone();
            try (InputStream in = Files.newInputStream(path)) {
                assertThat(in.readNBytes(5)).isEqualTo(new byte[] {1, 0, 0, 0, 1});
                sent.get();
            }
        }
    }

    @Test
    void closingAReaderThatNobodyWroteToLetsItsThreadGo(@TempDir Path directory) throws Exception {
        Path path = fifo(directory);
        Pipe in = Pipe.builder().threads(factory).readFifo(path);
        var frame = in.readAsync();

        in.close();

        assertThatThrownBy(frame::get).cause().isInstanceOf(IOException.class);
        assertThreadsEnd();
    }

    @Test
    void closingAWriterThatNobodyReadLetsItsThreadGo(@TempDir Path directory) throws Exception {
        Path path = fifo(directory);
        Pipe out = Pipe.builder()
                .threads(factory)
                .drainTimeout(Duration.ofMillis(1))
                .writeFifo(path);
        var sent = out.writeAsync(ByteBuffer.allocate(10));

        assertThatThrownBy(out::close).isInstanceOf(IOException.class).hasMessageContaining("14 bytes queued");

        assertThatThrownBy(sent::get).cause().isInstanceOf(IOException.class);
        assertThreadsEnd();
    }

    @Test
    void closingAtOnceLetsTheThreadGo(@TempDir Path directory) throws Exception {
        Path path = fifo(directory);
        for (int i = 0; i < 50; i++) {
            Pipe.builder().threads(factory).readFifo(path).close();
            Pipe.builder().threads(factory).writeFifo(path).close();
        }
        assertThreadsEnd();
    }

    @Test
    void bothDirectionsAreOneObject(@TempDir Path directory) throws Exception {
        Path there = directory.resolve("there");
        Path back = directory.resolve("back");
        Conduit.Fifos.make(there);
        Conduit.Fifos.make(back);
        try (Pipe left = Pipe.builder().over(back, there);
                Pipe right = Pipe.builder().over(there, back)) {
            left.write(ByteBuffer.wrap(new byte[] {1}));
            assertThat(right.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
            right.write(ByteBuffer.wrap(new byte[] {2}));
            assertThat(left.read()).isEqualTo(ByteBuffer.wrap(new byte[] {2}));

            left.closeOutput();
            assertThat(right.read()).isNull();
            right.write(ByteBuffer.wrap(new byte[] {3}));
            assertThat(left.read()).isEqualTo(ByteBuffer.wrap(new byte[] {3}));
        }
    }

    @Test
    void whatIsNoFifoIsRefusedAtOnce(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Pipe.builder().readFifo(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is no FIFO");
        assertThatThrownBy(() -> Pipe.builder().writeFifo(directory)).hasMessageContaining("is no FIFO");
        assertThatThrownBy(() -> Pipe.builder().readFifo(directory.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("make it with mkfifo");
    }

    @Test
    void severalWritersAreReadToTheLast(@TempDir Path directory) throws Exception {
        Path path = fifo(directory);
        try (Pipe in = Pipe.builder().readFifo(path);
                OutputStream first = Files.newOutputStream(path)) {
            try (OutputStream second = Files.newOutputStream(path)) {
                second.write(new byte[4]);
            }
            first.write(new byte[4]);

            assertThat(in.read()).isEqualTo(ByteBuffer.allocate(0));
            assertThat(in.read()).isEqualTo(ByteBuffer.allocate(0));
            var end = in.readAsync();
            assertThat(end).isNotDone();
            assertThat(in.stats().open()).isTrue();
        }
    }
}
