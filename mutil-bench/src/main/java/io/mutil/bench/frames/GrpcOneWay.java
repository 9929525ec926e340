package io.mutil.bench.frames;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.io.IOException;

/** {@link GrpcEnds} with an application thread that stops while the call is not ready. */
final class GrpcOneWay implements OneWay {
    private final Receipt receipt;
    private final Gate ready = new Gate();
    private final GrpcEnds ends;

    GrpcOneWay(Receipt receipt) throws IOException {
        this.receipt = receipt;
        ends = new GrpcEnds(new Consumer(receipt), new Readiness(receipt, ready));
    }

    @Override
    public void send(Frame frame) throws InterruptedException {
        ready.await(ends::isReady, receipt);
        ends.send(frame);
    }

    @Override
    public void close() throws InterruptedException {
        ends.close();
    }

    private record Consumer(Receipt receipt) implements ServerCallHandler<byte[], byte[]> {
        @Override
        public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata headers) {
            call.sendHeaders(new Metadata());
            call.request(Integer.MAX_VALUE);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(byte[] frame) {
                    receipt.accept(frame);
                }
            };
        }
    }

    private static final class Readiness extends ClientCall.Listener<byte[]> {
        private final Receipt receipt;
        private final Gate ready;

        Readiness(Receipt receipt, Gate ready) {
            this.receipt = receipt;
            this.ready = ready;
        }

        @Override
        public void onReady() {
            ready.open();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            receipt.fail(status.asException());
            ready.open();
        }
    }
}
