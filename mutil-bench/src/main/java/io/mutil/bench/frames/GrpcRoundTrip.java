package io.mutil.bench.frames;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.IOException;

/** {@link GrpcEnds} whose server answers in the same stream. */
final class GrpcRoundTrip implements RoundTrip {
    private final Replies replies;
    private final GrpcEnds ends;

    GrpcRoundTrip(Receipt receipt) throws IOException {
        replies = new Replies(receipt);
        ends = new GrpcEnds(GrpcRoundTrip::echo, new Client(replies));
    }

    private static ServerCall.Listener<byte[]> echo(ServerCall<byte[], byte[]> call, Metadata headers) {
        call.sendHeaders(new Metadata());
        call.request(Integer.MAX_VALUE);
        return new ServerCall.Listener<>() {
            @Override
            public void onMessage(byte[] frame) {
                call.sendMessage(frame);
            }
        };
    }

    @Override
    public void send(Frame frame) {
        ends.send(frame);
    }

    @Override
    public void awaitReply() throws InterruptedException {
        replies.await();
    }

    @Override
    public void close() throws InterruptedException {
        ends.close();
    }

    private static final class Client extends ClientCall.Listener<byte[]> {
        private final Replies replies;

        Client(Replies replies) {
            this.replies = replies;
        }

        @Override
        public void onMessage(byte[] frame) {
            replies.accept(frame);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            replies.fail(status.asException());
        }
    }
}
