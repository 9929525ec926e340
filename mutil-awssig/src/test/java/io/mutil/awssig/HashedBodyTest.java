package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Bodies in one piece, verified while they are read. */
class HashedBodyTest extends VerifiedBodyFixture {
    @Test
    void comparesTheHashOfABodyInOnePieceBeforeItsLastByte() throws IOException {
        Sent sent = sent(bytes(20), Payload.of(bytes(20)));
        assertThat(read(sent)).isEqualTo(bytes(20));
        assertThat(accepted(sent.headers())
                        .body(new ByteArrayInputStream(sent.raw()))
                        .readNBytes(20))
                .isEqualTo(bytes(20));

        sent.raw()[19] ^= 1;
        InputStream body = accepted(sent.headers()).body(new ByteArrayInputStream(sent.raw()));

        assertThat(body.readNBytes(19)).hasSize(19);
        assertThat(body.available()).isZero();
        assertThatThrownBy(body::read).isInstanceOf(BodyRefusedException.class).hasMessageContaining("SHA-256");
        assertThatThrownBy(body::read).isInstanceOf(BodyRefusedException.class);
    }

    @Property(tries = 100)
    void readsABodyInOnePieceInAnyPortions(@ForAll @IntRange(max = 3 * CHUNK + 1) int length, @ForAll long seed)
            throws IOException {
        Sent sent = sent(bytes(length), Payload.of(bytes(length)));

        assertThat(readInPortions(sent, seed)).isEqualTo(bytes(length));
    }

    @Test
    void givesNothingMoreOfABodyInOnePieceOnceALineWasCut() throws IOException {
        Sent sent = sent(bytes(20), Payload.of(bytes(20)));
        InputStream body = accepted(sent.headers()).body(cutAfter(sent.raw(), 20));

        assertThat(body.readNBytes(19)).hasSize(19);
        assertThatThrownBy(body::read).hasMessage("the line is cut");
        assertThatThrownBy(body::read).hasMessageContaining("cannot be read on");
    }

    @Test
    void hashesWhatIsSkipped() throws IOException {
        Sent sent = sent(bytes(20), Payload.of(bytes(20)));
        InputStream body = accepted(sent.headers()).body(new ByteArrayInputStream(sent.raw()));

        assertThat(body.skip(19)).isEqualTo(19);
        assertThat(body.markSupported()).isFalse();
        assertThat(body.read()).isEqualTo(bytes(20)[19] & 0xFF);
        assertThat(body.read()).isEqualTo(-1);
        assertThat(body.read()).isEqualTo(-1);
    }

    @Test
    void givesAnUnsignedBodyAsItIs() throws IOException {
        Sent sent = sent(bytes(20), Payload.unsigned());

        assertThat(read(sent)).isEqualTo(bytes(20));
        assertThat(accepted(sent.headers()).isBodySigned()).isFalse();
    }
}
