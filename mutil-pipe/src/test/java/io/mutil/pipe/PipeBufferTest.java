package io.mutil.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the buffers of other kernels cannot be enlarged")
class PipeBufferTest {
    private static final int USUAL = 64 << 10;

    private static boolean canCallC() throws ReflectiveOperationException {
        return Runtime.version().feature() >= 22
                && (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(PipeBuffer.class.getModule());
    }

    private static int numberOf(Path file) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(file)) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new AssertionError(file + " is not open");
    }

    @Test
    void enlargesPipesWhereTheJdkCan(@TempDir Path directory) throws Exception {
        Path fifo = directory.toRealPath().resolve("fifo");
        Conduit.Fifos.make(fifo);
        try (FileChannel both = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            int size = PipeBuffer.enlarge(numberOf(fifo));

            if (canCallC()) {
                assertThat(size).isGreaterThan(USUAL);
                // nobody reads, so this would not return if the kernel had not
                assertThat(both.write(ByteBuffer.allocate(size))).isEqualTo(size);
            } else {
                assertThat(size).isZero();
            }
        }
    }

    @Test
    void leavesAloneWhatIsNoPipe(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.toRealPath().resolve("file"));
        try (FileChannel open = FileChannel.open(file)) {
            assertThat(PipeBuffer.enlarge(numberOf(file))).isNotPositive();
            assertThat(open.size()).isZero();
        }
    }
}
