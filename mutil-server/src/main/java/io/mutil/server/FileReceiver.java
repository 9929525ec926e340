package io.mutil.server;

import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Receives one file: waits for its start without a thread, and then writes it on one that may block.
 *
 * <p>A file that is not taken ends the connection, so that the sender learns of it. If the sender gave it up, or the checksum
 * is wrong, only the receiver's call fails: the stream is in order.
 */
final class FileReceiver {
    private static final Logger LOGGER = System.getLogger(FileReceiver.class.getName());
    /** All of it was taken off the stream, and it is not the file. */
    private static final class NotWhole extends IOException {
        NotWhole(String message) {
            super(message);
        }
    }

    private static final String GIVEN_UP = "the receiver gave up a file: ";

    private final Connection connection;
    private final Landing landing;
    private final IncomingFile file;
    private volatile boolean settled;

    private FileReceiver(Connection connection, Landing landing) {
        this.connection = connection;
        this.landing = landing;
        this.file = IncomingFile.on(connection, landing.prefixBytes());
    }

    static @Nullable ReceivedFile receive(Connection connection, Landing landing)
            throws IOException, InterruptedException {
        var receiver = new FileReceiver(connection, landing);
        CompletableFuture<Optional<FileStart>> started = receiver.file.begin();
        Optional<FileStart> start;
        try {
            start = Waiting.get(started);
        } catch (InterruptedException e) {
            started.cancel(false);
            receiver.giveUp("interrupted");
            throw e;
        }
        return start.isEmpty() ? null : receiver.write(start.get(), null);
    }

    /** The place among the readers is taken at the call. */
    @SuppressWarnings("NullAway") // loses the annotation of the type argument
    static CompletableFuture<@Nullable ReceivedFile> receiveAsync(Connection connection, Landing landing) {
        var receiver = new FileReceiver(connection, landing);
        var received = new CompletableFuture<@Nullable ReceivedFile>();
        CompletableFuture<Optional<FileStart>> started = receiver.file.begin();
        var unused = started.whenComplete((start, e) -> {
            if (e != null) {
                receiver.fail(received, e);
            } else if (start.isEmpty()) {
                receiver.settled = true;
                received.complete(null);
            } else {
                receiver.writeAsync(start.get(), received);
            }
        });
        var unusedToo = received.whenComplete((result, e) -> {
            // by somebody else: cancelled, or timed out
            if (!receiver.settled) {
                started.cancel(false);
                receiver.giveUp("cancelled");
            }
        });
        return received;
    }

    @SuppressWarnings("NullAway")
    private void writeAsync(FileStart start, CompletableFuture<@Nullable ReceivedFile> received) {
        try {
            connection.executor().execute(() -> {
                try {
                    ReceivedFile whole = write(start, received);
                    settled = true;
                    received.complete(whole);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    fail(received, new InterruptedIOException("interrupted while a file arrived"));
                } catch (Throwable e) {
                    fail(received, e);
                }
            });
        } catch (RuntimeException e) {
            giveUp("no thread to receive it");
            fail(received, e);
        }
    }

    private void fail(CompletableFuture<?> received, Throwable why) {
        settled = true;
        received.completeExceptionally(why);
    }

    /** Nobody wants the rest. */
    private void giveUp(String why) {
        if (file.isPromised()) {
            end(CloseReason.GOING_AWAY, GIVEN_UP + why);
        }
        file.bytes.end(new CancellationException(why));
    }

    private ReceivedFile write(FileStart start, @Nullable CompletableFuture<?> cancellable)
            throws IOException, InterruptedException {
        try {
            return store(start, cancellable);
        } catch (ClosedByInterruptException e) {
            var unused = Thread.interrupted();
            throw new InterruptedException("interrupted while a file was written");
        }
    }

    private ReceivedFile store(FileStart start, @Nullable CompletableFuture<?> cancellable)
            throws IOException, InterruptedException {
        MessageDigest digest = start.sha256() ? Sha256.newDigest() : null;
        try (PartFile part = begin(start, digest)) {
            writeBytes(part);
            FileEnd end = file.end();
            requireWhole(end, part);
            part.fill();
            String sha256 = end == null ? null : checked(end, part);
            if (cancellable != null && cancellable.isDone()) {
                throw new CancellationException();
            }
            part.complete();
            return new ReceivedFile(
                    part.path(), start.prefix(), start.length(), part.size(), Optional.ofNullable(sha256));
        } catch (NotWhole e) {
            throw e;
        } catch (Throwable e) {
            file.bytes.drop();
            if (file.isPromised()) {
                refuse(e);
            }
            throw e;
        }
    }

    private PartFile begin(FileStart start, @Nullable MessageDigest digest) throws IOException {
        if (start.size() > landing.maxBytes()) {
            throw new FileRefusal(
                    CloseReason.TOO_BIG,
                    landing.toString(),
                    "file of " + start.size() + " bytes exceeds maxBytes " + landing.maxBytes());
        }
        return landing.begin(start.prefix(), start.offset(), digest);
    }

    private void writeBytes(PartFile part) throws IOException, InterruptedException {
        for (List<ByteBuf> bytes = take(); !bytes.isEmpty(); bytes = take()) {
            try {
                part.write(
                        bytes.stream().flatMap(b -> Stream.of(b.nioBuffers())).toArray(ByteBuffer[]::new));
            } catch (FileSystemException | ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                throw new IOException(
                        "cannot write " + part.path() + ": " + e.getMessage() + "; nothing of it is kept", e);
            } finally {
                bytes.forEach(ByteBuf::release);
            }
        }
    }

    private static void requireWhole(@Nullable FileEnd end, PartFile part) throws NotWhole {
        if (end != null && end.aborted() != null) {
            throw new NotWhole("the sender gave up the file for " + part.path() + ": " + end.aborted());
        }
    }

    private static @Nullable String checked(FileEnd end, PartFile part) throws NotWhole {
        if (end.sha256() == null) {
            return null;
        }
        byte[] own = part.digest();
        if (!MessageDigest.isEqual(own, end.sha256())) {
            throw new NotWhole("checksum of " + part.path() + " is not what the sender says; nothing of it is kept,"
                    + " let it be sent again" + (part.resumed() ? " from the beginning" : ""));
        }
        return HexFormat.of().formatHex(own);
    }

    private void refuse(Throwable e) {
        if (e instanceof FileRefusal refusal) {
            // the sender may not look, and whoever handles the connection is told in an exception that may go nowhere
            LOGGER.log(Level.WARNING, () -> "refused a file, closing " + connection + ": " + refusal.getMessage());
            end(refusal.code(), refusal.getReason());
        } else if (e instanceof InterruptedException || e instanceof ClosedByInterruptException) {
            end(CloseReason.GOING_AWAY, GIVEN_UP + "interrupted");
        } else {
            end(CloseReason.INTERNAL_ERROR, "the file could not be stored");
        }
    }

    private void end(int code, String reason) {
        connection.closing().start(CloseReason.toSend(code, reason));
    }

    private List<ByteBuf> take() throws IOException, InterruptedException {
        try {
            return file.bytes.take();
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }
}
