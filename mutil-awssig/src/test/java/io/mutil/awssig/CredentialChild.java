package io.mutil.awssig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program that prints credentials, or misbehaves. */
final class CredentialChild {
    private CredentialChild() {}

    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                CredentialChild.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The same as a profile holds it. */
    static String line(String what, Path file) {
        return "\"" + String.join("\" \"", command(what, file.toString())) + "\"";
    }

    public static void main(String... arguments) throws Exception {
        switch (arguments[0]) {
            case "print" -> System.out.print(arguments[1]);
            case "count" -> System.out.print(json("RUN" + count(Path.of(arguments[1]))));
            case "status" -> {
                System.out.print(json("AKID"));
                System.out.flush();
                System.exit(Integer.parseInt(arguments[1]));
            }
            case "flood" -> flood();
            case "hang" -> new CountDownLatch(1).await();
            case "orphan" -> {
                Process left = new ProcessBuilder(command("hang")).inheritIO().start();
                Files.writeString(Path.of(arguments[1]), String.valueOf(left.pid()));
                System.out.print(json("AKID"));
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    static String json(String accessKey) {
        return "{\"Version\": 1, \"AccessKeyId\": \"" + accessKey + "\", \"SecretAccessKey\": \"wJalr\"}";
    }

    private static int count(Path file) throws IOException {
        int runs = Files.exists(file) ? (int) Files.size(file) + 1 : 1;
        Files.writeString(file, "x".repeat(runs));
        return runs;
    }

    private static void flood() {
        while (!System.out.checkError()) {
            System.out.print(" ".repeat(1024));
        }
    }
}
