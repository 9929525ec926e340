package io.mutil.cache;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;

/**
 * Random bytes of a directory, which go into the hash of each key: who sees the file names cannot try passwords against them
 * with a table made beforehand, nor recognise them in another directory.
 */
final class Salt {
    private static final Logger LOG = System.getLogger(Salt.class.getName());
    private static final String FILE = ".salt";
    private static final int BYTES = 32;

    private Salt() {}

    /** That of the directory, or one for this time only if the disk does not play along. */
    static byte[] of(Path dir) {
        Path file = dir.resolve(FILE);
        try {
            return Files.exists(file) && Files.size(file) == BYTES ? Files.readAllBytes(file) : create(dir, file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "no salt in " + file + "; what is stored will not be found again: " + e);
            return random();
        }
    }

    /** Of two processes that begin at a time one makes it, for it appears whole and once. */
    private static byte[] create(Path dir, Path file) throws IOException {
        Files.createDirectories(dir);
        Path temporary = Files.createTempFile(dir, FILE, ".tmp");
        try {
            Files.write(temporary, random());
            place(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return Files.readAllBytes(file);
    }

    private static void place(Path temporary, Path file) throws IOException {
        try {
            // unlike a move, a link never takes the place of another
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            if (Files.size(file) != BYTES) {
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
