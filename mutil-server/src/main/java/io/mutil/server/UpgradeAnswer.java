package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** What an {@link UpgradeHandler} has decided. Immutable. */
public final class UpgradeAnswer {
    private static final UpgradeAnswer ACCEPT = new UpgradeAnswer(null, null);

    private final @Nullable Refusal refusal;
    private final @Nullable Object attachment;

    private UpgradeAnswer(@Nullable Refusal refusal, @Nullable Object attachment) {
        this.refusal = refusal;
        this.attachment = attachment;
    }

    /** Lets the client in. */
    public static UpgradeAnswer accept() {
        return ACCEPT;
    }

    /**
     * Lets the client in.
     *
     * @param attachment what {@link WebSocket#attachment()} gives from then on, as who the client is
     */
    public static UpgradeAnswer accept(Object attachment) {
        return new UpgradeAnswer(null, requireNonNull(attachment, "attachment"));
    }

    /**
     * Turns the client away.
     *
     * @param status of HTTP, from 400 to 599
     * @param text for people, one line; the client sees it, so it says nothing that a stranger may not know
     * @throws IllegalArgumentException if the status is another, or the text has control characters
     */
    public static UpgradeAnswer refuse(int status, String text) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be from 400 to 599, was " + status);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("text must be one line without control characters");
        }
        return new UpgradeAnswer(new Refusal(HttpResponseStatus.valueOf(status), text), null);
    }

    /** Null if the client is let in. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    @Nullable
    Object attachment() {
        return attachment;
    }

    @Override
    public String toString() {
        return "UpgradeAnswer[" + (refusal == null ? "accept" : "refuse, " + refusal.status()) + "]";
    }
}
