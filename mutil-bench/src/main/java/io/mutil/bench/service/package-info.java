/**
 * What a program that calls services needs, beside its peers: {@link io.mutil.bench.service.RateLimitSuite}, {@link
 * io.mutil.bench.service.SignSuite}, and answers that are stored already in {@link io.mutil.bench.service.MemoryHitSuite} and
 * {@link io.mutil.bench.service.DiskHitSuite}.
 */
@NullMarked
package io.mutil.bench.service;

import org.jspecify.annotations.NullMarked;
