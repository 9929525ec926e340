package io.mutil.dataflow;

/**
 * Where a worker sends its results: the receivers of the next level, which are its workers or the egresses.
 *
 * <p>What one worker sends to one receiver arrives in the order sent, so items sent by one worker under one key stay in
 * order. Nothing is promised about the order of items from different workers.
 *
 * <p>Each receiver's own filter is asked first; an item that it does not want costs nothing more. What happens when a
 * receiver's edge is full is the edge's choice, see {@link Edge}.
 *
 * @param <T> items sent
 */
public interface Outlet<T> {
    /**
     * Sends the way the next level asked for: workers by {@link Workers#routeBy key},
     * {@link Workers#routeBySender by sender} or in turn, egresses all.
     *
     * @throws EdgeFullException if the edge is full and was told to fail
     */
    void send(T item);

    /** Sends to every receiver of the next level. */
    void toAll(T item);

    /** Sends to the receiver that the key's {@code hashCode} selects; equal keys go to the same receiver. */
    void byKey(Object key, T item);

    /** Sends to the receivers in turn. */
    void roundRobin(T item);

    /**
     * Sends to one receiver.
     *
     * @param index from 0
     * @throws IndexOutOfBoundsException if the next level has no such receiver
     */
    void toIndex(int index, T item);

    /** How many receivers the next level has. */
    int width();
}
