package io.mutil.bench.frames;

import io.rsocket.Payload;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** What an application thread sends into a request-channel: it stops while the other side wants nothing. */
final class RSocketRequests implements Publisher<Payload>, Subscription {
    private final Receipt receipt;
    private final AtomicLong wanted = new AtomicLong();
    private final Gate demand = new Gate();
    private volatile @Nullable Subscriber<? super Payload> subscriber;

    RSocketRequests(Receipt receipt) {
        this.receipt = receipt;
    }

    @Override
    public void subscribe(Subscriber<? super Payload> s) {
        subscriber = s;
        s.onSubscribe(this);
    }

    void send(Frame frame) throws InterruptedException {
        demand.await(() -> wanted.get() > 0, receipt);
        wanted.decrementAndGet();
        Subscriber<? super Payload> to = subscriber;
        if (to == null) {
            throw new IllegalStateException("demand before a subscriber");
        }
        to.onNext(RSocketEnds.payload(frame));
    }

    @Override
    public void request(long n) {
        wanted.addAndGet(n);
        demand.open();
    }

    @Override
    public void cancel() {
        fail(new IllegalStateException("the request-channel was cancelled"));
    }

    void fail(Throwable cause) {
        receipt.fail(cause);
        demand.open();
    }
}
