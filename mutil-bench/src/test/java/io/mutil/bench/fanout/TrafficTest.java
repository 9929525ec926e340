package io.mutil.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrafficTest {
    @Test
    void hasNoMoreKeysThanClients() {
        assertThat(Traffic.of(1, 100, true, 1).keys()).isOne();
        assertThat(Traffic.of(1000, 100, true, 1).deliveriesPerMessage()).isEqualTo(10);
        assertThat(Traffic.of(1000, 100, false, 1).deliveriesPerMessage()).isEqualTo(1000);
    }

    @Test
    void boundsWhatIsUnderWay() {
        assertThat(Traffic.of(1, 100, false, 1).window()).isEqualTo(4096);
        assertThat(Traffic.of(1000, 100, false, 1).window()).isEqualTo(524);
        assertThat(Traffic.of(5000, 100, false, 1).window()).isEqualTo(104);
        assertThat(Traffic.of(1000, 100, true, 1).window()).isEqualTo(52_428);
        assertThat(Traffic.of(100, 100, true, 1).window()).isEqualTo(65_536);
    }

    @Test
    void givesEachClientTheNextKey() {
        Traffic traffic = Traffic.of(10, 4, true, 1);

        assertThat(Subscription.of(traffic, 0)).isEqualTo(new Subscription("/", "{\"subscribe\": [\"K0000\"]}", 4, 0));
        assertThat(Subscription.of(traffic, 7)).isEqualTo(new Subscription("/", "{\"subscribe\": [\"K0003\"]}", 4, -1));
        assertThat(Subscription.byPath(traffic, 7)).isEqualTo(new Subscription("/sub/K0003", "", 4, -1));
    }

    @Test
    void givesAllClientsEverything() {
        Traffic traffic = Traffic.of(10, 4, false, 1);

        assertThat(Subscription.of(traffic, 7)).isEqualTo(new Subscription("/", "{\"subscribe:all\": true}", 1, 0));
        assertThat(Subscription.byPath(traffic, 7)).isEqualTo(new Subscription("/sub/all", "", 1, 0));
    }
}
