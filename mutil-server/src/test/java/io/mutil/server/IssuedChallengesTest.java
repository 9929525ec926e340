package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IssuedChallengesTest {
    private long now = -5; // System.nanoTime may be anything
    private final IssuedChallenges issued = new IssuedChallenges(2, Duration.ofSeconds(10), () -> now);
    private final byte[] one = {1};
    private final byte[] two = {2};

    @Test
    void forbidsWhatItHasIssuedUntilThatIsRetired() throws Exception {
        issued.issue(one, Line.UNKNOWN);
        assertThat(issued.forbids(one.clone(), Line.UNKNOWN)).isTrue();
        assertThat(issued.forbids(two, Line.UNKNOWN)).isFalse();

        assertThat(issued.retire(one.clone())).isTrue();

        assertThat(issued.forbids(one, Line.UNKNOWN)).isFalse();
        assertThat(issued.retire(one)).isFalse();
    }

    @Test
    void aProgramMayConnectToItself() throws Exception {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000);
        var client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000);
        var stranger = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6000);

        issued.issue(one, new Line(client, server));

        assertThat(issued.forbids(one, new Line(server, client))).isFalse();
        assertThat(issued.forbids(one, new Line(client, server))).isTrue();
        assertThat(issued.forbids(one, new Line(server, stranger))).isTrue();
        assertThat(issued.forbids(one, new Line(null, client))).isTrue();
        assertThat(issued.forbids(one, Line.UNKNOWN)).isTrue();
    }

    @Test
    void issuesNoMoreWhenItIsFull() throws Exception {
        issued.issue(one, Line.UNKNOWN);
        issued.issue(two, Line.UNKNOWN);

        assertThatThrownBy(() -> issued.issue(new byte[] {3}, Line.UNKNOWN))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("2 handshakes");
        assertThat(issued.forbids(one, Line.UNKNOWN)).isTrue();
    }

    @Test
    void anOldChallengeIsNoLongerGoodForItsOwnHandshake() throws Exception {
        issued.issue(one, Line.UNKNOWN);
        now += Duration.ofSeconds(6).toNanos();
        issued.issue(two, Line.UNKNOWN);
        now += Duration.ofSeconds(4).toNanos();

        assertThat(issued.retire(one)).isFalse();
        assertThat(issued.retire(two)).isTrue();
        assertThat(issued.size()).isZero();
    }

    @Test
    void oldOnesMakeRoom() throws Exception {
        issued.issue(one, Line.UNKNOWN);
        issued.issue(two, Line.UNKNOWN);
        now += Duration.ofSeconds(10).toNanos();

        issued.issue(new byte[] {3}, Line.UNKNOWN);

        assertThat(issued.size()).isEqualTo(1);
    }
}
