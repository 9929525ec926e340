/** Tests against foreign servers and clients that are too heavy for the module itself; see the profile {@code it}. */
@NullMarked
package io.mutil.it;

import org.jspecify.annotations.NullMarked;
