package io.mutil.wproxy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the command line says about recordings. */
final class RecordingOptions {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "record what comes to a new file; {now} in its name stands for the time")
    private @Nullable String record;

    @Option(names = "--replay", paramLabel = "FILE", description = "play a recording, in place of an upstream")
    private @Nullable Path replay;

    @Option(
            names = "--speed",
            paramLabel = "N",
            converter = Speed.class,
            description = "how fast to play it, as 2, 0.5 or max (default: 1, as it was)")
    private @Nullable Double speed;

    @Option(names = "--repeat", description = "play it again and again")
    private boolean repeat;

    static final class Speed implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            try {
                return text.equals("max") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not understood; write a number or max");
            }
        }
    }

    boolean isReplay() {
        return replay != null;
    }

    /** Null if there is none to play. */
    @Nullable
    Upstream upstream() throws IOException {
        Path file = replay;
        if (file == null) {
            checkUnused();
            return null;
        }
        ReplayUpstream upstream = Upstream.replay(file);
        if (speed != null) {
            upstream = speed.isInfinite() ? upstream.asFastAsPossible() : upstream.speed(speed);
        }
        return repeat ? upstream.repeat() : upstream;
    }

    private void checkUnused() {
        if (speed != null || repeat) {
            throw new IllegalArgumentException("--speed and --repeat need --replay");
        }
    }

    void applyTo(WProxy.Builder proxy) {
        if (record != null) {
            proxy.record(Path.of(record.replace("{now}", TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))));
        }
    }
}
