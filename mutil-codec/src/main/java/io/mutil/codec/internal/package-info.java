/**
 * What pipes and connections have in common: frames packed into few large writes, and bytes parsed by whoever reads them.
 *
 * <p>Not an API: exported to the sister modules only, and changed without notice.
 */
@NullMarked
package io.mutil.codec.internal;

import org.jspecify.annotations.NullMarked;
