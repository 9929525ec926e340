package io.mutil.ratelimit;

import io.mutil.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Answers when the test does. */
final class RemoteStore implements LimitStore {
    private final FakeTime time;
    final ConcurrentLinkedQueue<CompletableFuture<Answer>> questions = new ConcurrentLinkedQueue<>();
    final List<Request> givenBack = new ArrayList<>();
    final List<Duration> ages = new ArrayList<>();
    Supplier<CompletionStage<Void>> onGiveBack = () -> CompletableFuture.completedFuture(null);

    RemoteStore(FakeTime time) {
        this.time = time;
    }

    @Override
    public CompletionStage<Answer> take(Request request) {
        var answer = new CompletableFuture<Answer>();
        questions.add(answer);
        return answer;
    }

    @Override
    public CompletionStage<Void> giveBack(Request request, Duration age) {
        givenBack.add(request);
        ages.add(age);
        return onGiveBack.get();
    }

    void answer(boolean admitted, Duration retryAfter) {
        questions.remove().complete(new Answer(admitted, retryAfter));
        time.advance(0);
    }

    void admit() {
        answer(true, Duration.ZERO);
    }

    void awaitQuestion() {
        Eventually.until("it is asked", () -> questions.size() == 1);
    }
}
