package io.mutil.server;

import java.nio.ByteBuffer;

/** Sends back what it gets. */
class Echo extends Recorder {
    @Override
    public void onText(WebSocket socket, String text) {
        var unused = socket.sendAsync(text);
    }

    @Override
    public void onBinary(WebSocket socket, ByteBuffer bytes) {
        var unused = socket.sendAsync(bytes);
    }
}
