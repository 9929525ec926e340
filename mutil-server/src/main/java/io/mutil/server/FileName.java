package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A name that a peer chose, taken apart: directories from the root down, then the file.
 *
 * <p>The rules are the same on every system, so that a name that is accepted means the same file everywhere: parts joined
 * by {@code /}, none of them empty, {@code .} or {@code ..}, no backslash, no control character, no drive letter. Windows
 * refuses what it would read as something else.
 */
record FileName(List<String> directories, String last) {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_PART_BYTES = 255;
    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*", Pattern.DOTALL);
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul", "conin$", "conout$");
    private static final Pattern NUMBERED_DEVICE = Pattern.compile("(com|lpt)[0-9¹²³]");

    /** @throws FileRefusal if the name may not be used */
    static FileName parse(ByteBuffer utf8) throws FileRefusal {
        if (utf8.remaining() > MAX_BYTES) {
            throw refused("(of " + utf8.remaining() + " bytes)", "it is longer than " + MAX_BYTES + " bytes");
        }
        String name = decode(utf8);
        checkWhole(name);
        List<String> parts = List.of(name.split("/", -1));
        for (String part : parts) {
            checkPart(name, part);
        }
        return new FileName(parts.subList(0, parts.size() - 1), parts.get(parts.size() - 1));
    }

    private static String decode(ByteBuffer utf8) throws FileRefusal {
        try {
            return UTF_8.newDecoder().decode(utf8.duplicate()).toString();
        } catch (CharacterCodingException e) {
            throw refused(UTF_8.decode(utf8.duplicate()).toString(), "it is not UTF-8");
        }
    }

    private static void checkWhole(String name) throws FileRefusal {
        if (name.isEmpty()) {
            throw refused(name, "it is empty; the sender gives it with FileToSend.prefix");
        }
        if (name.startsWith("/")) {
            throw refused(name, "it is absolute");
        }
        if (DRIVE.matcher(name).matches()) {
            throw refused(name, "it begins with a drive letter");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                throw refused(name, "it has a control character");
            }
            if (c == '\\') {
                throw refused(name, "it has a backslash; parts are joined by /");
            }
        }
    }

    private static void checkPart(String name, String part) throws FileRefusal {
        if (part.isEmpty()) {
            throw refused(name, "a part of it is empty");
        }
        if (part.equals(".") || part.equals("..")) {
            throw refused(name, "it has a part " + part);
        }
        if (part.getBytes(UTF_8).length > MAX_PART_BYTES) {
            throw refused(name, "a part of it is longer than " + MAX_PART_BYTES + " bytes");
        }
        if (PartFile.isPartName(part)) {
            throw refused(name, "names like that are kept for files that are not whole yet");
        }
        if (WINDOWS && meansSomethingElseOnWindows(part)) {
            throw refused(name, "Windows reads it as something else than a file of that name");
        }
        try {
            if (Path.of(part).getNameCount() != 1) {
                throw refused(name, "this file system splits it into other parts");
            }
        } catch (InvalidPathException e) {
            throw refused(name, "this file system cannot express it: " + e.getReason());
        }
    }

    /** A stream of another file, a device, or a name whose end is dropped. */
    static boolean meansSomethingElseOnWindows(String part) {
        int dot = part.indexOf('.');
        String stem = (dot < 0 ? part : part.substring(0, dot)).strip().toLowerCase(Locale.ROOT);
        return part.indexOf(':') >= 0
                || part.endsWith(".")
                || part.endsWith(" ")
                || DEVICES.contains(stem)
                || NUMBERED_DEVICE.matcher(stem).matches();
    }

    private static FileRefusal refused(String name, String why) {
        return FileRefusal.name(shown(name), why);
    }

    /** The name as a log line may have it. */
    static String shown(String name) {
        var text = new StringBuilder("\"");
        name.codePoints().limit(200).forEach(c -> append(text, c, c == '"'));
        return text.append(name.codePointCount(0, name.length()) > 200 ? "\"..." : "\"")
                .toString();
    }

    /** Words of a peer as a log line may have them. */
    static String shownWords(String words) {
        var text = new StringBuilder();
        words.codePoints().forEach(c -> append(text, c, false));
        return text.toString();
    }

    private static void append(StringBuilder text, int c, boolean escaped) {
        if (escaped || Character.isISOControl(c) || isInvisible(Character.getType(c))) {
            text.append(String.format(Locale.ROOT, "\\u%04x", c));
        } else {
            text.appendCodePoint(c);
        }
    }

    private static boolean isInvisible(int type) {
        return type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }

    @Override
    public String toString() {
        return directories.isEmpty() ? last : String.join("/", directories) + "/" + last;
    }
}
