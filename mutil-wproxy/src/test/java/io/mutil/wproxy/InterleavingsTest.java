package io.mutil.wproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rules that hold however commands, losses, slow peers, messages and the turns of the loops follow each other: nothing is
 * delivered outside a subscription; what a key brings is in order, and a gap is told for what is missing; offsets add up;
 * at rest the upstream has been asked for what somebody wants and for nothing else.
 */
class InterleavingsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> KEYS = List.of("a", "b", "c", "d");
    private static final QueueLimits LIMITS = new QueueLimits(600, 8, Duration.ofSeconds(30));

    /** What a client has seen, read as a client that knows the protocol would. */
    private static final class Witness {
        private final CoreRig.Member member;
        private final Set<String> subscribed = new HashSet<>();
        private final Map<String, Long> lastNumbers = new HashMap<>();
        private final Map<String, Long> owed = new HashMap<>();
        private final Map<String, Long> offsets = new HashMap<>();
        private boolean everything;
        private long lastWhole = -1;
        private long owedWholes;

        Witness(CoreRig.Member member) {
            this.member = member;
        }

        void look() {
            for (String text : member.link().arrived()) {
                JsonNode node = JSON.readTree(text);
                if (node.has("n") || node.isArray()) {
                    message(node);
                } else if (node.has("gap")) {
                    gap(node.path("gap"));
                } else if (node.path("since").has("epoch") && !node.has("subscribe")) {
                    node.path("since")
                            .path("keys")
                            .properties()
                            .forEach(entry ->
                                    offsets.put(entry.getKey(), entry.getValue().asLong()));
                } else {
                    assertThat(node.has("error")).as(text).isFalse();
                    acknowledged(node);
                }
            }
        }

        private void acknowledged(JsonNode command) {
            command.path("subscribe").forEach(key -> {
                if (subscribed.add(key.asString())) {
                    lastNumbers.remove(key.asString());
                    owed.remove(key.asString());
                    offsets.remove(key.asString());
                }
            });
            command.path("unsubscribe").forEach(key -> {
                subscribed.remove(key.asString());
                offsets.remove(key.asString());
            });
            if (command.has("subscribe:all") && !everything) {
                everything = true;
                lastWhole = -1;
                owedWholes = 0;
            }
            if (command.has("unsubscribe:all")) {
                everything = false;
                lastWhole = -1;
                // what is next has been told, or is not known
                lastNumbers.clear();
                owed.clear();
            }
        }

        private void message(JsonNode node) {
            if (node.isArray()) {
                assertThat(everything)
                        .as("a whole message outside a subscription")
                        .isTrue();
                long number = node.path(0).path("w").asLong();
                assertThat(lastWhole == -1 || number == lastWhole + 1 + owedWholes)
                        .as("whole %d after %d and a gap of %d", number, lastWhole, owedWholes)
                        .isTrue();
                lastWhole = number;
                owedWholes = 0;
                // its keys go on behind what it has had meanwhile
                lastNumbers.clear();
                offsets.clear();
                return;
            }
            assertThat(node.path("w").asLong())
                    .as("an element of a message that came as a whole")
                    .isGreaterThan(lastWhole);
            String key = node.path("sym").asString();
            long number = node.path("n").asLong();
            assertThat(subscribed).as("a message outside a subscription").contains(key);
            Long last = lastNumbers.put(key, number);
            long gap = owed.getOrDefault(key, 0L);
            owed.remove(key);
            assertThat(last == null || number == last + 1 + gap)
                    .as("%s %d after %d and a gap of %d", key, number, last, gap)
                    .isTrue();
            offsets.computeIfPresent(key, (k, offset) -> offset + 1);
        }

        private void gap(JsonNode gap) {
            if (gap.path("key").isNull()) {
                if (gap.path("missed").isNull()) {
                    lastWhole = -1;
                } else {
                    owedWholes += gap.path("missed").asLong();
                }
                return;
            }
            String key = gap.path("key").asString();
            assertThat(subscribed).as("a gap outside a subscription").contains(key);
            if (gap.path("missed").isNull()) {
                lastNumbers.remove(key);
                owed.remove(key);
                offsets.computeIfPresent(key, (k, offset) -> gap.path("offset").asLong());
            } else {
                owed.merge(key, gap.path("missed").asLong(), Long::sum);
                offsets.computeIfPresent(
                        key, (k, offset) -> offset + gap.path("missed").asLong());
            }
        }
    }

    /** Carries out a script, in which every number is an action. */
    private static final class Run {
        private final CoreRig rig;
        private final List<Witness> witnesses = new ArrayList<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private final boolean remembers;
        private long wholes;

        Run(SlowPolicy policy, boolean remembers) {
            rig = new CoreRig(policy, LIMITS, remembers);
            this.remembers = remembers;
            rig.connectUpstream();
        }

        void act(int action) {
            int what = action % 16;
            int rest = action / 16;
            switch (what) {
                case 0 -> connect(rest % 2);
                case 1, 2 -> command(rest, "subscribe");
                case 3 -> command(rest, "unsubscribe");
                case 4 -> disconnect(rest);
                case 5, 6, 7 -> message(rest);
                case 8, 9 -> rig.turn(rest % 2);
                case 10 -> rig.turnUpstream();
                case 11 -> rig.advance(Duration.ofMillis(rest % 100));
                case 12 -> stick(rest);
                case 13 -> lose(rest);
                case 14 -> everything(rest);
                default -> {
                    if (rest % 3 == 0) {
                        leaveOut(rest / 3);
                    } else {
                        rig.advance(Duration.ofMillis(25));
                    }
                }
            }
            witnesses.forEach(Witness::look);
            leaveIfClosed();
        }

        /** One that does not read its answers is closed. */
        private void leaveIfClosed() {
            for (Witness witness : List.copyOf(witnesses)) {
                if (witness.member.link().closeCode() != 0) {
                    witnesses.remove(witness);
                    rig.disconnect(witness.member);
                }
            }
        }

        private void connect(int loop) {
            if (witnesses.size() < 4) {
                witnesses.add(new Witness(rig.connect(loop)));
            }
        }

        private Optional<Witness> pick(int rest) {
            return witnesses.isEmpty() ? Optional.empty() : Optional.of(witnesses.get(rest % witnesses.size()));
        }

        private void command(int rest, String command) {
            pick(rest).ifPresent(witness -> {
                String keys = "\"" + KEYS.get(rest / 4 % 4) + "\", \"" + KEYS.get(rest / 16 % 4) + "\"";
                boolean counts = remembers && command.equals("subscribe") && rest / 64 % 2 == 0;
                rig.command(
                        witness.member, "{\"" + command + "\": [" + keys + "]" + (counts ? ", \"since\": true}" : "}"));
            });
        }

        private void disconnect(int rest) {
            pick(rest).ifPresent(witness -> {
                witnesses.remove(witness);
                rig.disconnect(witness.member);
            });
        }

        private void message(int rest) {
            if (!rig.isConnected()) {
                return;
            }
            long whole = wholes++;
            if (rest % 3 == 0) {
                rig.message("[" + element(rest / 3, whole) + "]");
            } else {
                rig.message("[" + element(rest / 3, whole) + "," + element(rest / 12, whole) + ","
                        + element(rest / 48, whole) + "]");
            }
        }

        private void leaveOut(int rest) {
            if (!rig.isConnected()) {
                return;
            }
            long missed = rest % 2 == 0 ? 2 : Notices.UNKNOWN;
            if (rest / 2 % 5 == 0) {
                KEYS.forEach(key -> numbers.merge(key, 1L, Long::sum));
                wholes += 2;
                rig.gap(null, missed);
            } else {
                String key = KEYS.get(rest / 2 % 5 - 1);
                numbers.merge(key, 2L, Long::sum);
                rig.gap(key, missed);
            }
        }

        private String element(int rest, long whole) {
            String key = KEYS.get(rest % 4);
            return "{\"sym\":\"" + key + "\",\"n\":" + numbers.merge(key, 1L, Long::sum) + ",\"w\":" + whole + "}";
        }

        private void stick(int rest) {
            pick(rest).ifPresent(witness -> witness.member.link().stuck(rest / 8 % 2 == 0));
        }

        private void lose(int rest) {
            if (rest % 2 == 0) {
                rig.loseUpstream();
                // nobody can have got what came meanwhile
                KEYS.forEach(key -> numbers.merge(key, 1L, Long::sum));
                wholes++;
            } else {
                rig.connectUpstream();
            }
        }

        private void everything(int rest) {
            String command = rest / 8 % 2 == 0 ? "subscribe:all" : "unsubscribe:all";
            pick(rest).ifPresent(witness -> rig.command(witness.member, "{\"" + command + "\": 1}"));
        }

        void finish() {
            rig.comeToRest();
            witnesses.forEach(Witness::look);
            leaveIfClosed();
            rig.comeToRest();
            var wanted = new TreeSet<String>();
            for (Witness witness : witnesses) {
                wanted.addAll(witness.subscribed);
                // while it gets everything, only whole messages are accounted for
                if (!witness.everything) {
                    witness.offsets.forEach((key, offset) ->
                            assertThat(offset).as("offset of %s", key).isEqualTo(rig.offset(witness.member, key)));
                }
            }
            assertThat(rig.toldKeys()).isEqualTo(wanted);
            assertThat(rig.knownKeys()).isEqualTo(wanted);
            rig.close();
            rig.comeToRest();
            assertThat(rig.toldKeys()).isEmpty();
            assertThat(rig.knownKeys()).isEmpty();
            assertThat(rig.complaints()).isEmpty();
        }
    }

    @Property(tries = 500)
    void theRulesHold(
            @ForAll SlowPolicy policy,
            @ForAll boolean remembers,
            @ForAll @Size(min = 20, max = 300) List<@IntRange(max = 1 << 20) Integer> script) {
        check(policy, remembers, script);
    }

    @Property(tries = 50_000)
    @Tag("soak")
    void theRulesHoldInManyRuns(
            @ForAll SlowPolicy policy,
            @ForAll boolean remembers,
            @ForAll @Size(min = 20, max = 600) List<@IntRange(max = 1 << 20) Integer> script) {
        check(policy, remembers, script);
    }

    private static void check(SlowPolicy policy, boolean remembers, List<Integer> script) {
        var run = new Run(policy == SlowPolicy.CLOSE ? SlowPolicy.CONFLATE : policy, remembers);
        run.act(0);
        run.act(16);
        script.forEach(run::act);
        run.finish();
    }
}
