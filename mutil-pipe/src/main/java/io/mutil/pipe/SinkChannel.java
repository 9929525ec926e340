package io.mutil.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/**
 * The writing end of an OS pipe as a Netty channel.
 *
 * <p>Several buffers leave in one system call. A reader that went away is noticed by the next write only: there is
 * nothing to read on this end, so nothing else tells.
 */
final class SinkChannel extends AbstractNioByteChannel {
    /** Several times what a pipe holds; gathering more would be done again after each partial write. */
    private static final int LARGEST_WRITE = 256 << 10;

    private static final int MOST_BUFFERS = 64;

    private final Pipe.SinkChannel sink;
    private final ChannelConfig config = new DefaultChannelConfig(this);

    SinkChannel(Pipe.SinkChannel sink) {
        super(null, sink);
        this.sink = sink;
        config.setAutoRead(false);
    }

    /** A sink has no read interest; registering one would throw. */
    @Override
    protected void doBeginRead() {}

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        try {
            writeAll(in);
        } catch (IOException e) {
            throw Failures.ofWrite(e, "this pipe");
        }
    }

    private void writeAll(ChannelOutboundBuffer in) throws Exception {
        for (int spins = config.getWriteSpinCount(); spins > 0; spins--) {
            if (in.isEmpty()) {
                clearOpWrite();
                return;
            }
            if (!writeOnce(in)) {
                incompleteWrite(true);
                return;
            }
        }
        incompleteWrite(false);
    }

    /** @return false if the pipe is full */
    private boolean writeOnce(ChannelOutboundBuffer in) throws Exception {
        ByteBuffer[] buffers = in.nioBuffers(MOST_BUFFERS, LARGEST_WRITE);
        int count = in.nioBufferCount();
        if (count == 0) {
            // a file region, or a buffer without bytes
            return doWrite0(in) <= 1;
        }
        long written = count == 1 ? sink.write(buffers[0]) : sink.write(buffers, 0, count);
        in.removeBytes(written);
        return written > 0;
    }

    @Override
    protected int doWriteBytes(ByteBuf bytes) throws Exception {
        return bytes.readBytes(sink, bytes.readableBytes());
    }

    @Override
    protected long doWriteFileRegion(FileRegion region) throws Exception {
        return region.transferTo(sink, region.transferred());
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        sink.close();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isActive() {
        return isOpen() && isRegistered();
    }

    @Override
    protected int doReadBytes(ByteBuf into) {
        throw new UnsupportedOperationException("the writing end of a pipe brings no bytes");
    }

    @Override
    protected ChannelFuture shutdownInput() {
        return close();
    }

    @Override
    protected boolean doConnect(@Nullable SocketAddress remote, @Nullable SocketAddress local) {
        throw new UnsupportedOperationException("a pipe is connected from the start");
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException("a pipe is connected from the start");
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a pipe has no address");
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }
}
