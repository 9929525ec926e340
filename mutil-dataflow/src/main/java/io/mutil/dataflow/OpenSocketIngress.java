package io.mutil.dataflow;

import static java.lang.System.Logger.Level.DEBUG;
import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.mutil.server.WebSocketServer;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The running form of {@link WebSocketIngress}: one lane for each event loop. */
final class WebSocketIngressServer<T> implements OpenIngress, WebSocketListener {
    private static final System.Logger LOG = System.getLogger(WebSocketIngressServer.class.getName());

    private final Codec<T> codec;
    private final Failures<T> failures;
    private final FlowContext context;
    private final Stage stage;
    private final IdentityHashMap<Executor, Lane> lanes = new IdentityHashMap<>();
    private @Nullable WebSocketServer server;

    WebSocketIngressServer(
            String name, Codec<T> codec, FlowContext context, List<Sender<T>> senders, FlowLoops loops, Stage stage) {
        this.context = context;
        this.codec = codec;
        this.failures = new Failures<>(name, Failures.logging(name));
        this.stage = stage;
        Iterator<EventExecutor> executors = loops.group().iterator();
        for (Sender<T> sender : senders) {
            EventExecutor loop = executors.next();
            lanes.put(loop, new Lane(loop, sender));
        }
    }

    void listen(Listening listening, FlowLoops loops) throws IOException {
        server = listening.start(this, loops, loops.group());
    }

    @Override
    public void stop() {
        lanes.values().forEach(lane -> lane.loop.execute(lane::stop));
    }

    @Override
    public long failures() {
        return failures.count();
    }

    @Override
    public URI uri() {
        return requireNonNull(server).uri();
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return requireNonNull(server).closeAsync();
    }

    @Override
    public void onOpen(WebSocket socket) {
        lane(socket).open(socket);
    }

    @Override
    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        List<T> items;
        try {
            items = codec.decodeAll(payload);
        } catch (IOException e) {
            refuse(socket, String.valueOf(e.getMessage()), e);
            return;
        } catch (RuntimeException e) {
            refuse(socket, "the message could not be decoded", e);
            return;
        }
        lane(socket).accept(socket, items);
    }

    private void refuse(WebSocket socket, String reply, Exception reason) {
        failures.countMalformed();
        LOG.log(DEBUG, () -> "malformed message from " + socket.remoteAddress(), reason);
        ErrorReply.send(socket, reply);
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        lane(socket).close(socket);
    }

    private Lane lane(WebSocket socket) {
        return requireNonNull(lanes.get(socket.executor()), "lane");
    }

    /** The conversations of one event loop, which share a sender; lives on that loop. */
    private final class Lane {
        private final EventExecutor loop;
        private final Sender<T> sender;
        private final Map<WebSocket, Conversation<T>> conversations = new HashMap<>();
        private final Set<Conversation<T>> waiting = new HashSet<>();
        private boolean stopped;
        private boolean ended;

        Lane(EventExecutor loop, Sender<T> sender) {
            this.loop = loop;
            this.sender = sender;
        }

        void open(WebSocket socket) {
            if (stopped) {
                var unused = socket.closeAsync(CloseReason.GOING_AWAY, "closing");
                return;
            }
            var retry = new Retry(this);
            retry.conversation = new Conversation<>(socket, sender, failures, retry);
            conversations.put(socket, retry.conversation);
        }

        void accept(WebSocket socket, List<T> items) {
            Conversation<T> conversation = conversations.get(socket);
            if (stopped || conversation == null) {
                context.countLost(items.size());
            } else {
                step(conversation, () -> conversation.accept(items));
            }
        }

        /** The items that wait are still handed on. */
        void close(WebSocket socket) {
            conversations.remove(socket);
        }

        void stop() {
            stopped = true;
            conversations.keySet().forEach(WebSocket::pause);
            endIfDone();
        }

        private void step(Conversation<T> conversation, Runnable step) {
            step.run();
            // A step may contain others, because reading resumes inside it.
            if (conversation.isWaiting()) {
                waiting.add(conversation);
            } else {
                waiting.remove(conversation);
            }
            endIfDone();
        }

        private void endIfDone() {
            if (stopped && waiting.isEmpty() && !ended) {
                ended = true;
                stage.partDone();
            }
        }
    }

    /** Brings a conversation back to its loop when there may be room. */
    private final class Retry implements Runnable {
        private final Lane lane;
        private @Nullable Conversation<T> conversation;

        Retry(Lane lane) {
            this.lane = lane;
        }

        @Override
        public void run() {
            Conversation<T> waiting = requireNonNull(conversation);
            try {
                lane.loop.execute(() -> lane.step(waiting, waiting::deliver));
            } catch (RejectedExecutionException e) {
                LOG.log(DEBUG, "the topology has ended, what waited was counted as lost", e);
            }
        }
    }
}
