package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final Instant BEGAN = Instant.parse("2026-11-22T14:30:00Z");
    private static final String HEAD =
            "{\"format\": \"mutil-wproxy-recording\", \"version\": 1, \"began\": \"2026-11-22T14:30:00Z\"}";

    private final AtomicLong time = new AtomicLong(1_000);
    private final Disk disk = new Disk();

    /** A disk that takes what it is allowed to, and fails if it is full. */
    private static final class Disk implements RecordingFile {
        private final Semaphore allowed = new Semaphore(0);
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CountDownLatch asked = new CountDownLatch(1);
        private volatile boolean full;
        private volatile boolean closed;
        private volatile boolean deleted;

        @Override
        public void append(ByteBuf next) throws IOException {
            asked.countDown();
            allowed.acquireUninterruptibly();
            if (full) {
                throw new IOException("No space left on device");
            }
            bytes.writeBytes(ByteBufUtil.getBytes(next));
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void delete() {
            deleted = true;
        }

        @Override
        public String toString() {
            return "feed.rec";
        }
    }

    private Recorder recorder(int room) {
        return Recorder.start(disk, BEGAN, time::get, room);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }

    private static ByteBuf frame(int kind, long nanos, ByteBuf body) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeIntLE(9 + body.readableBytes()).writeByte(kind).writeLongLE(nanos);
        return frame.writeBytes(body);
    }

    private static ByteBuf head() {
        return Unpooled.buffer().writeIntLE(HEAD.length()).writeBytes(HEAD.getBytes(UTF_8));
    }

    private void assertWritten(ByteBuf... frames) {
        assertThat(disk.bytes.toByteArray()).isEqualTo(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(frames)));
    }

    private static ByteBuf number(long value) {
        return Unpooled.buffer().writeLongLE(value);
    }

    @Test
    void writesWhatIsDocumented() {
        disk.allowed.release(100);
        Recorder recorder = recorder(1 << 20);
        recorder.connected();
        time.addAndGet(5);
        recorder.message(true, bytes("text"));
        recorder.message(false, bytes("binary"));
        time.addAndGet(5_000_000_000L);
        recorder.gap("AAPL", 3);
        recorder.gap(null, -1);
        recorder.disconnected();
        recorder.closeAsync().join();

        assertWritten(
                head(),
                frame(3, 0, bytes("")),
                frame(1, 5, bytes("text")),
                frame(2, 5, bytes("binary")),
                frame(6, 5_000_000_005L, number(3).writeByte(1).writeBytes(bytes("AAPL"))),
                frame(6, 5_000_000_005L, number(-1).writeByte(0)),
                frame(4, 5_000_000_005L, bytes("")));
        assertThat(disk.closed).isTrue();
        assertThat(recorder.recorded()).isEqualTo(2);
        assertThat(recorder.notRecorded()).isZero();
    }

    @Test
    void aMessageThatComesFirstShowsThatThereIsAConnection() {
        disk.allowed.release(100);
        Recorder recorder = recorder(1 << 20);
        recorder.message(true, bytes("early"));
        recorder.connected();
        recorder.closeAsync().join();

        assertWritten(head(), frame(3, 0, bytes("")), frame(1, 0, bytes("early")));
    }

    @Test
    void saysHowManyMessagesTheDiskWasTooSlowFor() throws Exception {
        Recorder recorder = recorder(100);
        // the disk has the head, and hangs
        disk.asked.await();
        recorder.message(true, bytes("x".repeat(60)));
        recorder.message(true, bytes("y".repeat(60)));
        recorder.message(true, bytes("z".repeat(60)));
        assertThat(recorder.notRecorded()).isEqualTo(2);
        disk.allowed.release(2);
        Eventually.until("a written message", () -> recorder.recorded() == 1);
        disk.allowed.release(100);
        recorder.message(true, bytes("later"));
        recorder.closeAsync().join();

        assertWritten(
                head(),
                frame(3, 0, bytes("")),
                frame(1, 0, bytes("x".repeat(60))),
                frame(5, 0, number(2)),
                frame(1, 0, bytes("later")));
        assertThat(recorder.recorded()).isEqualTo(2);
    }

    @Test
    void saysAtItsEndWhatWasMissing() throws Exception {
        Recorder recorder = recorder(1);
        disk.asked.await();
        // a message larger than the room is taken when no other waits
        recorder.message(false, bytes("first"));
        recorder.message(false, bytes("second"));
        var end = recorder.closeAsync();
        disk.allowed.release(100);
        end.join();

        assertWritten(head(), frame(3, 0, bytes("")), frame(2, 0, bytes("first")), frame(5, 0, number(1)));
    }

    @Test
    void stopsAtAFullDiskWithOneWarning() {
        try (LogLines lines = LogLines.of(Recorder.class, Level.WARNING)) {
            disk.full = true;
            Recorder recorder = recorder(1 << 20);
            recorder.message(true, bytes("one"));
            recorder.message(true, bytes("two"));
            disk.allowed.release(100);
            Eventually.until("the end", () -> disk.closed);
            recorder.message(true, bytes("three"));
            recorder.disconnected();
            recorder.closeAsync().join();

            assertThat(recorder.recorded()).isZero();
            assertThat(recorder.notRecorded()).isEqualTo(3);
            assertThat(disk.bytes.size()).isZero();
            assertThat(lines.at(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("feed.rec", "No space left on device", "another file");
        }
    }

    @Test
    void neverOverwritesAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("feed.rec"), "precious");

        assertThatThrownBy(() -> Recorder.start(file))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("feed.rec")
                .hasMessageContaining("choose another name");
        assertThat(file).hasContent("precious");
        assertThatThrownBy(() -> Recorder.start(folder.resolve("no/feed.rec")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("directory does not exist");
    }

    @Test
    void leavesNoFileBehindWhenTheProxyCannotStart(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("feed.rec");
        try (ScriptedUpstream upstream = new ScriptedUpstream()) {
            int taken = upstream.uri().getPort();
            assertThatThrownBy(() -> WProxy.builder(Upstream.webSocket(upstream.uri()))
                            .listen("127.0.0.1", taken)
                            .record(file)
                            .start())
                    .isInstanceOf(IOException.class);
        }

        assertThat(file).doesNotExist();
    }

    @Test
    void largeRecordingsReachTheDiskWhole(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("feed.rec");
        Recorder recorder = Recorder.start(file);
        for (int i = 0; i < 1000; i++) {
            recorder.message(true, bytes(i + "x".repeat(1000)));
        }
        recorder.closeAsync().join();

        int read = 0;
        try (RecordingReader reader = RecordingReader.open(file)) {
            for (var entry = reader.next(); entry != null; entry = reader.next()) {
                if (entry.kind() == Recording.TEXT) {
                    assertThat(entry.body().toString(UTF_8)).isEqualTo(read++ + "x".repeat(1000));
                }
            }
        }
        assertThat(read).isEqualTo(1000);
        assertThat(recorder.recorded()).isEqualTo(1000);
    }

    @Test
    void leavesNoFileIfItCannotBegin() {
        assertThatThrownBy(() -> Recorder.start(
                        disk,
                        BEGAN,
                        () -> {
                            throw new IllegalStateException("no time");
                        },
                        1 << 20))
                .hasMessage("no time");

        assertThat(disk.deleted).isTrue();
    }
}
