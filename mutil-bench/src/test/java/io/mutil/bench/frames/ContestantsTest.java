package io.mutil.bench.frames;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContestantsTest {
    private static final int SMALL = 16;
    private static final int LARGE = 100_000;

    @ParameterizedTest
    @ValueSource(strings = {"mutil", "blocking", "blockingCopy", "jeromq"})
    void everyFrameComesThroughThePipe(String who) throws IOException, InterruptedException {
        for (int payload : new int[] {SMALL, LARGE}) {
            burstTwice(new Load(payload, receipt -> PipeSuite.contestant(who, payload, receipt)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mutil", "mutilInto", "netty", "nettyCopy", "grpc", "rsocket"})
    void everyFrameComesToTheServer(String who) throws IOException, InterruptedException {
        for (int payload : new int[] {SMALL, LARGE}) {
            burstTwice(new Load(payload, receipt -> OneWaySuite.contestant(who, payload, receipt)));
        }
    }

    private static void burstTwice(Load load) throws IOException, InterruptedException {
        try {
            load.burst();
            load.burst();
        } finally {
            load.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mutil", "netty", "grpc", "rsocket"})
    void everyFrameComesBack(String who) throws IOException, InterruptedException {
        var suite = new RoundTripSuite();
        suite.who = who;
        suite.outstanding = 64;
        suite.open();
        try {
            for (int i = 0; i < 1000; i++) {
                suite.trip();
            }
            suite.drain();
        } finally {
            suite.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"mutil, tcp", "mutil, unix", "transferTo, tcp", "transferTo, unix"})
    void theFileThatComesIsTheOneThatWasSent(String who, String over, @TempDir Path directory)
            throws IOException, InterruptedException {
        try (var sample = new SampleFile(2)) {
            Path target = directory.resolve("target");
            FileTransfer transfer = FileSuite.contestant(who, over, directory, target);
            try {
                transfer.send(sample.path());
                transfer.send(sample.path());
            } finally {
                transfer.close();
            }
            sample.requireSame(target);
        }
    }
}
