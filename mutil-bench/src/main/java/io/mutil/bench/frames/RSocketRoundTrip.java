package io.mutil.bench.frames;

import io.rsocket.Payload;
import reactor.core.publisher.Flux;

/** {@link RSocketEnds} whose server sends the channel's frames back into it. */
final class RSocketRoundTrip implements RoundTrip {
    private final RSocketEnds ends;
    private final RSocketRequests requests;
    private final Replies replies;

    RSocketRoundTrip(Receipt receipt) {
        replies = new Replies(receipt);
        ends = new RSocketEnds(Flux::from);
        requests = new RSocketRequests(receipt);
        ends.requestChannel(requests).subscribe(this::reply, this::fail);
    }

    private void reply(Payload frame) {
        replies.accept(frame.sliceData());
        frame.release();
    }

    private void fail(Throwable cause) {
        requests.fail(cause);
        replies.fail(cause);
    }

    @Override
    public void send(Frame frame) throws InterruptedException {
        requests.send(frame);
    }

    @Override
    public void awaitReply() throws InterruptedException {
        replies.await();
    }

    @Override
    public void close() {
        ends.close();
    }
}
