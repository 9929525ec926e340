package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies in chunks, verified while they are read. */
class VerifiedBodyTest extends VerifiedBodyFixture {
    private static final int CASE = 5;

    static Stream<ChunkedPayload> forms() {
        ChunkedPayload plain = Payload.chunked(20).chunkSize(CHUNK);
        return Stream.concat(
                Stream.of(plain),
                Arrays.stream(Checksum.values())
                        .flatMap(checksum -> Stream.of(plain.trailer(checksum), plain.unsigned(checksum))));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void givesWhatTheClientMeant(ChunkedPayload form) throws IOException {
        Sent sent = sent(bytes(20), form);

        assertThat(read(sent)).isEqualTo(bytes(20));
        assertThat(accepted(sent.headers()).isBodySigned()).isEqualTo(form.isSigned());
        assertThat(verifier.verify("PUT", "/key", sent.headers(), sent.raw()).isAccepted())
                .isTrue();
    }

    @Property(tries = 200)
    void readsAnyLengthInAnyPortions(
            @ForAll @IntRange(max = 3 * CHUNK + 1) int length, @ForAll long seed, @ForAll boolean signed)
            throws IOException {
        ChunkedPayload form = Payload.chunked(length).chunkSize(CHUNK);
        Sent sent = sent(bytes(length), signed ? form : form.unsigned(Checksum.CRC32C));

        assertThat(readInPortions(sent, seed)).isEqualTo(bytes(length));
    }

    @Test
    void givesSignedBytesBeforeTheRestHasCome() throws IOException {
        Sent sent = sent(bytes(2 * CHUNK), Payload.chunked(2 * CHUNK).chunkSize(CHUNK));
        InputStream cut = cutAfter(sent.raw(), CHUNK + 200);
        InputStream body = accepted(sent.headers()).body(cut);

        assertThat(body.readNBytes(CHUNK)).isEqualTo(Arrays.copyOf(bytes(2 * CHUNK), CHUNK));
        assertThat(body.available()).isZero();
        assertThatThrownBy(body::read).hasMessage("the line is cut");
    }

    @Test
    void givesNoByteOfAChunkThatWasNotVerifiedBecauseALineWasCut() throws IOException {
        Sent sent = sent(bytes(CHUNK), Payload.chunked(CHUNK).chunkSize(CHUNK));
        int untilItsLineEnd = "2000;chunk-signature=\r\n".length() + 64 + CHUNK;
        InputStream body = accepted(sent.headers()).body(cutAfter(sent.raw(), untilItsLineEnd));

        assertThatThrownBy(body::read).hasMessage("the line is cut");

        assertThatThrownBy(body::read).hasMessageContaining("cannot be read on").hasRootCauseMessage("the line is cut");
        assertThat(body)
                .isNotNull()
                .satisfies(stopped -> assertThat(stopped.available()).isZero());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void givesTheLastBytesOfChunksOnlyWithWhatFollowsThem(ChunkedPayload form) {
        Sent sent = sent(bytes(20), form);
        for (int length = 0; length < sent.raw().length; length++) {
            Sent cut = new Sent(sent.headers(), Arrays.copyOf(sent.raw(), length));
            InputStream body = accepted(cut.headers()).body(new ByteArrayInputStream(cut.raw()));

            assertThatThrownBy(() -> body.readNBytes(20)).isInstanceOf(BodyRefusedException.class);
            assertThatThrownBy(() -> body.readNBytes(1)).isInstanceOf(BodyRefusedException.class);
        }
    }

    @Test
    void givesNoByteOfAChunkWhoseSignatureIsWrong() {
        Sent sent = sent(bytes(20), Payload.chunked(20).chunkSize(CHUNK));
        sent.raw()[100] ^= 1;
        InputStream body = accepted(sent.headers()).body(new ByteArrayInputStream(sent.raw()));

        assertThatThrownBy(body::read).isInstanceOf(BodyRefusedException.class).hasMessageContaining("signature");
        assertThatThrownBy(body::read).isInstanceOf(BodyRefusedException.class).hasMessageContaining("signature");
    }

    /** But capital and small letters in the length of a chunk and in the name of a trailer, which mean the same. */
    @ParameterizedTest
    @MethodSource("forms")
    void refusesAnyChangedBit(ChunkedPayload form) {
        byte[] body = bytes(26);
        Sent sent = sent(body, withLength(form, 26));
        String text = new String(sent.raw(), ISO_8859_1);
        int trailer = text.lastIndexOf("x-amz-checksum");
        for (int at = 0; at < sent.raw().length; at++) {
            boolean name = trailer >= 0 && at >= trailer && at < text.indexOf(':', trailer);
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] raw = sent.raw().clone();
                raw[at] ^= (byte) (1 << bit);
                boolean same = bit == CASE && Character.isLetter(text.charAt(at)) && (at == 1 || name);
                if (verifier.verify("PUT", "/key", sent.headers(), raw).isAccepted() != same) {
                    throw new AssertionError("bit " + bit + " of byte " + at + " of " + text);
                }
            }
        }
    }

    private static ChunkedPayload withLength(ChunkedPayload form, long length) {
        ChunkedPayload other = Payload.chunked(length).chunkSize(CHUNK);
        Checksum checksum = form.checksum();
        return checksum == null ? other : form.isSigned() ? other.trailer(checksum) : other.unsigned(checksum);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void refusesABodyThatIsCutAnywhereOrGoesOn(ChunkedPayload form) {
        Sent sent = sent(bytes(20), form);

        for (int length = 0; length < sent.raw().length; length++) {
            Sent cut = new Sent(sent.headers(), Arrays.copyOf(sent.raw(), length));
            assertThatThrownBy(() -> read(cut)).isInstanceOf(BodyRefusedException.class);
        }
        assertRefused(
                new Sent(sent.headers(), Arrays.copyOf(sent.raw(), sent.raw().length + 1)), "after the last chunk");
    }

    @Test
    void refusesChunksInAnotherOrder() {
        Sent sent = sent(bytes(2 * CHUNK), Payload.chunked(2 * CHUNK).chunkSize(CHUNK));
        int chunk = CHUNK + "2000;chunk-signature=\r\n\r\n".length() + 64;
        byte[] raw = sent.raw().clone();
        System.arraycopy(sent.raw(), 0, raw, chunk, chunk);
        System.arraycopy(sent.raw(), chunk, raw, 0, chunk);

        assertRefused(new Sent(sent.headers(), raw), "the signature of a chunk is wrong");
    }

    @Test
    void refusesABodyOfAnotherLengthThanWasAnnounced() {
        Sent longer = sent(bytes(20), Payload.chunked(20).chunkSize(CHUNK));
        Sent first = sent(new byte[0], Payload.chunked(0).chunkSize(CHUNK));

        assertThat(first.headers().get("x-amz-decoded-content-length")).containsExactly("0");
        assertRefused(new Sent(first.headers(), longer.raw()), "more bytes than x-amz-decoded-content-length");
        assertRefused(new Sent(longer.headers(), first.raw()), "signature of a chunk");
        Sent unsigned = sent(bytes(20), Payload.chunked(20).unsigned(Checksum.CRC32));
        Sent empty = sent(new byte[0], Payload.chunked(0).unsigned(Checksum.CRC32));
        assertRefused(new Sent(unsigned.headers(), empty.raw()), "20 bytes fewer than x-amz-decoded-content-length");
    }

    @Test
    void refusesAChunkThatIsTooLongBeforeItComes() {
        int length = CHUNK + 1;
        Sent sent = sent(bytes(length), Payload.chunked(length).chunkSize(length));
        Sent head = new Sent(sent.headers(), Arrays.copyOf(sent.raw(), 100));

        assertRefused(head, "a chunk of 8193 bytes is longer than the 8192 that are allowed");
    }

    @Test
    void takesUnsignedChunksOfAnyLength() throws IOException {
        int length = 5 * CHUNK;
        Sent sent =
                sent(bytes(length), Payload.chunked(length).chunkSize(length).unsigned(Checksum.CRC32));

        assertThat(read(sent)).isEqualTo(bytes(length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "14\n",
                "14 \r\n",
                "+14\r\n",
                "g\r\n",
                "\u0661\r\n",
                "1234567890123456\r\n",
                "14;chunk-signature=0000000000000000000000000000000000000000000000000000000000000000\r\n",
                "14;a=b\r\n",
            })
    void refusesUnsignedChunksThatBeginOtherwise(String head) {
        Sent sent = sent(bytes(20), Payload.chunked(20).unsigned(Checksum.CRC32));
        var raw = new ByteArrayOutputStream();
        raw.writeBytes(head.getBytes(UTF_8));
        raw.write(sent.raw(), 4, sent.raw().length - 4);

        assertThatThrownBy(() -> read(new Sent(sent.headers(), raw.toByteArray())))
                .isInstanceOf(BodyRefusedException.class);
    }

    @Test
    void refusesLinesWithoutEnd() {
        Sent sent = sent(bytes(20), Payload.chunked(20).unsigned(Checksum.CRC32));

        assertRefused(new Sent(sent.headers(), new byte[1 << 20]), "a line between chunks");
        byte[] zeros = new byte[1 << 20];
        Arrays.fill(zeros, (byte) '0');
        assertRefused(new Sent(sent.headers(), zeros), "a line between chunks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x-amz-checksum-crc32:AAAAAA==\r\n",
                "x-amz-checksum-crc32:%s\r\nx-amz-checksum-crc32:%s\r\n",
                "x-amz-checksum-sha256:%s\r\n",
                "x-amz-checksum-crc32:%s\r\nx-amz-trailer-signature:00\r\n",
                "x-amz-checksum-crc32:%s\r\nx-amz-meta-a:b\r\n",
                "x-amz-checksum-crc32\r\n",
                ":%s\r\n",
            })
    void refusesATrailerThatWasNotAnnounced(String trailer) {
        Sent sent = sent(bytes(20), Payload.chunked(20).unsigned(Checksum.CRC32));
        String text = new String(sent.raw(), ISO_8859_1);
        int at = text.indexOf("x-amz-checksum");
        String value = text.substring(text.indexOf(':', at) + 1, text.length() - 4);
        String changed = text.substring(0, at) + trailer.replace("%s", value) + "\r\n";

        assertThatThrownBy(() -> read(new Sent(sent.headers(), changed.getBytes(ISO_8859_1))))
                .isInstanceOf(BodyRefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x-amz-meta-a", "x-amz-checksum-crc32,x-amz-checksum-sha1", "x-amz-checksum-md5"})
    void refusesARequestThatAnnouncesNoChecksum(String trailer) {
        Sent sent =
                sent(bytes(20), Payload.chunked(20).unsigned(Checksum.CRC32)).with("x-amz-trailer", trailer);

        assertThat(verifier.verify("PUT", "/key", sent.headers()))
                .isInstanceOfSatisfying(
                        Verification.Refused.class,
                        refused ->
                                assertThat(refused.message()).contains("one checksum", "x-amz-checksum-crc64nvme, "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "x", "1234567890123456789", "\u0661"})
    void refusesARequestThatAnnouncesNoLength(String length) {
        Sent sent = sent(bytes(20), Payload.chunked(20)).with("x-amz-decoded-content-length", length);

        assertThat(verifier.verify("PUT", "/key", sent.headers()))
                .isInstanceOfSatisfying(
                        Verification.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Verification.Reason.MALFORMED));
    }

    /** As the AWS command line sends a body over TLS. */
    @Test
    void knowsTheChecksumOfTheCommandLine() {
        var raw = "9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:rosUhgp5mIg=\r\n\r\n";
        InputStream body = new VerifiedChunks(
                new ByteArrayInputStream(raw.getBytes(US_ASCII)), 9, List.of("x-amz-checksum-crc64nvme"), CHUNK, null);
        InputStream other = new VerifiedChunks(
                new ByteArrayInputStream(raw.replace("rosU", "rosV").getBytes(US_ASCII)),
                9,
                List.of("x-amz-checksum-crc64nvme"),
                CHUNK,
                null);

        assertThat(body).hasContent("123456789");
        assertThatThrownBy(other::readAllBytes).hasMessageContaining("x-amz-checksum-crc64nvme is not the checksum");
    }

    /** Behind a header of the trailer it has LF and then the CR LF of the line. */
    @Test
    void readsTheTrailerOfMinioGo() throws IOException {
        ChunkedPayload form = Payload.chunked(20).chunkSize(CHUNK);
        Sent signed = sent(bytes(20), form.trailer(Checksum.CRC32C));
        Sent unsigned = sent(bytes(20), form.unsigned(Checksum.CRC32C));

        assertThat(read(withLineFeedBehindTheChecksum(signed, "\n\r\n"))).isEqualTo(bytes(20));
        assertThat(read(withLineFeedBehindTheChecksum(unsigned, "\n\r\n"))).isEqualTo(bytes(20));
        for (String other : List.of("\n", "\n\n", "\n\n\r\n", "\r\r\n", "\n\r\r\n")) {
            assertRefused(withLineFeedBehindTheChecksum(signed, other), "");
        }
    }

    private static Sent withLineFeedBehindTheChecksum(Sent sent, String end) {
        String text = new String(sent.raw(), ISO_8859_1);
        int at = text.indexOf("\r\n", text.lastIndexOf("x-amz-checksum-crc32c:"));
        String changed = text.substring(0, at) + end + text.substring(at + 2);
        return new Sent(sent.headers(), changed.getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @EnumSource(Checksum.class)
    void readsByteByByte(Checksum checksum) throws IOException {
        Sent sent = sent(bytes(3), Payload.chunked(3).trailer(checksum));
        InputStream body = accepted(sent.headers()).body(new ByteArrayInputStream(sent.raw()));

        assertThat(new int[] {body.read(), body.read(), body.read(), body.read(), body.read()})
                .containsExactly(bytes(3)[0] & 0xFF, bytes(3)[1] & 0xFF, bytes(3)[2] & 0xFF, -1, -1);
        assertThat(body.read(new byte[0])).isZero();
    }
}
