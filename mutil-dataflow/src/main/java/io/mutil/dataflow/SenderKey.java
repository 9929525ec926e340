package io.mutil.dataflow;

/** Stands for "the sender" where a level keeps the key that it is routed by; a {@link Sender} knows it. */
record SenderKey<T>() implements Key<T> {
    @Override
    public Object of(T item) {
        throw new IllegalStateException("an item does not know who sends it");
    }
}
