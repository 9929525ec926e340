package io.mutil.cache;

import static io.mutil.cache.CacheFixture.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Files that are open for their first reader. */
class AnswersTest {
    private final FakeDisk disk = new FakeDisk();

    private Held stored(String name) {
        DiskTier.Sink sink = requireNonNull(disk.begin(new EntryName(name, null)));
        sink.write(ByteBuffer.wrap(name.getBytes(UTF_8)));
        return requireNonNull(sink.commit(new Meta(200, Map.of(), 0, 0, 0)));
    }

    @Test
    void theFirstReaderHasTheFileThatWasThere() throws Exception {
        var answers = new Answers(2, 100);
        Answer answer = answers.of(stored("a"), Source.DISK, 0);
        disk.clear();

        assertThat(answer.length()).isEqualTo(1);
        assertThat(answer.text()).isEqualTo("a");
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(answer::text);
        assertThat(disk.opened).isZero();
        assertThat(answers.open()).isZero();
    }

    @Test
    void onlySoManyFilesAreOpen() throws Exception {
        var answers = new Answers(2, 100);
        var all = new ArrayList<Answer>();
        for (String name : new String[] {"a", "b", "c"}) {
            all.add(answers.of(stored(name), Source.DISK, 0));
        }
        assertThat(disk.opened).isEqualTo(2);
        assertThat(all.get(0).text()).isEqualTo("a");
        disk.clear();

        assertThat(all.get(1).text()).isEqualTo("b");
        assertThat(all.get(2).text()).isEqualTo("c");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> all.get(0).text());
        assertThat(disk.opened).isZero();
    }

    @Test
    void noFileIsOpenAfterTheEnd() throws Exception {
        var answers = new Answers(2, 100);
        Answer before = answers.of(stored("a"), Source.DISK, 0);

        answers.close();
        Answer after = answers.of(stored("b"), Source.DISK, 0);

        assertThat(disk.opened).isZero();
        assertThat(before.text()).isEqualTo("a");
        assertThat(after.text()).isEqualTo("b");
    }

    @Test
    void aFileThatCannotBeOpenedIsOpenedWhenItIsRead() throws Exception {
        var answers = new Answers(2, 100);
        Held held = stored("a");
        disk.clear();
        Answer answer = answers.of(held, Source.DISK, 0);

        stored("a");

        assertThat(answer.text()).isEqualTo("a");
    }

    @Test
    void onlySoManyBytesAreOpenButAlwaysOneFile() throws Exception {
        var answers = new Answers(10, 2);
        for (String name : new String[] {"a", "b", "c"}) {
            answers.of(stored(name), Source.DISK, 0);
        }
        assertThat(answers.open()).isEqualTo(2);

        Answer large = answers.of(stored("large"), Source.DISK, 0);
        disk.clear();

        assertThat(answers.open()).isEqualTo(1);
        assertThat(large.text()).isEqualTo("large");
        assertThat(answers.open()).isZero();
        assertThat(disk.opened).isZero();
    }

    @Test
    void eachOfThoseWhoJoinedHasAFileOfItsOwn() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3));
        CompletableFuture<Answer> first = fixture.getAsync();
        CompletableFuture<Answer> second = fixture.getAsync();
        fixture.origin.last().answer("large");
        fixture.disk.clear();

        assertThat(text(first)).isEqualTo("large");
        assertThat(text(second)).isEqualTo("large");
        assertThat(fixture.disk.opened).isZero();
    }

    @Test
    void noFileIsOpenForAnAnswerThatNobodyGets() throws Exception {
        var fixture = new CacheFixture(choices -> choices.memoryEntry(3).staleWhileRevalidate(CacheFixture.TTL));
        fixture.origin.says("large");
        assertThat(fixture.get().text()).isEqualTo("large");
        fixture.clock.advance(CacheFixture.TTL);

        Answer stale = fixture.get();

        assertThat(fixture.origin.calls).hasSize(2);
        assertThat(fixture.disk.opened).as("that of the stale one").isEqualTo(1);
        assertThat(stale.text()).isEqualTo("large");
    }
}
