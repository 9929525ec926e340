package io.mutil.awssig;

import org.jspecify.annotations.Nullable;

/** The headers that a caller gave, on their way into a signature. Of one request, in one thread. */
final class GivenHeaders {
    private final HeaderList signed = new HeaderList();
    private boolean hostGiven;
    private @Nullable String contentSha256;

    /**
     * Takes a header, unless it is not to be signed.
     *
     * @param name in lower case
     */
    void take(String name, String value) {
        if (name.equals(HeaderForm.CONTENT_SHA256)) {
            contentSha256 = value; // the signer writes it, as the payload has it
        } else if (HeaderList.isSigned(name)) {
            hostGiven |= name.equals("host");
            signed.add(name, value);
        }
    }

    /** What is to be signed so far, with the host even where it was not given. */
    HeaderList withHost(String host) {
        if (!hostGiven) {
            hostGiven = true;
            signed.add("host", host);
        }
        return signed;
    }

    /** Whether the caller sends {@code x-amz-content-sha256}. */
    boolean haveHash() {
        return contentSha256 != null;
    }

    /** The payload of a request, else the one that its header names, else another one. */
    Payload payload(@Nullable Payload ofRequest, Payload otherwise) {
        if (ofRequest != null) {
            return ofRequest;
        }
        return contentSha256 != null ? FixedPayload.named(contentSha256) : otherwise;
    }
}
