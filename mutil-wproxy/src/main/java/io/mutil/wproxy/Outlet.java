package io.mutil.wproxy;

import static java.util.Objects.requireNonNull;

import io.mutil.server.CloseReason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one client. Confined to its loop, but for the figures.
 *
 * <p>As long as the kernel takes everything, messages go out as runs of the batch that all subscribers share. A client that
 * is behind has a backlog with copies instead, so that it holds no batch, and gets chunks of that as it takes them.
 */
final class Outlet {
    private static final Logger LOGGER = System.getLogger(Outlet.class.getName());
    private static final int CHUNK = 64 << 10;

    private final Hub hub;
    private final Shard shard;
    private final Link link;
    private final ClientTerms terms;
    private final Subjects subjects;
    private boolean gone;

    // of the batches that are being delivered
    private final Runs runs = new Runs();
    private final Map<Key, Element> notices = new LinkedHashMap<>(0);
    private final Set<Key> brokenOff = new HashSet<>(0);
    private @Nullable Batch lastBatch;
    private int lastElement;
    private boolean touched;
    private int taken;

    private @Nullable Backlog backlog;
    private long missedBefore;

    // written on the loop, read by everybody
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();
    private volatile long waitingBytes;

    /** Tells for which key of the client a message goes out. Looked up, because it is rare that this has to be known. */
    interface Subjects {
        Key keyOf(Batch batch, Messages messages, int index);
    }

    Outlet(Hub hub, Shard shard, Link link, ClientTerms terms, Subjects subjects) {
        this.hub = hub;
        this.shard = shard;
        this.link = link;
        this.terms = terms;
        this.subjects = subjects;
    }

    /** Takes an element of a batch, unless it has it for another key already. */
    void offer(Batch batch, Messages elements, int element, Key key) {
        if (!gone && (batch != lastBatch || element != lastElement)) {
            lastBatch = batch;
            lastElement = element;
            offer(elements, element, element + 1, batch, key);
        }
    }

    void offerWholes(Batch batch, Messages wholes, Key key) {
        if (!gone) {
            offer(wholes, 0, wholes.size(), batch, key);
        }
    }

    private void offer(Messages messages, int from, int to, Batch batch, Key key) {
        touch();
        if (backlog == null) {
            runs.add(batch, messages, from, to);
            shard.gathered(runs.bytes());
            return;
        }
        for (int i = from; i < to; i++) {
            addToBacklog(key, messages.copy(i));
        }
    }

    private void touch() {
        if (!touched) {
            touched = true;
            shard.touched(this);
        }
    }

    /** Batches have been offered: hands what it gets of them to the kernel, as far as that takes it. */
    void finish() {
        touched = false;
        lastBatch = null;
        try {
            if (runs.count() > 0) {
                send(runs);
            }
            forgetBrokenOff();
            tell(notices);
        } finally {
            runs.clear();
            notices.clear();
        }
        account();
    }

    /** Takes what all get that have this key and nothing else. */
    void take(Runs shared) {
        if (gone) {
            return;
        }
        if (backlog == null) {
            send(shared);
        } else {
            keep(shared, 0);
        }
        account();
    }

    private void send(Runs what) {
        int sent = link.offer(what);
        taken += sent;
        link.flush();
        if (sent < what.count() || link.isBehind()) {
            fallBehind();
            keep(what, sent);
        }
    }

    /** What there was no room for waits, behind so many messages that were sent. */
    private void keep(Runs what, int sent) {
        int skip = sent;
        for (int run = 0; run < what.size(); run++) {
            for (int i = what.from(run); i < what.to(run); i++) {
                if (skip-- <= 0) {
                    Messages messages = what.messages(run);
                    addToBacklog(subjects.keyOf(what.batch(run), messages, i), messages.copy(i));
                }
            }
        }
    }

    /** Does something for this subscriber; a failure is this one's alone. */
    void guard(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            LOGGER.log(Level.WARNING, () -> "closing " + link.remoteAddress() + ", which could not be delivered to", e);
            close(CloseReason.INTERNAL_ERROR, "delivery failed");
        }
    }

    private void account() {
        if (taken > 0) {
            delivered.lazySet(delivered.get() + taken);
            shard.delivered(taken);
            taken = 0;
        }
        if (backlog != null) {
            waitingBytes = backlog.bytes();
            long total = missedBefore + backlog.missed();
            shard.missed(total - missed.get());
            missed.lazySet(total);
        }
    }

    private void fallBehind() {
        backlog = new Backlog(slowPolicy(), queueLimits());
        link.flush();
        awaitRoom();
    }

    private SlowPolicy slowPolicy() {
        return terms.slowPolicyOr(hub.options().slowPolicy());
    }

    QueueLimits queueLimits() {
        return terms.queueLimitsOr(hub.options().queueLimits());
    }

    private void awaitRoom() {
        var unused = link.drainAsync().whenComplete((v, e) -> {
            if (e == null) {
                shard.execute(this::catchUp);
            }
        });
    }

    private void addToBacklog(Key key, Element message) {
        if (!requireNonNull(backlog).add(key, message, hub.now()) && !gone) {
            hub.closedSlow();
            close(CloseReason.TRY_LATER, "too slow for this feed");
        }
    }

    /** The kernel has taken everything: sends more, until it does not take that or nothing waits any more. */
    private void catchUp() {
        while (!gone && backlog != null) {
            if (!link.isIdle()) {
                // answers may have come in between
                awaitRoom();
                return;
            }
            if (backlog.isEmpty()) {
                endBacklog(backlog);
            } else {
                sendChunk(backlog);
                account();
            }
        }
    }

    private void endBacklog(Backlog ended) {
        account();
        missedBefore += ended.missed();
        backlog = null;
        waitingBytes = 0;
    }

    /** What is not taken, although nothing waits before it, never will be: the connection has ended. */
    private void sendChunk(Backlog from) {
        var chunk = new Messages(hub.allocator(), (int) Math.min(CHUNK, from.bytes()) + 256);
        try {
            from.moveTo(chunk, CHUNK);
            taken += link.offer(chunk);
            link.flush();
        } finally {
            chunk.release();
        }
    }

    /** Says something that is no message of the upstream. One that does not read what it asks for is closed. */
    void say(Element text) {
        var single = new Messages(hub.allocator(), text.bytes() + 16);
        try {
            single.add(text);
            if (link.offer(single) == 0) {
                close(CloseReason.TRY_LATER, "answers are not read");
            } else {
                taken++;
            }
            link.flush();
        } finally {
            single.release();
        }
        account();
    }

    /** The upstream has left something out of a key; who counts has to know where it goes on. Told by {@link #finish}. */
    void lost(Gap gap, boolean counting) {
        if (gone) {
            return;
        }
        if (counting && !gap.isCounted()) {
            brokenOff.add(gap.key());
            note(gap.key(), Notices.gapUpTo(gap.key().name(), gap.offset()));
        } else if (backlog != null) {
            forgetBrokenOff();
            backlog.lose(gap.key(), gap.missed());
        } else {
            note(gap.key(), Notices.gap(gap.key().name(), gap.missed()));
        }
    }

    /** What waits of keys that break off is covered by what is told of that. */
    private void forgetBrokenOff() {
        forget(brokenOff);
        brokenOff.clear();
    }

    private void note(Key key, Element notice) {
        touch();
        notices.put(key, notice);
    }

    /** Says several things, and waits with them if there is no room; each has a subject, of which only the last is said. */
    void tell(Map<?, Element> things) {
        if (gone || things.isEmpty()) {
            return;
        }
        List<Element> texts = List.copyOf(things.values());
        int next = 0;
        while (backlog == null && next < texts.size()) {
            next = sendSome(texts, next);
            account();
        }
        for (Map.Entry<?, Element> thing : List.copyOf(things.entrySet()).subList(next, texts.size())) {
            requireNonNull(backlog).tell(thing.getKey(), thing.getValue());
        }
    }

    /** Sends older messages, behind everything that waits. */
    void replay(List<History.Kept> messages) {
        List<Element> elements = messages.stream().map(History.Kept::message).toList();
        int next = 0;
        while (backlog == null && !gone && next < messages.size()) {
            next = sendSome(elements, next);
            account();
        }
        for (History.Kept kept : messages.subList(next, messages.size())) {
            if (backlog != null) {
                addToBacklog(kept.key(), kept.message());
            }
        }
    }

    /** Sends a chunk; gives the first message that was not taken. */
    private int sendSome(List<Element> messages, int from) {
        var some = new Messages(hub.allocator(), CHUNK);
        try {
            for (int i = from; i < messages.size() && some.payloadBytes() < CHUNK; i++) {
                some.add(messages.get(i));
            }
            int sent = link.offer(some);
            taken += sent;
            link.flush();
            if (sent < some.size() || link.isBehind()) {
                fallBehind();
            }
            return from + sent;
        } finally {
            some.release();
        }
    }

    /** Nothing of these keys waits any more, nor is what was lost of them told. */
    void forget(Set<Key> keys) {
        if (backlog != null && !keys.isEmpty()) {
            backlog.removeAll(keys);
        }
    }

    /** Drops all that waits; gives whether that was anything. */
    boolean dropWaiting() {
        if (backlog == null || backlog.isEmpty()) {
            return false;
        }
        missedBefore += backlog.missed() + backlog.size();
        backlog = new Backlog(slowPolicy(), queueLimits());
        return true;
    }

    private void close(int code, String reason) {
        var unused = closeAsync(code, reason);
    }

    CompletableFuture<Void> closeAsync(int code, String reason) {
        gone = true;
        return link.closeAsync(code, reason);
    }

    /** The connection has ended. */
    void end() {
        gone = true;
        backlog = null;
    }

    Link link() {
        return link;
    }

    // from any thread

    /** Messages handed to the connection. */
    long delivered() {
        return delivered.get();
    }

    long missed() {
        return missed.get();
    }

    long waitingBytes() {
        return waitingBytes;
    }
}
