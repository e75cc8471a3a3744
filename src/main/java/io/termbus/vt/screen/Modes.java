package io.termbus.vt.screen;

import org.jspecify.annotations.Nullable;

/** Everything that is on or off. Fields are written by this package only. */
public final class Modes {
    /** What the mouse reports. */
    public enum MouseProtocol {
        NONE(0),
        X10(9),
        CLICKS(1000),
        DRAGS(1002),
        MOTION(1003);

        private final int mode;

        MouseProtocol(int mode) {
            this.mode = mode;
        }

        /** The DEC private mode that selects this, 0 for none. */
        public int mode() {
            return mode;
        }
    }

    /** How the mouse reports. */
    public enum MouseEncoding {
        BYTES(0),
        SGR(1006),
        SGR_PIXELS(1016);

        private final int mode;

        MouseEncoding(int mode) {
            this.mode = mode;
        }

        public int mode() {
            return mode;
        }
    }

    boolean insert;
    boolean wraparound = true;
    boolean reverseWraparound;
    boolean origin;
    boolean applicationCursorKeys;
    boolean applicationKeypad;
    boolean bracketedPaste;
    boolean focusEvents;
    boolean synchronizedOutput;
    boolean cursorHidden;
    boolean newLine;
    /** DECSACE: DECCARA and DECRARA change a rectangle, not all between its first and its last character. */
    boolean rectangularExtent;
    /** DECSET 12; null until it is used first. The client keeps it over a reset. */
    @Nullable
    Boolean blinkOption;
    /** DECSCUSR: 0 the client's default, 1 block, 2 underline, 3 bar. */
    int cursorShape;

    @Nullable
    Boolean cursorBlink;

    MouseProtocol mouseProtocol = MouseProtocol.NONE;
    MouseEncoding mouseEncoding = MouseEncoding.BYTES;

    /** What DECSTR and RIS reset; the mouse, the visibility of the cursor, LNM and DECSET 12 are not among it. */
    void softReset() {
        insert = false;
        wraparound = true;
        reverseWraparound = false;
        origin = false;
        applicationCursorKeys = false;
        applicationKeypad = false;
        bracketedPaste = false;
        focusEvents = false;
        synchronizedOutput = false;
        rectangularExtent = false;
        cursorShape = 0;
        cursorBlink = null;
    }

    void resetMouse() {
        mouseProtocol = MouseProtocol.NONE;
        mouseEncoding = MouseEncoding.BYTES;
    }

    public boolean insert() {
        return insert;
    }

    public boolean wraparound() {
        return wraparound;
    }

    public boolean reverseWraparound() {
        return reverseWraparound;
    }

    public boolean origin() {
        return origin;
    }

    public boolean applicationCursorKeys() {
        return applicationCursorKeys;
    }

    public boolean applicationKeypad() {
        return applicationKeypad;
    }

    public boolean bracketedPaste() {
        return bracketedPaste;
    }

    public boolean focusEvents() {
        return focusEvents;
    }

    public boolean synchronizedOutput() {
        return synchronizedOutput;
    }

    public boolean cursorHidden() {
        return cursorHidden;
    }

    public boolean rectangularExtent() {
        return rectangularExtent;
    }

    public boolean newLine() {
        return newLine;
    }

    public @Nullable Boolean blinkOption() {
        return blinkOption;
    }

    public int cursorShape() {
        return cursorShape;
    }

    public @Nullable Boolean cursorBlink() {
        return cursorBlink;
    }

    public MouseProtocol mouseProtocol() {
        return mouseProtocol;
    }

    public MouseEncoding mouseEncoding() {
        return mouseEncoding;
    }
}
