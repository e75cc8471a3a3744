package io.termbus.session;

import java.util.HashMap;
import java.util.Map;

/** The environment of a session's child: the hub's, less what is the hub's own, plus what a terminal needs. */
final class ChildEnvironment {
    private static final String HUB_PREFIX = "TERMBUS_";

    private ChildEnvironment() {}

    /**
     * @param inherited the hub's environment
     * @param wanted what the client asked for; wins over everything
     */
    static Map<String, String> of(Map<String, String> inherited, Map<String, String> wanted) {
        Map<String, String> environment = new HashMap<>(inherited);
        environment.keySet().removeIf(key -> key.startsWith(HUB_PREFIX));
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
