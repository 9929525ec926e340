package io.mutil.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON: UTF-8, compact, one JSON value a payload.
 *
 * <p>The default mapper is strict: a string is no number, 1.5 is no integer, and an integer beyond its type is
 * malformed; members that the type does not know are ignored. Whatever the mapper, bytes behind the value are malformed, and so is
 * {@code null}, unless the type has a value for it as {@code JsonNode} has. A {@code Double} that is not finite cannot
 * be written.
 *
 * <p>Immutable and safe for many threads. Serialisable; a mapper of the caller's travels along, with what it was given.
 *
 * <pre>{@code
 * record Trade(String symbol, double price) {}
 *
 * Codec<Trade> trades = JsonCodec.of(Trade.class);
 * ByteBuf payload = trades.encode(alloc, new Trade("IBM", 101.25));
 * Trade trade = trades.decode(payload);
 * payload.release();
 * }</pre>
 *
 * @param <T> the values
 */
public final class JsonCodec<T> implements Codec<T> {
    private final JavaType type;
    private final @Nullable JsonMapper mapper;
    private final transient JsonMapper effectiveMapper;
    private final transient JsonItems<T> items;

    private JsonCodec(JavaType type, @Nullable JsonMapper mapper) {
        this.type = type;
        this.mapper = mapper;
        this.effectiveMapper = mapper == null ? StrictJson.MAPPER : mapper;
        this.items = mapper == null ? JsonItems.strict(type) : JsonItems.bound(type, mapper);
    }

    /** A codec for a class, with the strict mapper. */
    public static <T> JsonCodec<T> of(Class<T> type) {
        return new JsonCodec<>(StrictJson.MAPPER.constructType(type), null);
    }

    /** A codec for a generic type, with the strict mapper. */
    public static <T> JsonCodec<T> of(TypeReference<T> type) {
        return new JsonCodec<>(StrictJson.MAPPER.constructType(type), null);
    }

    /** A codec for a class, as lenient and as verbose as the caller's mapper is. */
    public static <T> JsonCodec<T> of(Class<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper.constructType(type), mapper);
    }

    /** A codec for a generic type, as lenient and as verbose as the caller's mapper is. */
    public static <T> JsonCodec<T> of(TypeReference<T> type, JsonMapper mapper) {
        return new JsonCodec<>(mapper.constructType(type), mapper);
    }

    @Override
    public void encode(T value, ByteBuf into) {
        requireNonNull(value, "value");
        write(into, json -> items.write(json, value));
    }

    @Override
    public void encodeAll(List<? extends T> values, ByteBuf into) {
        write(into, json -> {
            json.writeStartArray();
            for (T value : values) {
                items.write(json, requireNonNull(value, "item"));
            }
            json.writeEndArray();
        });
    }

    private interface Body {
        void writeTo(JsonGenerator json);
    }

    private void write(ByteBuf into, Body body) {
        int start = into.writerIndex();
        boolean written = false;
        OutputStream out = new ByteBufOutputStream(into);
        try (JsonGenerator json = effectiveMapper.createGenerator(out)) {
            body.writeTo(json);
            json.flush();
            written = true;
        } catch (JacksonException e) {
            // Jackson's message may quote the value, so it is not passed on as the cause.
            throw new IllegalArgumentException("value cannot be written as JSON of type " + typeName() + " ("
                    + e.getClass().getSimpleName() + "); check what its accessors return");
        } finally {
            if (!written) {
                into.writerIndex(start);
            }
        }
    }

    @Override
    public T decode(ByteBuf payload) throws MalformedPayloadException {
        return read(payload, this::readOnly);
    }

    @Override
    public List<T> decodeAll(ByteBuf payload) throws MalformedPayloadException {
        return read(payload, this::readItems);
    }

    private interface Reading<R> {
        R from(JsonParser json) throws MalformedPayloadException;
    }

    private <R> R read(ByteBuf payload, Reading<R> reading) throws MalformedPayloadException {
        try (JsonParser json = parser(payload)) {
            R result = reading.from(json);
            if (json.nextToken() != null) {
                throw malformed(json, "goes on after its value");
            }
            return result;
        } catch (JacksonException e) {
            throw malformed(e);
        } finally {
            payload.readerIndex(payload.writerIndex());
        }
    }

    private JsonParser parser(ByteBuf payload) {
        int length = payload.readableBytes();
        if (payload.hasArray()) {
            return effectiveMapper.createParser(payload.array(), payload.arrayOffset() + payload.readerIndex(), length);
        }
        return effectiveMapper.createParser(ByteBufUtil.getBytes(payload), 0, length);
    }

    private T readOnly(JsonParser json) throws MalformedPayloadException {
        if (json.nextToken() == null) {
            throw malformed(json, "is empty");
        }
        return readItem(json);
    }

    private List<T> readItems(JsonParser json) throws MalformedPayloadException {
        if (json.nextToken() != JsonToken.START_ARRAY) {
            return single(json);
        }
        List<T> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            all.add(readItem(json));
        }
        return all;
    }

    private List<T> single(JsonParser json) throws MalformedPayloadException {
        if (json.currentToken() == null) {
            throw malformed(json, "is empty");
        }
        List<T> one = new ArrayList<>(1);
        one.add(readItem(json));
        return one;
    }

    private T readItem(JsonParser json) throws MalformedPayloadException {
        T item = items.read(json);
        if (item == null) {
            throw malformed(json, "does not fit its type");
        }
        return item;
    }

    private MalformedPayloadException malformed(JsonParser json, String problem) {
        return new MalformedPayloadException(
                problem, typeName(), json.currentTokenLocation().getByteOffset());
    }

    private MalformedPayloadException malformed(JacksonException e) {
        // Jackson's messages quote the payload, so only the place is taken over and the exception is not the cause.
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        return new MalformedPayloadException(problem(e), typeName(), offset);
    }

    private static String problem(JacksonException e) {
        if (e instanceof DatabindException || e instanceof InputCoercionException) {
            return "does not fit its type";
        }
        return e instanceof StreamConstraintsException
                ? "is nested too deeply or has too long a number or name"
                : "is not valid JSON";
    }

    private String typeName() {
        return type.toCanonical();
    }

    @Override
    public String toString() {
        return "JsonCodec[" + typeName() + "]";
    }

    private Object readResolve() {
        return new JsonCodec<>(type, mapper);
    }
}
