package io.mutil.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The end of {@link Fetch#ofBytes}. */
final class BytesFetch {
    private BytesFetch() {}

    static CompletionStage<Fetched> written(ByteBuffer bytes, BodySink body) {
        try {
            body.write(bytes);
            return CompletableFuture.completedFuture(Fetched.ok());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
