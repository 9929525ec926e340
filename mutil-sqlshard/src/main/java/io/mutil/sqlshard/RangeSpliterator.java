package io.mutil.sqlshard;

import java.io.IOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What a scan finds, as a stream that closes its files as soon as it can. */
final class RangeSpliterator<T> extends Spliterators.AbstractSpliterator<T> {
    private final Merge rows;
    private final Form<T> form;

    interface Form<T> {
        T of(Change row) throws IOException;
    }

    private RangeSpliterator(Merge rows, Form<T> form) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL);
        this.rows = rows;
        this.form = form;
    }

    static <T> Stream<T> stream(Merge rows, Form<T> form) {
        return StreamSupport.stream(new RangeSpliterator<>(rows, form), false).onClose(rows::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        boolean done = false;
        try {
            T next = Unchecked.<@Nullable T>call(this::next);
            if (next != null) {
                action.accept(next);
            }
            done = true;
            return next != null;
        } finally {
            if (!done) {
                rows.close();
            }
        }
    }

    private @Nullable T next() throws IOException, InterruptedException {
        Change row = rows.next();
        return row == null ? null : form.of(row);
    }
}
