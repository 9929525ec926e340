package io.mutil.awssig;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the profiles of {@code ~/.aws/credentials} or {@code ~/.aws/config} as the AWS SDKs do: comments are whole lines
 * that begin with # or ;, or what follows one of these behind a header or behind white space; an indented line continues
 * the property before it; of two equal properties the later counts; sections and properties with odd names are left out.
 * Complaints name a line and never quote it.
 */
final class ProfileFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_\\-/.%@:+]+");
    private static final String DEFAULT = "default";
    private static final String PREFIX = "profile";

    private final boolean config;
    private final String file;
    private final Map<String, Map<String, String>> profiles = new HashMap<>();
    private int line;
    private boolean begun;
    private boolean defaultHasPrefix;
    /** The one that is read, or null if it is left out. */
    private @Nullable Map<String, String> profile;
    /** The one that is read, or null if it is left out, or if there was none yet. */
    private @Nullable String property;

    private boolean hasProperty;

    private ProfileFile(boolean config, String file) {
        this.config = config;
        this.file = file;
    }

    /**
     * The properties of each profile.
     *
     * @param config whether sections are {@code [profile name]} or else {@code [name]}
     * @param file names it in complaints
     * @throws CredentialsException if it is no such file
     */
    static Map<String, Map<String, String>> parse(String text, boolean config, String file) {
        var reader = new ProfileFile(config, file);
        (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().forEach(reader::read);
        return reader.profiles;
    }

    private void read(String text) {
        line++;
        if (text.isBlank() || text.startsWith("#") || text.startsWith(";")) {
            return;
        }
        if (text.startsWith("[")) {
            header(text);
        } else if (!begun) {
            throw wrong("a line before the first [section]");
        } else if (profile == null) {
            return;
        } else if (text.startsWith(" ") || text.startsWith("\t")) {
            continuation(profile, text.strip());
        } else {
            property(profile, withoutComment(text).strip());
        }
    }

    private void header(String text) {
        int comment = indexOfAny(text, "#", ";");
        String header = text.substring(0, comment).strip();
        if (!header.endsWith("]")) {
            throw wrong("a section without ]");
        }
        begun = true;
        property = null;
        hasProperty = false;
        String name = profileName(header.substring(1, header.length() - 1).strip());
        profile = name == null ? null : profiles.computeIfAbsent(name, unused -> new HashMap<>());
    }

    /** Null if this is no profile, or one that does not count. */
    private @Nullable String profileName(String section) {
        boolean prefixed = section.matches(PREFIX + "[ \t].*");
        if (config && !prefixed && !section.equals(DEFAULT)) {
            return null;
        }
        String name = config && prefixed ? section.substring(PREFIX.length()).strip() : section;
        if (!NAME.matcher(name).matches()) {
            return null;
        }
        return config && name.equals(DEFAULT) ? defaultName(prefixed) : name;
    }

    /** {@code [profile default]} stands for all of {@code [default]}, wherever it is. */
    private @Nullable String defaultName(boolean prefixed) {
        if (defaultHasPrefix && !prefixed) {
            return null;
        }
        if (prefixed && !defaultHasPrefix) {
            profiles.remove(DEFAULT);
            defaultHasPrefix = true;
        }
        return DEFAULT;
    }

    private void property(Map<String, String> profile, String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw wrong("a property without =");
        }
        String name = text.substring(0, equals).strip();
        if (name.isEmpty()) {
            throw wrong("a property without a name");
        }
        hasProperty = true;
        property = NAME.matcher(name).matches() ? name : null;
        if (property != null) {
            profile.put(property, text.substring(equals + 1).strip());
        }
    }

    private void continuation(Map<String, String> profile, String text) {
        if (!hasProperty) {
            throw wrong("an indented line that continues no property");
        }
        if (property != null) {
            profile.merge(property, text, (value, more) -> value + "\n" + more);
        }
    }

    private static String withoutComment(String text) {
        return text.substring(0, indexOfAny(text, " #", " ;", "\t#", "\t;"));
    }

    private static int indexOfAny(String text, String... patterns) {
        int first = text.length();
        for (String pattern : patterns) {
            int index = text.indexOf(pattern);
            first = index < 0 ? first : Math.min(first, index);
        }
        return first;
    }

    private CredentialsException wrong(String what) {
        return CredentialsException.broken(
                file + ":" + line + " has " + what + "; it must be [section], name = value or # comment");
    }
}
