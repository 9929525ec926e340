/** What the tests of several modules share; never published. */
@NullMarked
package io.mutil.testkit;

import org.jspecify.annotations.NullMarked;
