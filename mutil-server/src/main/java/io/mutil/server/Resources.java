package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a WebSocket server answers beside its connections, and to whom.
 *
 * <p>A path is a key of a map and nothing else, so there is no way to other files. A page whose foreign name was made to
 * resolve to this server would count as ours in a browser, so the name in {@code Host} has to be one that nobody else can
 * have made to resolve here.
 */
final class Resources {
    static final Resources NONE = new Resources(Map.of(), Set.of());

    private static final String OWN_ONLY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Map<String, Resource> byPath;
    private final Set<String> ownNames;

    /** @param ownNames what else this server may be called, in lower case */
    Resources(Map<String, Resource> byPath, Set<String> ownNames) {
        this.byPath = Map.copyOf(byPath);
        this.ownNames = Set.copyOf(ownNames);
    }

    @Nullable
    Resource get(String path) {
        return byPath.get(path);
    }

    /** Whether the request is for a host that is surely this one; without resources every request is. */
    boolean admit(HttpHeaders headers) {
        if (byPath.isEmpty()) {
            return true;
        }
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        return hosts.size() == 1 && isOwn(nameOf(hosts.get(0)));
    }

    /** An address cannot be made to resolve to something else. */
    private boolean isOwn(String name) {
        return name.equals("localhost")
                || ownNames.contains(name)
                || NetUtil.isValidIpV4Address(name)
                || (name.startsWith("[") && NetUtil.isValidIpV6Address(name));
    }

    /** Without the port, in lower case; empty if that is no host. */
    static String nameOf(String host) {
        try {
            String name = new URI("http://" + host).getHost();
            return name == null ? "" : name.toLowerCase(Locale.ROOT);
        } catch (URISyntaxException e) {
            return "";
        }
    }

    /** One of them; its bytes are shared by all answers. */
    static final class Resource {
        private static final int MAX_MADE = 16 << 20;

        private final String contentType;
        private final byte[] bytes;
        private final @Nullable Supplier<byte[]> content;

        private Resource(String contentType, byte[] bytes, @Nullable Supplier<byte[]> content) {
            this.contentType = contentType;
            this.bytes = bytes;
            this.content = content;
        }

        /** @param bytes the caller's no more */
        static Resource of(String contentType, byte[] bytes) {
            return new Resource(contentType, bytes, null);
        }

        /** @param content makes the bytes for each request, and may block */
        static Resource madeBy(String contentType, Supplier<byte[]> content) {
            return new Resource(contentType, new byte[0], content);
        }

        /** Whether {@link #make} comes before the answer to such a request. */
        boolean isToBeMade(HttpMethod method) {
            return content != null && isRead(method);
        }

        private static boolean isRead(HttpMethod method) {
            return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
        }

        /** As it is now. */
        Resource make() {
            if (content == null) {
                return this;
            }
            byte[] made = requireNonNull(content.get(), "the content of a resource was null; give an empty array");
            if (made.length > MAX_MADE) {
                throw new IllegalStateException("the content of a resource has at most " + MAX_MADE + " bytes, had "
                        + made.length + "; give less");
            }
            return of(contentType, made);
        }

        FullHttpResponse answer(HttpMethod method) {
            if (!isRead(method)) {
                FullHttpResponse refusal = response(HttpResponseStatus.METHOD_NOT_ALLOWED, Unpooled.EMPTY_BUFFER);
                refusal.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD").set(HttpHeaderNames.CONTENT_LENGTH, 0);
                return refusal;
            }
            boolean get = HttpMethod.GET.equals(method);
            FullHttpResponse answer =
                    response(HttpResponseStatus.OK, get ? Unpooled.wrappedBuffer(bytes) : Unpooled.EMPTY_BUFFER);
            answer.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                    .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
            return answer;
        }

        private static FullHttpResponse response(HttpResponseStatus status, ByteBuf body) {
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, OWN_ONLY)
                    .set("x-content-type-options", "nosniff")
                    .set("referrer-policy", "no-referrer")
                    .set("cross-origin-resource-policy", "same-origin")
                    .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return response;
        }
    }
}
