package io.mutil.server;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Ties a handshake to the TLS connection that it runs in: the hash of the server's certificate, that is
 * {@code tls-server-end-point} of RFC 5929, section 4.1.
 *
 * <p>The hash is that of the certificate's signature, with SHA-256 in place of MD5 and SHA-1. Where the RFC leaves it
 * undefined because the signature names none, as with Ed25519, it is SHA-256 too.
 */
final class ChannelBinding {
    private static final byte[] NONE = {};

    private ChannelBinding() {}

    /** Of a connection without TLS. */
    static byte[] none() {
        return NONE;
    }

    /**
     * Of a completed TLS handshake, on the client.
     *
     * @throws IllegalStateException if the server showed no X.509 certificate
     */
    static byte[] ofClient(SSLSession session) {
        try {
            return of(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            throw noCertificate(e);
        }
    }

    /**
     * Of a completed TLS handshake, on the server.
     *
     * @throws IllegalStateException if this end showed no X.509 certificate
     */
    static byte[] ofServer(SSLSession session) {
        return of(session.getLocalCertificates());
    }

    private static byte[] of(Certificate @Nullable [] chain) {
        if (chain == null || chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
            throw noCertificate(null);
        }
        try {
            return MessageDigest.getInstance(hash(certificate)).digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "no hash of a certificate signed with " + certificate.getSigAlgName()
                            + "; use one signed with SHA256withRSA or SHA256withECDSA",
                    e);
        }
    }

    private static IllegalStateException noCertificate(@Nullable Exception cause) {
        return new IllegalStateException(
                "TLS without an X.509 certificate of the server cannot be bound to; give the server one", cause);
    }

    static String hash(X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        String name = algorithm.equals("RSASSA-PSS") ? pssHash(certificate) : algorithm;
        int with = name.indexOf("WITH");
        return normalized(with < 0 ? name : name.substring(0, with));
    }

    private static String pssHash(X509Certificate certificate) throws GeneralSecurityException {
        byte[] encoded = certificate.getSigAlgParams();
        if (encoded == null) {
            return "SHA-1"; // the default of RFC 4055
        }
        var parameters = java.security.AlgorithmParameters.getInstance("RSASSA-PSS");
        try {
            parameters.init(encoded);
        } catch (java.io.IOException e) {
            throw new NoSuchAlgorithmException("unreadable parameters of RSASSA-PSS", e);
        }
        return parameters
                .getParameterSpec(PSSParameterSpec.class)
                .getDigestAlgorithm()
                .toUpperCase(Locale.ROOT);
    }

    /** As "SHA384" or "SHA-384"; SHA-256 in place of what is too weak or no hash. */
    private static String normalized(String hash) {
        return switch (hash) {
            case "SHA224", "SHA-224" -> "SHA-224";
            case "SHA384", "SHA-384" -> "SHA-384";
            case "SHA512", "SHA-512" -> "SHA-512";
            case "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512" -> hash;
            default -> "SHA-256";
        };
    }
}
