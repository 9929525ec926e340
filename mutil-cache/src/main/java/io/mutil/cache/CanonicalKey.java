package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keys of requests. All that a request says is part of its key, credentials too, save what the caller chose to leave out: a
 * list of what matters would forget the header in which somebody sends a token.
 *
 * @param ignoredHeaders in lower case
 */
record CanonicalKey(Set<String> ignoredHeaders, Set<String> ignoredParameters) {
    /** What revalidation adds. */
    private static final Set<String> CONDITIONS = Set.of("if-none-match", "if-modified-since");

    static boolean isCondition(String header) {
        return CONDITIONS.contains(header.toLowerCase(Locale.ROOT));
    }

    /**
     * The key of a request whose address is written as in keys, which it nearly always is; otherwise that of no request. To look for it
     * takes less time than to write the address anew.
     */
    Key asItIs(HttpRequest request) {
        return new Key(checkedMethod(request), request.uri().toString(), headers(request));
    }

    Key of(HttpRequest request) {
        return new Key(checkedMethod(request), canonical(request.uri()), headers(request));
    }

    /** The name stands for the address; headers count as ever. */
    Key of(String name, HttpRequest request) {
        String method = checkedMethod(request);
        return Key.named(name, (method.equals("GET") ? "" : method + "\n") + headers(request));
    }

    private static String checkedMethod(HttpRequest request) {
        String method = request.method();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new IllegalArgumentException("method must be GET or HEAD, was " + method
                    + "; cache others with get(Key, Fetch) and a key that tells their bodies apart");
        }
        if (request.bodyPublisher().isPresent() && request.bodyPublisher().get().contentLength() != 0) {
            throw new IllegalArgumentException(
                    "a " + method + " with a body has no key; cache it with get(Key, Fetch) and a key of its own");
        }
        return method;
    }

    private String headers(HttpRequest request) {
        Map<String, List<String>> headers = request.headers().map();
        if (headers.isEmpty()) {
            return "";
        }
        var text = new StringBuilder();
        headers.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!CONDITIONS.contains(lower) && !ignoredHeaders.contains(lower)) {
                // neither a name nor a value holds a line feed
                values.forEach(
                        value -> text.append(lower).append(':').append(value).append('\n'));
            }
        });
        return text.toString();
    }

    private String canonical(URI uri) {
        return uri.getHost() == null ? uri.toString() : rebuilt(uri);
    }

    private static int defaultPort(URI uri) {
        return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    /** RFC 3986, 6.2.2.1 and 6.2.3; without the fragment, which no server sees. */
    private String rebuilt(URI uri) {
        var text = new StringBuilder(uri.getScheme().toLowerCase(Locale.ROOT)).append("://");
        if (uri.getRawUserInfo() != null) {
            text.append(uri.getRawUserInfo()).append('@');
        }
        text.append(uri.getHost().toLowerCase(Locale.ROOT));
        if (uri.getPort() >= 0 && uri.getPort() != defaultPort(uri)) {
            text.append(':').append(uri.getPort());
        }
        text.append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
        String query = query(uri.getRawQuery());
        return (query == null ? text : text.append('?').append(query)).toString();
    }

    private @Nullable String query(@Nullable String query) {
        if (query == null || query.isEmpty() || ignoredParameters.isEmpty()) {
            return query;
        }
        String left = Arrays.stream(query.split("&", -1))
                .filter(parameter -> !ignoredParameters.contains(parameterName(parameter)))
                .collect(Collectors.joining("&"));
        return left.isEmpty() ? null : left;
    }

    private static String parameterName(String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        try {
            return URLDecoder.decode(name, UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return name;
        }
    }
}
