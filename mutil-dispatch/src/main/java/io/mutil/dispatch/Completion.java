package io.mutil.dispatch;

import io.mutil.dispatch.Level.Target;
import java.util.List;
import java.util.Objects;

/** What the last word of an unfinished line may become. */
final class Completion {
    private Completion() {}

    static <S> List<String> of(Table<S> table, List<String> words, int index) {
        Objects.checkIndex(index, words.size());
        Level<S> level = table.top();
        for (int i = 0; i < index; i++) {
            Target<S> target = level.names().find(words.get(i)).target();
            if (target == null) {
                return List.of();
            }
            if (target.verb() != null) {
                List<String> found =
                        target.verb().form().candidates(table.settings(), words.subList(0, index + 1), i + 1);
                return fitting(found, words.get(index));
            }
            level = Objects.requireNonNull(target.level());
        }
        return level.shown(level.names().startingWith(words.get(index)));
    }

    private static List<String> fitting(List<String> candidates, String prefix) {
        return candidates.stream()
                .filter(candidate -> candidate.startsWith(prefix))
                .distinct()
                .sorted()
                .toList();
    }
}
