package io.mutil.dataflow;

import io.mutil.server.CloseReason;
import io.mutil.server.PreparedMessage;
import io.mutil.server.WebSocket;

/** A WebSocket in an audience; that it has room again is told by its listener. */
record SocketMember(WebSocket socket) implements Member<PreparedMessage> {
    @Override
    public boolean offer(PreparedMessage message) {
        return socket.offer(message);
    }

    @Override
    public void flush() {
        socket.flush();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void closeSlow() {
        var unused = socket.closeAsync(CloseReason.TRY_LATER, "too slow for this stream");
    }
}
