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
    private final UpgradeRules rules;
    private final Inquiry inquiry;
    private final Places places;
    private final Counters counters;
    private final OpenSocket open;

    Acceptor(
            Settings settings,
            @Nullable SslContext tls,
            UpgradeRules rules,
            Inquiry inquiry,
            Places places,
            Counters counters,
            OpenSocket open) {
        this.settings = settings;
        this.tls = tls;
        this.rules = rules;
        this.inquiry = inquiry;
        this.places = places;
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
                        rules,
                        inquiry,
                        () -> places.take(channel),
                        counters.refused::increment,
                        () -> settings.newDecoder(true),
                        this::upgraded));
    }

    private void upgraded(ChannelPipeline pipeline, ChannelHandler upgrade) {
        counters.accepted.increment();
        open.replace(pipeline, upgrade, ((Upgrade) upgrade).attachment());
    }
}
