package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The opening handshake of a client; RFC 6455, section 4.1, without doubts about the server. */
final class Upgrade {
    private static final String ACCEPTED = "HTTP/1.1 101";

    private Upgrade() {}

    static void request(ChannelHandlerContext ctx, String path) {
        var server = (InetSocketAddress) ctx.channel().remoteAddress();
        String request = "GET " + path + " HTTP/1.1\r\n"
                + "Host: " + server.getAddress().getHostAddress() + ":" + server.getPort() + "\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        ByteBuf bytes = ctx.alloc().buffer();
        bytes.writeCharSequence(request, US_ASCII);
        var unused = ctx.writeAndFlush(bytes, ctx.voidPromise());
    }

    /**
     * Where the answer ends; 0 if that has not come yet.
     *
     * @throws IOException if the server did not accept
     */
    static int end(byte[] bytes, int length) throws IOException {
        String answer = new String(bytes, 0, length, US_ASCII);
        int end = answer.indexOf("\r\n\r\n");
        if (end < 0) {
            return 0;
        }
        if (!answer.startsWith(ACCEPTED)) {
            throw new IOException("the contestant answered " + answer.substring(0, answer.indexOf('\r'))
                    + " to a handshake; it must be 101");
        }
        return end + "\r\n\r\n".length();
    }
}
