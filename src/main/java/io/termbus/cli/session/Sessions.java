package io.termbus.cli.session;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.protocol.Addresses;
import io.termbus.protocol.Ids;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds sessions by what users call them. */
public final class Sessions {
    private static final int MIN_PREFIX_CHARS = 4;

    private Sessions() {}

    /** All of them, oldest first. */
    public static List<JsonObject> list(HubConnection hub) throws CliException {
        List<JsonObject> sessions = new ArrayList<>();
        hub.request(Addresses.HUB, "list", new JsonObject())
                .getJsonArray("sessions")
                .forEach(each -> sessions.add((JsonObject) each));
        return sessions;
    }

    /**
     * The session with that id; else the one with that name, running ones before exited ones; else the one
     * whose id begins so, with four characters or more.
     *
     * @throws CliException where there is none, or more than one
     */
    public static JsonObject find(HubConnection hub, String wanted) throws CliException {
        return find(list(hub), wanted);
    }

    static JsonObject find(List<JsonObject> sessions, String wanted) throws CliException {
        List<JsonObject> found = with(sessions, each -> id(each).equals(wanted));
        if (found.isEmpty()) {
            found = with(sessions, each -> name(each).equals(wanted));
            List<JsonObject> running = with(found, Sessions::running);
            found = running.isEmpty() ? newest(found) : running;
        }
        if (found.isEmpty() && wanted.length() >= MIN_PREFIX_CHARS) {
            found = with(sessions, each -> beginsWith(id(each), wanted));
        }
        if (found.isEmpty()) {
            throw new CliException(
                    Status.NO_SESSION, "no session '" + Text.printable(wanted) + "'; 'ls' shows the sessions");
        }
        if (found.size() > 1) {
            String ids = found.stream().map(Sessions::id).collect(Collectors.joining(", "));
            throw new CliException(
                    Status.NO_SESSION,
                    found.size() + " sessions are called '" + Text.printable(wanted) + "'; give the id: " + ids);
        }
        return found.get(0);
    }

    /** The ids of one node's sessions begin alike: what follows that is as good. */
    private static boolean beginsWith(String id, String wanted) {
        return id.startsWith(wanted) || Ids.randomPart(id).startsWith(wanted);
    }

    public static String id(JsonObject session) {
        return session.getString("id", "");
    }

    public static String name(JsonObject session) {
        return session.getString("name", "");
    }

    public static boolean running(JsonObject session) {
        return "running".equals(session.getString("state"));
    }

    private static List<JsonObject> newest(List<JsonObject> sessions) {
        return sessions.isEmpty() ? sessions : sessions.subList(sessions.size() - 1, sessions.size());
    }

    private static List<JsonObject> with(List<JsonObject> sessions, Predicate<JsonObject> wanted) {
        return sessions.stream().filter(wanted).toList();
    }
}
