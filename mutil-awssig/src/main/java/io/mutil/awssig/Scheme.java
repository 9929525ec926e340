package io.mutil.awssig;

/**
 * What a signer does alike for each request.
 *
 * @param hashHeader whether the hash of the payload is sent as a header
 * @param signToken whether the session token is signed, or added after
 * @param compatible whether requests are signed as the Python library does
 */
record Scheme(String service, String region, PathRule path, boolean hashHeader, boolean signToken, boolean compatible) {

    boolean isS3() {
        return isS3(service);
    }

    static boolean isS3(String service) {
        return switch (service) {
            case "s3", "s3express", "s3-object-lambda", "s3-outposts" -> true;
            default -> false;
        };
    }
}
