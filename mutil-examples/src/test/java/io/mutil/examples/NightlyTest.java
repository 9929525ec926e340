package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.loop.SafeLoop;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NightlyTest {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Test
    void tellsTheTimeUntilItIsStopped() throws Exception {
        var nightly = new Nightly(ZoneId.of("America/New_York"), Duration.ofMillis(1), new Lines());
        SafeLoop loop = SafeLoop.builder().signals(false).start(nightly::run);

        assertThat(lines.take()).matches("tidies up at .*T02:00-0[45]:00\\[America/New_York].*Ctrl-C stops.*");
        assertThat(lines.take()).matches("\\d\\d:\\d\\d(:\\d\\d)?");
        assertThat(lines.take()).matches("\\d\\d:\\d\\d(:\\d\\d)?");
        loop.stop();

        assertThat(loop.await()).isZero();
        assertThat(lines).anyMatch(line -> line.matches("stopped; the clock told the time \\d+ times"));
    }

    private final class Lines extends PrintStream {
        Lines() {
            super(OutputStream.nullOutputStream(), true, UTF_8);
        }

        @Override
        public void println(@Nullable Object value) {
            println(String.valueOf(value));
        }

        @Override
        public void println(@Nullable String line) {
            lines.add(String.valueOf(line));
        }
    }
}
