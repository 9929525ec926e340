package io.mutil.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.loop.ForeverLoop;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void printsWhatIsAppendedToEachFile(@TempDir Path folder) throws Exception {
        Path here = Files.writeString(folder.resolve("here.log"), "one\n");
        Path later = folder.resolve("later.log");
        CompletableFuture<Void> printing;
        try (ForeverLoop<String> loop = Tail.follow(List.of(here, later), Duration.ofMillis(1))) {
            printing = Background.run(() -> Tail.print(loop, new PrintStream(printed, true, UTF_8)));
            untilPrinted(here + ": one");
            untilPrinted(
                    "source " + later + " failed, 1 in a row, with java.nio.file.NoSuchFileException; trying again");

            Files.writeString(here, "two\nhal", StandardOpenOption.APPEND);
            untilPrinted(here + ": two");
            Files.writeString(here, "f\n", StandardOpenOption.APPEND);
            untilPrinted(here + ": half");
            Files.writeString(later, "three\n");
            untilPrinted(later + ": three");
            Files.writeString(here, "new\n");
            untilPrinted(here + ": new");
            Files.move(here, folder.resolve("here.1"));
            untilPrinted(
                    "source " + here + " failed, 1 in a row, with java.nio.file.NoSuchFileException; trying again");
            Files.writeString(folder.resolve("fresh"), "a longer file than the one that was moved away\n");
            Files.move(folder.resolve("fresh"), here);
            untilPrinted(here + ": a longer file than the one that was moved away");
        }

        printing.join();
        assertThat(printed.toString(UTF_8).lines()).hasSize(8);
    }

    private void untilPrinted(String line) {
        Eventually.until(line, () -> printed.toString(UTF_8).lines().toList().contains(line));
    }
}
