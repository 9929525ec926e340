package io.mutil.server;

import java.nio.file.FileSystemException;

/** A file that this side does not take, whatever its bytes. */
final class FileRefusal extends FileSystemException {
    private final int code;

    /**
     * Describes a refusal.
     *
     * @param code with which the connection closes
     * @param file as this side's log may have it
     * @param why as the sender may have it too
     */
    FileRefusal(int code, String file, String why) {
        super(file, null, why);
        this.code = code;
    }

    static FileRefusal name(String shown, String why) {
        return new FileRefusal(CloseReason.POLICY, shown, "the name is refused: " + why);
    }

    int code() {
        return code;
    }
}
