package io.mutil.pipe;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A descriptor that this process was started with.
 *
 * @param reading which of its directions is wanted
 * @param type the {@link FileType} of what is behind it; 0 if that cannot be known here
 * @param flags those of {@code open(2)}; 0 if they cannot be known here
 * @param position how far a file has been read or written
 */
record Descriptor(int number, boolean reading, int type, int flags, long position) {
    private static final int ACCESS = 03;
    private static final int READ_ONLY = 00;
    private static final int WRITE_ONLY = 01;
    private static final int APPEND = 02000;
    private static final int NON_BLOCKING = 04000;

    /** The numbers that the JDK knows by name, and replaces by the null device when they are closed. */
    private static final int STANDARD = 3;

    private static final Path FLAGS = Path.of("/proc/self/fdinfo");
    private static final Path FILES = Path.of("/dev/fd");

    /** Gives a number back to the operating system. */
    interface Closer {
        void close() throws IOException;
    }

    /**
     * Looks at a descriptor, without changing anything.
     *
     * @throws IOException if it is not open, or not for that direction
     */
    static Descriptor of(int number, boolean reading) throws IOException {
        if (number < 0) {
            throw new IllegalArgumentException("descriptor must not be negative, was " + number);
        }
        try {
            int type = FileType.of(file(number));
            return Files.isDirectory(FLAGS)
                    ? ofLinux(number, reading, type)
                    : new Descriptor(number, reading, type, 0, 0);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "descriptor " + number + " is not open in this process; whoever starts it has to hand it down, as a"
                            + " shell does with " + number + (reading ? "<file" : ">file"),
                    e);
        } catch (UnsupportedOperationException e) {
            if (number < STANDARD) {
                return new Descriptor(number, reading, 0, 0, 0);
            }
            throw new IOException("descriptor " + number + " cannot be reached on this system, only 0, 1 and 2 can", e);
        }
    }

    private static Path file(int number) {
        return FILES.resolve(String.valueOf(number));
    }

    private static Descriptor ofLinux(int number, boolean reading, int type) throws IOException {
        int flags = 0;
        long position = 0;
        for (String line : Files.readAllLines(FLAGS.resolve(String.valueOf(number)))) {
            if (line.startsWith("flags:")) {
                flags = Integer.parseInt(line.substring("flags:".length()).trim(), 8);
            } else if (line.startsWith("pos:")) {
                position = Long.parseLong(line.substring("pos:".length()).trim());
            }
        }
        if ((flags & ACCESS) == (reading ? WRITE_ONLY : READ_ONLY)) {
            throw new IOException("descriptor " + number + " is open for " + (reading ? "writing" : "reading")
                    + " only; give it to " + (reading ? "writeTo" : "readFrom"));
        }
        return new Descriptor(number, reading, type, flags, position);
    }

    boolean isPipe() {
        return type == FileType.FIFO;
    }

    /** Whether an event loop can wait for it; otherwise only a thread can. */
    boolean isPollable() {
        return type == FileType.FIFO || type == FileType.SOCKET;
    }

    /** Whether it is known that no call waits. */
    boolean nonBlocking() {
        return (flags & NON_BLOCKING) != 0;
    }

    /** The same file for a thread to wait for; except for a standard stream, under a number of its own. */
    FileChannel open() throws IOException {
        if (number < STANDARD) {
            return reading
                    ? new FileInputStream(standard()).getChannel()
                    : new FileOutputStream(standard()).getChannel();
        }
        if (type == FileType.SOCKET) {
            throw new IOException("descriptor " + number
                    + " is a socket, which needs Netty's native epoll; add io.netty:netty-transport-native-epoll");
        }
        if (type == FileType.FIFO) {
            // while one end is open the other opens without waiting; and all that ever used this one may be gone
            FileChannel bothEnds = FileChannel.open(file(number), StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                return FileChannel.open(file(number), options());
            } finally {
                bothEnds.close();
            }
        }
        FileChannel channel = FileChannel.open(file(number), options());
        return type == FileType.REGULAR && (flags & APPEND) == 0 ? channel.position(position) : channel;
    }

    /** Whether {@link #open} leaves the number itself open. */
    boolean isDuplicatedByOpen() {
        return number >= STANDARD;
    }

    private Set<OpenOption> options() {
        if (reading) {
            return Set.of(StandardOpenOption.READ);
        }
        return (flags & APPEND) == 0
                ? Set.of(StandardOpenOption.WRITE)
                : Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * Gives the descriptor back.
     *
     * @param closer closes the number
     */
    void close(Closer closer) throws IOException {
        if (number >= STANDARD) {
            closer.close();
        } else if (reading) {
            new FileInputStream(standard()).close();
        } else {
            new FileOutputStream(standard()).close();
        }
    }

    private FileDescriptor standard() {
        return number == 0 ? FileDescriptor.in : number == 1 ? FileDescriptor.out : FileDescriptor.err;
    }

    @Override
    public String toString() {
        return "descriptor " + number;
    }
}
