package io.mutil.bench.fanout;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** WebSocket connections to a contestant that is a server for whoever publishes, one for each path. */
final class Publishers implements Inlet {
    private static final int SECONDS_TO_CONNECT = 10;

    private final List<Channel> lines = new ArrayList<>();

    Publishers(Sockets sockets, InetSocketAddress server, List<String> paths) throws IOException, InterruptedException {
        for (String path : paths) {
            var publisher = new Publisher(path);
            lines.add(sockets.connect(sockets.loops().get(0), server, false, publisher)
                    .channel());
            await(publisher.open);
        }
    }

    private static void await(CompletableFuture<Void> open) throws IOException, InterruptedException {
        try {
            open.get(SECONDS_TO_CONNECT, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("nobody can publish to the contestant: " + e, e);
        }
    }

    @Override
    public List<Channel> lines() {
        return lines;
    }

    @Override
    public boolean masked() {
        return true;
    }

    @Override
    public void close() {
        lines.forEach(line -> line.close().syncUninterruptibly());
    }

    /** Ignores what it is told about each message. */
    private static final class Publisher extends SimpleChannelInboundHandler<ByteBuf> {
        private final String path;
        private final CompletableFuture<Void> open = new CompletableFuture<>();

        Publisher(String path) {
            this.path = path;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            Upgrade.request(ctx, path);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf read) throws IOException {
            if (!open.isDone()) {
                byte[] answer = new byte[read.readableBytes()];
                read.readBytes(answer);
                if (Upgrade.end(answer, answer.length) > 0) {
                    open.complete(null);
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            open.completeExceptionally(cause);
            var unused = ctx.close();
        }
    }
}
