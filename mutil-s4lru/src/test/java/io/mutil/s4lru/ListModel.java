package io.mutil.s4lru;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A segmented LRU as plain as the paper tells it: a list for each level, hottest key first. */
final class ListModel {
    final List<List<String>> levels = new ArrayList<>();
    final Map<String, Long> sizes = new HashMap<>();
    /** Pinned or proposed: the level that the key comes back to. */
    final Map<String, Integer> held = new HashMap<>();

    private final double[] shares;
    private long[] limits = {};
    long capacity;

    ListModel(long capacity, double... shares) {
        this.shares = shares;
        Arrays.stream(shares).forEach(share -> levels.add(new ArrayList<>()));
        resize(capacity);
    }

    void resize(long capacity) {
        this.capacity = capacity;
        limits = Arrays.stream(shares)
                .mapToLong(share -> (long) (capacity * share))
                .toArray();
        handDown();
    }

    long size(Iterable<String> keys) {
        long size = 0;
        for (String key : keys) {
            size += Objects.requireNonNull(sizes.get(key));
        }
        return size;
    }

    int level(String key) {
        for (int level = 0; level < levels.size(); level++) {
            if (levels.get(level).contains(key)) {
                return level;
            }
        }
        return held.getOrDefault(key, -1);
    }

    boolean touch(String key, long size, int up) {
        int before = level(key);
        int target = Math.min(levels.size() - 1, Math.max(0, before + up));
        if (held.containsKey(key)) {
            held.put(key, target);
        } else {
            levels.forEach(level -> level.remove(key));
            sizes.putIfAbsent(key, size);
            levels.get(target).add(0, key);
            handDown();
        }
        sizes.put(key, size);
        handDown();
        return before >= 0;
    }

    boolean remove(String key) {
        levels.forEach(level -> level.remove(key));
        held.remove(key);
        return sizes.remove(key) != null;
    }

    void hold(String key) {
        held.put(key, level(key));
        levels.forEach(level -> level.remove(key));
    }

    void letGo(String key) {
        levels.get(Objects.requireNonNull(held.remove(key))).add(0, key);
        handDown();
    }

    /** The coldest keys that may go, until {@code excess} is gone. */
    List<String> coldest(long excess, int most) {
        var chosen = new ArrayList<String>();
        for (List<String> level : levels) {
            for (int i = level.size() - 1; i >= 0 && chosen.size() < most && size(chosen) < excess; i--) {
                chosen.add(level.get(i));
            }
        }
        return chosen;
    }

    private void handDown() {
        for (int level = levels.size() - 1; level > 0; level--) {
            List<String> keys = levels.get(level);
            while (size(keys) > limits[level]) {
                levels.get(level - 1).add(0, keys.remove(keys.size() - 1));
            }
        }
    }
}
