package io.mutil.sqlshard;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * How values become the bytes of a row.
 *
 * <p>Every row says how it was written, so a codec reads the rows of all others as far as its type allows, and a store can
 * be opened with another codec than before: rows are changed as they are written again. {@link #json(Class)} writes what the
 * Python library writes and reads. A row's bytes are limited to 1 GB by SQLite, and a value to 1 GiB before it is deflated.
 *
 * <p>Immutable and safe for many threads.
 *
 * <pre>{@code
 * record Price(double bid, double ask) {}
 *
 * ValueCodec<Price> compatible = ValueCodec.json(Price.class);
 * ValueCodec<Price> small = ValueCodec.cbor(Price.class).level(9);
 * ValueCodec<byte[]> raw = ValueCodec.bytes();
 * }</pre>
 *
 * @param <V> the values
 */
public final class ValueCodec<V> {
    private final ValueForm form;
    private final @Nullable JavaType type;
    private final JsonMapper json;
    private final int level;

    private ValueCodec(ValueForm form, @Nullable JavaType type, JsonMapper json, int level) {
        this.form = form;
        this.type = type;
        this.json = json;
        this.level = level;
    }

    /** Values of a class as JSON, deflated at level 1: the rows of the Python library. */
    public static <V> ValueCodec<V> json(Class<V> type) {
        return json(type, Mappers.JSON);
    }

    /** Values of a generic type as JSON, deflated at level 1: the rows of the Python library. */
    public static <V> ValueCodec<V> json(TypeReference<V> type) {
        return new ValueCodec<>(ValueForm.JSON, Mappers.JSON.constructType(type), Mappers.JSON, 1);
    }

    /** Values of a class as JSON as the caller's mapper writes and reads it, deflated at level 1. */
    public static <V> ValueCodec<V> json(Class<V> type, JsonMapper mapper) {
        return new ValueCodec<>(ValueForm.JSON, mapper.constructType(type), mapper, 1);
    }

    /**
     * Values of a class as CBOR, deflated at level 1; the Python library does not read them.
     *
     * @throws IllegalStateException if {@code jackson-dataformat-cbor} is not on the class path
     */
    public static <V> ValueCodec<V> cbor(Class<V> type) {
        return new ValueCodec<>(ValueForm.CBOR, Mappers.cbor().constructType(type), Mappers.JSON, 1);
    }

    /**
     * Bytes as they are, not deflated; the Python library does not read them. Of the rows of other codecs it reads what their
     * mapper wrote.
     */
    public static ValueCodec<byte[]> bytes() {
        return new ValueCodec<>(ValueForm.BYTES, null, Mappers.JSON, 0);
    }

    /**
     * The same, deflated at another level.
     *
     * @param level 1 (fast) to 9 (small), or 0 for values that are not deflated, which the Python library does not read
     * @throws IllegalArgumentException if it is out of range
     */
    public ValueCodec<V> level(int level) {
        if (level < 0 || level > 9) {
            throw new IllegalArgumentException("level must be 0 to 9, was " + level);
        }
        return new ValueCodec<>(form, type, json, level);
    }

    /**
     * The bytes of a row.
     *
     * @throws IllegalArgumentException if the value cannot be written
     */
    byte[] encode(V value) {
        requireNonNull(value, "value");
        byte[] payload = type == null ? (byte[]) value : write(value, type);
        if (level == 0) {
            return RowBytes.plain(form, payload);
        }
        return Deflating.run(deflating -> deflating.deflate(payload, level, RowBytes.tagOfDeflated(form)));
    }

    private byte[] write(V value, JavaType type) {
        try {
            return mapper(form).writerFor(type).writeValueAsBytes(value);
        } catch (RuntimeException e) {
            // Jackson's message may quote the value, so it is not passed on as the cause.
            throw new IllegalArgumentException("value cannot be written as " + form + " of type " + type.toCanonical()
                    + " (" + e.getClass().getSimpleName() + "); check what its accessors return");
        }
    }

    /**
     * The value of a row, for statements of {@link SqlShard#query} that read it.
     *
     * <pre>{@code
     * ValueCodec<JsonNode> codec = ValueCodec.json(JsonNode.class);
     * List<JsonNode> values = store.query(
     *         "SELECT data FROM db WHERE key_2 = ?", List.of("nyse"), row -> codec.decode(row.getBytes(1)));
     * }</pre>
     *
     * @param row what the column {@code data} has
     * @throws IOException if it is damaged or of another type
     */
    public V decode(byte[] row) throws IOException {
        ValueForm written = RowBytes.form(row);
        if (!RowBytes.isDeflated(row)) {
            return read(written, row, 1, row.length - 1);
        }
        int offset = RowBytes.payloadOffset(row);
        return Inflating.run(inflating -> read(written, inflating.inflate(row, offset), 0, inflating.length()));
    }

    @SuppressWarnings("unchecked")
    private V read(ValueForm written, byte[] bytes, int offset, int length) throws IOException {
        if (type == null) {
            return (V) Arrays.copyOfRange(bytes, offset, offset + length);
        }
        V value = readOrNull(mapper(written), written, bytes, offset, length, type);
        if (value == null) {
            throw new DamagedRowException(
                    "a row's value is null, which " + type.toCanonical() + " cannot hold",
                    "open the store with JsonNode to read it",
                    null);
        }
        return value;
    }

    private @Nullable V readOrNull(
            ObjectMapper mapper, ValueForm written, byte[] bytes, int offset, int length, JavaType type)
            throws IOException {
        try {
            return mapper.readValue(bytes, offset, length, type);
        } catch (RuntimeException e) {
            throw unreadable(written, type, e);
        }
    }

    /** Without Jackson's message, as above. */
    private static IOException unreadable(ValueForm written, JavaType type, RuntimeException e) {
        String reason = " (" + e.getClass().getSimpleName() + ")";
        boolean malformed = e instanceof StreamReadException && !(e instanceof InputCoercionException);
        if (malformed && written != ValueForm.BYTES) {
            return new DamagedRowException(
                    "a row's value is no " + written + " that the mapper reads" + reason,
                    "put its value again, restore the file from a backup, or open the store with the mapper that it was"
                            + " written with",
                    null);
        }
        return new DamagedRowException(
                "a row's value does not read as " + written + " of type " + type.toCanonical() + reason,
                "open the store with the type that it was written with",
                null);
    }

    /** Bytes that nobody described are taken for JSON. */
    private ObjectMapper mapper(ValueForm written) {
        return written == ValueForm.CBOR ? Mappers.cbor() : json;
    }

    @Override
    public String toString() {
        return "ValueCodec[" + form + (type == null ? "" : " " + type.toCanonical()) + ", level " + level + "]";
    }
}
