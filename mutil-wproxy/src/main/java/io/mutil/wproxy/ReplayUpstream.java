package io.mutil.wproxy;

import io.mutil.codec.internal.BlockingThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * An upstream that plays a recording, as {@link WProxy.Builder#record} makes them: all its messages, whatever is asked for,
 * with the times between them that they had.
 *
 * <p>It begins with the first message when somebody first subscribes to something, because before that nobody would get
 * anything. Messages that the recording says are missing are told as a gap to subscribers of everything. Connections that
 * were lost are played as nothing but the time that they took.
 *
 * <p>After the last message the connection stays open and silent; the log says so. It is only made anew, to play from the
 * beginning, if {@link WProxy.Builder#silenceTimeout} finds that silence too long. A recording that ends within an entry,
 * because its proxy was killed, is played up to there, with a warning.
 *
 * <p>If the file can no longer be read, the connection ends, with a warning; the next one plays from the beginning.
 *
 * <p>Immutable: each method makes a new one.
 *
 * <pre>{@code
 * Upstream fast = Upstream.replay(Path.of("monday.rec")).speed(10).repeat();
 * }</pre>
 */
public final class ReplayUpstream implements Upstream {
    private static final double SLOWEST = 0.001;
    private static final double FASTEST = 1_000_000;

    private final Path file;
    private final Pace pace;
    private final double speed;
    private final boolean repeating;

    ReplayUpstream(Path file, Pace pace, double speed, boolean repeating) {
        this.file = file;
        this.pace = pace;
        this.speed = speed;
        this.repeating = repeating;
    }

    static ReplayUpstream of(Path file, Pace pace) throws IOException {
        RecordingReader.open(file).close();
        return new ReplayUpstream(file, pace, 1, false);
    }

    /**
     * How fast, from 0.001 to 1,000,000: 1 is as it was and the default, 2 is twice as fast.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public ReplayUpstream speed(double factor) {
        if (!(factor >= SLOWEST && factor <= FASTEST)) {
            throw new IllegalArgumentException("speed must be from 0.001 to 1000000, was " + factor);
        }
        return new ReplayUpstream(file, pace, factor, repeating);
    }

    /** Without waiting between messages; only subscribers that are behind slow it down. */
    public ReplayUpstream asFastAsPossible() {
        return new ReplayUpstream(file, pace, Double.POSITIVE_INFINITY, repeating);
    }

    /** Again and again: behind the last message comes the first one. */
    public ReplayUpstream repeat() {
        return new ReplayUpstream(file, pace, speed, true);
    }

    @Override
    public CompletableFuture<? extends UpstreamConnection> connectAsync(UpstreamReceiver receiver) {
        var result = new CompletableFuture<UpstreamConnection>();
        BlockingThreads.shared().execute(() -> {
            try {
                var player = Player.start(RecordingReader.open(file), receiver, this);
                if (!result.complete(player)) {
                    var unused = player.closeAsync();
                }
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    Path file() {
        return file;
    }

    Pace pace() {
        return pace;
    }

    boolean isRepeating() {
        return repeating;
    }

    /** How long after the first message one is due. */
    long due(long nanosAfterFirst) {
        // no further than half the range, so that times can be compared
        return (long) Math.min(nanosAfterFirst / speed, Long.MAX_VALUE / 4.0);
    }

    @Override
    public String toString() {
        return "replay of " + file;
    }
}
