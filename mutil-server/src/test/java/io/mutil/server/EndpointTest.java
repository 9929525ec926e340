package io.mutil.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void textIsThatOfAUri() {
        assertThat(Endpoint.tcp(2221)).hasToString("tcp://127.0.0.1:2221");
        assertThat(Endpoint.tcp("feed.example", 1)).hasToString("tcp://feed.example:1");
        assertThat(Endpoint.tcp("::1", 65535)).hasToString("tcp://[::1]:65535");
        assertThat(Endpoint.unix(Path.of("/run/feed.sock"))).hasToString("unix:/run/feed.sock");
        assertThat(Endpoint.webSocket(80, "/a/b")).hasToString("ws://127.0.0.1:80/a/b");
        assertThat(Endpoint.webSocket("::", 80, "/")).hasToString("ws://[::]:80/");
    }

    @Test
    void isAValue() {
        assertThat(Endpoint.tcp(1)).isEqualTo(Endpoint.tcp("127.0.0.1", 1)).isNotEqualTo(Endpoint.tcp(2));
        assertThat(Endpoint.webSocket(1, "/")).isEqualTo(Endpoint.webSocket("127.0.0.1", 1, "/"));
        assertThat(Endpoint.webSocket(7, "/").port()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void refusesPortsThatThereAreNot(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.tcp(port))
                .withMessage("port must be from 0 to 65535, was " + port);
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.webSocket(port, "/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "feed", "/a?b", "/a b", "/#x"})
    void refusesWhatIsNoPath(String path) {
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.webSocket(1, path));
    }

    @Test
    void refusesNothingAsAName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Endpoint.tcp(" ", 1))
                .withMessageContaining("use 127.0.0.1");
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.unix(Path.of("")));
        assertThatIllegalStateException()
                .isThrownBy(() -> Endpoint.unix(Path.of("/x")).port())
                .withMessage("unix:/x has no port; clients connect with its path");
    }
}
