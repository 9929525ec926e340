package io.mutil.bench.frames;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A client and a server of gRPC on the loopback with one bidirectional stream: callbacks on the event loops, messages
 * without protobuf, as many bytes outbound as ours queues, and otherwise its defaults.
 */
final class GrpcEnds {
    private static final int MAX_FRAME = 16 << 20;
    private static final int OUTBOUND = 1 << 20;
    private static final String SERVICE = "bench.Frames";
    static final MethodDescriptor<byte[], byte[]> METHOD = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Stream"))
            .setRequestMarshaller(new BytesMarshaller())
            .setResponseMarshaller(new BytesMarshaller())
            .build();

    private final Server server;
    private final ManagedChannel channel;
    private final ClientCall<byte[], byte[]> call;

    GrpcEnds(ServerCallHandler<byte[], byte[]> onServer, ClientCall.Listener<byte[]> onClient) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .maxInboundMessageSize(MAX_FRAME)
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(METHOD, onServer)
                        .build())
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()))
                .directExecutor()
                .maxInboundMessageSize(MAX_FRAME)
                .usePlaintext()
                .build();
        call = channel.newCall(METHOD, CallOptions.DEFAULT.withOnReadyThreshold(OUTBOUND));
        call.start(onClient, new Metadata());
        call.request(Integer.MAX_VALUE); // the window in bytes is what holds a sender back
    }

    boolean isReady() {
        return call.isReady();
    }

    void send(Frame frame) {
        call.sendMessage(frame.bytes());
    }

    void close() throws InterruptedException {
        call.cancel("done", null);
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
}
