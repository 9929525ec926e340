package io.mutil.sqlshard;

import java.io.IOException;

/** Told how far a long piece of work has come. */
interface Steps {
    Steps UNWATCHED = step -> {};

    void reached(String step) throws IOException, InterruptedException;
}
