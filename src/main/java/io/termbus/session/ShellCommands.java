package io.termbus.session;

import io.termbus.guard.TokenBucket;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import io.termbus.vt.screen.ShellMark;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a session, as its shell tells of them by marks in the output. Any output may hold such marks: those with
 * the session's nonce are its shell's own, and once there was one, others count no more. On the session's event loop.
 */
final class ShellCommands {
    /** Those that are kept, the newest. */
    static final int MAX_COMMANDS = 1000;
    /** Of a command's line; what is beyond is cut. */
    static final int MAX_LINE_CHARS = 512;
    /** A longer directory is not told. */
    static final int MAX_CWD_CHARS = 1024;
    /** Commands of a second that operators are told of at once: marks cost a program nothing. */
    static final int MAX_NEWS_PER_SECOND = 50;

    /** Of one answer, which is made on the event loop. */
    static final int MAX_PAGE = 100;

    private static final String CWD = "Cwd=";
    /** Ctrl-D and Ctrl-U: while the terminal edits lines they end one that is not whole. */
    private static final byte END_OF_FILE = 0x04;

    private static final byte KILL_LINE = 0x15;

    /**
     * A line at the prompt that no command was begun for: an empty one, one that is no command, or one that was given up.
     *
     * @param end offset where its output, such as an error, ends
     */
    record Dropped(OptionalInt status, long end) {}

    /** What it tells, and what it needs to know. */
    interface Host {
        /** Whether the terminal keeps what is typed until the line is whole (ICANON). */
        boolean editsLines();

        /** Where the program last said that it is. */
        String cwd();

        /** @param event {@code command.started} or {@code command.finished} */
        void tell(String event, ShellCommand command);

        /** A prompt is shown, a command has begun or ended. */
        void changed();
    }

    private final Host host;
    private final Optional<String> nonce;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    /** By their ids. */
    private final NavigableMap<Long, ShellCommand> commands = new TreeMap<>();

    private long bytes;
    private long lastId;
    private @Nullable ShellCommand running;
    /** The last command that was told to operators when it began. */
    private long toldId;

    /** Commands that operators may be told of now. */
    private final TokenBucket news;

    /** A mark whose place in the output is not known yet. */
    private @Nullable ShellMark pending;
    /** The shell has shown the nonce. */
    private boolean trusted;

    private boolean atPrompt;
    /** Offsets of the prompt, and behind its mark. */
    private long promptStart;

    private long promptEnd;
    /** Of the last property: one that is told just before a command's end is not of its output. */
    private long propertyStart;

    private long propertyEnd = -1;
    /** Something was typed since the prompt came. */
    private boolean touched;
    /** What was typed since the last whole line, before a prompt came, is typed at that one. */
    private boolean begunAhead;
    /** Lines that were typed and that no command was begun for. */
    private int linesAhead;

    private Optional<Dropped> dropped = Optional.empty();

    private Optional<String> line = Optional.empty();
    /** What the hub has typed, and is next: shells tell no line that is not in their history. */
    private Optional<String> announced = Optional.empty();

    private Optional<String> cwd = Optional.empty();

    /** @param nonce what the session's shell puts at the end of its marks; empty: it was not told to make any */
    ShellCommands(Host host, Optional<String> nonce, InstantSource clock, LongSupplier nanoTime) {
        this.host = host;
        this.nonce = nonce;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.news = new TokenBucket(MAX_NEWS_PER_SECOND, MAX_NEWS_PER_SECOND, nanoTime);
    }

    /** All of it, for {@link #restore}. */
    JsonObject kept() {
        JsonArray all = new JsonArray();
        commands.values().forEach(each -> all.add(each.told()));
        JsonObject kept = new JsonObject()
                .put("commands", all)
                .put("lastId", lastId)
                .put("toldId", toldId)
                .put("trusted", trusted)
                .put("atPrompt", atPrompt)
                .put("promptStart", promptStart)
                .put("promptEnd", promptEnd)
                .put("propertyStart", propertyStart)
                .put("propertyEnd", propertyEnd)
                .put("touched", touched)
                .put("begunAhead", begunAhead)
                .put("linesAhead", linesAhead);
        line.ifPresent(text -> kept.put("line", text));
        announced.ifPresent(text -> kept.put("announced", text));
        cwd.ifPresent(path -> kept.put("cwd", path));
        return kept;
    }

    /** Goes on with what was kept. What was dropped at the prompt concerns a {@code run} whose client is gone. */
    void restore(JsonObject kept) {
        Instant now = clock.instant();
        long nanos = nanoTime.getAsLong();
        JsonArray all = kept.getJsonArray("commands");
        for (int i = 0; i < all.size(); i++) {
            add(ShellCommand.of(all.getJsonObject(i), now, nanos));
        }
        lastId = kept.getLong("lastId");
        toldId = kept.getLong("toldId");
        trusted = kept.getBoolean("trusted");
        atPrompt = kept.getBoolean("atPrompt");
        promptStart = kept.getLong("promptStart");
        promptEnd = kept.getLong("promptEnd");
        propertyStart = kept.getLong("propertyStart");
        propertyEnd = kept.getLong("propertyEnd");
        touched = kept.getBoolean("touched");
        begunAhead = kept.getBoolean("begunAhead");
        linesAhead = kept.getInteger("linesAhead");
        line = Optional.ofNullable(kept.getString("line"));
        announced = Optional.ofNullable(kept.getString("announced"));
        cwd = Optional.ofNullable(kept.getString("cwd"));
        running = newest().filter(each -> !each.ended()).orElse(null);
    }

    /** {@link TerminalListener#marked}; {@link #sliced} must follow. */
    long takes(ShellMark mark, boolean alternateScreen) {
        boolean own = isOwn(mark);
        boolean taken = own || !trusted && !alternateScreen;
        pending = taken ? mark : null;
        if (!taken) {
            return TerminalListener.NOT_KEPT;
        }
        return mark.kind() == ShellMark.Kind.OUTPUT ? lastId + 1 : 0;
    }

    private boolean isOwn(ShellMark mark) {
        return nonce.filter(mark.data()::endsWith).isPresent();
    }

    /**
     * The terminal has taken in another slice of the output: where it ended with a mark, that is now known to be there.
     *
     * @param offset up to where
     */
    void sliced(Terminal terminal, long offset) {
        ShellMark mark = pending;
        pending = null;
        if (mark != null) {
            int begun = terminal.pendingBytes().length; // the ESC of ESC \ ends a mark, too
            place(mark, offset - mark.length(), offset - begun);
        }
    }

    /**
     * @param start offset of it
     * @param end offset behind it
     */
    private void place(ShellMark mark, long start, long end) {
        if (isOwn(mark) && !trusted) {
            trusted = true;
            finish(OptionalInt.empty(), end); // one that somebody else told of
        }
        switch (mark.kind()) {
            case PROMPT -> prompt(start, end);
            case INPUT -> input(start, end);
            case OUTPUT -> begin(start, end);
            case END -> end(mark.status(), start == propertyEnd ? propertyStart : start);
            case LINE -> line = Optional.of(cut(mark.text())).filter(text -> !text.isBlank());
            case PROPERTY -> {
                property(mark.text());
                propertyStart = start;
                propertyEnd = end;
            }
        }
    }

    private void prompt(long start, long end) {
        finish(OptionalInt.empty(), start);
        if (!atPrompt) {
            touched = begunAhead;
            begunAhead = false;
        }
        atPrompt = true;
        promptStart = start;
        promptEnd = end;
        host.changed();
    }

    /** The prompt may have had no mark. */
    private void input(long start, long end) {
        if (!atPrompt && running == null) {
            prompt(start, end);
        }
    }

    private void begin(long start, long end) {
        finish(OptionalInt.empty(), start);
        long from = atPrompt ? promptStart : start;
        atPrompt = false;
        lineTaken();
        ShellCommand command = new ShellCommand(
                ++lastId,
                announced.or(() -> line),
                cwd.orElseGet(host::cwd),
                from,
                end,
                trusted,
                clock.instant(),
                nanoTime.getAsLong());
        forgetLine();
        add(command);
        running = command;
        if (news.room() >= 1) {
            news.take(1);
            toldId = command.id();
            host.tell("command.started", command);
        }
        host.changed();
    }

    private void lineTaken() {
        linesAhead = Math.max(0, linesAhead - 1);
    }

    private void forgetLine() {
        line = Optional.empty();
        announced = Optional.empty();
    }

    /** The command that begins next is this one. */
    void announce(String command) {
        announced = Optional.of(cut(command));
    }

    private void add(ShellCommand command) {
        commands.put(command.id(), command);
        bytes += command.bytes();
        if (commands.size() > MAX_COMMANDS) {
            bytes -= commands.pollFirstEntry().getValue().bytes();
        }
    }

    private void end(int code, long start) {
        OptionalInt status = code < 0 ? OptionalInt.empty() : OptionalInt.of(code);
        boolean drops = atPrompt && running == null;
        atPrompt = false;
        forgetLine();
        if (drops) {
            lineTaken();
            dropped = Optional.of(new Dropped(status, start));
            host.changed();
        }
        finish(status, start);
    }

    private void finish(OptionalInt status, long end) {
        ShellCommand command = running;
        if (command == null) {
            return;
        }
        running = null;
        command.end(status, end, clock.instant(), nanoTime.getAsLong());
        if (toldId == command.id()) {
            host.tell("command.finished", command);
        }
        host.changed();
    }

    /** As it is kept of a command. */
    static String cut(String line) {
        return line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS - 1) + "…";
    }

    private void property(String text) {
        if (text.startsWith(CWD)) {
            cwd = Optional.of(text.substring(CWD.length())).filter(path -> path.length() <= MAX_CWD_CHARS);
        }
    }

    /** The session has exited: what runs has ended, nobody knows how. */
    void exited(long outputBytes) {
        atPrompt = false;
        finish(OptionalInt.empty(), outputBytes);
    }

    /** Somebody typed, or the hub did. */
    void typed(byte[] input) {
        touched = true;
        boolean keeps = !atPrompt && host.editsLines();
        for (byte each : input) {
            boolean ends = each == '\r' || each == '\n';
            if (ends) {
                linesAhead++;
            } else if (Interrupts.is(each)) {
                linesAhead = 0;
                ends = true;
            }
            begunAhead = keeps && !ends && each != END_OF_FILE && each != KILL_LINE;
        }
    }

    /** A shell that has the nonce waits for a command, and nothing is typed yet. */
    boolean isReady() {
        return trusted && atPrompt && !touched;
    }

    /** Something is typed at the prompt of a shell. */
    boolean isTouched() {
        return atPrompt && touched;
    }

    boolean isRunning() {
        return running != null;
    }

    /** Lines that were typed ahead: as many, or fewer, may be taken for commands before what is typed next. */
    int linesAhead() {
        return linesAhead;
    }

    /** That many of them were read by a program, not by the shell. */
    void linesRead(int lines) {
        linesAhead = Math.max(0, linesAhead - lines);
    }

    /** The last one. */
    Optional<Dropped> dropped() {
        return dropped;
    }

    /** A shell shows its prompt: one that came behind that offset, or any. */
    boolean promptsSince(Optional<Long> since) {
        return atPrompt && since.map(offset -> promptEnd > offset).orElse(true);
    }

    /** Where the shell is, as far as it tells. */
    String cwd() {
        return cwd.orElseGet(host::cwd);
    }

    Optional<ShellCommand> find(long id) {
        return Optional.ofNullable(commands.get(id));
    }

    /** The newest; empty: there was none. */
    Optional<ShellCommand> newest() {
        return find(lastId);
    }

    /** @throws HubException where it is not kept, or never was */
    ShellCommand require(long id) {
        return find(id).orElseThrow(() -> HubException.notFound("no such command " + id));
    }

    /** What the commands take in memory, in bytes; an upper bound. */
    long bytes() {
        return bytes;
    }

    /** The answer to {@code commands}. */
    JsonObject list(Fields fields) {
        int limit = fields.intOr("limit", 1, MAX_PAGE, MAX_PAGE);
        long before = fields.number("before", 0, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
        List<ShellCommand> page = commands.headMap(before, false).descendingMap().values().stream()
                .limit(limit)
                .toList();
        JsonObject answer = new JsonObject().put("prompt", atPrompt);
        JsonArray told = new JsonArray();
        if (!page.isEmpty()) {
            long first = page.get(page.size() - 1).id();
            if (first > commands.firstKey()) {
                answer.put("next", first);
            }
            commands.subMap(first, before).values().forEach(each -> told.add(each.told()));
        }
        return answer.put("commands", told);
    }
}
