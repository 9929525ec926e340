/**
 * What timing costs a program, beside its peers: {@link io.mutil.bench.time.StepSuite} in a loop, and {@link
 * io.mutil.bench.time.SectionSuite} for a section.
 */
@NullMarked
package io.mutil.bench.time;

import org.jspecify.annotations.NullMarked;
