package io.mutil.dataflow;

import io.mutil.codec.Codec;
import io.mutil.server.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** The ways over a network, for tests of what they have in common. */
enum Way {
    WEB_SOCKET {
        @Override
        <T> Ingress<T> ingress(Codec<T> codec) {
            return WebSocketIngress.listen("127.0.0.1", 0, codec).server(server -> server.pingInterval(NEVER));
        }

        @Override
        <T> Egress<T> egress(Codec<T> codec, SlowReader policy, int queueBytes) {
            return WebSocketEgress.<T>listen("127.0.0.1", 0, codec)
                    .slowReaders(policy)
                    .server(server -> server.outboundQueueBytes(queueBytes)
                            .pingInterval(NEVER)
                            .unwritableTimeout(LONG));
        }

        @Override
        RawPeer connect(URI uri) throws IOException {
            return new RawWebSocket(uri);
        }
    },
    FRAMED {
        @Override
        <T> Ingress<T> ingress(Codec<T> codec) {
            return FramedIngress.listen(Endpoint.tcp(0), FramedPeer.KEYS, codec)
                    .server(server -> server.pingInterval(NEVER));
        }

        @Override
        <T> Egress<T> egress(Codec<T> codec, SlowReader policy, int queueBytes) {
            return FramedEgress.<T>listen(Endpoint.tcp(0), FramedPeer.KEYS, codec)
                    .slowReaders(policy)
                    .server(server -> server.outboundQueueBytes(queueBytes)
                            .pingInterval(NEVER)
                            .unwritableTimeout(LONG));
        }

        @Override
        RawPeer connect(URI uri) throws IOException {
            return new RawFramedPeer(uri);
        }
    };

    /** Bare sockets give no sign of life. */
    private static final Duration NEVER = Duration.ZERO;

    /** To one that hardly reads a kernel sends for a while without taking anything new. */
    private static final Duration LONG = Duration.ofMinutes(5);

    /** Listens on a free port. */
    abstract <T> Ingress<T> ingress(Codec<T> codec);

    /**
     * Listens on a free port.
     *
     * @param queueBytes what may wait for one client
     */
    abstract <T> Egress<T> egress(Codec<T> codec, SlowReader policy, int queueBytes);

    abstract RawPeer connect(URI uri) throws IOException;
}
