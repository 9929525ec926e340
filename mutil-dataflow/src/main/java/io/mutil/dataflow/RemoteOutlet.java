package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import io.mutil.pipe.Pipe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Where a worker in a child process sends: writes down what it does, for the parent to do. For one thread. */
final class RemoteOutlet<T> implements Outlet<T> {
    private static final int FLUSH_AT = 64 << 10;
    private static final int MAX_TEXT = 4 << 10;

    /** The parent takes nothing more, which is nothing that a worker could do anything about. */
    static final class ParentGone extends Error {
        private static final long serialVersionUID = 1;

        private final transient IOException cause;

        ParentGone(IOException cause) {
            super(cause);
            this.cause = cause;
        }

        IOException cause() {
            return cause;
        }
    }

    private final Pipe parent;
    private final int place;
    private final Codec<T> codec;
    private final int width;
    private final ByteBuf entries = Unpooled.directBuffer(2 * FLUSH_AT);

    RemoteOutlet(Pipe parent, int place, Codec<T> codec, int width) {
        this.parent = parent;
        this.place = place;
        this.codec = codec;
        this.width = width;
        begin();
    }

    private void begin() {
        entries.clear().writeByte(Entry.RESULTS).writeInt(place);
    }

    @Override
    public void send(T item) {
        write(Entry.SEND, 0, item);
    }

    @Override
    public void toAll(T item) {
        write(Entry.TO_ALL, 0, item);
    }

    @Override
    public void byKey(Object key, T item) {
        write(Entry.BY_KEY, key.hashCode(), item);
    }

    @Override
    public void roundRobin(T item) {
        write(Entry.ROUND_ROBIN, 0, item);
    }

    @Override
    public void toIndex(int index, T item) {
        write(Entry.TO_INDEX, Objects.checkIndex(index, width), item);
    }

    @Override
    public int width() {
        return width;
    }

    private void write(byte entry, int argument, T item) {
        requireNonNull(item, "item");
        if (entries.readableBytes() >= FLUSH_AT) {
            // Not behind this result: one that leaves without its DONE would arrive, and count as lost if this process
            // dies.
            flushNow();
        }
        int before = entries.writerIndex();
        try {
            entries.writeByte(entry).writeInt(argument).writeInt(0);
            int start = entries.writerIndex();
            codec.encode(item, entries);
            int bytes = entries.writerIndex() - start;
            ProcessTask.requireFits(bytes);
            entries.setInt(start - Integer.BYTES, bytes);
        } catch (Throwable e) {
            entries.writerIndex(before);
            throw e;
        }
    }

    private void flushNow() {
        try {
            flush();
        } catch (IOException e) {
            throw new ParentGone(e);
        } catch (InterruptedException e) {
            throw new ParentGone(new InterruptedIOException("interrupted"));
        }
    }

    void done() throws IOException, InterruptedException {
        entries.writeByte(Entry.DONE);
        if (entries.readableBytes() >= FLUSH_AT) {
            flush();
        }
    }

    void failed(byte entry, Throwable failure) throws IOException, InterruptedException {
        text(entry, failure.toString());
    }

    void restarted() throws IOException, InterruptedException {
        entries.writeByte(Entry.RESTARTED);
        flush();
    }

    void stop(String why) throws IOException, InterruptedException {
        text(Entry.STOP, why);
        flush();
    }

    private void text(byte entry, String text) throws IOException, InterruptedException {
        byte[] bytes = text.substring(0, Math.min(MAX_TEXT, text.length())).getBytes(UTF_8);
        entries.writeByte(entry).writeInt(bytes.length).writeBytes(bytes);
        if (entries.readableBytes() >= FLUSH_AT) {
            flush();
        }
    }

    /** Tells the parent what it has not been told. */
    void flush() throws IOException, InterruptedException {
        if (entries.readableBytes() > 1 + Integer.BYTES) {
            parent.write(entries.nioBuffer());
            begin();
        }
    }

    /** Nothing more comes from this worker. */
    void end() throws IOException, InterruptedException {
        flush();
        parent.write(ByteBuffer.allocate(1 + Integer.BYTES)
                .put(Entry.ENDED)
                .putInt(place)
                .flip());
        entries.release();
    }
}
