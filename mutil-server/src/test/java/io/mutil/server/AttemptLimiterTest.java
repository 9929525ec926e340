package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptLimiterTest {
    private long now = Long.MAX_VALUE - 10; // System.nanoTime may overflow
    private final AttemptLimiter limiter = new AttemptLimiter(3, () -> now);
    private final SocketAddress peer = address("192.0.2.1");

    private static SocketAddress address(String literal) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), 4000);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void fail(SocketAddress address, int times) {
        for (int i = 0; i < times; i++) {
            limiter.failed(address);
        }
    }

    @Test
    void refusesAfterTooManyFailures() {
        fail(peer, 2);
        assertThat(limiter.admits(peer)).isTrue();

        limiter.failed(peer);

        assertThat(limiter.admits(peer)).isFalse();
        assertThat(limiter.admits(address("192.0.2.2"))).isTrue();
    }

    @Test
    void thePortDoesNotMatter() {
        fail(peer, 3);

        assertThat(limiter.admits(new InetSocketAddress(((InetSocketAddress) peer).getAddress(), 9)))
                .isFalse();
    }

    @Test
    void theWindowSlides() {
        limiter.failed(peer);
        now += Duration.ofSeconds(40).toNanos();
        fail(peer, 2);
        assertThat(limiter.admits(peer)).isFalse();

        now += Duration.ofSeconds(20).toNanos();

        assertThat(limiter.admits(peer)).isTrue();
        limiter.failed(peer);
        assertThat(limiter.admits(peer)).isFalse();
    }

    @Test
    void nothingIsRememberedOfThoseWhoBehaveAgain() {
        fail(peer, 3);
        now += Duration.ofSeconds(60).toNanos();

        assertThat(limiter.admits(peer)).isTrue();

        assertThat(limiter.addresses()).isZero();
    }

    @Test
    void ipv6CountsByItsFirst64Bits() {
        fail(address("2001:db8:1:2:3:4:5:6"), 3);

        assertThat(limiter.admits(address("2001:db8:1:2:ffff::1"))).isFalse();
        assertThat(limiter.admits(address("2001:db8:1:3::1"))).isTrue();
    }

    @Test
    void peersWithoutAnAddressAreNotLimited() {
        var unix = new DomainSocketAddress("/tmp/none");
        fail(unix, 100);

        assertThat(limiter.admits(unix)).isTrue();
        assertThat(limiter.admits(null)).isTrue();
        assertThat(limiter.addresses()).isZero();
    }

    @Test
    void zeroIsNoLimit() {
        var unlimited = new AttemptLimiter(0, () -> now);

        unlimited.failed(peer);

        assertThat(unlimited.admits(peer)).isTrue();
        assertThat(unlimited.addresses()).isZero();
    }

    @Test
    void forgetsWhoFailedLongestAgo() {
        fail(peer, 3);
        for (int i = 0; i < AttemptLimiter.MAX_ADDRESSES; i++) {
            assertThat(limiter.addresses()).isLessThanOrEqualTo(AttemptLimiter.MAX_ADDRESSES);
            limiter.failed(address("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)));
        }

        assertThat(limiter.addresses()).isEqualTo(AttemptLimiter.MAX_ADDRESSES);
        assertThat(limiter.admits(peer)).isTrue();
    }

    @Test
    void aFloodFromOneAddressTakesNoMoreRoom() {
        fail(peer, 100_000);

        assertThat(limiter.addresses()).isEqualTo(1);
        assertThat(limiter.admits(peer)).isFalse();
    }

    @Test
    void limitsHaveALimit() {
        assertThatThrownBy(() -> new AttemptLimiter(-1, () -> now)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AttemptLimiter(1001, () -> now)).isInstanceOf(IllegalArgumentException.class);
    }
}
