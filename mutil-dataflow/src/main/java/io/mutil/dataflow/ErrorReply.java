package io.mutil.dataflow;

import io.mutil.server.WebSocket;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What a client of an ingress is told: {@code {"error":"..."}}. */
final class ErrorReply {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ErrorReply() {}

    static void send(WebSocket socket, String message) {
        // A client that does not read its errors misses them.
        var unused = socket.sendAsync(MAPPER.writeValueAsString(Map.of("error", message)));
    }
}
