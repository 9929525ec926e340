package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite's errors mean to whoever runs the program. */
final class SqlErrors {
    private static final int PRIMARY = 0xFF;

    private SqlErrors() {}

    /** The same as an exception that says what to do. */
    static IOException explained(SQLException e, Path file) {
        return switch (code(e)) {
            case SQLITE_FULL ->
                new IOException(
                        file
                                + ": the disk is full, or the file has reached its limit; nothing that was acknowledged is lost,"
                                + " free space and try again",
                        e);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new IOException(
                        file
                                + ": another process kept the file locked for too long; write again, or end its transaction",
                        e);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new ShardFileException(
                        file, "the file is damaged or no SQLite database", "restore it from a backup", e);
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM ->
                new ShardFileException(
                        file,
                        "the file cannot be opened or written",
                        "check the rights of the file and its directory",
                        e);
            case SQLITE_IOERR ->
                new IOException(
                        file
                                + ": the operating system failed to read or write the file; check the disk, then try again",
                        e);
            default -> new IOException(file + ": SQLite refused the statement (" + code(e) + ")", e);
        };
    }

    /** Whether somebody else has the file locked. */
    static boolean isBusy(SQLException e) {
        return code(e) == SQLiteErrorCode.SQLITE_BUSY;
    }

    /** Whether every other write would fail as well, so that none of the group need be tried alone. */
    static boolean concernsWholeFile(SQLException e) {
        return switch (code(e)) {
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY, SQLITE_IOERR -> true;
            default -> false;
        };
    }

    /** The primary code, whatever its extension. */
    static SQLiteErrorCode code(SQLException e) {
        return e instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY)
                : SQLiteErrorCode.UNKNOWN_ERROR;
    }
}
