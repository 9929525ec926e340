package io.mutil.cache;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;

/** The bytes of an answer: in memory, or in a file that can be read as often as one likes while it is there. */
sealed interface Body permits Body.InMemory, Body.InPieces, Body.OnDisk {
    /** How many bytes. */
    long length();

    /** From the beginning. What it reads from a file it checks at the end. */
    InputStream open() throws IOException;

    /** A body in memory, which nobody changes. */
    final class InMemory implements Body {
        private final byte[] bytes;

        InMemory(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }

    /** A body in memory that is too large to stay there: those have it who waited for it, and nobody else. */
    final class InPieces implements Body {
        private final List<byte[]> pieces;

        InPieces(List<byte[]> pieces) {
            this.pieces = List.copyOf(pieces);
        }

        @Override
        public long length() {
            return pieces.stream().mapToLong(piece -> piece.length).sum();
        }

        @Override
        public InputStream open() {
            return new SequenceInputStream(Collections.enumeration(
                    pieces.stream().map(ByteArrayInputStream::new).toList()));
        }
    }

    /** A body in a file of the disk tier. */
    non-sealed interface OnDisk extends Body {}
}
