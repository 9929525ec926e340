/** AWS Signature Version 4. */
module io.mutil.awssig {
    requires static java.net.http;
    requires static org.jspecify;

    exports io.mutil.awssig;
}
