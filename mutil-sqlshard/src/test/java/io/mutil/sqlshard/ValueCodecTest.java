package io.mutil.sqlshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringTokenizer;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

class ValueCodecTest {
    record Quote(String symbol, double price) {}

    private static final Quote QUOTE = new Quote("IBM", 101.25);

    @Test
    void readsTheRowsOfAllOthers() throws Exception {
        List<ValueCodec<Quote>> all = List.of(
                ValueCodec.json(Quote.class),
                ValueCodec.json(Quote.class).level(0),
                ValueCodec.json(Quote.class).level(9),
                ValueCodec.cbor(Quote.class),
                ValueCodec.cbor(Quote.class).level(0),
                ValueCodec.json(new TypeReference<>() {}));

        for (ValueCodec<Quote> written : all) {
            for (ValueCodec<Quote> read : all) {
                assertThat(read.decode(written.encode(QUOTE)))
                        .as("%s by %s", written, read)
                        .isEqualTo(QUOTE);
            }
        }
    }

    @Test
    void writesDeflatedJsonAsThePythonLibraryDoes() {
        byte[] row = ValueCodec.json(Quote.class).encode(QUOTE);

        assertThat(row).startsWith(0x78, 0x01);
    }

    @Test
    void tagsEveryOtherRow() {
        assertThat(ValueCodec.json(Quote.class).level(0).encode(QUOTE)).startsWith(0x10, '{');
        assertThat(ValueCodec.cbor(Quote.class).level(0).encode(QUOTE)).startsWith(0x20);
        assertThat(ValueCodec.cbor(Quote.class).encode(QUOTE)).startsWith(0x21, 0x78);
        assertThat(ValueCodec.bytes().encode(new byte[] {7})).containsExactly(0x30, 7);
        assertThat(ValueCodec.bytes().level(5).encode(new byte[] {7})).startsWith(0x31, 0x78);
    }

    @Test
    void givesTheBytesOfRowsThatAMapperWrote() throws Exception {
        byte[] row = ValueCodec.json(Quote.class).encode(QUOTE);

        assertThat(ValueCodec.bytes().decode(row)).asString().isEqualTo("{\"symbol\":\"IBM\",\"price\":101.25}");
        assertThat(ValueCodec.json(Quote.class)
                        .decode(ValueCodec.bytes().encode(ValueCodec.bytes().decode(row))))
                .isEqualTo(QUOTE);
    }

    @Test
    void carriesLargeValues() throws Exception {
        var bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);

        assertThat(ValueCodec.bytes().decode(ValueCodec.bytes().encode(bytes))).isEqualTo(bytes);
        assertThat(ValueCodec.bytes().decode(ValueCodec.bytes().level(1).encode(bytes)))
                .isEqualTo(bytes);
        assertThat(ValueCodec.bytes().decode(ValueCodec.bytes().level(1).encode(new byte[5 << 20])))
                .hasSize(5 << 20);
    }

    @Test
    void carriesGenericTypes() throws Exception {
        ValueCodec<Map<String, List<Integer>>> codec = ValueCodec.json(new TypeReference<>() {});

        assertThat(codec.decode(codec.encode(Map.of("a", List.of(1, 2))))).isEqualTo(Map.of("a", List.of(1, 2)));
    }

    @Test
    void refusesDamagedRowsWithoutShowingThem() {
        byte[] row = ValueCodec.json(Quote.class).encode(QUOTE);

        assertDamaged(Arrays.copyOf(row, row.length - 5), "no whole zlib stream");
        assertDamaged(new byte[0], "none of the known tags");
        assertDamaged(new byte[] {0x50, 1}, "none of the known tags");
        assertDamaged(new byte[] {0x12, 1}, "none of the known tags");
        assertDamaged(ValueCodec.json(String.class).encode("secret"), "does not read as JSON");
        assertDamaged(new byte[] {0x10, 'n', 'u', 'l', 'l'}, "is null");
    }

    private static void assertDamaged(byte[] row, String problem) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ValueCodec.json(Quote.class).decode(row))
                .withMessageContaining(problem)
                .withMessageNotContaining("secret");
    }

    @Test
    void doesNotBlameTheTypeForDamage() {
        byte[] row = ValueCodec.json(Quote.class).level(0).encode(QUOTE);
        row[1] ^= 1;

        assertDamaged(row, "is no JSON that the mapper reads (StreamReadException); put its value again");
        assertDamaged(
                new byte[] {0x10, '{', '"', 'p', 'r', 'i', 'c', 'e', '"', ':', '"', 'x', '"', '}'},
                "of type io.mutil.sqlshard.ValueCodecTest$Quote (InvalidFormatException); open the store with the type");
        assertDamaged(new byte[] {0x30, 7}, "does not read as BYTES");
    }

    @Test
    void saysWhatIsMissingForRowsInCbor() throws Exception {
        try (var loader = new URLClassLoader(classPathWithoutCbor(), ClassLoader.getPlatformClassLoader())) {
            var made = Class.forName(ReadingCbor.class.getName(), true, loader).getDeclaredConstructor();
            made.setAccessible(true);
            var reading = (Callable<?>) made.newInstance();

            assertThatIllegalStateException()
                    .isThrownBy(reading::call)
                    .withMessageContaining("jackson-dataformat-cbor on the class path; add it");
        }
    }

    private static URL[] classPathWithoutCbor() throws IOException {
        List<URL> classPath = new ArrayList<>();
        for (var entries = new StringTokenizer(System.getProperty("java.class.path"), File.pathSeparator);
                entries.hasMoreTokens(); ) {
            Path entry = Path.of(entries.nextToken());
            if (!entry.toString().contains("jackson-dataformat-cbor")) {
                classPath.add(entry.toUri().toURL());
            }
        }
        return classPath.toArray(URL[]::new);
    }

    static final class ReadingCbor implements Callable<String> {
        @Override
        public String call() throws IOException {
            return ValueCodec.json(String.class).decode(new byte[] {0x20, 0x61, 'a'});
        }
    }

    @Test
    void hasAValueForNullWhereTheTypeHas() throws Exception {
        JsonNode value = ValueCodec.json(JsonNode.class).decode(new byte[] {0x10, 'n', 'u', 'l', 'l'});

        assertThat(value.isNull()).isTrue();
    }

    @Test
    void refusesWhatItCannotWrite() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ValueCodec.json(Failing.class).encode(new Failing()))
                .withMessageContaining("cannot be written")
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException().isThrownBy(() -> ValueCodec.bytes().level(10));
        assertThatIllegalArgumentException().isThrownBy(() -> ValueCodec.bytes().level(-1));
    }

    static final class Failing {
        private final List<String> values = List.of();

        public String getValue() {
            if (values.isEmpty()) {
                throw new IllegalStateException("secret");
            }
            return values.get(0);
        }
    }
}
