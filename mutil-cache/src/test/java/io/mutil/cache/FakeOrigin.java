package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An origin that answers what the test wants, at once or when told. */
final class FakeOrigin implements Fetch {
    /** A fetch that waits for its answer. */
    record Call(Validators known, BodySink body, CompletableFuture<Fetched> answer) {
        void answer(String text) {
            answer(200, Map.of(), text);
        }

        void answer(int status, Map<String, List<String>> headers, String text) {
            try {
                body.head(status, headers);
                body.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
                answer.complete(new Fetched(status, headers));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        }
    }

    final List<Call> calls = new ArrayList<>();
    private @Nullable String text;
    private int status = 200;
    private Map<String, List<String>> headers = Map.of();
    private @Nullable Exception failure;

    /** From now on it says this at once. */
    FakeOrigin says(String text) {
        return says(200, Map.of(), text);
    }

    FakeOrigin says(int status, Map<String, List<String>> headers, String text) {
        this.status = status;
        this.headers = headers;
        this.text = text;
        this.failure = null;
        return this;
    }

    FakeOrigin refuses(int status) {
        return says(status, Map.of(), "an error page");
    }

    FakeOrigin fails(Exception failure) {
        this.failure = failure;
        return this;
    }

    /** From now on it says nothing until told. */
    FakeOrigin waits() {
        text = null;
        failure = null;
        return this;
    }

    Call last() {
        return calls.get(calls.size() - 1);
    }

    @Override
    public CompletionStage<Fetched> fetch(Validators known, BodySink body) {
        var call = new Call(known, body, new CompletableFuture<>());
        calls.add(call);
        if (failure != null) {
            call.answer().completeExceptionally(failure);
        } else if (text != null) {
            boolean matches = status == 200
                    && known.etag().isPresent()
                    && known.etag()
                            .equals(Validators.of(Fetched.inLowerCase(headers)).etag());
            if (matches) {
                call.answer().complete(Fetched.notModified());
            } else {
                call.answer(status, headers, text);
            }
        }
        return call.answer();
    }
}
