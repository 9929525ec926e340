package io.mutil.awssig;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program: signs a request as the command line says. */
@Command(
        name = "awssig",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        usageHelpWidth = 120,
        customSynopsis = "Usage: awssig [OPTION]... METHOD URL",
        synopsisHeading = "",
        description = "Signs a request with AWS Signature Version 4, and prints the headers or a link.",
        footer = {
            "",
            "Credentials come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, else from the profile that",
            "AWS_PROFILE names, else from the profile default. Service and region come from the name of the host where it tells",
            "them; else the region from AWS_REGION or AWS_DEFAULT_REGION.",
            "",
            "TIME is 30s, 5m, 1h or 7d.",
            "",
            "    awssig --format curl GET https://bucket.s3.eu-central-1.amazonaws.com/key | curl --config -",
            "    awssig --format curl --payload a.txt PUT https://... | curl --config -",
            "    awssig --presign 1h GET https://...",
            "",
            "Exit status: 0 signed, 1 failed, 2 wrong usage."
        })
final class SignCommand implements Callable<Integer> {
    private final Variables variables;
    private final Clock clock;
    private final PrintWriter out;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "METHOD", description = "GET, PUT and so on")
    private String method = "";

    @Parameters(index = "1", paramLabel = "URL", description = "what to sign, encoded as it will be sent")
    private URI uri = URI.create("");

    @Option(names = "--service", paramLabel = "NAME", description = "the service to sign for, as s3 or execute-api")
    private @Nullable String service;

    @Option(names = "--region", paramLabel = "NAME", description = "the region to sign for, as eu-central-1")
    private @Nullable String region;

    @Option(names = "--profile", paramLabel = "NAME", description = "take the credentials of this profile")
    private @Nullable String profile;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "HEADER",
            converter = SignOptions.ForHeader.class,
            description = "a header to sign and to send, as 'Content-Type: text/plain'; repeatable")
    private List<Map.Entry<String, String>> headers = new ArrayList<>();

    @Option(names = "--payload", paramLabel = "FILE", description = "the body that will be sent")
    private @Nullable Path payload;

    @Option(names = "--unsigned-payload", description = "leave the body out of the signature")
    private boolean unsigned;

    @Option(names = "--presign", paramLabel = "TIME", description = "print a link that can be used for so long")
    private @Nullable Duration presign;

    @Option(
            names = "--format",
            paramLabel = "FORM",
            defaultValue = "headers",
            converter = SignOptions.Format.Converter.class,
            description = "print headers, or a configuration for curl (default: ${DEFAULT-VALUE})")
    private SignOptions.Format format = SignOptions.Format.HEADERS;

    @Option(names = "--explain", description = "print what is signed instead: canonical request and string to sign")
    private boolean explain;

    /** @param out gets what was signed */
    SignCommand(Variables variables, Clock clock, PrintWriter out) {
        this.variables = variables;
        this.clock = clock;
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        if (payload != null && unsigned) {
            throw usage("--payload and --unsigned-payload exclude each other; leave one out");
        }
        Request request = request();
        SigV4 signer = signer(request.host());
        try {
            if (explain) {
                print(presign == null ? signer.explain(request) : signer.explain(request, presign));
            } else if (presign != null) {
                print(signer.link(request, presign));
            } else {
                print(signer.sign(request));
            }
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        return 0;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private SigV4 signer(String host) {
        HostScope told = HostScope.of(host);
        String service = this.service != null ? this.service : told.service();
        String region = region(told);
        if (service == null || region == null) {
            throw usage("the host " + host + " does not tell " + missing(service, region));
        }
        try {
            return SigV4.builder(credentials())
                    .clock(clock)
                    .service(service)
                    .region(region)
                    .build();
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable String region(HostScope told) {
        if (region != null) {
            return region;
        }
        if (told.region() != null) {
            return told.region();
        }
        String usual = variables.value("AWS_REGION");
        return usual != null ? usual : variables.value("AWS_DEFAULT_REGION");
    }

    private static String missing(@Nullable String service, @Nullable String region) {
        if (service != null) {
            return "the region; give --region";
        }
        return region != null ? "the service; give --service" : "service and region; give --service and --region";
    }

    private CredentialsProvider credentials() {
        return profile != null
                ? new ProfileCredentials(variables, profile, System::nanoTime, Clock.systemUTC())
                : CredentialsProvider.firstOf(
                        new EnvironmentCredentials(variables),
                        new ProfileCredentials(variables, null, System::nanoTime, Clock.systemUTC()));
    }

    private Request request() throws IOException {
        Request request;
        try {
            request = Request.of(method, uri).headers(headers);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        if (unsigned) {
            return request.payload(Payload.unsigned());
        }
        return payload == null ? request : request.payload(payload(payload));
    }

    private static Payload payload(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("--payload must name a file that can be read, was " + file);
        }
        try {
            return Payload.of(file);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage() + "; let this user read it", e);
        }
    }

    private void print(Explanation explanation) {
        out.println("canonical request:");
        out.println(explanation.canonicalRequest());
        out.println();
        out.println("string to sign:");
        out.println(explanation.stringToSign());
    }

    private void print(QueryForm link) {
        if (format == SignOptions.Format.CURL) {
            new CurlConfig(method, link.uri(), sentWith(link), payload, false).printTo(out);
        } else {
            out.println(link.uri());
        }
    }

    private void print(Signed signed) {
        Map<String, String> added = signed.headers();
        List<Map.Entry<String, String>> sent = new ArrayList<>(headers);
        sent.removeIf(header -> added.keySet().stream().anyMatch(header.getKey()::equalsIgnoreCase));
        sent.addAll(added.entrySet());
        if (format == SignOptions.Format.CURL) {
            // services other than S3 are not told of an empty body
            String hash = added.getOrDefault(HeaderForm.CONTENT_SHA256, Sha256.OF_NOTHING);
            boolean empty = payload == null && hash.equals(Sha256.OF_NOTHING);
            new CurlConfig(method, uri, sent, payload, empty).printTo(out);
        } else {
            sent.forEach(header -> out.println(header.getKey() + ": " + header.getValue()));
        }
    }

    /** Not those for which a link has a parameter: stores refuse a second signature, and unsigned headers of AWS. */
    private List<Map.Entry<String, String>> sentWith(QueryForm link) {
        List<String> names = List.of(link.draft().canonical().signedHeaders().split(";", -1));
        return headers.stream()
                .filter(header -> {
                    String name = header.getKey().toLowerCase(Locale.ROOT);
                    return names.contains(name) || !(name.startsWith("x-amz-") || name.equals("authorization"));
                })
                .toList();
    }
}
