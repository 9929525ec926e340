package io.mutil.dataflow;

import io.mutil.server.CloseReason;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.netty.buffer.ByteBuf;

/** Tells of the connections of a client, behind its listener. */
record WatchedSockets(WebSocketListener listener, Outages outages, String address) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket socket) {
        outages.connected();
        listener.onOpen(socket);
    }

    @Override
    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        listener.onMessage(socket, text, payload);
    }

    @Override
    public void onWritable(WebSocket socket) {
        listener.onWritable(socket);
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        listener.onClose(socket, reason);
        outages.ended(address, reason);
    }
}
