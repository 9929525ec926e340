package io.mutil.sqlshard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Unpacks the plain tar files of the tests. */
final class Tar {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE = 12;
    private static final int TYPE_AT = 156;

    private Tar() {}

    static void unpack(String resource, Path into) throws IOException {
        try (InputStream in = Objects.requireNonNull(Tar.class.getResourceAsStream("/" + resource))) {
            for (byte[] header = in.readNBytes(BLOCK); header.length == BLOCK && header[0] != 0; ) {
                unpackOne(header, in, into);
                header = in.readNBytes(BLOCK);
            }
        }
    }

    private static void unpackOne(byte[] header, InputStream in, Path into) throws IOException {
        Path target = into.resolve(text(header, 0, NAME));
        int size = Integer.parseInt(text(header, SIZE_AT, SIZE).trim(), 8);
        if (header[TYPE_AT] == '5') {
            Files.createDirectories(target);
            return;
        }
        Files.write(target, in.readNBytes(size));
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }
}
