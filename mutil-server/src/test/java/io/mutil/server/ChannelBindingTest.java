package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over certificates that {@code keytool -genkeypair -sigalg} has made, one for each kind of signature. */
class ChannelBindingTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static KeyStore certificates() throws Exception {
        try (InputStream in =
                Objects.requireNonNull(ChannelBindingTest.class.getResourceAsStream("/certificates.p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return store;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "md5-rsa, SHA-256",
        "sha1-rsa, SHA-256",
        "sha256-rsa, SHA-256",
        "sha384-ecdsa, SHA-384",
        "sha512-rsa, SHA-512",
        "sha3-512-rsa, SHA3-512",
        "pss-sha384, SHA-384",
        "ed25519, SHA-256"
    })
    void theHashIsThatOfTheSignature(String alias, String hash) throws Exception {
        X509Certificate certificate = (X509Certificate) certificates().getCertificate(alias);

        assertThat(ChannelBinding.hash(certificate)).isEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3", "TLSv1.2"})
    void bothEndsOfAConnectionGetTheSame(String protocol) throws Exception {
        SSLContext context = context();
        try (SSLServerSocket listening = (SSLServerSocket)
                        context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket()) {
            CompletableFuture<SSLSession> atServer = CompletableFuture.supplyAsync(() -> accept(listening));
            client.setEnabledProtocols(new String[] {protocol});
            client.connect(listening.getLocalSocketAddress(), 30_000);

            byte[] clients = ChannelBinding.ofClient(client.getSession());
            byte[] servers = ChannelBinding.ofServer(atServer.get(30, TimeUnit.SECONDS));

            byte[] encoded = certificates().getCertificate("sha384-ecdsa").getEncoded();
            assertThat(clients)
                    .isEqualTo(servers)
                    .isEqualTo(MessageDigest.getInstance("SHA-384").digest(encoded));
        }
    }

    @Test
    void thereIsNoneWithoutTls() {
        assertThat(ChannelBinding.none()).isEmpty();
    }

    private static SSLSession accept(SSLServerSocket listening) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
            return socket.getSession();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static SSLContext context() throws Exception {
        KeyStore all = certificates();
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, PASSWORD);
        one.setKeyEntry("server", all.getKey("sha384-ecdsa", PASSWORD), PASSWORD, new java.security.cert.Certificate[] {
            all.getCertificate("sha384-ecdsa")
        });
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(one);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
