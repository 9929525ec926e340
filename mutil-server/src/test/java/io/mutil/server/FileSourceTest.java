package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private FileToSend file() throws Exception {
        return FileToSend.of(Files.writeString(dir.resolve("file"), "hello"));
    }

    @AfterEach
    void clear() {
        var unused = Thread.interrupted();
    }

    @Test
    void interruptDoesNotTakeTheBytesFromRegionsThatWaitToBeSent() throws Exception {
        ByteBuf buffer = Unpooled.directBuffer(5, 5);
        try (FileSource source = FileSource.open(file())) {
            FileRegion region = source.region(0, 5);
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> source.read(0, buffer)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            var sent = new ByteArrayOutputStream();
            assertThat(region.transferTo(Channels.newChannel(sent), 0)).isEqualTo(5);
            assertThat(sent).hasToString("hello");
            region.release();
        } finally {
            buffer.release();
        }
    }

    @Test
    void interruptIsOneWhereOnlyTheLengthIsLookedAt() throws Exception {
        try (FileSource source = FileSource.open(file())) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(source::requireWhole).isInstanceOf(InterruptedException.class);
        }
        Thread.currentThread().interrupt();
        FileToSend file = file();
        assertThatThrownBy(() -> FileSource.open(file)).isInstanceOf(InterruptedException.class);
    }
}
