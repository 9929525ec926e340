/**
 * AWS Signature Version 4 for any HTTP client: {@link io.mutil.awssig.SigV4} signs a request by headers or makes a link,
 * {@link io.mutil.awssig.S3Endpoint} makes the addresses of stores that speak S3.
 */
@NullMarked
package io.mutil.awssig;

import org.jspecify.annotations.NullMarked;
