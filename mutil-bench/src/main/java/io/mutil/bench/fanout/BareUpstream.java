package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mutil.codec.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The upstream connection of {@link BareProxy}, which is made again after a while when it breaks. */
final class BareUpstream {
    private static final int MAX_MESSAGE = 64 << 10;
    private static final int MILLIS_TO_RETRY = 250;
    private static final String KEY = "\"sym\":\"";

    private final Transport transport;
    private final EventLoop loop;
    private final URI uri;
    private final List<BareShard> shards;

    BareUpstream(Transport transport, EventLoop loop, URI uri, List<BareShard> shards) {
        this.transport = transport;
        this.loop = loop;
        this.uri = uri;
        this.shards = shards;
    }

    void connect() {
        new Bootstrap()
                .group(loop)
                .channelFactory(transport.socketChannels())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(MAX_MESSAGE),
                                        new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                                                .webSocketUri(uri)
                                                .maxFramePayloadLength(MAX_MESSAGE)
                                                .withUTF8Validator(false)
                                                .build()),
                                        new Messages());
                    }
                })
                .connect(uri.getHost(), uri.getPort())
                .channel()
                .closeFuture()
                .addListener(closed -> {
                    var unused = loop.schedule(this::connect, MILLIS_TO_RETRY, TimeUnit.MILLISECONDS);
                });
    }

    /** Makes frames of messages, and a batch of what was read at once. */
    private final class Messages extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private List<BareShard.Shared> batch = new ArrayList<>();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame message) {
            ByteBuf payload = message.content();
            ByteBuf frame = ctx.alloc().directBuffer(Frames.SERVER_HEADER + payload.readableBytes());
            Frames.textHeader(frame, payload.readableBytes(), false);
            frame.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
            batch.add(new BareShard.Shared(frame, needsKeys() ? key(payload) : ""));
        }

        private boolean needsKeys() {
            for (BareShard shard : shards) {
                if (shard.isKeyed()) {
                    return true;
                }
            }
            return false;
        }

        private static String key(ByteBuf payload) {
            String text = payload.toString(US_ASCII);
            int from = text.indexOf(KEY) + KEY.length();
            return text.substring(from, text.indexOf('"', from));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (batch.isEmpty()) {
                return;
            }
            List<BareShard.Shared> shared = batch;
            batch = new ArrayList<>();
            // one reference for each shard
            shared.forEach(message -> message.frame().retain(shards.size() - 1));
            shards.forEach(shard -> shard.send(shared));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            var unused = ctx.close();
        }
    }
}
