package io.termbus.record.cast;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads a recording event by event, whoever made it: comments, codes that are not known and wrong intervals do no harm. A
 * file whose end is torn is read up to the tear. Holds one line at a time. One thread at a time; blocks as its stream does.
 */
public final class CastReader {
    /** A snapshot of the largest screen and its escapes fit; nobody's memory is filled by a file without line ends. */
    public static final int MAX_LINE_BYTES = 8 << 20;
    /** Longer than any recording: intervals that add up to more are cut. */
    private static final long MAX_MICROS = 100L * 366 * 86_400 * 1_000_000;

    private static final double MICROS = 1_000_000;

    private final InputStream in;
    private final byte[] buffer = new byte[65_536];
    private int from;
    private int to;
    private byte[] line = new byte[8192];
    private int lineLength;
    private boolean lineEnded;
    private int lineNumber;

    private long position;
    private long micros;
    private boolean absolute;

    /** @param in begins where a recording does */
    public CastReader(InputStream in) {
        this.in = in;
    }

    /**
     * Goes on with asciicast 3 in the middle, behind the end of a line.
     *
     * @param position of that place in the file
     * @param micros time of the event before
     */
    public CastReader(InputStream in, long position, long micros) {
        this.in = in;
        this.position = position;
        this.micros = micros;
    }

    /** Call once, before {@link #next}, where the recording begins. */
    public CastHeader header() throws IOException {
        if (!readLine()) {
            throw new CastException("is empty");
        }
        CastHeader header = CastHeader.read(text());
        absolute = header.version() == 2;
        return header;
    }

    /** Empty: it is over, or torn here. */
    public Optional<CastEvent> next() throws IOException {
        while (readLine()) {
            if (lineLength > 0 && line[0] != '#') {
                Optional<CastEvent> event = event();
                if (event.isPresent() || !lineEnded) {
                    return event;
                }
            }
        }
        return Optional.empty();
    }

    /** Behind the line that was read last, in bytes. */
    public long position() {
        return position;
    }

    /** Time of the event that was read last, in microseconds. */
    public long micros() {
        return micros;
    }

    /** The last line may be torn; any other that is no event is passed over. */
    private Optional<CastEvent> event() {
        try {
            JsonArray parts = new JsonArray(text());
            if (parts.getValue(0) instanceof Number time
                    && parts.getValue(1) instanceof String code
                    && parts.getValue(2) instanceof String data
                    && code.length() == 1) {
                passes(time.doubleValue());
                return Optional.of(new CastEvent(micros, code.charAt(0), data));
            }
        } catch (DecodeException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private void passes(double seconds) {
        double at = seconds * MICROS + (absolute ? 0 : micros);
        if (at > micros) {
            micros = Math.round(Math.min(at, MAX_MICROS));
        }
    }

    private String text() {
        int end = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }

    /** False where there is nothing more. */
    private boolean readLine() throws IOException {
        lineLength = 0;
        lineEnded = false;
        lineNumber++;
        while (!lineEnded && fill()) {
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            add(end - from);
            lineEnded = end < to;
            position += end - from + (lineEnded ? 1 : 0);
            from = lineEnded ? end + 1 : end;
        }
        return lineEnded || lineLength > 0;
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
        }
        return to > 0;
    }

    private void add(int count) throws CastException {
        if (lineLength + count > MAX_LINE_BYTES) {
            throw new CastException("has a line that is longer than " + MAX_LINE_BYTES + " bytes: line " + lineNumber);
        }
        if (lineLength + count > line.length) {
            line = Arrays.copyOf(line, Math.max(line.length * 2, lineLength + count));
        }
        System.arraycopy(buffer, from, line, lineLength, count);
        lineLength += count;
    }
}
