package io.mutil.wproxy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says which file cannot be used, why and what to do; exceptions of the JDK often have one of these only. */
final class FileProblem {
    private FileProblem() {}

    /** A file that cannot be read. */
    static FileSystemException reading(Path file, IOException cause) {
        if (Files.isDirectory(file)) {
            return because(new FileSystemException(name(file), null, "is a directory; name a file"), cause);
        }
        if (cause instanceof NoSuchFileException) {
            return because(new NoSuchFileException(name(file), null, "there is no such file; check its name"), cause);
        }
        if (cause instanceof AccessDeniedException) {
            return denied(file, "no right to read it; let the user of this program read it", cause);
        }
        String reason = cause instanceof CharacterCodingException
                ? "is no text in UTF-8; save it as such"
                : reason(cause) + "; check that it is a file that can be read";
        return because(new FileSystemException(name(file), null, reason), cause);
    }

    /** A file that cannot be made. */
    static FileSystemException making(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return because(
                    new NoSuchFileException(name(file), null, "its directory does not exist; make it first"), cause);
        }
        if (cause instanceof AccessDeniedException) {
            return denied(file, "no right to make it; choose a directory that this program may write to", cause);
        }
        String reason = reason(cause) + "; choose a directory that can be written to";
        return because(new FileSystemException(name(file), null, reason), cause);
    }

    private static AccessDeniedException denied(Path file, String reason, IOException cause) {
        return because(new AccessDeniedException(name(file), null, reason), cause);
    }

    private static <E extends IOException> E because(E problem, IOException cause) {
        problem.initCause(cause);
        return problem;
    }

    private static String name(Path file) {
        return file.toString().isEmpty() ? "''" : file.toString();
    }

    /** Without the name. */
    private static String reason(IOException cause) {
        String reason = cause instanceof FileSystemException e && e.getReason() != null
                ? e.getReason()
                : String.valueOf(cause.getMessage());
        return reason.equals("Not a directory") ? "what stands before its name is no directory" : reason;
    }
}
