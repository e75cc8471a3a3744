package io.termbus.session;

import io.termbus.vt.screen.ShellMark;
import io.termbus.vt.screen.Terminal;
import io.termbus.vt.screen.TerminalListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A session's terminal, which hears of a shell's commands as a session's does. */
final class FakeShell implements ShellCommands.Host, TerminalListener {
    static final String NONCE = "n0nce";

    final ShellCommands commands;
    final Terminal terminal = new Terminal(80, 24, 100, this);
    final List<String> news = new ArrayList<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private Runnable changed = () -> {};
    long nanos = Long.MAX_VALUE - 5;
    boolean editsLines;
    private long taken;

    FakeShell(Optional<String> nonce) {
        commands = new ShellCommands(
                this, nonce, () -> Instant.EPOCH.plusNanos(nanos - (Long.MAX_VALUE - 5)), () -> nanos);
    }

    void onChange(Runnable then) {
        changed = then;
    }

    /** Takes output in as a session does. */
    void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    void print(byte[] bytes) {
        output.writeBytes(bytes);
        for (int at = 0; at < bytes.length; ) {
            int before = at;
            at = terminal.feedSlice(bytes, at, bytes.length);
            taken += at - before;
            commands.sliced(terminal, taken);
        }
    }

    /** With the nonce. */
    void own(String marks) {
        for (String mark : marks.split(" ")) {
            print("\u001b]133;" + mark + ";" + NONCE + "\u0007");
        }
    }

    long offset() {
        return output.size();
    }

    String output(long from, long to) {
        return new String(Arrays.copyOfRange(output.toByteArray(), (int) from, (int) to), StandardCharsets.UTF_8);
    }

    @Override
    public boolean editsLines() {
        return editsLines;
    }

    @Override
    public String cwd() {
        return "/home";
    }

    @Override
    public void tell(String event, ShellCommand command) {
        news.add(event + " " + command.id());
    }

    @Override
    public void changed() {
        changed.run();
    }

    @Override
    public long marked(ShellMark mark) {
        return commands.takes(mark, terminal.alternateScreen());
    }

    @Override
    public void reply(byte[] bytes) {
        // not asked
    }

    @Override
    public void titleChanged(String title) {
        // not told
    }

    @Override
    public void bell() {
        // not heard
    }
}
