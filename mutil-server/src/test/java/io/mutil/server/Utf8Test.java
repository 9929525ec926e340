package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class Utf8Test {
    @Property
    void saysWhatNettySays(
            @ForAll @StringLength(max = 40) @CharRange(from = ' ', to = '~') String ascii,
            @ForAll @StringLength(max = 5) String any,
            @ForAll byte wrong,
            @ForAll @IntRange(max = 60) int where) {
        byte[] bytes = (ascii + any + ascii).getBytes(UTF_8);
        assertThat(isValid(bytes)).isTrue();

        if (bytes.length > 0) {
            bytes[where % bytes.length] = wrong;
            assertThat(isValid(bytes)).isEqualTo(ByteBufUtil.isText(Unpooled.wrappedBuffer(bytes), UTF_8));
        }
    }

    /** Not at the start of a buffer. */
    private static boolean isValid(byte[] bytes) {
        ByteBuf buffer = Unpooled.buffer().writeByte(0xff).writeBytes(bytes);
        buffer.skipBytes(1);
        return Utf8.isValid(buffer);
    }
}
