package io.mutil.pipe;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.nio.NioIoHandle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a pipe moves its bytes through.
 *
 * @param name for people
 * @param toOurselves whether nobody else could read what is written
 * @param release what to do when both are closed
 */
record Ends(String name, @Nullable Input input, @Nullable Output output, boolean toOurselves, Runnable release) {

    /**
     * A new pipe of the operating system.
     *
     * @param shared the loops to take if none were given
     */
    static Ends ofNewPipe(Settings settings, Loops shared) throws IOException {
        EventLoopGroup given = settings.loops();
        if (given != null && !(given instanceof IoEventLoopGroup loops && loops.isCompatible(NioIoHandle.class))) {
            throw new IllegalArgumentException("eventLoops must be of NIO for a pipe that is made here, was " + given
                    + "; leave them out, or take them from Transport.nio()");
        }
        // first, as it needs descriptors too: there is no pipe to lose yet if there are none
        EventLoopGroup loops = given == null ? shared.acquire() : given;
        Runnable release = given == null ? shared::release : () -> {};
        try {
            var pipe = java.nio.channels.Pipe.open();
            return new Ends(
                    "pipe",
                    new ChannelEnd(new SourceChannel(pipe.source()), pipe.source(), loops),
                    new ChannelEnd(new SinkChannel(pipe.sink()), pipe.sink(), loops),
                    true,
                    release);
        } catch (IOException | RuntimeException | Error e) {
            release.run();
            throw e;
        }
    }

    /**
     * Descriptors that this process was started with.
     *
     * @param epoll the loops to take if none were given; null if there is no epoll
     */
    static Ends ofDescriptors(
            @Nullable Descriptor in, @Nullable Descriptor out, Settings settings, @Nullable Loops epoll)
            throws IOException {
        var ends = new DescriptorEnds(settings, epoll);
        try {
            Input input = in == null ? null : ends.input(in);
            Output output = out == null ? null : ends.output(out);
            ends.giveBack();
            return new Ends(named(in, out), input, output, false, ends::release);
        } catch (IOException | RuntimeException | Error e) {
            ends.undo();
            throw e;
        }
    }

    /** Streams, with a thread for each. */
    static Ends ofStreams(@Nullable InputStream in, @Nullable OutputStream out, Settings settings) {
        String name = named(
                in == null ? null : in.getClass().getSimpleName(),
                out == null ? null : out.getClass().getSimpleName());
        return ofStreams(name, in, out, settings);
    }

    static Ends ofStreams(String name, @Nullable InputStream in, @Nullable OutputStream out, Settings settings) {
        return new Ends(
                name,
                in == null ? null : pump(new BlockingSource.OfStream(in), settings, name),
                out == null ? null : pump(new BlockingSink.OfStream(out), settings, name),
                false,
                () -> {});
    }

    /** FIFOs, with a thread for each, which opens them too. */
    static Ends ofFifos(@Nullable Path in, @Nullable Path out, Settings settings) throws IOException {
        FileOpening reading = in == null ? null : Fifo.reading(in);
        FileOpening writing = out == null ? null : Fifo.writing(out);
        return new Ends(
                named(in, out),
                reading == null ? null : pump(new BlockingSource.OfFile(reading), settings, String.valueOf(in)),
                writing == null ? null : pump(new BlockingSink.OfFile(writing), settings, String.valueOf(out)),
                false,
                () -> {});
    }

    static Input pump(BlockingSource source, Settings settings, String name) {
        return new ReadPump(source, settings.allocator(), settings.threads(), name);
    }

    static Output pump(BlockingSink sink, Settings settings, String name) {
        return new WritePump(sink, settings.threads(), name);
    }

    private static String named(@Nullable Object in, @Nullable Object out) {
        return in == null ? String.valueOf(out) : out == null ? in.toString() : in + " and " + out;
    }
}
