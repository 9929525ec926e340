package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/** Makes the pipeline of each accepted connection, and counts the places. */
@ChannelHandler.Sharable
final class Acceptor extends ChannelInitializer<Channel> {
    private final Settings settings;
    private final @Nullable SslContext tls;
    private final String path;
    private final OriginPolicy origins;
    private final Resources resources;
    private final Places places;
    private final Counters counters;
    private final OpenSocket open;

    Acceptor(
            Settings settings,
            @Nullable SslContext tls,
            String path,
            OriginPolicy origins,
            Resources resources,
            int maxConnections,
            Counters counters,
            OpenSocket open) {
        this.settings = settings;
        this.tls = tls;
        this.path = path;
        this.origins = origins;
        this.resources = resources;
        this.places = new Places(maxConnections);
        this.counters = counters;
        this.open = open;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (places.await(channel)) {
            addHandlers(channel);
        } else {
            counters.refused.increment();
        }
    }

    private void addHandlers(Channel channel) {
        var pipeline = channel.pipeline();
        EpollEnd.addTo(pipeline, settings.link());
        if (tls != null) {
            pipeline.addLast(Tls.ofServer(tls, channel));
        }
        Http.addServer(pipeline);
        if (settings.compression()) {
            pipeline.addLast(new WebSocketServerExtensionHandler(
                    new PerMessageDeflateServerExtensionHandshaker(settings.maxInflatedBytes())));
        }
        pipeline.addLast(
                "upgrade",
                new Upgrade(
                        settings.link().handshakeTimeout(),
                        path,
                        origins,
                        resources,
                        () -> places.take(channel),
                        counters.refused::increment,
                        () -> settings.newDecoder(true),
                        this::upgraded));
    }

    private void upgraded(ChannelPipeline pipeline, ChannelHandler upgrade) {
        counters.accepted.increment();
        open.replace(pipeline, upgrade);
    }

    Places places() {
        return places;
    }
}
