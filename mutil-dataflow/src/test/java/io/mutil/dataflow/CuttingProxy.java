package io.mutil.dataflow;

import io.mutil.testkit.Background;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** Passes the bytes of one connection on, until it is told to stop in the middle of what the client sends next. */
final class CuttingProxy implements AutoCloseable {
    private static final int REST = 7;

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Socket server;
    private volatile boolean cuts;

    CuttingProxy(URI to) throws IOException {
        server = new Socket(to.getHost(), to.getPort());
        var unused = Background.run(this::pass);
    }

    URI uri() {
        return URI.create("tcp://127.0.0.1:" + listening.getLocalPort());
    }

    /** Lets only a few more bytes of the client through, and then ends. */
    void cut() {
        cuts = true;
    }

    private void pass() throws IOException {
        try (Socket client = listening.accept()) {
            var unused = Background.run(() -> answer(client));
            var buffer = new byte[1 << 16];
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            int read;
            while ((read = in.read(buffer)) > 0) {
                boolean last = cuts;
                out.write(buffer, 0, last ? Math.min(read, REST) : read);
                if (last) {
                    server.shutdownOutput();
                    in.transferTo(OutputStream.nullOutputStream());
                    return;
                }
            }
        }
    }

    private void answer(Socket client) throws IOException {
        server.getInputStream().transferTo(client.getOutputStream());
        client.close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        listening.close();
    }
}
