package io.mutil.wproxy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The subscribers of one key on one event loop, and confined to it. In no order. */
final class Subscribers {
    private @Nullable Subscriber[] members = new Subscriber[2];
    private int size;

    void add(Subscriber subscriber) {
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
        }
        members[size++] = subscriber;
    }

    void remove(Subscriber subscriber) {
        for (int i = 0; i < size; i++) {
            if (members[i] == subscriber) {
                members[i] = members[--size];
                members[size] = null;
                return;
            }
        }
    }

    int size() {
        return size;
    }

    @SuppressWarnings("NullAway") // below size there is no null
    Subscriber get(int index) {
        return members[index];
    }
}
