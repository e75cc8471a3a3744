package io.termbus.vt.screen;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Attributes that few cells have. They count only where {@link Cells#BG_EXTENDED} is set; save and restore
 * of the cursor can leave the two apart, as in xterm.js.
 *
 * @param underlineStyle 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed
 * @param underlineColor in the layout of {@link Cells#COLOR}, 0 for the text's colour
 * @param link the hyperlink, or null
 */
public record Extended(
        int underlineStyle, int underlineColor, @Nullable Hyperlink link) {
    /** Bytes that it takes, without the link. */
    static final int BYTES = 32;

    public static final Extended NONE = new Extended(0, 0, null);

    /** True where the client would drop {@link Cells#BG_EXTENDED}: a colour alone does not count. */
    public boolean empty() {
        return underlineStyle == 0 && link == null;
    }

    Extended withStyle(int style) {
        return style == underlineStyle ? this : new Extended(style, underlineColor, link);
    }

    Extended withColor(int color) {
        return color == underlineColor ? this : new Extended(underlineStyle, color, link);
    }

    Extended withLink(@Nullable Hyperlink target) {
        return Objects.equals(target, link) ? this : new Extended(underlineStyle, underlineColor, target);
    }
}
