package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses who waits for a descriptor: an event loop if it has epoll and the descriptor can be polled, else a thread.
 *
 * <p>What a thread reads or writes is the same file under another number, as the JDK cannot be given a number.
 */
final class DescriptorEnds {
    private static final Logger LOGGER = System.getLogger(DescriptorEnds.class.getName());

    private final Settings settings;
    private final @Nullable Loops epoll;
    private final List<FileChannel> duplicates = new ArrayList<>(2);
    private final List<Integer> duplicated = new ArrayList<>(2);
    private @Nullable EventLoopGroup acquired;

    DescriptorEnds(Settings settings, @Nullable Loops epoll) {
        this.settings = settings;
        this.epoll = epoll;
        EventLoopGroup given = settings.loops();
        if (given != null && !(epoll != null && Epoll.suits(given))) {
            throw new IllegalArgumentException("eventLoops must be of epoll for descriptors, was " + given
                    + "; leave them out, or take them from an epoll Transport");
        }
    }

    Input input(Descriptor in) throws IOException {
        enlarge(in);
        if (epoll != null && in.isPollable()) {
            return Epoll.input(in, loops(epoll), settings.allocator());
        }
        return Ends.pump(new BlockingSource.OfFile(open(in)), settings, in.toString());
    }

    Output output(Descriptor out) throws IOException {
        enlarge(out);
        if (epoll != null && out.isPollable()) {
            return Epoll.output(out, loops(epoll), settings.allocator());
        }
        return Ends.pump(new BlockingSink.OfFile(open(out)), settings, out.toString());
    }

    private static void enlarge(Descriptor descriptor) {
        if (descriptor.isPipe()) {
            PipeBuffer.enlarge(descriptor.number());
        }
    }

    private EventLoopGroup loops(Loops shared) {
        if (settings.loops() != null) {
            return settings.loops();
        }
        if (acquired == null) {
            acquired = shared.acquire();
        }
        return acquired;
    }

    private FileOpening open(Descriptor descriptor) throws IOException {
        FileChannel channel = descriptor.open();
        if (descriptor.isDuplicatedByOpen()) {
            duplicates.add(channel);
            duplicated.add(descriptor.number());
        }
        return FileOpening.done(channel);
    }

    /** Closes the numbers that stand for files which are open under others now, if that can be done here. */
    void giveBack() throws IOException {
        if (epoll != null) {
            for (int number : duplicated) {
                Epoll.close(number);
            }
        }
    }

    /** Closes what was opened, so that the descriptors are as they were. */
    void undo() {
        for (FileChannel duplicate : duplicates) {
            try {
                duplicate.close();
            } catch (IOException e) {
                LOGGER.log(Level.DEBUG, "closing a duplicate failed", e);
            }
        }
        release();
    }

    void release() {
        if (acquired != null) {
            requireNonNull(epoll).release();
        }
    }
}
