package io.termbus.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The environment of a session's child: the hub's, less what is the hub's own, plus what a terminal needs. */
final class ChildEnvironment {
    private static final String HUB_PREFIX = "TERMBUS_";

    private static final Set<String> SERVICE_MANAGERS = Set.of(
            "NOTIFY_SOCKET",
            "WATCHDOG_PID",
            "WATCHDOG_USEC",
            "LISTEN_FDS",
            "LISTEN_PID",
            "LISTEN_FDNAMES",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "CREDENTIALS_DIRECTORY");

    private ChildEnvironment() {}

    /**
     * @param inherited the hub's environment
     * @param wanted what the client asked for; wins over everything
     */
    static Map<String, String> of(Map<String, String> inherited, Map<String, String> wanted) {
        Map<String, String> environment = new HashMap<>(inherited);
        environment.keySet().removeIf(key -> key.startsWith(HUB_PREFIX));
        // What a service manager told the hub alone: sockets, descriptors and files of secrets.
        environment.keySet().removeAll(SERVICE_MANAGERS);
        // Sizes of the terminal that the hub itself runs in.
        environment.remove("COLUMNS");
        environment.remove("LINES");
        environment.put("TERM", "xterm-256color");
        environment.put("COLORTERM", "truecolor");
        if (!inherited.containsKey("LANG") && !inherited.containsKey("LC_ALL")) {
            environment.put("LANG", "C.UTF-8");
        }
        environment.putAll(wanted);
        return environment;
    }
}
