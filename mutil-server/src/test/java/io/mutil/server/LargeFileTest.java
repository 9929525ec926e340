package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.Transport;
import io.mutil.server.LargeFiles.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of a gibibyte and more between JVMs that have 64 MiB of heap and 64 MiB beside it. */
@Timeout(300)
class LargeFileTest {
    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;
    private static final String MEMORY = "64m";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path sources;

    @SuppressWarnings("NullAway.Init")
    private static Path gibibyte;

    @SuppressWarnings("NullAway.Init")
    private static String sha256OfGibibyte;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path inbox;

    /** Random bytes, each MiB with its number, so that none can take another's place. */
    @BeforeAll
    static void writeGibibyte() throws IOException {
        gibibyte = sources.resolve("gibibyte");
        byte[] random = new byte[MIB];
        new Random(1).nextBytes(random);
        ByteBuffer block = ByteBuffer.wrap(random);
        MessageDigest digest = Sha256.newDigest();
        try (FileChannel out = create(gibibyte)) {
            for (int i = 0; i < GIB / MIB; i++) {
                block.putInt(0, i);
                digest.update(random);
                write(out, block.duplicate(), i * (long) MIB);
            }
        }
        sha256OfGibibyte = HexFormat.of().formatHex(digest.digest());
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE);
    }

    private static void write(FileChannel out, ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += out.write(bytes, at);
        }
    }

    private static String sha256(Path file, long from, long length) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        ByteBuffer buffer = ByteBuffer.allocate(MIB);
        try (FileChannel in = FileChannel.open(file)) {
            for (long at = from; at < from + length; at += buffer.remaining()) {
                buffer.clear().limit((int) Math.min(MIB, from + length - at));
                if (in.read(buffer, at) < 0) {
                    throw new AssertionError(file + " ends at " + at);
                }
                digest.update(buffer.flip().duplicate());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(Path file) throws IOException {
        return sha256(file, 0, Files.size(file));
    }

    /** The file that arrived; there is no other. */
    private Path run(Scenario scenario, Way way, Path source) throws Exception {
        Path target = inbox.resolve("target");
        Process child = new ProcessBuilder(LargeFiles.command(MEMORY, scenario, way, source, target))
                .redirectErrorStream(true)
                .start();
        try (var output = child.inputReader()) {
            List<String> lines = output.lines().toList();
            assertThat(lines).as(String.join("\n", lines)).last().isEqualTo("done");
            assertThat(child.waitFor()).isZero();
        } finally {
            child.destroyForcibly();
        }
        try (Stream<Path> files = Files.list(inbox)) {
            assertThat(files).containsExactly(target);
        }
        return target;
    }

    private void passes(Scenario scenario, Way way) throws Exception {
        arrives(scenario, way, gibibyte, GIB, sha256OfGibibyte);
    }

    private void arrives(Scenario scenario, Way way, Path source, long size, String sha256) throws Exception {
        Path target = run(scenario, way, source);
        assertThat(Files.size(target)).isEqualTo(size);
        assertThat(sha256(target)).isEqualTo(sha256);
        Files.delete(target);
    }

    @Test
    void aGibibytePassesAndIsChecked() throws Exception {
        passes(Scenario.CHECKED, Way.tcp());
    }

    @Test
    void aGibibytePassesThroughEveryLayer() throws Exception {
        passes(Scenario.WHOLE, new Way("ws", Transport.best(), true));
    }

    /** All the rest takes minutes. */
    @Tag("soak")
    @Nested
    class OnEveryWay {
        static List<Way> kinds() {
            return Way.kinds();
        }

        /** The scenarios that need no preparation, each with the ways it is for. */
        static Stream<Arguments> ofAGibibyte() {
            return Stream.of(
                            with(Scenario.WHOLE, Way.all()),
                            with(Scenario.CHECKED, Way.kinds()),
                            with(Scenario.BARE, Way.betweenOthers()),
                            with(Scenario.HELD_UP, Way.kinds()),
                            with(Scenario.ALWAYS_SLOWER, Way.betweenOthers()))
                    .flatMap(cases -> cases);
        }

        private static Stream<Arguments> with(Scenario scenario, List<Way> ways) {
            return ways.stream().map(way -> Arguments.of(scenario, way));
        }

        @ParameterizedTest
        @MethodSource("ofAGibibyte")
        void aGibibytePasses(Scenario scenario, Way way) throws Exception {
            passes(scenario, way);
        }

        @ParameterizedTest
        @MethodSource("kinds")
        void aRangeOfAGibibytePasses(Way way) throws Exception {
            String sha256 = sha256(gibibyte, LargeFiles.FIRST, LargeFiles.RANGE);

            arrives(Scenario.RANGE_OF_IT, way, gibibyte, LargeFiles.RANGE, sha256);
        }

        @ParameterizedTest
        @MethodSource("kinds")
        void aGibibyteIsResumedInTheMiddle(Way way) throws Exception {
            try (FileChannel in = FileChannel.open(gibibyte);
                    FileChannel out = create(inbox.resolve("target"))) {
                for (long at = 0; at < LargeFiles.KEPT; ) {
                    at += in.transferTo(at, LargeFiles.KEPT - at, out);
                }
            }

            passes(Scenario.RESUMED, way);
        }

        /** Nearly all of it is a hole, but around the last length that an int can hold. */
        @ParameterizedTest
        @MethodSource("kinds")
        void aFileBeyond2GiBPasses(Way way) throws Exception {
            Path sparse = sources.resolve("sparse");
            try (FileChannel out = create(sparse)) {
                for (long at : new long[] {0, 2 * GIB - 7}) {
                    write(out, ByteBuffer.allocate(8).putLong(0, at + 1), at);
                }
            }
            assertThat(Files.size(sparse)).isEqualTo(2 * GIB + 1);

            arrives(Scenario.WHOLE, way, sparse, 2 * GIB + 1, sha256(sparse));

            Files.delete(sparse);
        }
    }
}
