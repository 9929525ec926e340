package io.mutil.codec;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The frames of a stream and how it ends: found the slow way, or told by whoever reads it. */
record FramesByTheBook(List<Frame> frames, End end) {
    enum End {
        WHOLE,
        TRUNCATED,
        TOO_LARGE,
        NO_KIND
    }

    /** @param payload null if it was not looked at */
    @SuppressWarnings("ArrayRecordComponent") // compared as text
    record Frame(int kind, long length, byte @Nullable [] payload) {
        private String describe(boolean withPayload) {
            return kind + ":" + length + ":"
                    + (payload == null || !withPayload ? "-" : HexFormat.of().formatHex(payload));
        }
    }

    static FramesByTheBook of(byte[] stream, int width, long limit, boolean typed) {
        BigInteger most = BigInteger.valueOf(limit);
        if (typed && limit < Long.MAX_VALUE) {
            most = most.add(BigInteger.ONE);
        }
        List<Frame> frames = new ArrayList<>();
        int at = 0;
        while (at < stream.length) {
            if (stream.length - at < width) {
                return new FramesByTheBook(frames, End.TRUNCATED);
            }
            BigInteger length = unsigned(Arrays.copyOfRange(stream, at, at + width));
            at += width;
            if (length.compareTo(most) > 0) {
                return new FramesByTheBook(frames, End.TOO_LARGE);
            }
            if (typed && length.signum() == 0) {
                return new FramesByTheBook(frames, End.NO_KIND);
            }
            if (length.compareTo(BigInteger.valueOf(stream.length - at)) > 0) {
                return new FramesByTheBook(frames, End.TRUNCATED);
            }
            int begin = typed ? at + 1 : at;
            int kind = typed ? Byte.toUnsignedInt(stream[at]) : 0;
            at += length.intValueExact();
            frames.add(new Frame(kind, at - begin, Arrays.copyOfRange(stream, begin, at)));
        }
        return new FramesByTheBook(frames, End.WHOLE);
    }

    private static BigInteger unsigned(byte[] littleEndian) {
        BigInteger value = BigInteger.ZERO;
        for (int i = littleEndian.length - 1; i >= 0; i--) {
            value = value.shiftLeft(Byte.SIZE).or(BigInteger.valueOf(Byte.toUnsignedInt(littleEndian[i])));
        }
        return value;
    }

    String describe() {
        return describe(this);
    }

    /** Without the payloads that the other one did not look at. */
    String describe(FramesByTheBook other) {
        var text = new StringBuilder();
        for (int i = 0; i < frames.size(); i++) {
            boolean seen = i >= other.frames.size() || other.frames.get(i).payload() != null;
            text.append(frames.get(i).describe(seen)).append('\n');
        }
        return text.append(end).toString();
    }
}
