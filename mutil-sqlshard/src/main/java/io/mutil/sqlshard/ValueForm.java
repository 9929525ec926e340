package io.mutil.sqlshard;

import org.jspecify.annotations.Nullable;

/** What the payload of a row is. */
enum ValueForm {
    JSON(1),
    CBOR(2),
    BYTES(3);

    private static final ValueForm[] ALL = values();

    private final int tag;

    ValueForm(int tag) {
        this.tag = tag;
    }

    /** As it is in the files: 1 to 15. */
    int tag() {
        return tag;
    }

    /** Null if there is none of this tag. */
    static @Nullable ValueForm of(int tag) {
        for (ValueForm form : ALL) {
            if (form.tag == tag) {
                return form;
            }
        }
        return null;
    }
}
