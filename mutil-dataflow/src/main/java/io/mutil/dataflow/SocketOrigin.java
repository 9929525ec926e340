package io.mutil.dataflow;

import io.mutil.server.WebSocket;

/**
 * A WebSocket that items come from.
 *
 * @param answers whether the peer is told of what it did wrong; only our own clients are
 */
record SocketOrigin(WebSocket socket, boolean answers) implements Origin {
    @Override
    public void pause() {
        socket.pause();
    }

    @Override
    public void resume() {
        socket.resume();
    }

    @Override
    public void refused(int items, int ofThese) {
        if (answers) {
            ErrorReply.send(socket, items + " of " + ofThese + " items were refused, the edge is full");
        }
    }
}
