package io.termbus.e2e;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A client of the hub that blocks, whatever its transport. Messages that nobody waited for yet are kept in
 * order. Each client is for one test thread.
 */
abstract class Client implements AutoCloseable {
    static final String HUB = "termbus.hub";
    static final String FLOW = "termbus.flow";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonObject END = new JsonObject().put("type", "(closed)");

    private final BlockingQueue<JsonObject> arrived = new LinkedBlockingQueue<>();
    private final List<JsonObject> passedOver = new ArrayList<>();
    private int requests;

    /** A request was answered with {@code err}. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int code;

        Refused(int code, String message) {
            super(code + " " + message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    abstract void send(JsonObject message) throws Exception;

    @Override
    public abstract void close() throws IOException;

    /** The transport's reader has a message; any thread. */
    final void arrived(JsonObject message) {
        arrived.add(message);
    }

    /** The transport is closed; any thread. */
    final void ended() {
        arrived.add(END);
    }

    static String session(String id) {
        return "termbus.session." + id;
    }

    /** Logs in as administrator. */
    void login(HubProcess hub) throws Exception {
        request(HUB, "login", new JsonObject().put("token", hub.token()));
    }

    /** Sends a command without asking for an answer. */
    void tell(String address, String action, JsonObject body) throws Exception {
        send(command(address, action, body));
    }

    /** Sends a command and waits for its answer. */
    JsonObject request(String address, String action, JsonObject body) throws Exception {
        String replyAddress = "reply-" + ++requests;
        send(command(address, action, body).put("replyAddress", replyAddress));
        JsonObject answer = next(message -> replyAddress.equals(message.getString("address")));
        if (answer.getString("type").equals("err")) {
            throw new Refused(answer.getInteger("failureCode"), answer.getString("message"));
        }
        return answer.getJsonObject("body");
    }

    /** Creates a session that runs {@code script} in a shell; its id. */
    String shell(String script) throws Exception {
        JsonObject body = new JsonObject().put("command", List.of("sh", "-c", script));
        return request(HUB, "create", body).getString("id");
    }

    /** Attaches and registers; deliveries follow. */
    Subscription attach(String session, JsonObject options) throws Exception {
        JsonObject attached = request(FLOW, "attach", options.copy().put("session", session));
        String address = attached.getString("address");
        send(new JsonObject().put("type", "register").put("address", address));
        return new Subscription(this, attached.getString("subscriber"), address);
    }

    void input(String session, String text) throws Exception {
        request(session(session), "input", new JsonObject().put("data", text));
    }

    /** The oldest message that fits and was not taken before. */
    JsonObject next(Predicate<JsonObject> wanted) throws InterruptedException {
        for (Iterator<JsonObject> old = passedOver.iterator(); old.hasNext(); ) {
            JsonObject message = old.next();
            if (wanted.test(message)) {
                old.remove();
                return message;
            }
        }
        while (true) {
            JsonObject message = nextArrived();
            if (wanted.test(message)) {
                return message;
            }
            passedOver.add(message);
        }
    }

    /** Waits until the hub has closed the connection; what came before that. */
    List<JsonObject> awaitEnd() throws InterruptedException {
        List<JsonObject> last = new ArrayList<>();
        while (true) {
            JsonObject message = arrived.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (message == END) {
                return last;
            }
            if (message == null) {
                throw new AssertionError("the connection stays open");
            }
            last.add(message);
        }
    }

    private JsonObject nextArrived() throws InterruptedException {
        JsonObject message = arrived.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (message == null || message == END) {
            throw new AssertionError((message == null ? "nothing comes" : "closed") + ", passed over: " + passedOver);
        }
        return message;
    }

    static JsonObject command(String address, String action, JsonObject body) {
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("headers", new JsonObject().put("action", action))
                .put("body", body);
    }
}
