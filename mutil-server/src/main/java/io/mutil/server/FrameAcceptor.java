package io.mutil.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the connections that a server accepts, and hands them to its handler. */
@ChannelHandler.Sharable
final class FrameAcceptor extends ChannelInitializer<Channel> {
    private static final Logger LOGGER = System.getLogger(FrameAcceptor.class.getName());

    /**
     * Who may connect.
     *
     * @param path and origins are for WebSockets
     * @param peer a condition on the processes at the other ends of Unix sockets
     */
    record Admission(
            Places places,
            AttemptLimiter attempts,
            RefusalLog log,
            @Nullable String path,
            OriginPolicy origins,
            @Nullable Predicate<? super PeerCredentials> peer) {}

    private final ConnectionSettings settings;
    private final Admission admission;
    private final ConnectionHandler handler;
    private final Counters counters;
    private final Wiring wiring;

    FrameAcceptor(
            ConnectionSettings settings,
            Admission admission,
            ConnectionHandler handler,
            Counters counters,
            Wiring wiring) {
        this.settings = settings;
        this.admission = admission;
        this.handler = handler;
        this.counters = counters;
        this.wiring = wiring;
    }

    @Override
    protected void initChannel(Channel channel) {
        boolean web = admission.path() != null;
        if (!admission.places().await(channel) || !admission.attempts().admits(channel.remoteAddress())) {
            refuse(channel);
            return;
        }
        if (!web && admission.places().isFull()) {
            reportFull(channel);
            refuse(channel);
            return;
        }
        Optional<PeerCredentials> peer = PeerCredentials.of(settings.link().transport(), channel);
        var wanted = admission.peer();
        if (wanted != null && !peer.map(wanted::test).orElse(false)) {
            admission.log().refused(String.valueOf(peer.orElse(null)), "requirePeer does not want it");
            refuse(channel);
            return;
        }
        new Accepted(channel, web, peer).begin();
    }

    private void reportFull(Channel channel) {
        admission
                .log()
                .refused(
                        String.valueOf(channel.remoteAddress()),
                        "maxConnections " + admission.places().max() + " is reached");
    }

    private void refuse(Channel channel) {
        counters.refused.increment();
        var unused = channel.close();
    }

    private final class Accepted extends Opening {
        private final Optional<PeerCredentials> peer;

        Accepted(Channel channel, boolean web, Optional<PeerCredentials> peer) {
            super(channel, FrameAcceptor.this.settings, web, wiring);
            this.peer = peer;
        }

        @Override
        Optional<PeerCredentials> peer() {
            return peer;
        }

        @Override
        SslHandler newTls(SslContext context) {
            return Tls.ofServer(context, channel);
        }

        @Override
        void addUpgrade(ChannelPipeline pipeline) {
            Http.addServer(pipeline);
            pipeline.addLast(new Upgrade(
                    settings.link().handshakeTimeout(),
                    new UpgradeRules(String.valueOf(admission.path()), admission.origins()),
                    Inquiry.NONE,
                    () -> !admission.places().isFull(),
                    this::turnedAway,
                    () -> new StreamDecoder(true),
                    this::proceed));
        }

        @Override
        Authenticator newAuthenticator(Supplier<byte[]> binding, Duration deadline) {
            return Authenticator.server(
                    settings.authentication(), binding, deadline, admission.attempts(), admission.log(), this);
        }

        @Override
        public boolean admits() {
            boolean place = admission.places().take(channel);
            if (!place) {
                reportFull(channel);
            }
            return place;
        }

        @Override
        byte[] binding(SslHandler tls) {
            return ChannelBinding.ofServer(tls.engine().getSession());
        }

        @Override
        void report(IOException why) {
            admission.log().refused(String.valueOf(channel.remoteAddress()), String.valueOf(why.getMessage()));
        }

        @Override
        void opened(Connection connection) {
            counters.accepted.increment();
            Handlers.start(settings.executor(), handler, connection);
        }

        @Override
        void refused(IOException why) {
            counters.refused.increment();
            LOGGER.log(Level.DEBUG, () -> "no connection with " + channel.remoteAddress() + ": " + why.getMessage());
        }
    }
}
