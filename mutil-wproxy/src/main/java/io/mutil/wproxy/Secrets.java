package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where the program gets secrets from that a command line would show to everybody on the machine. */
final class Secrets {
    private static final Logger LOGGER = System.getLogger(Secrets.class.getName());
    private static final String ENVIRONMENT = "env:";

    private Secrets() {}

    /**
     * What a value of an option stands for: {@code @file} for what is in a file, without the ends of lines behind it,
     * {@code env:NAME} for what is in an environment variable, and everything else for itself.
     *
     * @throws IOException if there is no such file or variable
     */
    static String resolve(String value) throws IOException {
        if (value.startsWith("@")) {
            return read(Path.of(value.substring(1))).stripTrailing();
        }
        if (!value.startsWith(ENVIRONMENT)) {
            return value;
        }
        String name = value.substring(ENVIRONMENT.length());
        String found = System.getenv(name);
        if (found == null) {
            throw new IOException("environment variable " + name + " is not set; set and export it");
        }
        return found;
    }

    /** All of a file with secrets. Warns if everybody on the machine may read it. */
    static String read(Path file) throws IOException {
        String text = text(file);
        warnIfOpen(file);
        return text;
    }

    static String text(Path file) throws IOException {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw FileProblem.reading(file, e);
        }
    }

    /** No more than a warning, because what mounts secrets into containers makes them such. */
    private static void warnIfOpen(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
            LOGGER.log(
                    Level.WARNING,
                    () -> file + " can be read by everybody (" + PosixFilePermissions.toString(permissions)
                            + "); chmod o= takes that back");
        }
    }
}
