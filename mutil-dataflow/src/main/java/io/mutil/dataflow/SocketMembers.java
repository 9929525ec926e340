package io.mutil.dataflow;

import io.mutil.server.CloseReason;
import io.mutil.server.PreparedMessage;
import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.netty.buffer.ByteBuf;

/** Makes the WebSockets of an egress members of its audience; called on the loop of its task. */
record SocketMembers(BroadcastTask<?, PreparedMessage> task) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket socket) {
        task.add(new SocketMember(socket));
    }

    @Override
    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        // An egress has nothing to hear.
    }

    @Override
    public void onWritable(WebSocket socket) {
        task.goOn();
    }

    @Override
    public void onClose(WebSocket socket, CloseReason reason) {
        task.countMissed(socket.lostMessages());
        task.remove(new SocketMember(socket));
    }
}
