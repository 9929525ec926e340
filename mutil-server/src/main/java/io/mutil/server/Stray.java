package io.mutil.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.handler.ssl.NotSslRecordException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recognises peers that speak another protocol from their first bytes; a digest may begin like one of them. */
final class Stray {
    /** As many bytes as it takes to tell. */
    static final int MAX_BYTES = 14;

    private record Sign(String name, String beginning) {}

    private static final List<Sign> SIGNS = List.of(
            new Sign("HTTP/2", "PRI * HTTP/2"),
            new Sign("an HTTP client", "GET "),
            new Sign("an HTTP client", "POST"),
            new Sign("an HTTP client", "HEAD"),
            new Sign("an HTTP client", "PUT "),
            new Sign("an HTTP client", "OPTIONS"),
            new Sign("an HTTP client", "CONNECT"),
            new Sign("an HTTP client", "DELETE"),
            new Sign("an HTTP server", "HTTP/"),
            new Sign("SSH", "SSH-"),
            new Sign("TLS", "\u0016\u0003"),
            new Sign("a TLS server that refuses us", "\u0015\u0003"));

    private Stray() {}

    /** What the peer seems to be that begins with what is no record of TLS. */
    static @Nullable String recognize(NotSslRecordException notTls) {
        String message = String.valueOf(notTls.getMessage());
        String hex = message.substring(message.lastIndexOf(' ') + 1);
        try {
            byte[] first = HexFormat.of().parseHex(hex, 0, Math.min(hex.length(), 2 * MAX_BYTES));
            return recognize(first, first.length);
        } catch (IllegalArgumentException e) {
            // another version of Netty says it in other words
            return null;
        }
    }

    /** What the peer seems to be, as in "an HTTP client"; null if it is nothing known. */
    static @Nullable String recognize(byte[] first, int length) {
        String text = new String(first, 0, length, ISO_8859_1);
        for (Sign sign : SIGNS) {
            if (text.startsWith(sign.beginning())) {
                return sign.name();
            }
        }
        return null;
    }
}
