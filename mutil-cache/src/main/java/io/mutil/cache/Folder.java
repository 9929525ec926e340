package io.mutil.cache;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the files of one directory. Everything that touches the disk goes through here, so that tests can let it
 * fail.
 *
 * <p>An interrupt of the calling thread ends none of it.
 */
interface Folder {
    /** Makes the directory, unless it is there. */
    void create() throws IOException;

    /** Says which directory it is: equal for all that mean the same one. */
    Object identity() throws IOException;

    /** Whether the file system has such names; one that a locale cannot express it has not. */
    boolean canName(String name);

    /** The names of all that is in it. */
    List<String> names() throws IOException;

    /** Looks at a file, not through a link. */
    Facts facts(String name) throws IOException;

    /** Opens a file to be read. */
    Handle openToRead(String name) throws IOException;

    /** Opens a file to be read and written; makes it if there is none. */
    Handle openToWrite(String name) throws IOException;

    /** Sets the time of the last change, in microseconds since the epoch. */
    void setModified(String name, long micros) throws IOException;

    /** Gives a file another name, at once and in place of what has that name. */
    void replace(String from, String to) throws IOException;

    /** Deletes a file, if there is one. */
    void delete(String name) throws IOException;

    /** Makes names that were given and taken survive a loss of power. */
    void sync() throws IOException;

    /**
     * What is known of a file without opening it.
     *
     * @param modified microseconds since the epoch
     */
    record Facts(boolean regular, long size, long modified) {}

    /** An open file. */
    interface Handle extends Closeable {
        /** Reads once; less than asked for only at the end of the file, and -1 if nothing is there. */
        int read(byte[] into, int offset, int length, long position) throws IOException;

        /** Writes all of it. */
        void write(byte[] from, int offset, int length, long position) throws IOException;

        /** Makes what was written survive a loss of power. */
        void sync() throws IOException;

        /**
         * Locks one byte against all others, without waiting.
         *
         * @return what unlocks it, null if another has it
         */
        @Nullable
        Closeable tryLock(long position) throws IOException;
    }
}
