package io.mutil.bench.frames;

import io.rsocket.Payload;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** {@link RSocketEnds} whose server asks for as many frames ahead as a MiB holds, and for two at least. */
final class RSocketOneWay implements OneWay {
    private static final int BOUND_BYTES = 1 << 20;
    private static final int MIN_BOUND = 2;

    private final RSocketEnds ends;
    private final RSocketRequests requests;

    RSocketOneWay(Receipt receipt, int payload) {
        int bound = Math.max(MIN_BOUND, BOUND_BYTES / payload);
        ends = new RSocketEnds(frames -> consume(frames, receipt, bound));
        requests = new RSocketRequests(receipt);
        ends.requestChannel(requests).subscribe(Payload::release, requests::fail);
    }

    private static Flux<Payload> consume(Publisher<Payload> frames, Receipt receipt, int bound) {
        frames.subscribe(new Consumer(receipt, bound));
        return Flux.never();
    }

    @Override
    public void send(Frame frame) throws InterruptedException {
        requests.send(frame);
    }

    @Override
    public void close() {
        ends.close();
    }

    private static final class Consumer extends BaseSubscriber<Payload> {
        private final Receipt receipt;
        private final int bound;
        private int handed;

        Consumer(Receipt receipt, int bound) {
            this.receipt = receipt;
            this.bound = bound;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(bound);
        }

        @Override
        protected void hookOnNext(Payload frame) {
            receipt.accept(frame.sliceData());
            frame.release();
            if (++handed == bound / 2) {
                handed = 0;
                request(bound / 2);
            }
        }

        @Override
        protected void hookOnError(Throwable cause) {
            receipt.fail(cause);
        }
    }
}
