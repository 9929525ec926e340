package io.mutil.dispatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mutil.dispatch.DispatchException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the Python library did, through a whole table. */
class VectorsTest {
    static List<JsonNode> args() throws IOException {
        return Vectors.of("dispatch_args.jsonl");
    }

    static List<JsonNode> tables() throws IOException {
        return Vectors.of("dispatch_prefix.jsonl");
    }

    static List<JsonNode> lines() throws IOException {
        return Vectors.of("dispatch_shlex.jsonl");
    }

    @ParameterizedTest
    @MethodSource("args")
    void readsArguments(JsonNode row) throws Exception {
        List<Arg<?>> args =
                row.get("argmap").valueStream().<Arg<?>>map(VectorsTest::arg).toList();
        if (isMisordered(row.get("argmap"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> table(args))
                    .withMessageContaining("comes after optional");
            return;
        }
        String line = row.get("line").isNull()
                ? "command"
                : "command " + row.get("line").asString();

        if (row.has("error")) {
            var error = requireNonNull(catchThrowableOfType(
                    DispatchException.class, () -> table(args).run(line, "")));
            assertThat(error(error)).isEqualTo(row.get("error").asString());
        } else {
            Object values = table(args).run(line, "");
            assertThat(new ObjectMapper().<JsonNode>valueToTree(values)).isEqualTo(row.get("values"));
        }
    }

    private static String error(DispatchException error) {
        String message = requireNonNull(error.getMessage());
        if (error.kind() == Kind.BAD_LINE) {
            return "split: " + message.substring(0, message.indexOf(';'));
        }
        assertThat(error.kind()).isEqualTo(Kind.BAD_ARGUMENTS);
        return message.contains("is missing") ? "not-enough-arguments" : "validation";
    }

    private static boolean isMisordered(JsonNode argmap) {
        boolean optional = false;
        for (JsonNode arg : argmap) {
            if (arg.has("default")) {
                optional = true;
            } else if (optional && !arg.get("name").asString().startsWith("*")) {
                return true;
            }
        }
        return false;
    }

    private static Dispatch<String> table(List<Arg<?>> args) {
        return Dispatch.<String>builder()
                .ignoreSurplus(true)
                .add("command", call -> values(call, args), args.toArray(Arg<?>[]::new))
                .build();
    }

    private static Map<String, @Nullable Object> values(Call<String> call, List<Arg<?>> args) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Arg<?> arg : args) {
            values.put(arg.name(), call.get(arg));
        }
        return values;
    }

    private static Arg<?> arg(JsonNode spec) {
        String name = spec.get("name").asString();
        Arg<?> arg = name.startsWith("*") ? rest(name.substring(1), spec) : one(name, spec);
        if (!spec.has("default")) {
            return arg;
        }
        return withDefault(arg, new ObjectMapper().convertValue(spec.get("default"), Object.class));
    }

    @SuppressWarnings("unchecked") // a default may be of any type there
    private static <T> Arg<T> withDefault(Arg<?> arg, Object value) {
        return ((Arg<T>) arg).orElse((T) value);
    }

    private static Arg<?> rest(String name, JsonNode spec) {
        Arg<List<String>> rest = Arg.rest(name);
        if (text(spec, "convert").equals("len")) {
            return rest.map(List::size).check(count -> count > 0, "must be positive");
        }
        return switch (text(spec, "verify")) {
            case "nonempty" -> rest.check(items -> !items.isEmpty(), "must not be empty");
            case "max3" -> rest.check(items -> items.size() <= 3, "must be at most 3");
            case "" -> rest;
            default -> throw new IllegalArgumentException(spec.toString());
        };
    }

    private static Arg<?> one(String name, JsonNode spec) {
        return switch (text(spec, "convert")) {
            case "int" -> checked(Arg.of(name, Integer::valueOf), text(spec, "verify"));
            case "float" -> Arg.of(name, Double::valueOf).check(x -> x > 0, "must be positive");
            case "upper" -> Arg.of(name, word -> word.toUpperCase(Locale.ROOT));
            case "" -> text(spec, "verify").equals("abc") ? Arg.choices(name, "a", "b", "c") : Arg.of(name);
            default -> throw new IllegalArgumentException(spec.toString());
        };
    }

    private static Arg<Integer> checked(Arg<Integer> arg, String rule) {
        return switch (rule) {
            case "positive" -> arg.check(x -> x > 0, "must be positive");
            case "even" -> arg.check(x -> x % 2 == 0, "must be even");
            case "" -> arg;
            default -> throw new IllegalArgumentException(rule);
        };
    }

    private static String text(JsonNode node, String member) {
        return node.has(member) ? node.get(member).asString() : "";
    }

    @ParameterizedTest
    @MethodSource("tables")
    void findsCommands(JsonNode table) throws Exception {
        DispatchBuilder<String> builder = Dispatch.builder();
        for (JsonNode command : table.get("commands")) {
            if (command.isString()) {
                builder.add(command.asString(), Call::name);
            } else {
                builder.group(
                        command.get(0).asString(),
                        group -> Vectors.strings(command.get(1)).forEach(name -> group.add(name, Call::name)));
            }
        }
        Dispatch<String> dispatch = builder.build();

        for (Map.Entry<String, JsonNode> entry : table.get("resolve").properties()) {
            String word = Words.quote(entry.getKey());
            JsonNode expected = entry.getValue();
            if (expected.has("run")) {
                assertThat(dispatch.run(word, "")).isEqualTo(expected.get("run").asString());
                continue;
            }
            var error = requireNonNull(catchThrowableOfType(DispatchException.class, () -> dispatch.run(word, "")));
            if (expected.has("ambiguous")) {
                assertThat(error.kind()).isEqualTo(Kind.AMBIGUOUS);
                assertThat(error.candidates())
                        .containsExactlyElementsOf(
                                Vectors.strings(expected.get("ambiguous")).toList());
            } else {
                assertThat(error.kind()).isEqualTo(Kind.UNKNOWN);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void splitsLines(JsonNode row) throws Exception {
        Arg<List<String>> words = Arg.rest("words");
        Dispatch<String> dispatch = Dispatch.<String>builder()
                .add("echo", call -> call.get(words), words)
                .build();
        String line = "echo " + row.get("line").asString();

        if (row.has("tokens")) {
            assertThat(dispatch.run(line, ""))
                    .isEqualTo(
                            new ArrayList<>(Vectors.strings(row.get("tokens")).toList()));
        } else {
            var error = requireNonNull(catchThrowableOfType(DispatchException.class, () -> dispatch.run(line, "")));
            assertThat(error).hasMessageStartingWith(row.get("error").asString());
            assertThat(error.kind()).isEqualTo(Kind.BAD_LINE);
        }
    }
}
