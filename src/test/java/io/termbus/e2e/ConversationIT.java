package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The conversation of docs/protocol.md, from login to ack, is held as it stands there. */
@Timeout(60)
class ConversationIT {
    private static final String CLIENT = "client {";
    private static final String HUB = "hub    {";
    private static final String ANY = "…";

    /** What stands in the document for what the hub says, by the place at which it says it. */
    private final Map<String, String> names = new HashMap<>();

    @Test
    void itGoesAsItIsTold(@TempDir Path directory) throws Exception {
        List<String> lines = Files.readAllLines(Path.of("docs", "protocol.md")).stream()
                .filter(line -> line.startsWith(CLIENT) || line.startsWith(HUB))
                .toList();
        assertThat(lines).hasSizeGreaterThan(8);
        try (HubProcess hub = HubProcess.start(directory);
                Socket socket = TcpClient.open(hub, 1 << 16)) {
            names.put("TOKEN", hub.token());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (String line : lines) {
                if (line.startsWith(CLIENT)) {
                    socket.getOutputStream().write(TcpClient.frame(named(line.substring(CLIENT.length() - 1))));
                } else {
                    check(new JsonObject(line.substring(HUB.length() - 1)), TcpClient.readFrame(in));
                }
            }
        }
    }

    private String named(String text) {
        String result = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            result = result.replace(name.getKey(), name.getValue());
        }
        return result;
    }

    private void check(JsonObject told, JsonObject said) {
        learn(told, said);
        Set<String> fields = told.fieldNames();
        if (fields.contains(ANY)) {
            assertThat(said.fieldNames())
                    .containsAll(
                            fields.stream().filter(field -> !field.equals(ANY)).toList());
        } else {
            assertThat(said.fieldNames()).isEqualTo(fields);
        }
        for (String field : fields) {
            if (!field.equals(ANY)) {
                checkValue(told.getValue(field), said.getValue(field));
            }
        }
    }

    private void checkValue(Object told, Object said) {
        if (told instanceof JsonObject object) {
            check(object, (JsonObject) said);
        } else if (told instanceof Number number && number.longValue() > Integer.MAX_VALUE) {
            assertThat(said).isInstanceOf(Number.class); // a time
        } else if (!ANY.equals(told)) {
            assertThat(said)
                    .isEqualTo(told instanceof String text ? named(text) : told)
                    .isNotInstanceOf(JsonArray.class);
        }
    }

    private void learn(JsonObject told, JsonObject said) {
        for (String name : List.of("SESSION", "SUBSCRIBER")) {
            for (String field : told.fieldNames()) {
                if (name.equals(told.getValue(field))) {
                    names.putIfAbsent(name, said.getString(field));
                }
            }
        }
    }
}
