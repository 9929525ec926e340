/**
 * Servers and clients whose memory is bounded whatever the peer does.
 *
 * <p>{@link io.mutil.server.Server} and {@link io.mutil.server.Client} carry frames between programs that share a key, over
 * TCP, Unix sockets or WebSocket; both give a {@link io.mutil.server.Connection}. Start there.
 *
 * <p>{@link io.mutil.server.WebSocketServer} and {@link io.mutil.server.WebSocketClient} are plain WebSocket, for browsers and
 * foreign programs: text and binary messages, without a key. Both hand every open connection to a
 * {@link io.mutil.server.WebSocketListener} as a {@link io.mutil.server.WebSocket}.
 */
@NullMarked
package io.mutil.server;

import org.jspecify.annotations.NullMarked;
