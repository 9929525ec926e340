package io.mutil.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import java.net.SocketAddress;
import java.nio.channels.Pipe;
import org.jspecify.annotations.Nullable;

/** The reading end of an OS pipe as a Netty channel. */
final class SourceChannel extends AbstractNioByteChannel {
    /** What a pipe holds on Linux, so that one read can empty it. */
    private static final int LARGEST_READ = 64 << 10;

    private final Pipe.SourceChannel source;
    private final ChannelConfig config = new Config();

    SourceChannel(Pipe.SourceChannel source) {
        super(null, source);
        this.source = source;
    }

    @Override
    protected int doReadBytes(ByteBuf into) throws Exception {
        var sizes = unsafe().recvBufAllocHandle();
        sizes.attemptedBytesRead(into.writableBytes());
        return into.writeBytes(source, sizes.attemptedBytesRead());
    }

    @Override
    protected ChannelFuture shutdownInput() {
        return close();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        source.close();
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
    protected void doWrite(ChannelOutboundBuffer in) {
        throw noWrites();
    }

    @Override
    protected int doWriteBytes(ByteBuf bytes) {
        throw noWrites();
    }

    @Override
    protected long doWriteFileRegion(FileRegion region) {
        throw noWrites();
    }

    private static UnsupportedOperationException noWrites() {
        return new UnsupportedOperationException("the reading end of a pipe takes no bytes");
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

    private final class Config extends DefaultChannelConfig {
        Config() {
            super(SourceChannel.this, new AdaptiveRecvByteBufAllocator(64, 2048, LARGEST_READ));
        }

        @Override
        protected void autoReadCleared() {
            clearReadPending();
        }
    }
}
