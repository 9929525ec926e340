package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Background;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ForeverQueueTest {
    private static final class Item extends ForeverQueue.Node {
        private final int producer;
        private int number;

        Item(int producer) {
            this.producer = producer;
        }
    }

    @Property(tries = 200)
    void isFirstInFirstOut(@ForAll List<Boolean> pushes) {
        var queue = new ForeverQueue();
        var model = new ArrayDeque<ForeverQueue.Node>();
        for (boolean push : pushes) {
            if (push) {
                var item = new Item(0);
                queue.push(item);
                model.add(item);
            } else {
                assertThat(queue.pop()).isSameAs(model.poll());
            }
        }
        while (!model.isEmpty()) {
            assertThat(queue.pop()).isSameAs(model.poll());
        }
        assertThat(queue.pop()).isNull();
    }

    @Test
    void theSameNodeMayComeAgainAndAgain() {
        var queue = new ForeverQueue();
        var item = new Item(0);
        for (int i = 0; i < 1_000; i++) {
            queue.push(item);
            assertThat(queue.pop()).isSameAs(item);
            assertThat(queue.pop()).isNull();
        }
    }

    @Test
    void keepsTheOrderOfEachProducerAndLosesNothing() {
        var queue = new ForeverQueue();
        int producers = 4;
        int each = 20_000;
        List<CompletableFuture<Void>> running = IntStream.range(0, producers)
                .mapToObj(producer -> Background.run(() -> {
                    for (int i = 0; i < each; i++) {
                        var item = new Item(producer);
                        item.number = i;
                        queue.push(item);
                    }
                }))
                .toList();

        var next = new int[producers];
        for (int popped = 0; popped < producers * each; ) {
            var item = (Item) queue.pop();
            if (item == null) {
                Thread.onSpinWait();
                continue;
            }
            assertThat(item.number).isEqualTo(next[item.producer]);
            next[item.producer]++;
            popped++;
        }

        running.forEach(CompletableFuture::join);
        assertThat(queue.pop()).isNull();
        assertThat(next).containsOnly(each);
    }
}
