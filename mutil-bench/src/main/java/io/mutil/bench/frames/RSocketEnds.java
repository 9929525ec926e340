package io.mutil.bench.frames;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.ByteBufPayload;
import java.time.Duration;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A client and a server of RSocket over TCP on the loopback, without copies of payloads, with one request-channel. */
final class RSocketEnds {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int COPIED_BELOW = 16 << 10;

    private final CloseableChannel server;
    private final RSocket client;

    RSocketEnds(Function<Publisher<Payload>, Flux<Payload>> onServer) {
        server = RSocketServer.create(SocketAcceptor.forRequestChannel(onServer))
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .bindNow(TcpServerTransport.create("127.0.0.1", 0));
        client = requireNonNull(RSocketConnector.create()
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .connect(TcpClientTransport.create(server.address()))
                .block(PATIENCE));
    }

    Flux<Payload> requestChannel(Publisher<Payload> requests) {
        return client.requestChannel(requests);
    }

    /** A payload of its own: RSocket releases what it has sent. */
    static Payload payload(Frame frame) {
        ByteBuf data = frame.length() < COPIED_BELOW
                ? ByteBufAllocator.DEFAULT.directBuffer(frame.length()).writeBytes(frame.direct())
                : Unpooled.wrappedBuffer(frame.direct());
        return ByteBufPayload.create(data);
    }

    void close() {
        client.dispose();
        server.dispose();
        client.onClose().onErrorComplete().block(PATIENCE);
        server.onClose().onErrorComplete().block(PATIENCE);
    }
}
