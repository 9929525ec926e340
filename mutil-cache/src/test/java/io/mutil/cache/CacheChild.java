package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The process of {@link TwoProcessesTest}: a directory and an address; it begins when it is told a line. */
final class CacheChild {
    static final int CALLERS = 500;

    private CacheChild() {}

    public static void main(String[] args) throws Exception {
        try (FetchCache cache = FetchCache.open(Path.of(args[0]));
                var in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(args[1])).build();
            System.out.println("ready");
            in.readLine();

            List<CompletableFuture<Answer>> answers = IntStream.range(0, CALLERS)
                    .mapToObj(i -> cache.getAsync(request))
                    .toList();

            Map<String, Long> texts = answers.stream()
                    .map(CacheChild::text)
                    .collect(Collectors.groupingBy(text -> text, Collectors.counting()));
            texts.forEach((text, times) -> System.out.println(times + " times " + text));
        }
    }

    private static String text(CompletableFuture<Answer> answer) {
        try {
            return answer.get().text();
        } catch (Exception e) {
            return e.toString();
        }
    }
}
