package io.mutil.testkit;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** Self-signed certificates, made once per JVM by the JDK's own tool. */
public final class TestTls {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Identity SERVER = Identity.make("server", "san=ip:127.0.0.1,dns:localhost");
    private static final Identity CLIENT = Identity.make("client", "san=dns:client");

    private record Identity(PrivateKey key, X509Certificate certificate) {
        static Identity make(String name, String extension) {
            try {
                Path directory = Files.createTempDirectory("mutil-tls");
                Path store = directory.resolve("keys.p12");
                run(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-dname",
                        "CN=" + name,
                        "-keyalg",
                        "EC",
                        "-ext",
                        extension,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD)));
                KeyStore keys = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(store)) {
                    keys.load(in, PASSWORD);
                }
                Files.delete(store);
                Files.delete(directory);
                return new Identity(
                        (PrivateKey) keys.getKey(name, PASSWORD), (X509Certificate) keys.getCertificate(name));
            } catch (Exception e) {
                throw new IllegalStateException("keytool makes no certificate", e);
            }
        }

        private static void run(List<String> command) throws Exception {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command.get(0) + " failed");
            }
        }
    }

    private TestTls() {}

    /** For servers on 127.0.0.1 and localhost. */
    public static SslContext server() {
        return build(SslContextBuilder.forServer(SERVER.key(), SERVER.certificate()));
    }

    /** Wants the certificate of {@link #clientWithCertificate}. */
    public static SslContext serverThatAsksClients() {
        return build(SslContextBuilder.forServer(SERVER.key(), SERVER.certificate())
                .trustManager(CLIENT.certificate())
                .clientAuth(ClientAuth.REQUIRE));
    }

    /** Trusts that server. */
    public static SslContext client() {
        return build(SslContextBuilder.forClient().trustManager(SERVER.certificate()));
    }

    /** Trusts that server too, and shows its own certificate. */
    public static SslContext clientWithCertificate() {
        return build(SslContextBuilder.forClient()
                .trustManager(SERVER.certificate())
                .keyManager(CLIENT.key(), CLIENT.certificate()));
    }

    /** Trusts nobody that there is. */
    public static SslContext clientOfOthers() {
        return build(SslContextBuilder.forClient().trustManager(CLIENT.certificate()));
    }

    /** What the server shows, and what its clients trust, as other languages read it. */
    public static String certificatePem() {
        try {
            return pem("CERTIFICATE", SERVER.certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Private key and certificate of the server. */
    public static String serverPem() {
        return pem("PRIVATE KEY", SERVER.key().getEncoded()) + certificatePem();
    }

    private static String pem(String what, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.build();
        } catch (javax.net.ssl.SSLException e) {
            throw new UncheckedIOException(e);
        }
    }
}
