package io.mutil.awssig;

/**
 * What a signer does alike for each request.
 *
 * @param hashHeader whether the hash of the payload is sent as a header
 * @param signToken whether the session token is signed, or added after
 * @param compatible whether requests are signed as the Python library does
 * @param s3Session whether the token is that of a session of S3 Express
 */
record Scheme(
        String service,
        String region,
        PathRule path,
        boolean hashHeader,
        boolean signToken,
        boolean compatible,
        boolean s3Session) {

    /**
     * Checks a service or a region, which slashes separate in the scope of a signature.
     *
     * @param what which of them
     */
    static String checked(String what, String name) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '/')) {
            throw new IllegalArgumentException(
                    what + " must be a name without slashes and spaces, was \"" + name + "\"");
        }
        return name;
    }

    /** In lower case. */
    String tokenHeader() {
        return s3Session ? HeaderForm.S3_SESSION_TOKEN : HeaderForm.TOKEN;
    }

    /** Its place in a link. */
    String tokenParameter() {
        return s3Session ? QueryForm.S3_SESSION_TOKEN : QueryForm.TOKEN;
    }

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
