/** AWS Signature Version 4. */
@NullMarked
package io.mutil.awssig;

import org.jspecify.annotations.NullMarked;
