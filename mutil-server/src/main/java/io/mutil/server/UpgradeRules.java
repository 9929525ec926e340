package io.mutil.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request has to be like, whoever sends it.
 *
 * @param path that of the WebSocket
 * @param resources what is answered beside it
 */
record UpgradeRules(String path, OriginPolicy origins, Resources resources) {
    private static final int LONGEST_NAME = 253;

    /** Without resources. */
    UpgradeRules(String path, OriginPolicy origins) {
        this(path, origins, Resources.NONE);
    }

    /** Why it is no request for this server at all; null if it is. */
    @Nullable
    Refusal misdirected(HttpRequest head) {
        if (!head.decoderResult().isSuccess()) {
            return broken(head.decoderResult().cause());
        }
        return resources.admit(head.headers()) ? null : foreign(head.headers());
    }

    /** Named as it was understood, if it was: nothing else of the header is told. */
    private static Refusal foreign(HttpHeaders headers) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        String name = hosts.size() == 1 ? Resources.nameOf(hosts.get(0)) : "";
        String fault = name.isEmpty() || name.length() > LONGEST_NAME
                ? "a request needs one Host that is a name or an address"
                : "'" + name + "' in Host is no name of this server";
        return new Refusal(
                HttpResponseStatus.FORBIDDEN,
                fault + "; ask for localhost or for an address, or name it to the server with allowHost");
    }

    private static Refusal broken(Throwable cause) {
        boolean tooLong = cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
        return tooLong
                ? new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the request is too long")
                : new Refusal(HttpResponseStatus.BAD_REQUEST, "not an HTTP request");
    }

    /** What it asks for beside the WebSocket. */
    Resources.@Nullable Resource resource(HttpRequest head) {
        return resources.get(pathOf(head.uri()));
    }

    /** Why it is no opening handshake; null if it is. */
    @Nullable
    Refusal refusal(HttpRequest head) {
        HttpHeaders headers = head.headers();
        if (!path.equals(pathOf(head.uri()))) {
            return new Refusal(HttpResponseStatus.NOT_FOUND, "there is nothing here");
        }
        if (!origins.admits(headers)) {
            return new Refusal(
                    HttpResponseStatus.FORBIDDEN,
                    "pages of this origin may not connect; name it to the server with allowOrigin");
        }
        if (!HttpMethod.GET.equals(head.method())
                || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                || !headers.contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return new Refusal(HttpResponseStatus.UPGRADE_REQUIRED, "this is a WebSocket, version 13");
        }
        if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY)) || hasBody(headers)) {
            return new Refusal(HttpResponseStatus.BAD_REQUEST, "not a WebSocket handshake");
        }
        return null;
    }

    static String pathOf(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** A key is 16 bytes in Base64. */
    private static boolean isKey(@Nullable String key) {
        return key != null && key.length() == 24 && key.endsWith("==");
    }

    private static boolean hasBody(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !"0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
    }
}
