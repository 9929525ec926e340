package io.mutil.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mutil.dispatch.Names.Match;
import io.mutil.dispatch.Names.Outcome;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class NamesTest {
    private static Names<String> of(String... names) {
        Names.Builder<String> builder = Names.builder();
        for (String name : names) {
            builder.add(name, "does " + name, false);
        }
        return builder.build();
    }

    static List<JsonNode> tables() throws IOException {
        return Vectors.of("dispatch_prefix.jsonl");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void findsAsPythonDoes(JsonNode table) {
        Names<String> names = of(table.get("commands")
                .valueStream()
                .flatMap(
                        command -> command.isString() ? Stream.of(command.asString()) : Vectors.strings(command.get(1)))
                .toArray(String[]::new));

        assertThat(names.sorted())
                .containsExactlyElementsOf(
                        Vectors.strings(table.get("all_sorted")).toList());
        table.get("resolve").propertyStream().forEach(entry -> {
            Match<String> match = names.find(entry.getKey());
            JsonNode expected = entry.getValue();
            if (expected.has("run")) {
                assertThat(match.outcome()).isEqualTo(Outcome.FOUND);
                assertThat(match.target())
                        .isEqualTo("does " + expected.get("run").asString());
            } else if (expected.has("none")) {
                assertThat(match.outcome()).isEqualTo(Outcome.NONE);
            } else {
                assertThat(match.outcome()).isEqualTo(Outcome.AMBIGUOUS);
                assertThat(match.candidates())
                        .containsExactlyElementsOf(
                                Vectors.strings(expected.get("ambiguous")).toList());
            }
        });
    }

    @Test
    void hasAllTablesOfThePythonLibrary() throws IOException {
        assertThat(tables()).hasSize(24);
    }

    @Test
    void aliasesOfOneTargetAreNotAmbiguous() {
        Names<Integer> names = Names.<Integer>builder()
                .add("list", 1, false)
                .alias("listing", "list")
                .alias("lst", "listing")
                .add("load", 2, false)
                .build();

        assertThat(names.find("li")).isEqualTo(new Match<>(Outcome.FOUND, 1, "list", List.of()));
        assertThat(names.find("ls").name()).isEqualTo("list");
        assertThat(names.find("l").candidates()).containsExactly("list", "load");
        assertThat(names.shortest("listing")).isEqualTo("li");
        assertThat(names.startingWith("li")).containsExactly("list", "listing");
    }

    @Test
    void differentTargetsAreAmbiguousEvenIfTheyAreEqual() {
        Names<Integer> names = Names.<Integer>builder()
                .add("buy", 1, false)
                .add("bye", 1, false)
                .build();

        assertThat(names.find("b").outcome()).isEqualTo(Outcome.AMBIGUOUS);
    }

    @Test
    void anExactOnlyTargetWantsAWholeName() {
        Names<Integer> names = Names.<Integer>builder()
                .add("wipe", 1, true)
                .alias("wipeout", "wipe")
                .alias("erase", "wipe")
                .add("list", 2, false)
                .build();

        assertThat(names.find("wip")).isEqualTo(new Match<>(Outcome.FULL_NAME_NEEDED, null, "wip", List.of("wipe")));
        assertThat(names.find("wipeo").candidates()).containsExactly("wipeout");
        assertThat(names.find("e").candidates()).containsExactly("erase");
        assertThat(Stream.of("wipe", "wipeout", "erase").map(names::find).map(Match::target))
                .containsOnly(1);
        assertThat(names.shortest("wipe")).isEqualTo("wipe");
        assertThat(names.shortest("list")).isEqualTo("l");
        assertThat(names.startingWith("w")).containsExactly("wipe", "wipeout");
    }

    @Test
    void anExactOnlyTargetMakesThePrefixOfAnotherAmbiguous() {
        Names<Integer> names = Names.<Integer>builder()
                .add("delete", 1, true)
                .add("delay", 2, false)
                .build();

        assertThat(names.find("del").outcome()).isEqualTo(Outcome.AMBIGUOUS);
        assertThat(names.find("del").candidates()).containsExactly("delete", "delay");
        assertThat(names.find("dela").target()).isEqualTo(2);
        assertThat(names.shortest("delay")).isEqualTo("dela");
    }

    @Test
    void findsWithoutNewObjects() {
        Names<String> names = of("buy", "sell");

        assertThat(names.find("b")).isSameAs(names.find("buy"));
    }

    @Test
    void aPrefixEndsBetweenCodePoints() {
        Names<String> names = of("\ud83d\ude00smile", "\ud83d\ude01grin", "\ue000private");

        assertThat(names.find("\ud83d").outcome()).isEqualTo(Outcome.NONE);
        assertThat(names.find("\ud83d\ude00").name()).isEqualTo("\ud83d\ude00smile");
        assertThat(names.shortest("\ud83d\ude01grin")).isEqualTo("\ud83d\ude01");
        assertThat(names.sorted()).containsExactly("\ue000private", "\ud83d\ude00smile", "\ud83d\ude01grin");
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void guessesWhatWasMeant(String word, List<String> meant) {
        Names<String> names = of("positions", "position", "balance", "buy", "sell", "cancel", "portfolio", "no", "on");

        assertThat(names.find(word).outcome()).isEqualTo(Outcome.NONE);
        assertThat(names.find(word).candidates()).isEqualTo(meant);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("postions", List.of("positions", "position")),
                Arguments.of("postion", List.of("position", "positions")),
                Arguments.of("BUY", List.of("buy")),
                Arguments.of("byu", List.of("buy")),
                Arguments.of("selll", List.of("sell")),
                Arguments.of("cnacel", List.of("cancel")),
                Arguments.of("protf", List.of("portfolio")),
                Arguments.of("x", List.of()),
                Arguments.of("", List.of()),
                Arguments.of("quit", List.of()),
                Arguments.of("balances of all", List.of()));
    }

    @Test
    void guessesFiveAtMostAndEachTargetOnce() {
        Names.Builder<Integer> builder =
                Names.<Integer>builder().add("take1", 0, false).alias("take2", "take1");
        for (int i = 3; i < 9; i++) {
            builder.add("take" + i, i, false);
        }

        assertThat(builder.build().find("takes").candidates())
                .containsExactly("take1", "take3", "take4", "take5", "take6");
    }

    @Test
    void refusesNamesThatCannotBe() {
        Names.Builder<Integer> builder = Names.<Integer>builder().add("buy", 1, false);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add("buy", 2, false))
                .withMessage("name buy is already taken; names are global, also those in groups");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.alias("buy", "buy"))
                .withMessageStartingWith("name buy is already taken");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.alias("b", "bid"))
                .withMessage("no name bid to have alias b; add the name first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add("", 2, false))
                .withMessage("name must not be empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add("a\ud83d", 2, false))
                .withMessageStartingWith("name must be well-formed text");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.build().shortest("b"))
                .withMessage("no name b; sorted() has them all");
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("abc").ofMinLength(1).ofMaxLength(5);
    }

    @Provide
    Arbitrary<String> emoji() {
        return Arbitraries.of("a", "\uffff", "\ud83d\ude00", "\ud83d\ude01", "\ud83e\udd16")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> String.join("", parts));
    }

    /** Each name is of target i modulo 7; target 3 is exact only. */
    @Property
    void agreesWithASearchThroughAll(
            @ForAll @Size(max = 20) @UniqueElements List<@From("names") String> names, @ForAll("names") String word) {
        Names.Builder<Integer> builder = Names.builder();
        Map<String, Integer> targets = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            targets.put(names.get(i), i % 7);
            if (i < 7) {
                builder.add(names.get(i), i, i == 3);
            } else {
                builder.alias(names.get(i), names.get(i % 7));
            }
        }

        Match<Integer> match = builder.build().find(word);

        Set<Integer> meant = targets.containsKey(word)
                ? Set.of(targets.get(word))
                : targets.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(word))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.toSet());
        Outcome expected = meant.isEmpty()
                ? Outcome.NONE
                : meant.size() > 1
                        ? Outcome.AMBIGUOUS
                        : meant.contains(3) && !targets.containsKey(word) ? Outcome.FULL_NAME_NEEDED : Outcome.FOUND;
        assertThat(match.outcome()).isEqualTo(expected);
        if (expected != Outcome.NONE) {
            assertThat(match.candidates().stream().map(targets::get))
                    .containsExactlyInAnyOrderElementsOf(expected == Outcome.FOUND ? Set.of() : meant);
        }
        assertThat(match.target())
                .isEqualTo(expected == Outcome.FOUND ? meant.iterator().next() : null);
    }

    @Property
    void theShortestWordMeansTheSameAndAnyShorterDoesNot(
            @ForAll @Size(min = 1, max = 20) @UniqueElements List<@From("names") String> all) {
        Names<String> names = of(all.toArray(String[]::new));

        assertThat(all).allSatisfy(name -> {
            String shortest = names.shortest(name);
            assertThat(names.find(shortest).name()).isEqualTo(name);
            assertThat(names.find(shortest.substring(0, shortest.length() - 1)).name())
                    .isNotEqualTo(name);
        });
    }

    @Property
    void sortsByCodePoint(@ForAll @Size(max = 8) @UniqueElements List<@From("emoji") String> all) {
        assertThat(of(all.toArray(String[]::new)).sorted())
                .isSortedAccordingTo(
                        Comparator.comparing(name -> name.codePoints().toArray(), (a, b) -> Arrays.compare(a, b)));
    }
}
