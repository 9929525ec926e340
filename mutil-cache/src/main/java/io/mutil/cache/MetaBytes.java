package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metadata of an answer as bytes. The name of the file is among them, so that a file that was copied to another name, or
 * found under one that differs only in case, does not answer for it. The times are in the {@link Slot}.
 */
final class MetaBytes {
    private MetaBytes() {}

    static byte[] of(String fileName, Meta meta) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            write(out, fileName);
            out.writeInt(meta.status());
            out.writeInt(meta.headers().size());
            // in order, so that equal metadata are equal bytes
            for (Map.Entry<String, List<String>> header : new java.util.TreeMap<>(meta.headers()).entrySet()) {
                write(out, header.getKey());
                out.writeInt(header.getValue().size());
                for (String value : header.getValue()) {
                    write(out, value);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is no disk here
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads them, and the times.
     *
     * @throws DamagedException if they are not those of this file
     */
    static Meta read(String fileName, EntryReader.Entry entry) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(entry.meta()))) {
            if (!readText(in).equals(fileName)) {
                throw new DamagedException("an entry of another name", false);
            }
            int status = in.readInt();
            var headers = new LinkedHashMap<String, List<String>>();
            for (int left = in.readInt(); left > 0; left--) {
                String name = readText(in);
                headers.put(name, readTexts(in));
            }
            Slot slot = entry.slot();
            return new Meta(status, headers, slot.storedAt(), slot.freshUntil(), slot.keepUntil());
        } catch (java.io.EOFException e) {
            throw new DamagedException("metadata end early", true);
        }
    }

    private static List<String> readTexts(DataInputStream in) throws IOException {
        var texts = new ArrayList<String>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(readText(in));
        }
        return List.copyOf(texts);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new DamagedException("metadata end early", true);
        }
        return new String(in.readNBytes(length), UTF_8);
    }
}
