package io.mutil.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a page of a browser may connect.
 *
 * <p>Browsers let any page open a WebSocket to any server, and say in {@code Origin} whose page it is. A page may connect
 * if its origin is allowed by name, or if it came from this very server. On loopback the second rule also wants a
 * loopback name in {@code Host}: a foreign name that was made to resolve to 127.0.0.1 looks like the same origin otherwise.
 */
final class OriginPolicy {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final Set<String> allowed;
    private final boolean loopback;

    OriginPolicy(Set<String> allowed, boolean loopback) {
        this.allowed = Set.copyOf(allowed);
        this.loopback = loopback;
    }

    /** @param host that is listened on */
    static OriginPolicy of(Set<String> allowed, String host) {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return new OriginPolicy(allowed, address != null && address.isLoopbackAddress());
    }

    static String normalize(String origin) {
        return origin.toLowerCase(Locale.ROOT);
    }

    boolean admits(HttpHeaders headers) {
        List<String> origins = headers.getAll(HttpHeaderNames.ORIGIN);
        if (origins.isEmpty()) {
            return true;
        }
        if (origins.size() > 1) {
            return false;
        }
        String origin = normalize(origins.get(0));
        return allowed.contains(origin) || isSameOrigin(origin, headers.getAll(HttpHeaderNames.HOST));
    }

    private boolean isSameOrigin(String origin, List<String> hosts) {
        URI page = parse(origin);
        if (page == null || hosts.size() != 1) {
            return false;
        }
        URI own = parse(page.getScheme() + "://" + normalize(hosts.get(0)));
        return own != null
                && own.getHost().equals(page.getHost())
                && port(own) == port(page)
                && (!loopback || LOOPBACK.matcher(own.getHost()).matches());
    }

    private static @Nullable URI parse(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null ? uri : null;
        } catch (java.net.URISyntaxException e) {
            return null;
        }
    }

    private static int port(URI uri) {
        int byScheme = "https".equals(uri.getScheme()) ? 443 : 80;
        return uri.getPort() == -1 ? byScheme : uri.getPort();
    }
}
