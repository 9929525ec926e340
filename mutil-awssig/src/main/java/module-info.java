/** AWS Signature Version 4. */
module io.mutil.awssig {
    requires java.xml;
    requires static java.net.http;
    // of the program only
    requires static info.picocli;
    requires static org.jspecify;

    exports io.mutil.awssig;

    // picocli fills the fields of the command
    opens io.mutil.awssig to
            info.picocli;
}
