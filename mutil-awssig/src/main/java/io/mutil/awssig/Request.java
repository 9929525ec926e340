package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request to be signed, exactly as it will be sent. Immutable: the methods return a new one.
 *
 * <p>Path and query are taken as they are written, never decoded. A plus in a query counts as a space, as servers and the
 * AWS SDK for Java read it; write {@code %20} or {@code %2B} to be sure.
 */
public final class Request {
    private static final String[] NONE = {};

    private final String method;
    private final String scheme;
    private final String host;
    private final String path;
    private final @Nullable String query;
    private final boolean raw;
    private final String[] headers; // names and values in turn
    private final @Nullable Payload payload;

    private Request(
            String method,
            String scheme,
            String host,
            String path,
            @Nullable String query,
            boolean raw,
            String[] headers,
            @Nullable Payload payload) {
        this.method = method;
        this.scheme = scheme;
        this.host = host;
        this.path = path;
        this.query = query;
        this.raw = raw;
        this.headers = headers;
        this.payload = payload;
    }

    /**
     * A request without headers of its own and without a body.
     *
     * @param uri absolute and without a fragment; its host is signed with the port, unless that is the scheme's own
     */
    public static Request of(String method, URI uri) {
        String scheme = requireNonNull(uri, "uri").getScheme();
        if (scheme == null) {
            throw new IllegalArgumentException(
                    "uri must be absolute, with scheme and host, was " + shown(uri.toString()));
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "uri must have no fragment, which is never sent; write %23 for a # that is"
                            + " part of the path, was " + shown(uri.toString()));
        }
        String path = uri.getRawPath();
        return new Request(
                checkedMethod(method),
                scheme,
                host(uri, scheme),
                path == null ? "" : path,
                uri.getRawQuery(),
                false,
                NONE,
                null);
    }

    /** As HTTP clients fill the header: without user, and without the port if it is the default. */
    private static String host(URI uri, String scheme) {
        String authority = uri.getRawAuthority();
        if (authority == null) {
            throw new IllegalArgumentException("uri must name a host, was " + shown(uri.toString()));
        }
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        String usual = scheme.equalsIgnoreCase("https") ? ":443" : scheme.equalsIgnoreCase("http") ? ":80" : ":";
        String port = host.endsWith(":") ? ":" : usual;
        String sent = host.endsWith(port) ? host.substring(0, host.length() - port.length()) : host;
        if (sent.isEmpty() || sent.startsWith(":")) {
            throw new IllegalArgumentException("uri must name a host, was " + shown(uri.toString()));
        }
        return sent;
    }

    /**
     * A request whose target is no legal {@link URI}, or whose client wants none.
     *
     * @param host as the header says, with the port if that is not the default
     * @param target path and query, as the first line of the request says
     */
    public static Request of(String method, String host, String target) {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host must not be empty; give what the Host header will say");
        }
        int mark = target.indexOf('?');
        return new Request(
                checkedMethod(method),
                "https",
                host,
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? null : target.substring(mark + 1),
                true,
                NONE,
                null);
    }

    /** An address for a message, without what may be a secret: query, fragment, and all before an @, wherever it is. */
    static String shown(String uri) {
        int end = 0;
        while (end < uri.length() && uri.charAt(end) != '?' && uri.charAt(end) != '#') {
            end++;
        }
        int at = uri.lastIndexOf('@');
        if (at > end) { // of the query, or after a password with a question mark
            return "...";
        }
        String rest = end == uri.length() ? "" : uri.charAt(end) + "...";
        return (at < 0 ? "" : "...@") + uri.substring(at + 1, end) + rest;
    }

    private static String checkedMethod(String method) {
        if (!Text.isToken(method)) {
            throw new IllegalArgumentException("method must be a word such as GET, was \"" + method + "\"");
        }
        return method;
    }

    /**
     * Adds a header that will be sent, and thus is signed. Those that hops or the HTTP client may change are not signed:
     * {@code Connection}, {@code Expect}, {@code Transfer-Encoding}, {@code User-Agent} and their like. The signer's own
     * ({@code Authorization}, {@code X-Amz-Date}, {@code X-Amz-Content-Sha256}, with a session {@code X-Amz-Security-Token})
     * are replaced; a link has them in its query. {@code X-Amz-Content-Sha256} is sent to services other than S3 as well if it
     * is added here, and names the body where no payload is set.
     *
     * @param name in any case; the same name can come several times
     * @param value as it is sent; UTF-8 where it is not ASCII
     */
    public Request header(String name, String value) {
        if (!Text.isToken(name)) {
            throw new IllegalArgumentException("a header's name is a word without spaces, was \"" + name + "\"");
        }
        requireNonNull(value, "value");
        String[] more = Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = name;
        more[headers.length + 1] = value;
        return new Request(method, scheme, host, path, query, raw, more, payload);
    }

    /** Adds headers. */
    public Request headers(Map<String, String> headers) {
        return headers(headers.entrySet());
    }

    /** Adds headers, of which one name may come several times; those of Netty fit as they are. */
    public Request headers(Iterable<? extends Map.Entry<String, String>> headers) {
        Request result = this;
        for (Map.Entry<String, String> header : headers) {
            result = result.header(header.getKey(), header.getValue());
        }
        return result;
    }

    /**
     * Sets the body. Without it, and without {@code X-Amz-Content-Sha256} in a header or in the query of a link that is signed
     * again, there is none, or in a link to S3 any.
     */
    public Request payload(Payload payload) {
        return new Request(method, scheme, host, path, query, raw, headers, requireNonNull(payload, "payload"));
    }

    String method() {
        return method;
    }

    String scheme() {
        return scheme;
    }

    String host() {
        return host;
    }

    /** As it is sent. */
    String path() {
        return path;
    }

    /** As it is sent. */
    @Nullable
    String query() {
        return query;
    }

    @Nullable
    Payload payload() {
        return payload;
    }

    /** What the Python library would have taken for the path. */
    String compatiblePath() {
        return raw && query != null ? path + '?' + query : path;
    }

    void forEachHeader(BiConsumer<String, String> visitor) {
        for (int i = 0; i < headers.length; i += 2) {
            visitor.accept(headers[i], headers[i + 1]);
        }
    }

    /** Without query and values of headers, which may hold secrets. */
    @Override
    public String toString() {
        return "Request[" + method + " " + host + path + (query == null ? "" : "?...") + "]";
    }
}
