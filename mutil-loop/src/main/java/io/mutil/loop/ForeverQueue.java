package io.mutil.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A queue of nodes that belong to the caller: pushing allocates nothing and is one atomic exchange, whoever pushes at the same
 * time. A node may be pushed again once it was popped.
 *
 * <p>This is the intrusive queue of many producers and one consumer by Dmitry Vyukov (1024cores.net). Between the exchange and
 * the link that follows it a producer hides what came after it; the consumer waits for these few instructions, so that
 * whatever was pushed before a {@code pop} is found by it.
 */
final class ForeverQueue {
    private static final VarHandle LAST;
    private static final VarHandle NEXT;
    private static final int SPINS = 64;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(ForeverQueue.class, "last", Node.class);
            NEXT = MethodHandles.lookup().findVarHandle(Node.class, "next", Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What is queued; in one queue at a time, once. */
    abstract static class Node {
        private volatile @Nullable Node next;
    }

    private static final class Stub extends Node {}

    private final Node stub = new Stub();
    private volatile Node last = stub;
    private Node first = stub;

    /** Any thread. */
    void push(Node node) {
        NEXT.set(node, null);
        var before = (Node) LAST.getAndSet(this, node);
        NEXT.setRelease(before, node);
    }

    /**
     * One thread at a time.
     *
     * @return null if there is none
     */
    @Nullable
    Node pop() {
        Node node = first;
        if (node == stub) {
            if (last == stub) {
                return null;
            }
            node = linked(stub);
            first = node;
        }
        if (node.next == null && last == node) {
            // the last one can go only if something follows it
            push(stub);
        }
        first = linked(node);
        // or a node that is away for long keeps alive what followed it
        NEXT.set(node, null);
        return node;
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // a producer that was preempted needs the processor, and nothing tells when it is
    // done
    private static Node linked(Node node) {
        Node next = node.next;
        for (int spins = 0; next == null; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
            next = node.next;
        }
        return next;
    }
}
