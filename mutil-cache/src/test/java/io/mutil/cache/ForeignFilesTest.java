package io.mutil.cache;

import static io.mutil.cache.DiskFixture.meta;
import static io.mutil.cache.DiskFixture.name;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.cache.FaultyFolder.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What else may be in the directory, and what names entries have. */
class ForeignFilesTest extends DiskTest {
    @Test
    void aForeignFileIsAMissAndStays() throws IOException {
        Files.writeString(dir.resolve("one"), "what the Python library keeps");

        assertThat(fixture.get("one")).isNull();
        assertThat(fixture.put("one", "body")).isNull();
        reopen();

        assertThat(fixture.disk.stats().entries()).isZero();
        assertThat(dir.resolve("one")).hasContent("what the Python library keeps");
    }

    @Test
    void whatIsNotOursIsNotRemoved() throws IOException {
        Files.writeString(dir.resolve("one"), "what the Python library keeps");
        Files.createFile(dir.resolve("empty"));
        Files.createDirectory(dir.resolve("directory"));

        for (String file : List.of("one", "empty", "directory", "none")) {
            fixture.disk.remove(name(file));
        }
        fixture.disk.clear();
        reopen();

        assertThat(files()).containsExactly("directory", "empty", "locks", "one");
    }

    @Test
    void whatTookTheNameOfAnEntryIsNotRemovedForIt() throws IOException {
        fixture.put("a-2024-03-09", "body");
        Files.writeString(dir.resolve("a-2024-03-09"), "what the Python library keeps");

        fixture.put(new EntryName("a-2024-03-10", "a"), new byte[1], meta(1));

        assertThat(dir.resolve("a-2024-03-09")).hasContent("what the Python library keeps");
        assertThat(fixture.disk.stats().entries()).isEqualTo(1);
    }

    @Test
    void theValuesOfAMapAreForeignToTheCache() throws IOException {
        EntryWriter writer = EntryWriter.begin(new NioFolder(dir));
        writer.finish(Slot.Kind.VALUE, new byte[0], 0, 0, 0);
        writer.placeAs("one", 0);

        assertThat(fixture.get("one")).isNull();
        reopen();
        assertThat(fixture.disk.stats().entries()).isZero();
        assertThat(files()).contains("one");
    }

    @Test
    void clearingTakesWhatOthersStoredAndLeavesForeignFiles() throws IOException {
        fixture.put("one", "body");
        Files.writeString(dir.resolve("foreign"), "somebody else's");
        try (var other = new DiskFixture(dir)) {
            other.put("two", "body");
        }

        fixture.disk.clear();

        assertThat(files()).containsExactly("foreign", "locks");
    }

    @Test
    void anEntryCopiedToAnotherNameIsAMiss() throws IOException {
        fixture.put("one", "body");
        Files.copy(dir.resolve("one"), dir.resolve("two"));

        assertThat(fixture.get("two")).isNull();
        assertThat(files()).containsExactly("locks", "one", "two");
    }

    @Test
    void aFileThatSaysNothingIsReplaced() throws IOException {
        Files.write(dir.resolve("one"), new byte[1000]);
        Files.write(dir.resolve("two"), new byte[0]);

        assertThat(fixture.get("one")).isNull();
        fixture.put("one", "body");
        fixture.put("two", "body");

        assertThat(fixture.get("one")).isEqualTo("body");
        assertThat(fixture.get("two")).isEqualTo("body");
    }

    @Test
    void namesThatAreNoFileNamesAreRefused() {
        for (String bad :
                List.of("", ".hidden", "a/b", "a\\b", "a:b", "a\nb", "a\0b", "x".repeat(241), "locks", "\uD800")) {
            assertThatThrownBy(() -> name(bad)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> EntryName.checkFamily(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new EntryName("b-2024-03-10", "a"))
                .hasMessageContaining("<family>-<date>[-<bucket>], was \"b-2024-03-10\"");
        for (String dated : List.of("a-2024-03-10", "a-2024-03-10-7", "a-b-2024-03-10")) {
            assertThatThrownBy(() -> EntryName.checkFamily(dated))
                    .hasMessageContaining("must not end in -<yyyy-mm-dd>");
        }
        for (String good : List.of("quotes.json", "2024-03-10", "2024-03-10-quotes", "a-2024-03-10.csv")) {
            assertThat(EntryName.checkFamily(good)).isEqualTo(good);
        }
    }

    @Test
    void aTemporaryOfADeadProcessGoesWhenItIsAMinuteOld() throws IOException {
        Path old = dir.resolve(".mutil-00000000-0000-0000-0000-000000000000-1.tmp");
        Path young = dir.resolve(".mutil-00000000-0000-0000-0000-000000000000-2.tmp");
        Files.write(old, new byte[10]);
        Files.write(young, new byte[10]);
        Files.setLastModifiedTime(old, FileTime.fromMillis(fixture.millis.get() - 60_001));
        Files.setLastModifiedTime(young, FileTime.fromMillis(fixture.millis.get() - 59_000));

        reopen();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void aTemporaryGoesThoughItCannotBeClosed() throws IOException {
        DiskTier.Sink sink = requireNonNull(fixture.disk.begin(name("one")));
        fixture.folder.fail(Operation.CLOSE, n -> true);

        sink.abort();

        assertThat(files()).containsExactly("locks");
    }

    @Test
    void aTemporaryThatCouldNotBeDeletedGoesLaterAndOneThatIsWrittenStays() throws IOException {
        DiskTier.Sink sink = requireNonNull(fixture.disk.begin(name("one")));
        DiskTier.Sink failing = requireNonNull(fixture.disk.begin(name("two")));
        fixture.folder.fail(Operation.DELETE, n -> true);
        failing.abort();
        fixture.folder.heal();
        assertThat(files()).hasSize(3);
        fixture.millis.addAndGet(60_001);

        fixture.put("three", "body");

        assertThat(files()).hasSize(3);
        assertThat(sink.commit(meta(1))).isNotNull();
        assertThat(files()).containsExactly("locks", "one", "three");
    }
}
