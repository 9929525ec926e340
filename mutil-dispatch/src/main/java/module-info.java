/** Commands by their shortest unique prefix. */
module io.mutil.dispatch {
    requires info.picocli;
    // JLine asks for sun.misc.Signal by name; without it a named program's shell would not see Ctrl-C
    requires jdk.unsupported;
    // for HelpProcessor: a service must be readable, or the module does not resolve
    requires java.compiler;
    // for the shell
    requires static org.jline.reader;
    requires static org.jline.terminal;
    requires static org.jspecify;

    exports io.mutil.dispatch;

    provides javax.annotation.processing.Processor with
            io.mutil.dispatch.HelpProcessor;
}
