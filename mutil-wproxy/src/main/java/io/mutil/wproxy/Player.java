package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.server.CloseReason;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Plays a recording on a thread of its own, which reads, waits until something is due, and hands it to the event loop.
 *
 * <p>It goes on when the loop has dealt with that, so that the loop gets to say that it wants a pause, and nothing queues.
 */
final class Player implements UpstreamConnection {
    private static final Logger LOGGER = System.getLogger(Player.class.getName());
    private static final int AT_A_TIME = 64 << 10;
    private static final int CLOSE_SECONDS = 10;

    private final UpstreamReceiver receiver;
    private final ReplayUpstream replay;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private boolean wanted;
    private boolean paused;

    // confined to the thread
    private RecordingReader reader;
    private final List<RecordingReader.Entry> due = new ArrayList<>();
    private int dueBytes;
    private boolean begun;
    private long firstNanos;
    private long start;

    private Player(RecordingReader reader, UpstreamReceiver receiver, ReplayUpstream replay) {
        this.reader = reader;
        this.receiver = receiver;
        this.replay = replay;
        this.thread = new Thread(this::run, "mutil-wproxy-replay");
    }

    /** Plays when something is asked for. */
    static Player start(RecordingReader reader, UpstreamReceiver receiver, ReplayUpstream replay) {
        var player = new Player(reader, receiver, replay);
        player.thread.setDaemon(true);
        try {
            player.thread.start();
        } catch (Throwable e) {
            player.closeReader();
            throw e;
        }
        return player;
    }

    // what the proxy asks for

    @Override
    public CompletableFuture<Void> updateSubscriptions(Set<String> current, Set<String> added, Set<String> removed) {
        return updateEverything(!added.isEmpty());
    }

    @Override
    public CompletableFuture<Void> updateEverything(boolean something) {
        change(() -> wanted |= something);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void pause() {
        change(() -> paused = true);
    }

    @Override
    public void resume() {
        change(() -> paused = false);
    }

    private void change(Runnable assignment) {
        lock.lock();
        try {
            assignment.run();
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A disk that hangs is waited for no longer than some seconds. */
    @Override
    public CompletableFuture<Void> closeAsync() {
        thread.interrupt();
        return ended.copy().completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    // on the thread

    private void run() {
        try {
            awaitLeave();
            boolean again = true;
            while (again) {
                play();
                again = begun && replay.isRepeating();
                reopen(again);
            }
            LOGGER.log(Level.INFO, () -> replay + " is over");
        } catch (InterruptedException | ClosedByInterruptException | RejectedExecutionException e) {
            LOGGER.log(Level.DEBUG, () -> replay + " was ended");
        } catch (ExecutionException e) {
            fail("the proxy could not take what was played: " + e.getCause());
        } catch (Throwable e) {
            fail("what follows cannot be read: " + e);
        } finally {
            closeReader();
            ended.complete(null);
        }
    }

    /** Not in silence, or the proxy would wait for messages for ever. It logs that the connection has ended, and why. */
    private void fail(String why) {
        receiver.onClose(new CloseReason(CloseReason.ABNORMAL, why));
    }

    /** Waits until somebody wants something and there is no pause. */
    private void awaitLeave() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!wanted || paused) {
                change.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void play() throws IOException, InterruptedException, ExecutionException {
        begun = false;
        for (RecordingReader.Entry next = reader.next(); next != null; next = reader.next()) {
            if (begun || next.isForReceivers()) {
                playAt(dueTime(next), next);
            }
        }
        hand();
    }

    private long dueTime(RecordingReader.Entry entry) {
        if (!begun) {
            begun = true;
            firstNanos = entry.nanos();
            start = replay.pace().now();
        }
        return start + replay.due(entry.nanos() - firstNanos);
    }

    private void playAt(long time, RecordingReader.Entry entry) throws InterruptedException, ExecutionException {
        if (dueBytes >= AT_A_TIME || time - replay.pace().now() > 0) {
            hand();
            replay.pace().await(time);
        }
        due.add(entry);
        dueBytes += Recording.HEADER + entry.body().readableBytes();
    }

    private void hand() throws InterruptedException, ExecutionException {
        if (due.isEmpty()) {
            return;
        }
        awaitLeave();
        List<RecordingReader.Entry> batch = List.copyOf(due);
        due.clear();
        dueBytes = 0;
        receiver.eventLoops().next().submit(() -> batch.forEach(this::deliver)).get();
    }

    private void deliver(RecordingReader.Entry entry) {
        ByteBuf body = entry.body();
        switch (entry.kind()) {
            case Recording.TEXT, Recording.BINARY -> receiver.onMessage(entry.kind() == Recording.TEXT, body);
            case Recording.MISSING -> receiver.onGap(null, body.readLongLE());
            case Recording.GAP -> {
                long missed = body.readLongLE();
                receiver.onGap(body.readBoolean() ? body.toString(UTF_8) : null, missed);
            }
            default -> {
                // what became of connections, and what later versions may know
            }
        }
    }

    private void reopen(boolean again) throws IOException {
        closeReader();
        if (again) {
            reader = RecordingReader.open(replay.file());
        }
    }

    private void closeReader() {
        try {
            reader.close();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, () -> replay + " cannot be closed", e);
        }
    }
}
