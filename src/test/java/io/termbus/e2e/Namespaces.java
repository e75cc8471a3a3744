package io.termbus.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Network namespaces on a bridge of this machine. Cut, all of them are parted from each other, and the tests reach all:
 * ports of a bridge that are isolated talk to the bridge alone. A single wire is cut one way, by sending to an Ethernet
 * address that nobody has.
 */
final class Namespaces implements AutoCloseable {
    private static final int LIMIT_SECONDS = 20;
    private static final String NOBODY = "02:00:00:00:00:01";
    private final String name = "tb" + ProcessHandle.current().pid() % 100_000;
    private final String subnet = "10.213." + ProcessHandle.current().pid() % 256 + ".";

    /** Whether this user may make such. */
    static boolean possible() {
        String probe = "tbprobe" + ProcessHandle.current().pid() % 100_000;
        try {
            run("ip", "link", "add", probe, "type", "bridge");
            run("ip", "link", "del", probe);
            run("ip", "netns", "add", probe);
            run("ip", "netns", "del", probe);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private final int sides;

    Namespaces() throws IOException {
        this(2);
    }

    Namespaces(int sides) throws IOException {
        this.sides = sides;
        run("ip", "link", "add", name, "type", "bridge");
        run("ip", "addr", "add", subnet + "254/24", "dev", name);
        run("ip", "link", "set", name, "up");
        for (int side = 1; side <= sides; side++) {
            String space = space(side);
            run("ip", "netns", "add", space);
            run("ip", "link", "add", outer(side), "type", "veth", "peer", "name", "inner", "netns", space);
            run("ip", "link", "set", outer(side), "master", name, "up");
            run("ip", "-n", space, "addr", "add", address(side) + "/24", "dev", "inner");
            run("ip", "-n", space, "link", "set", "inner", "up");
            run("ip", "-n", space, "link", "set", "lo", "up");
        }
    }

    private String space(int side) {
        return name + "-" + side;
    }

    private String outer(int side) {
        return name + "v" + side;
    }

    String address(int side) {
        return subnet + side;
    }

    /** Before a command that is to run there. */
    List<String> inside(int side) {
        return List.of("ip", "netns", "exec", space(side));
    }

    void cut() throws IOException {
        isolate("on");
    }

    void mend() throws IOException {
        isolate("off");
    }

    /** What {@code from} sends to {@code to} is lost from now on, and nobody is told. */
    void lose(int from, int to) throws IOException {
        run(
                "ip",
                "-n",
                space(from),
                "neigh",
                "replace",
                address(to),
                "lladdr",
                NOBODY,
                "dev",
                "inner",
                "nud",
                "permanent");
    }

    /** Nothing is lost any more. */
    void loseNothing() throws IOException {
        for (int from = 1; from <= sides; from++) {
            run("ip", "-n", space(from), "neigh", "flush", "dev", "inner", "nud", "permanent");
        }
    }

    private void isolate(String state) throws IOException {
        for (int side = 1; side <= sides; side++) {
            run("ip", "link", "set", outer(side), "type", "bridge_slave", "isolated", state);
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        List<List<String>> commands = new ArrayList<>();
        for (int side = 1; side <= sides; side++) {
            commands.add(List.of("ip", "link", "del", outer(side)));
            commands.add(List.of("ip", "netns", "del", space(side)));
        }
        commands.add(List.of("ip", "link", "del", name));
        for (List<String> command : commands) {
            try {
                run(command.toArray(new String[0]));
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
