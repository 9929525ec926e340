package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** SHA-256 and HMAC against those of the JDK. */
class HashTest {
    /** As some providers' are. */
    private static final class Uncloneable extends MessageDigest {
        private final MessageDigest digest;

        Uncloneable() {
            super("SHA-256");
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected void engineUpdate(byte input) {
            digest.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            digest.update(input, offset, length);
        }

        @Override
        protected byte[] engineDigest() {
            return digest.digest();
        }

        @Override
        protected void engineReset() {
            digest.reset();
        }
    }

    @Property(tries = 300)
    void hmacIsThatOfTheJdk(
            @ForAll @Size(min = 1, max = 200) byte[] key,
            @ForAll @Size(max = 200) byte[] before,
            @ForAll @Size(max = 200) byte[] text)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        var ours = new Hmac(key);

        assertThat(ours.sign(text, 0, text.length)).isEqualTo(mac.doFinal(text));
        assertThat(ours.sign(text, 0, text.length)).isEqualTo(mac.doFinal(text)); // the state is as before
        Hmac after = ours.after(before);
        mac.update(before);
        assertThat(after.sign(text, 0, text.length)).isEqualTo(mac.doFinal(text));
        mac.update(before);
        assertThat(after.sign(text, 0, text.length)).isEqualTo(mac.doFinal(text));
    }

    @Example
    void startsAnewWhereADigestCannotBeCopied() {
        var state = new Sha256("ab".getBytes(UTF_8), Uncloneable::new);

        MessageDigest first = state.start();
        MessageDigest second = state.start();
        MessageDigest third = state.and("cd".getBytes(UTF_8)).start();
        first.update((byte) 'c');
        second.update((byte) 'd');

        assertThat(Sha256.hex(first.digest())).isEqualTo(Sha256.hexOf("abc".getBytes(UTF_8)));
        assertThat(Sha256.hex(second.digest())).isEqualTo(Sha256.hexOf("abd".getBytes(UTF_8)));
        assertThat(Sha256.hex(third.digest())).isEqualTo(Sha256.hexOf("abcd".getBytes(UTF_8)));
    }
}
