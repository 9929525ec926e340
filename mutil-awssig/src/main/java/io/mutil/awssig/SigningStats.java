package io.mutil.awssig;

import java.time.Duration;

/**
 * Counters of a signer since it was made.
 *
 * @param signatures headers and links that were signed
 * @param keysDerived how often a signing key was not at hand: once a day, and for each new secret
 * @param clockCorrection what is added to the clock; zero unless {@link SigV4#correctClock} was called
 */
public record SigningStats(long signatures, long keysDerived, Duration clockCorrection) {}
