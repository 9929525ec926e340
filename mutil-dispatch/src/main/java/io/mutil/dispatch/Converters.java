package io.mutil.dispatch;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** From a word to a value of a class, as picocli does it. Safe for many threads as far as the caller's own are. */
final class Converters {
    /** What picocli's do for these; they throw {@link NumberFormatException} where picocli has words of its own. */
    private static final Map<Class<?>, Function<String, Object>> SHORT_CUTS = Map.of(
            String.class, word -> word,
            Integer.class, Integer::valueOf,
            int.class, Integer::valueOf,
            Long.class, Long::valueOf,
            long.class, Long::valueOf,
            Double.class, Double::valueOf,
            double.class, Double::valueOf,
            BigDecimal.class, BigDecimal::new);

    private final Map<Class<?>, ITypeConverter<?>> own;
    private final Map<Class<?>, AtomicReference<@Nullable Parser>> parsers = new ConcurrentHashMap<>();

    Converters(Map<Class<?>, ITypeConverter<?>> own) {
        this.own = Map.copyOf(own);
    }

    /** Whether {@link #shortCut} can take this class. */
    static boolean hasShortCut(Class<?> type) {
        return SHORT_CUTS.containsKey(type);
    }

    /**
     * Converts without picocli.
     *
     * @throws Exception if the word is not of that class, or there is no short cut
     */
    @Nullable
    Object shortCut(Class<?> type, String word) throws Exception {
        ITypeConverter<?> mine = own.get(type);
        if (mine != null) {
            return mine.convert(word);
        }
        Function<String, Object> shortCut = SHORT_CUTS.get(type);
        if (shortCut == null) {
            throw new IllegalArgumentException("no short cut to " + type);
        }
        return shortCut.apply(word);
    }

    /** Converts, by picocli where there is no other way. */
    @Nullable
    Object convert(Class<?> type, String word) throws Exception {
        if (own.containsKey(type)) {
            return shortCut(type, word);
        }
        if (hasShortCut(type)) {
            try {
                return shortCut(type, word);
            } catch (NumberFormatException e) {
                return byPicocli(type, word); // which says it better
            }
        }
        return byPicocli(type, word);
    }

    /** One parser of each class is kept, as making one takes longer than what it does; it serves one thread at a time. */
    private @Nullable Object byPicocli(Class<?> type, String word) {
        AtomicReference<@Nullable Parser> kept = parsers.computeIfAbsent(type, key -> new AtomicReference<>());
        Parser free = kept.getAndSet(null);
        Parser parser = free == null ? Parser.of(type) : free;
        try {
            return parser.parse(word);
        } finally {
            kept.set(parser);
        }
    }

    /** Picocli with one parameter, whose converter it does not give away. */
    private record Parser(PositionalParamSpec parameter, CommandLine line) {
        static Parser of(Class<?> type) {
            var parameter = PositionalParamSpec.builder()
                    .index("0")
                    .type(type)
                    .paramLabel("value")
                    .build();
            return new Parser(
                    parameter,
                    new CommandLine(Specs.literal(CommandSpec.create().addPositional(parameter))));
        }

        @Nullable
        Object parse(String word) {
            try {
                line.parseArgs(word);
            } catch (CommandLine.ParameterException e) {
                throw new IllegalArgumentException(reason(e), e);
            }
            return parameter.getValue();
        }

        /** Of "Invalid value for positional parameter at index 0 (value): ..." only what is not known already. */
        private static String reason(CommandLine.ParameterException e) {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf("(value): ");
            return end < 0 ? message : message.substring(end + "(value): ".length());
        }
    }

    CommandLine register(CommandLine line) {
        own.forEach((type, converter) -> register(line, type, converter));
        return line;
    }

    @SuppressWarnings("unchecked") // the builder took them in pairs
    private static <K> void register(CommandLine line, Class<?> type, ITypeConverter<?> converter) {
        line.registerConverter((Class<K>) type, (ITypeConverter<K>) converter);
    }

    /** What may be typed for a class, as far as it is known. */
    static List<String> candidates(@Nullable Class<?> type) {
        if (type == null) {
            return List.of();
        }
        if (type == Boolean.class || type == boolean.class) {
            return List.of("true", "false");
        }
        if (!type.isEnum()) {
            return List.of();
        }
        return List.of(type.getEnumConstants()).stream().map(String::valueOf).toList();
    }
}
