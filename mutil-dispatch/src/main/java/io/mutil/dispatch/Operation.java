package io.mutil.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * What a command does. A lambda gets its arguments from the {@link Call}; a class annotated for picocli has them in its fields, and
 * is made anew for each run:
 *
 * <pre>{@code
 * @Command(name = "sell", description = "Sells at the market.")
 * final class Sell implements Operation<Book> {
 *     @Parameters(index = "0") String symbol;
 *     @Option(names = "--all") boolean all;
 *
 *     public Object run(Call<Book> call) {
 *         return all ? call.state().sellAll(symbol) : call.state().sell(symbol, 1);
 *     }
 * }
 * }</pre>
 *
 * <p>In a named module such a class is opened to {@code info.picocli} and to {@code io.mutil.dispatch}.
 *
 * @param <S> the state that the caller passes to each run
 */
@FunctionalInterface
public interface Operation<S> {
    /**
     * Does it. To stop it, its thread is interrupted.
     *
     * @return the result, as the caller gets it; of a {@link java.util.concurrent.CompletionStage} the caller gets the value, and
     *     to stop it, its future is cancelled
     * @throws Exception whatever it is, the caller gets it as it is
     */
    @Nullable
    Object run(Call<S> call) throws Exception;
}
