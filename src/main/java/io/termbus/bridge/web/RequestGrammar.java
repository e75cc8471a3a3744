package io.termbus.bridge.web;

import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of an HTTP/1 connection begin and end, taken strictly: what two servers could read differently is
 * refused, as a request could hide in another one. Netty reads some of it leniently. Looks on and takes nothing, but for
 * extensions of chunks, which nobody here knows and of which Netty refuses legal ones: they become spaces. On the
 * event loop of the connection. Source: RFC 9112, sections 2.2, 3, 5, 6 and 7.1.
 */
final class RequestGrammar {
    /** Longer lines and heads than Netty takes: it answers those. */
    private static final int MAX_LINE_BYTES = 16_384;

    private static final int MAX_BODY_DIGITS = 18;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern REQUEST = Pattern.compile(TOKEN + " [!-~\\x80-\\xff]+ [!-~]+");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1," + MAX_BODY_DIGITS + "}");
    private static final Pattern CHUNK = Pattern.compile("(0{0,24}[0-9A-Fa-f]{1,8})(?:[\\t ]*;[\\t !-~\\x80-\\xff]*)?");
    /** White space around a value. */
    private static final Pattern OWS = Pattern.compile("^[ \\t]+|[ \\t]+$");

    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
    private static final int HEX = 16;

    private enum Place {
        REQUEST_LINE,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        /** The last request of the connection has come; what follows is nobody's. */
        OVER
    }

    private Place place = Place.REQUEST_LINE;
    private final StringBuilder line = new StringBuilder();
    private long left;

    private boolean http10;
    private int hosts;
    private @Nullable String length;
    private @Nullable String coding;
    private boolean upgrade;

    /** Where a request began in what {@link #look} got; 0 where it began before. */
    private int began;

    private boolean beganHere;
    /** Within the extension of a chunk. */
    private boolean extension;

    /** The head of a request is there that asks to become a WebSocket. */
    boolean asksUpgrade() {
        return upgrade && place == Place.REQUEST_LINE;
    }

    /** What is wrong is in a request that nobody has seen: in its head, or the head came with it. */
    boolean isUnseen() {
        return place == Place.REQUEST_LINE || place == Place.HEADER || beganHere;
    }

    /** Offset of the request at hand from the reader index of the buffer that was looked at last. */
    int began() {
        return began;
    }

    /** The last request of the connection ends within the buffer that was looked at last, or before. */
    boolean isOver() {
        return place == Place.OVER;
    }

    /**
     * Looks at the next bytes of the connection.
     *
     * @return how many of them belong to requests of the connection; fewer than there are only where {@link #isOver}
     * @throws MalformedException where they are no requests; after that nothing may be looked at
     */
    int look(ByteBuf bytes) throws MalformedException {
        began = 0;
        beganHere = false;
        int from = bytes.readerIndex();
        int at = from;
        while (at < bytes.writerIndex() && place != Place.OVER) {
            if (place == Place.BODY || place == Place.CHUNK) {
                at += skip(bytes.writerIndex() - at);
            } else {
                boolean fresh = place == Place.REQUEST_LINE && line.isEmpty();
                began = fresh ? at - from : began;
                beganHere |= fresh;
                byte next = bytes.getByte(at);
                if (isOfExtension(next)) {
                    bytes.setByte(at, ' ');
                }
                take(next);
                at++;
            }
        }
        return at - from;
    }

    private boolean isOfExtension(byte next) {
        boolean ends = next == '\r' || next == '\n';
        extension = !ends && place == Place.CHUNK_SIZE && (extension || next == ';');
        return extension;
    }

    private int skip(int available) {
        int skipped = (int) Math.min(left, available);
        left -= skipped;
        if (left == 0) {
            place = place == Place.CHUNK ? Place.CHUNK_END : next();
        }
        return skipped;
    }

    private Place next() {
        return coding != null && length != null ? Place.OVER : Place.REQUEST_LINE;
    }

    private void take(byte next) throws MalformedException {
        char last = line.isEmpty() ? 0 : line.charAt(line.length() - 1);
        if (next != '\n') {
            refuseIf(last == '\r', "a carriage return stands alone");
            line.append((char) (next & 0xff));
            refuseIf(line.length() > MAX_LINE_BYTES, "a line is too long");
            return;
        }
        refuseIf(last != '\r', "a line ends without a carriage return");
        line.setLength(line.length() - 1);
        String whole = line.toString();
        line.setLength(0);
        line(whole);
    }

    private void line(String whole) throws MalformedException {
        switch (place) {
            case REQUEST_LINE -> requestLine(whole);
            case HEADER -> header(whole);
            case CHUNK_SIZE -> chunkSize(whole);
            case CHUNK_END -> {
                refuseIf(!whole.isEmpty(), "a chunk is longer than it says");
                place = Place.CHUNK_SIZE;
            }
            case TRAILER -> {
                if (whole.isEmpty()) {
                    place = next();
                } else {
                    nameOf(whole);
                }
            }
            default -> throw new IllegalStateException(place.toString());
        }
    }

    private void requestLine(String whole) throws MalformedException {
        if (whole.isEmpty()) {
            return; // RFC 9112, 2.2: left by clients after a body
        }
        refuseIf(!REQUEST.matcher(whole).matches(), "the request line is none");
        http10 = whole.endsWith(" HTTP/1.0");
        hosts = 0;
        length = null;
        coding = null;
        upgrade = false;
        place = Place.HEADER;
    }

    private void header(String whole) throws MalformedException {
        if (whole.isEmpty()) {
            headEnds();
            return;
        }
        String name = nameOf(whole);
        String value = OWS.matcher(whole.substring(name.length() + 1)).replaceAll("");
        refuseIf(CONTROL.matcher(value).find(), "a header has control characters");
        switch (name.toLowerCase(Locale.ROOT)) {
            case "host" -> hosts++;
            case "content-length" -> {
                refuseIf(length != null, "there is more than one Content-Length");
                refuseIf(!LENGTH.matcher(value).matches(), "Content-Length is no number");
                length = value;
            }
            case "transfer-encoding" -> {
                refuseIf(coding != null, "there is more than one Transfer-Encoding");
                refuseIf(!value.equalsIgnoreCase("chunked"), "a Transfer-Encoding is unknown");
                coding = value;
            }
            case "upgrade" -> upgrade |= value.equalsIgnoreCase("websocket");
            default -> {
                // says nothing about where the request ends
            }
        }
    }

    /** Without white space before it, as a line that is folded has, or between it and the colon. */
    private static String nameOf(String whole) throws MalformedException {
        int colon = whole.indexOf(':');
        refuseIf(colon < 1, "a header has no name");
        String name = whole.substring(0, colon);
        refuseIf(!TOKEN.matcher(name).matches(), "the name of a header is none, or its line is folded");
        return name;
    }

    private void headEnds() throws MalformedException {
        refuseIf(hosts > 1 || hosts == 0 && !http10, "there must be one Host, are " + hosts);
        refuseIf(coding != null && http10, "HTTP/1.0 knows no Transfer-Encoding");
        left = 0;
        if (coding != null) {
            place = Place.CHUNK_SIZE;
        } else {
            left = Optional.ofNullable(length).map(Long::parseLong).orElse(0L);
            place = left > 0 ? Place.BODY : Place.REQUEST_LINE;
        }
        upgrade &= coding == null && left == 0;
    }

    private void chunkSize(String whole) throws MalformedException {
        Matcher chunk = CHUNK.matcher(whole);
        refuseIf(!chunk.matches(), "the size of a chunk is none");
        left = Long.parseLong(chunk.group(1), HEX);
        place = left > 0 ? Place.CHUNK : Place.TRAILER;
    }

    private static void refuseIf(boolean wrong, String what) throws MalformedException {
        if (wrong) {
            throw new MalformedException(what);
        }
    }

    /** What came is no HTTP/1 request, or not one that everybody reads alike. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedException(String what) {
            super(what, null, false, false);
        }
    }
}
