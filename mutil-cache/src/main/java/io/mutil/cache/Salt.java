package io.mutil.cache;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random bytes of a directory, which go into the hash of each key: who sees the file names cannot try passwords against them
 * with a table made beforehand, nor recognise them in another directory. Its file is for the owner only, and is placed where there is
 * none, which no other file needs and a {@link Folder} does not know.
 */
final class Salt {
    private static final Logger LOG = System.getLogger(Salt.class.getName());
    private static final String FILE = ".salt";
    private static final int BYTES = 32;

    private Salt() {}

    /** That of the directory, or one for this time only if the disk does not play along. */
    static byte[] of(Path dir) {
        return of(dir, new NioFolder(dir));
    }

    static byte[] of(Path dir, Folder folder) {
        Path file = dir.resolve(FILE);
        try {
            byte[] salt = read(file);
            return salt == null ? create(dir, file, folder) : salt;
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> "no salt in " + file + "; what is stored will not be found again: " + e);
            return random();
        }
    }

    /**
     * Of two processes that begin at a time one makes it, for it appears whole and once. Two that replace a blank one at the same
     * moment may each have their own until they are opened again, and do not find what the other stored.
     */
    private static byte[] create(Path dir, Path file, Folder folder) throws IOException {
        Files.createDirectories(dir);
        Path temporary = Files.createTempFile(dir, FILE, ".tmp");
        try {
            write(temporary, random());
            place(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncIfPossible(folder);
        byte[] salt = read(file);
        if (salt == null) {
            throw new IOException("what was written is not there");
        }
        return salt;
    }

    /** It is in its place all the same, and after a loss of power at worst another one is made. */
    private static void syncIfPossible(Folder folder) {
        try {
            folder.sync();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "cannot force a new salt to the disk: " + e);
        }
    }

    /** Null if there is none. A loss of power may have left an empty file, or zeros that every directory has in common. */
    private static byte @Nullable [] read(Path file) throws IOException {
        // not the same as that it does not exist, which is also said of one that cannot be looked at
        if (Files.notExists(file)) {
            return null;
        }
        // unlike a channel it takes no notice of an interrupt
        try (var in = new FileInputStream(file.toFile())) {
            byte[] salt = in.readNBytes(BYTES + 1);
            return salt.length == BYTES && !Slot.isBlank(salt, BYTES) ? salt : null;
        }
    }

    private static void write(Path file, byte[] salt) throws IOException {
        try (var out = new FileOutputStream(file.toFile())) {
            out.write(salt);
            out.getFD().sync();
        }
    }

    private static void place(Path temporary, Path file) throws IOException {
        try {
            // unlike a move, a link never takes the place of another
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            if (read(file) == null) {
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
