/**
 * WebSocket servers and clients whose memory is bounded whatever the peer does.
 *
 * <p>Start with {@link io.mutil.server.WebSocketServer} or {@link io.mutil.server.WebSocketClient}; both hand every open
 * connection to a {@link io.mutil.server.WebSocketListener} as a {@link io.mutil.server.WebSocket}.
 */
@NullMarked
package io.mutil.server;

import org.jspecify.annotations.NullMarked;
