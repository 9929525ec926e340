package io.mutil.cache;

import java.util.List;
import java.util.Map;

/**
 * What is kept of an answer besides its body. Times are milliseconds since the epoch.
 *
 * @param status the status, 200 for what is no HTTP
 * @param headers what may be kept of the headers, names in lower case; no secrets
 * @param storedAt when the origin last vouched for it
 * @param freshUntil from when on it is due
 * @param keepUntil from when on it is of no use, not even stale
 */
record Meta(int status, Map<String, List<String>> headers, long storedAt, long freshUntil, long keepUntil) {
    Meta {
        headers = Map.copyOf(headers);
    }
}
