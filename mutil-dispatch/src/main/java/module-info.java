/** Commands by their shortest unique prefix. */
module io.mutil.dispatch {
    requires info.picocli;
    // for the compiler, which keeps comments as help
    requires static java.compiler;
    requires static org.jspecify;

    exports io.mutil.dispatch;

    provides javax.annotation.processing.Processor with
            io.mutil.dispatch.HelpProcessor;
}
