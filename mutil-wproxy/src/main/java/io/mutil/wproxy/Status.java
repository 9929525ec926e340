package io.mutil.wproxy;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Puts the figures of a proxy together. */
final class Status {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int SLOWEST = 10;
    private static final Comparator<Stats.Client> SLOWEST_FIRST = Comparator.comparingLong(Stats.Client::waitingBytes)
            .thenComparingLong(Stats.Client::missed)
            .reversed();

    private final Hub hub;
    private final Intake intake;
    private final Feed feed;
    private final IntSupplier upstreamKeys;
    private final @Nullable Recorder recorder;
    private final Rates rates = new Rates();

    /** @param upstreamKeys how many keys the upstream has been asked for */
    Status(Hub hub, Intake intake, Feed feed, IntSupplier upstreamKeys, @Nullable Recorder recorder) {
        this.hub = hub;
        this.intake = intake;
        this.feed = feed;
        this.upstreamKeys = upstreamKeys;
        this.recorder = recorder;
    }

    /** Called every second. */
    void sample() {
        rates.sample(hub.now(), intake.messages(), hub.delivered());
    }

    Stats stats() {
        List<Subscriber> clients = hub.subscribers();
        List<Stats.Client> slowest = clients.stream()
                .filter(client ->
                        client.outlet().waitingBytes() > 0 || client.outlet().missed() > 0)
                .map(Status::client)
                .sorted(SLOWEST_FIRST)
                .limit(SLOWEST)
                .toList();
        return new Stats(
                feed.isConnected(),
                feed.connects(),
                upstreamKeys.getAsInt(),
                intake.messages(),
                intake.bytes(),
                intake.illegible(),
                clients.size(),
                hub.ledger().held(),
                hub.delivered(),
                hub.missed(),
                hub.closedSlowSoFar(),
                recorder == null ? 0 : recorder.recorded(),
                recorder == null ? 0 : recorder.notRecorded(),
                rates.firstPerSecond(),
                rates.secondPerSecond(),
                slowest);
    }

    static Stats.Client client(Subscriber client) {
        return new Stats.Client(
                Addresses.text(client.outlet().link().remoteAddress()),
                client.subscriptions(),
                client.hasEverything(),
                client.outlet().delivered(),
                client.outlet().missed(),
                client.outlet().waitingBytes());
    }

    byte[] json() {
        return JSON.writeValueAsBytes(stats());
    }

    /** What a client may know of itself. */
    static Element notice(Subscriber client) {
        return Notices.element("{\"stats\": " + JSON.writeValueAsString(client(client)) + "}");
    }
}
