package io.mutil.cache;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of an answer: in memory, or in a file that can be read as often as one likes while it is there. */
sealed interface Body permits Body.InMemory, Body.OnDisk {
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
            return new java.io.ByteArrayInputStream(bytes);
        }
    }

    /** A body in a file of the disk tier. */
    non-sealed interface OnDisk extends Body {}
}
