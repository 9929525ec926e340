package io.mutil.pipe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.unix.FileDescriptor;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something that moves bytes one way, with either end as a {@link Pipe} or as the plain stream of a foreign program. */
interface Conduit extends AutoCloseable {
    /** The kinds there are. */
    enum Kind {
        OS_PIPE,
        DESCRIPTORS_ON_EPOLL,
        DESCRIPTORS_ON_THREADS,
        FIFO,
        STREAMS;

        Conduit make() throws Exception {
            return switch (this) {
                case OS_PIPE -> new OsPipe();
                case DESCRIPTORS_ON_EPOLL -> {
                    assumeTrue(Epoll.LOOPS != null, "skipped without Netty's native epoll");
                    yield new Descriptors();
                }
                case DESCRIPTORS_ON_THREADS -> {
                    assumeTrue(Epoll.LOOPS != null, "skipped without a way to make descriptors");
                    yield new DuplicatedDescriptors();
                }
                case FIFO -> new Fifos();
                case STREAMS -> new Streams();
            };
        }
    }

    Pipe reader(Pipe.Builder options) throws Exception;

    Pipe writer(Pipe.Builder options) throws Exception;

    InputStream rawReader() throws Exception;

    OutputStream rawWriter() throws Exception;

    @Override
    default void close() throws IOException {}

    final class OsPipe implements Conduit {
        private final java.nio.channels.Pipe pipe = java.nio.channels.Pipe.open();

        OsPipe() throws IOException {}

        @Override
        public Pipe reader(Pipe.Builder options) {
            var end = new ChannelEnd(new SourceChannel(pipe.source()), pipe.source(), Loops.NIO.acquire());
            return Pipe.over(new Ends("source", end, null, false, Loops.NIO::release), options.settings());
        }

        @Override
        public Pipe writer(Pipe.Builder options) {
            var end = new ChannelEnd(new SinkChannel(pipe.sink()), pipe.sink(), Loops.NIO.acquire());
            return Pipe.over(new Ends("sink", null, end, false, Loops.NIO::release), options.settings());
        }

        @Override
        public InputStream rawReader() {
            return Channels.newInputStream(pipe.source());
        }

        @Override
        public OutputStream rawWriter() {
            return Channels.newOutputStream(pipe.sink());
        }
    }

    final class Descriptors implements Conduit {
        private final FileDescriptor[] pipe = FileDescriptor.pipe();

        Descriptors() throws IOException {}

        @Override
        public Pipe reader(Pipe.Builder options) throws IOException {
            return options.readFrom(pipe[0].intValue());
        }

        @Override
        public Pipe writer(Pipe.Builder options) throws IOException {
            return options.writeTo(pipe[1].intValue());
        }

        @Override
        public InputStream rawReader() throws IOException {
            InputStream in = Files.newInputStream(Path.of("/dev/fd/" + pipe[0].intValue()));
            pipe[0].close();
            return in;
        }

        @Override
        public OutputStream rawWriter() throws IOException {
            OutputStream out = Files.newOutputStream(Path.of("/dev/fd/" + pipe[1].intValue()));
            pipe[1].close();
            return out;
        }
    }

    /** As where there is no native library; except that the numbers that it cannot close are closed here. */
    final class DuplicatedDescriptors implements Conduit {
        private final FileDescriptor[] pipe = FileDescriptor.pipe();

        DuplicatedDescriptors() throws IOException {}

        @Override
        public Pipe reader(Pipe.Builder options) throws IOException {
            Descriptor in = Descriptor.of(pipe[0].intValue(), true);
            Settings settings = options.settings();
            Ends ends = Ends.ofDescriptors(in, null, settings, null);
            pipe[0].close();
            return Pipe.over(ends, settings);
        }

        @Override
        public Pipe writer(Pipe.Builder options) throws IOException {
            Descriptor out = Descriptor.of(pipe[1].intValue(), false);
            Settings settings = options.settings();
            Ends ends = Ends.ofDescriptors(null, out, settings, null);
            pipe[1].close();
            return Pipe.over(ends, settings);
        }

        @Override
        public InputStream rawReader() throws IOException {
            InputStream in = Files.newInputStream(Path.of("/dev/fd/" + pipe[0].intValue()));
            pipe[0].close();
            return in;
        }

        @Override
        public OutputStream rawWriter() throws IOException {
            OutputStream out = Files.newOutputStream(Path.of("/dev/fd/" + pipe[1].intValue()));
            pipe[1].close();
            return out;
        }
    }

    final class Fifos implements Conduit {
        private final Path directory = Files.createTempDirectory("fifo");
        private final Path path = directory.resolve("f");

        Fifos() throws Exception {
            make(path);
        }

        /** Skips the test where there is no such command. */
        static void make(Path path) throws Exception {
            assumeTrue(File.separatorChar == '/', "skipped without FIFOs");
            Process mkfifo;
            try {
                mkfifo = new ProcessBuilder("mkfifo", path.toString())
                        .inheritIO()
                        .start();
            } catch (IOException e) {
                assumeTrue(false, "skipped without the command mkfifo");
                return;
            }
            assumeTrue(mkfifo.waitFor() == 0, "skipped because mkfifo failed");
        }

        @Override
        public Pipe reader(Pipe.Builder options) throws IOException {
            return options.readFifo(path);
        }

        @Override
        public Pipe writer(Pipe.Builder options) throws IOException {
            return options.writeFifo(path);
        }

        @Override
        public InputStream rawReader() throws IOException {
            return Files.newInputStream(path);
        }

        @Override
        public OutputStream rawWriter() throws IOException {
            return Files.newOutputStream(path);
        }

        @Override
        public void close() throws IOException {
            Files.delete(path);
            Files.delete(directory);
        }
    }

    final class Streams implements Conduit {
        private final OsPipe pipe = new OsPipe();

        Streams() throws IOException {}

        @Override
        public Pipe reader(Pipe.Builder options) {
            return options.reading(pipe.rawReader());
        }

        @Override
        public Pipe writer(Pipe.Builder options) {
            return options.writing(pipe.rawWriter());
        }

        @Override
        public InputStream rawReader() {
            return pipe.rawReader();
        }

        @Override
        public OutputStream rawWriter() {
            return pipe.rawWriter();
        }
    }
}
