package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Speaks handshake version 2 over TCP, and the frames that follow it. */
final class RawFramedPeer extends RawPeer {
    private static final byte[] KEY_ID = "default".getBytes(US_ASCII);
    private static final int PREAMBLE_BYTES = 17 + KEY_ID.length + 32;
    private static final int PROOF_BYTES = 64;
    private static final byte DATA = 0;
    private static final byte CLOSE = 7;

    RawFramedPeer(URI uri) throws IOException {
        super(uri);
        byte[] ours = ByteBuffer.allocate(PREAMBLE_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("MUTL".getBytes(US_ASCII))
                .put(new byte[] {2, 1, 1, 4})
                .putLong(1 << 24)
                .put((byte) KEY_ID.length)
                .put(KEY_ID)
                .array();
        write(ours);
        byte[] theirs = read(PREAMBLE_BYTES);
        write(proof(ours, theirs));
        if (in().readByte() != 0) {
            throw new IOException("the server refused the proof");
        }
        var unused = read(PROOF_BYTES);
    }

    private static byte[] proof(byte[] ours, byte[] theirs) {
        try {
            var mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(FramedPeer.secret(), "HmacSHA512"));
            mac.update("mutil handshake 2 client".getBytes(US_ASCII));
            mac.update(ours);
            return mac.doFinal(theirs);
        } catch (GeneralSecurityException e) {
            throw new LinkageError("a JDK without HMAC-SHA-512", e);
        }
    }

    @Override
    byte[] message(String text) {
        return frame(DATA, text.getBytes(UTF_8));
    }

    /** A frame has no parts. */
    @Override
    byte[] firstPart(String text) {
        byte[] whole = message(text + " ".repeat(text.length()));
        return Arrays.copyOf(whole, whole.length - text.length());
    }

    private static byte[] frame(byte kind, byte[] payload) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1 + payload.length)
                .array());
        out.write(kind);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    @Override
    String next() throws IOException {
        while (true) {
            int length = Integer.reverseBytes(in().readInt());
            byte kind = in().readByte();
            String text = readText(length - 1);
            if (kind == DATA) {
                return text;
            }
            if (kind == CLOSE) {
                throw new EOFException("closed by the other end");
            }
        }
    }

    @Override
    void sayGoodbye() throws IOException {
        write(frame(CLOSE, new byte[] {(byte) 1000, 1000 >> 8}));
        end();
    }
}
