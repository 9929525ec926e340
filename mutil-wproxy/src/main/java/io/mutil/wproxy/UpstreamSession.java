package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.codec.internal.Waiting;
import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a WebSocket upstream: first a conversation, then the stream.
 *
 * <p>What comes before the stream begins waits here, and no more than a few messages of it.
 */
final class UpstreamSession implements WebSocketListener, UpstreamConnection, Conversation {
    private static final int PAUSE_AT = 64;
    private static final Early END = new Early(false, Unpooled.EMPTY_BUFFER, true);

    private final SubscriptionFormat format;
    private final @Nullable ProxyTalk talk;
    private final BlockingQueue<Early> early = new LinkedBlockingQueue<>();
    private volatile @Nullable WebSocket socket;
    private volatile boolean unwanted;

    // confined to the loop of the connection
    private @Nullable UpstreamReceiver receiver;

    private record Early(boolean text, ByteBuf payload, boolean isEnd) {}

    UpstreamSession(SubscriptionFormat format, boolean ofProxy) {
        this.format = format;
        this.talk = ofProxy ? new ProxyTalk() : null;
    }

    @Override
    public void onOpen(WebSocket opened) {
        socket = opened;
        if (unwanted) {
            var unused = opened.closeAsync(CloseReason.NORMAL, "");
        }
    }

    @Override
    public void onMessage(WebSocket from, boolean text, ByteBuf payload) {
        if (receiver != null) {
            forward(receiver, text, payload);
            return;
        }
        early.add(new Early(text, Unpooled.wrappedBuffer(ByteBufUtil.getBytes(payload)), false));
        if (early.size() >= PAUSE_AT) {
            from.pause();
            // whoever takes messages may have taken all of them meanwhile, and would wait for more for ever
            resumeIfFew(from);
        }
    }

    private void forward(UpstreamReceiver to, boolean text, ByteBuf payload) {
        if (talk == null || !text || !talk.isOwn(payload, to, this::sayMore)) {
            to.onMessage(text, payload);
        }
    }

    private void sayMore(String command) {
        var unused = sendAll(List.of(command));
    }

    @Override
    public void onClose(WebSocket from, CloseReason reason) {
        early.add(END);
    }

    /** Begins the stream with what has come already, unless the result is not wanted any more. */
    void begin(UpstreamReceiver to, CompletableFuture<UpstreamConnection> result) {
        WebSocket from = open();
        from.executor().execute(() -> {
            if (!result.complete(this)) {
                return;
            }
            receiver = to;
            for (Early message = early.poll(); message != null && !message.isEnd(); message = early.poll()) {
                forward(to, message.text(), message.payload());
            }
            from.resume();
            var unused = from.closed().thenAccept(to::onClose);
        });
    }

    private WebSocket open() {
        WebSocket opened = socket;
        if (opened == null) {
            throw new IllegalStateException("not connected yet");
        }
        return opened;
    }

    // the conversation

    @Override
    public void send(String text) throws IOException, InterruptedException {
        Waiting.get(open().sendAsync(text));
    }

    @Override
    public String receive() throws IOException, InterruptedException {
        Early message = early.take();
        if (message.isEnd()) {
            early.add(END);
            throw new IOException("the upstream has closed the connection before the stream began");
        }
        resumeIfFew(open());
        return message.payload().toString(UTF_8);
    }

    private void resumeIfFew(WebSocket from) {
        if (early.size() < PAUSE_AT / 2) {
            from.resume();
        }
    }

    // the stream

    @Override
    public CompletableFuture<Void> updateSubscriptions(Set<String> current, Set<String> added, Set<String> removed) {
        return sendAll(format.messages(current, added, removed));
    }

    @Override
    public CompletableFuture<Void> updateEverything(boolean wanted) {
        return sendAll(format.everything(wanted));
    }

    private CompletableFuture<Void> sendAll(List<String> messages) {
        var sent = new ArrayList<CompletableFuture<Void>>();
        for (String message : messages) {
            if (talk != null) {
                talk.said(message);
            }
            sent.add(open().sendAsync(message));
        }
        return CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public void pause() {
        open().pause();
    }

    @Override
    public void resume() {
        open().resume();
    }

    /** Nobody wants it any more. */
    void abandon() {
        var unused = closeAsync();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        unwanted = true;
        WebSocket opened = socket;
        return opened == null ? CompletableFuture.completedFuture(null) : opened.closeAsync(CloseReason.NORMAL, "");
    }
}
