package io.mutil.bench.frames;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * JeroMQ's PUSH and PULL over TCP on the loopback, which is also what its {@code ipc://} comes down to. Its bound counts
 * frames; it gets as many on each side as ours buffers bytes, but never fewer than a few.
 */
final class JeroMqOneWay implements OneWay {
    private static final int BOUND_BYTES = 1 << 20;
    private static final int MIN_BOUND = 16;

    private final ZContext context = new ZContext();
    private final ZMQ.Socket push;
    private final Thread reader;

    JeroMqOneWay(Receipt receipt, int payload) {
        int bound = Math.max(MIN_BOUND, BOUND_BYTES / payload);
        ZMQ.Socket pull = context.createSocket(SocketType.PULL);
        pull.setRcvHWM(bound);
        int port = pull.bindToRandomPort("tcp://127.0.0.1");
        push = context.createSocket(SocketType.PUSH);
        push.setSndHWM(bound);
        push.setLinger(0);
        push.connect("tcp://127.0.0.1:" + port);
        reader = new Thread(() -> read(pull, receipt), "jeromq reader");
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(ZMQ.Socket pull, Receipt receipt) {
        try (pull) {
            for (byte[] frame = pull.recv(); frame != null && frame.length > 0; frame = pull.recv()) {
                receipt.accept(frame);
            }
        } catch (ZMQException e) {
            receipt.fail(e);
        }
    }

    @Override
    public void send(Frame frame) {
        push.send(frame.bytes(), 0);
    }

    @Override
    public void close() throws InterruptedException {
        push.send(new byte[0], 0); // the reader ends with it
        reader.join();
        context.close();
    }
}
