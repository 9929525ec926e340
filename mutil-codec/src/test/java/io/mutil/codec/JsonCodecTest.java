package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonCodecTest {
    private static final ByteBufAllocator ALLOC = ByteBufAllocator.DEFAULT;

    record Trade(String symbol, double price) {}

    record Lot(int size) {
        Lot {
            if (size < 0) {
                throw new IllegalArgumentException("size must not be negative, was " + size);
            }
        }
    }

    enum Side {
        BUY,
        SELL
    }

    @Test
    void exampleOfTheClassDocs() throws IOException {
        ByteBufAllocator alloc = ALLOC;
        Codec<Trade> trades = JsonCodec.of(Trade.class);
        ByteBuf payload = trades.encode(alloc, new Trade("IBM", 101.25));
        assertThat(payload.toString(StandardCharsets.UTF_8)).isEqualTo("{\"symbol\":\"IBM\",\"price\":101.25}");
        Trade trade = trades.decode(payload);
        payload.release();
        assertThat(trade).isEqualTo(new Trade("IBM", 101.25));
    }

    @Test
    void exampleOfTheInterfaceDocs() throws IOException {
        ByteBufAllocator alloc = ALLOC;
        Codec<Long> longs = JsonCodec.of(Long.class);
        ByteBuf payload = longs.encode(alloc, 42L);
        long value = longs.decode(payload);
        payload.release();
        assertThat(value).isEqualTo(42);
    }

    @Test
    void scalarsGoThereAndBack() throws IOException {
        assertRoundTrip(Long.class, List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE));
        assertRoundTrip(Integer.class, List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE));
        assertRoundTrip(Double.class, List.of(-0.0, 1.5, 1e300, Double.MIN_VALUE, Double.MAX_VALUE));
        assertRoundTrip(
                String.class,
                List.of(
                        "",
                        "a",
                        "\"\\\n\u0001",
                        "h\u00e9llo \u6587 \ud83d\ude00",
                        "lone \ud800",
                        "\udc00 lone",
                        "x".repeat(100_000)));
        assertRoundTrip(Boolean.class, List.of(true, false));
        assertRoundTrip(Side.class, List.of(Side.BUY, Side.SELL));
    }

    private static <T> void assertRoundTrip(Class<T> type, List<T> values) throws IOException {
        JsonCodec<T> codec = JsonCodec.of(type);
        for (T value : values) {
            ByteBuf payload = codec.encode(ALLOC, value);
            assertThat(codec.decode(payload)).isEqualTo(value);
            assertThat(payload.isReadable()).isFalse();
            assertThat(payload.release()).isTrue();
        }
        ByteBuf array = ALLOC.buffer();
        codec.encodeAll(values, array);
        assertThat(codec.decodeAll(array)).isEqualTo(values);
        array.release();
    }

    @Test
    void thousandLongsFromHeapDirectAndOffset() throws IOException {
        JsonCodec<Long> codec = JsonCodec.of(Long.class);
        List<Long> items =
                LongStream.range(0, 1000).mapToObj(i -> i * 7_919 * 104_729).toList();
        for (ByteBuf payload : List.of(
                Unpooled.buffer(), Unpooled.directBuffer(), Unpooled.buffer(8).writerIndex(5))) {
            payload.readerIndex(payload.writerIndex());
            codec.encodeAll(items, payload);

            assertThat(codec.decodeAll(payload.slice())).isEqualTo(items);
            assertThat(codec.decodeAll(payload)).isEqualTo(items);

            assertThat(payload.isReadable()).isFalse();
            payload.release();
        }
    }

    @Test
    void arrayGivesItsElementsAndAnythingElseItself() throws IOException {
        JsonCodec<Long> longs = JsonCodec.of(Long.class);
        assertThat(longs.decodeAll(utf8("[1, 2,3]"))).containsExactly(1L, 2L, 3L);
        assertThat(longs.decodeAll(utf8("[]"))).isEmpty();
        assertThat(longs.decodeAll(utf8(" 7 "))).containsExactly(7L);
        assertThat(JsonCodec.of(Trade.class).decodeAll(utf8("[{\"symbol\":\"A\",\"price\":1}]")))
                .containsExactly(new Trade("A", 1));
        assertThat(JsonCodec.of(Trade.class).decodeAll(utf8("{\"symbol\":\"A\",\"price\":1}")))
                .containsExactly(new Trade("A", 1));
    }

    @Test
    void genericTypes() throws IOException {
        JsonCodec<Map<String, List<Integer>>> codec = JsonCodec.of(new TypeReference<>() {});
        Map<String, List<Integer>> value = Map.of("a", List.of(1, 2));

        ByteBuf payload = codec.encode(ALLOC, value);

        assertThat(codec.decode(payload)).isEqualTo(value);
        payload.release();
        assertThat(codec).hasToString("JsonCodec[java.util.Map<java.lang.String,java.util.List<java.lang.Integer>>]");
    }

    @Test
    void listsAsItems() throws IOException {
        JsonCodec<List<Integer>> codec = JsonCodec.of(new TypeReference<>() {});

        assertThat(codec.decodeAll(utf8("[[1],[2,3]]"))).containsExactly(List.of(1), List.of(2, 3));
        assertMalformed(codec, "[[1],\"x\"]", 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "\"1\"",
                "1.5",
                "1.0",
                "1e3",
                "true",
                "{}",
                "[]",
                "9223372036854775808",
                "1 2",
                "1x",
                "1]",
                "-",
                "01",
                "+1",
                "NaN",
                "//1\n1",
                "1\u0000"
            })
    void notALong(String payload) {
        assertMalformed(JsonCodec.of(Long.class), payload);
        assertMalformed(JsonCodec.of(new TypeReference<Long>() {}), payload);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[null]",
                "[1,null,2]",
                "[\"1\"]",
                "[1.5]",
                "[[1]]",
                "[1]]",
                "[1],",
                "[9223372036854775808]",
                "[1][2]",
                "null",
                ""
            })
    void notLongs(String payload) {
        MalformedPayloadException e = catchThrowableOfType(
                MalformedPayloadException.class, () -> JsonCodec.of(Long.class).decodeAll(utf8(payload)));

        assertThat(e).isNotNull();
        assertThat(e.expected()).isEqualTo("java.lang.Long");
    }

    @Test
    void otherTypesAreAsStrict() {
        assertMalformed(JsonCodec.of(Integer.class), "2147483648");
        assertMalformed(JsonCodec.of(int.class), "1.5");
        assertMalformed(JsonCodec.of(Double.class), "\"1.5\"");
        assertMalformed(JsonCodec.of(Double.class), "\"NaN\"");
        assertMalformed(JsonCodec.of(Double.class), "1e999");
        assertMalformed(JsonCodec.of(String.class), "1");
        assertMalformed(JsonCodec.of(Boolean.class), "1");
        assertMalformed(JsonCodec.of(Boolean.class), "\"true\"");
        assertMalformed(JsonCodec.of(Short.class), "40000");
        assertMalformed(JsonCodec.of(Side.class), "0");
        assertMalformed(JsonCodec.of(Trade.class), "{\"symbol\":1,\"price\":1}");
        assertMalformed(JsonCodec.of(Trade.class), "{\"symbol\":\"A\",\"price\":\"1\"}");
        assertMalformed(JsonCodec.of(Trade.class), "{\"symbol\":\"A\",\"price\":null}");
        assertMalformed(JsonCodec.of(Lot.class), "{\"size\":1.5}");
        assertMalformed(JsonCodec.of(JsonNode.class), "");
        assertMalformed(JsonCodec.of(JsonNode.class), "[".repeat(2000));
    }

    private static void assertMalformed(JsonCodec<?> codec, String json) {
        ByteBuf payload = utf8(json);
        MalformedPayloadException e =
                catchThrowableOfType(MalformedPayloadException.class, () -> codec.decode(payload));
        assertThat(e).as(json).isNotNull().hasNoCause();
        assertThat(payload.isReadable()).isFalse();
        assertThat(payload.refCnt()).isOne();
    }

    private static void assertMalformed(JsonCodec<?> codec, String json, long offset) {
        MalformedPayloadException e =
                catchThrowableOfType(MalformedPayloadException.class, () -> codec.decodeAll(utf8(json)));
        assertThat(e.offset()).isEqualTo(offset);
    }

    @Test
    void saysWhereWithoutQuotingThePayload() {
        for (String json : List.of("\"s3cret\"", "s3cret", "[\"s3cret\"]", "{\"s3cret\":{\"s3cret\":1}}", "1 s3cret")) {
            for (Class<?> type : List.of(Long.class, Trade.class, Side.class, Boolean.class)) {
                MalformedPayloadException e = catchThrowableOfType(
                        MalformedPayloadException.class,
                        () -> JsonCodec.of(type).decode(utf8(json)));
                if (e != null) {
                    assertThat(e).hasNoCause();
                    assertThat(e.getMessage()).doesNotContain("s3cret").contains("expected " + type.getName());
                }
            }
        }
        MalformedPayloadException e = catchThrowableOfType(
                MalformedPayloadException.class, () -> JsonCodec.of(Lot.class).decode(utf8("{\"size\":-4711}")));
        assertThat(e).hasNoCause();
        assertThat(e.getMessage())
                .startsWith("payload does not fit its type at byte ")
                .doesNotContain("4711");
    }

    @Test
    void offsetsCountFromTheStartOfThePayload() {
        JsonCodec<Long> codec = JsonCodec.of(Long.class);
        assertMalformed(codec, "[1,2,null]", 5);
        assertMalformed(codec, "[1,2,1.5]", 5);
        ByteBuf within = utf8("xxxx[1,2,true]").skipBytes(4);
        MalformedPayloadException e =
                catchThrowableOfType(MalformedPayloadException.class, () -> codec.decodeAll(within));
        assertThat(e)
                .hasMessage("payload does not fit its type at byte 5; expected java.lang.Long,"
                        + " so check what the peer sends");
    }

    @Test
    void bytesThatAreNoUtf8AreMalformed() {
        JsonCodec<String> codec = JsonCodec.of(String.class);
        for (byte[] bytes : List.of(
                new byte[] {'"', (byte) 0xff, '"'},
                new byte[] {'"', (byte) 0xc3, '"'},
                "\"a\"".getBytes(StandardCharsets.UTF_16LE),
                "\"a\"".getBytes(StandardCharsets.UTF_16BE))) {
            assertThat(catchThrowableOfType(
                            MalformedPayloadException.class, () -> codec.decode(Unpooled.wrappedBuffer(bytes))))
                    .isNotNull();
        }
    }

    @Test
    void unknownMembersAreIgnored() throws IOException {
        assertThat(JsonCodec.of(Lot.class).decode(utf8("{\"size\":1,\"colour\":\"red\"}")))
                .isEqualTo(new Lot(1));
    }

    @Test
    void valuesThatJsonCannotExpressAreRefusedAndLeaveNothingBehind() {
        ByteBuf into = utf8("before");
        JsonCodec<Double> doubles = JsonCodec.of(Double.class);
        assertThatIllegalArgumentException().isThrownBy(() -> doubles.encode(Double.NaN, into));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> doubles.encodeAll(List.of(1.5, Double.POSITIVE_INFINITY), into));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonCodec.of(Secretive.class).encode(new Secretive("s3cret"), into))
                .withMessageNotContaining("s3cret")
                .withNoCause();
        List<Double> longerThanJacksonsBuffer = IntStream.range(0, 10_000)
                .mapToObj(i -> i < 9_999 ? 1.5 : Double.NaN)
                .toList();
        assertThatIllegalArgumentException().isThrownBy(() -> doubles.encodeAll(longerThanJacksonsBuffer, into));
        assertThat(into.toString(StandardCharsets.UTF_8)).isEqualTo("before");
    }

    record Secretive(String text) {
        @Override
        public String text() {
            if (!text.isEmpty()) {
                throw new IllegalStateException(text);
            }
            return text;
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without the check may do
    void nullIsRefused() {
        ByteBuf into = Unpooled.buffer();
        JsonCodec<Long> codec = JsonCodec.of(Long.class);
        assertThatNullPointerException().isThrownBy(() -> codec.encode(null, into));
        assertThatNullPointerException().isThrownBy(() -> codec.encode(ALLOC, null));
        assertThatNullPointerException().isThrownBy(() -> codec.encodeAll(Arrays.asList(1L, null), into));
        assertThat(into.isReadable()).isFalse();
    }

    @Test
    void callersMapperDecides() throws IOException {
        JsonMapper lenient =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        JsonCodec<Long> codec = JsonCodec.of(Long.class, lenient);
        assertThat(codec.decode(utf8("\"12\""))).isEqualTo(12);
        assertMalformed(codec, "12 13");
        assertMalformed(codec, "null");

        JsonCodec<Map<String, Long>> maps = JsonCodec.of(new TypeReference<>() {}, lenient);
        ByteBuf payload = maps.encode(ALLOC, Map.of("a", 1L));
        assertThat(payload.toString(StandardCharsets.UTF_8)).contains("\n");
        payload.release();
    }

    @Test
    void travelsToOtherProcesses() throws Exception {
        assertThat(copy(JsonCodec.of(Long.class)).decodeAll(utf8("[1,2]"))).containsExactly(1L, 2L);
        assertThat(copy(JsonCodec.of(new TypeReference<List<Integer>>() {})).decode(utf8("[1,2]")))
                .containsExactly(1, 2);
        assertThat(copy(JsonCodec.of(Trade.class)).decode(utf8("{\"symbol\":\"A\",\"price\":2}")))
                .isEqualTo(new Trade("A", 2));
        JsonCodec<Long> lenient = JsonCodec.of(Long.class, JsonMapper.builder().build());
        assertThat(copy(lenient).decode(utf8("\"12\""))).isEqualTo(12);
    }

    @SuppressWarnings("unchecked")
    private static <C extends Codec<?>> C copy(C codec) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(codec);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (C) in.readObject();
        }
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }
}
