package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * {@code FileChannel.transferTo} into a blocking socket channel. The other end reads into one direct buffer, and
 * writes the bytes into a file under a temporary name, brings it to the disk and renames it: what ours promises.
 */
final class PlainTransfer implements FileTransfer {
    private static final int BUFFER = 256 << 10;

    private final Sockets sockets;
    private final Path target;
    private final Thread receiver;
    private final ByteBuffer small = ByteBuffer.allocateDirect(Long.BYTES);
    private volatile @Nullable IOException failure;

    /** @param target where the file goes */
    PlainTransfer(Sockets sockets, Path target) {
        this.sockets = sockets;
        this.target = target;
        receiver = new Thread(this::receive, "plain receiver");
        receiver.setDaemon(true);
        receiver.start();
    }

    @Override
    public void send(Path source) throws IOException {
        SocketChannel socket = sockets.client();
        try (FileChannel file = FileChannel.open(source)) {
            long size = file.size();
            writeFully(socket, small.clear().putLong(size).flip());
            for (long sent = 0; sent < size; ) {
                sent += file.transferTo(sent, size - sent, socket);
            }
        }
        try {
            readFully(socket, small.clear().limit(1));
        } catch (IOException e) {
            IOException cause = failure;
            throw cause == null ? e : cause;
        }
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (SocketChannel socket = sockets.server()) {
            while (receive(socket, buffer)) {
                writeFully(socket, buffer.clear().limit(1));
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private boolean receive(SocketChannel socket, ByteBuffer buffer) throws IOException {
        buffer.clear().limit(Long.BYTES);
        if (socket.read(buffer) < 0) {
            return false;
        }
        readFully(socket, buffer);
        long size = buffer.getLong(0);
        Path temporary = target.resolveSibling("temporary");
        try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            copy(socket, size, buffer, file);
            file.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(requireNonNull(target.getParent()))) {
            directory.force(true);
        }
        return true;
    }

    private static void copy(SocketChannel socket, long size, ByteBuffer buffer, WritableByteChannel file)
            throws IOException {
        for (long left = size; left > 0; ) {
            buffer.clear().limit((int) Math.min(left, buffer.capacity()));
            int read = socket.read(buffer);
            if (read < 0) {
                throw new EOFException(left + " bytes of the file are missing");
            }
            left -= read;
            writeFully(file, buffer.flip());
        }
    }

    private static void readFully(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the other end is gone");
            }
        }
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        sockets.client().close();
        receiver.join();
        sockets.close();
    }
}
