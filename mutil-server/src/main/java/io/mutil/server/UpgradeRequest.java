package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Who asks an {@link UpgradeHandler} for a connection or a resource, and with what.
 *
 * <p>Query and headers may hold tokens: {@link #toString} does not show them, and neither should a log. Immutable.
 */
public final class UpgradeRequest {
    private static final int MAX_PARAMETERS = 1024;

    private final String path;
    private final Map<String, List<String>> query;
    private final HttpHeaders headers;
    private final SocketAddress remoteAddress;
    private final Optional<X509Certificate> certificate;

    private UpgradeRequest(
            String path,
            Map<String, List<String>> query,
            HttpHeaders headers,
            SocketAddress remoteAddress,
            Optional<X509Certificate> certificate) {
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.remoteAddress = remoteAddress;
        this.certificate = certificate;
    }

    /** @throws IllegalArgumentException if the query is not encoded as it should be; its message may show the query */
    static UpgradeRequest of(HttpRequest head, Channel channel) {
        var query = new QueryStringDecoder(head.uri(), UTF_8, true, MAX_PARAMETERS, true);
        return new UpgradeRequest(
                UpgradeRules.pathOf(head.uri()),
                query.parameters(),
                head.headers(),
                channel.remoteAddress(),
                certificateOf(channel));
    }

    private static Optional<X509Certificate> certificateOf(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return Optional.empty();
        }
        try {
            var own = tls.engine().getSession().getPeerCertificates()[0];
            return own instanceof X509Certificate x509 ? Optional.of(x509) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /** The path asked for as it was sent, without the query: that of the WebSocket, or of a resource. */
    public String path() {
        return path;
    }

    /** The value of a parameter of the query, decoded; the first of several. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).map(values -> values.get(0));
    }

    /** The value of a header, whose name may be in any case; the first of several. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Address of the client, or of the proxy in front of it. */
    public SocketAddress remoteAddress() {
        return remoteAddress;
    }

    /** The certificate that the client has shown and that was found good, if there is TLS and it asks for one. */
    public Optional<X509Certificate> certificate() {
        return certificate;
    }

    @Override
    public String toString() {
        return "UpgradeRequest[" + path + " from " + remoteAddress + "]";
    }
}
