package io.termbus.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Operation.Target;
import io.termbus.protocol.Operation.Trait;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class OperationTest {
    private static final Path DOCUMENT = Path.of("docs", "protocol.md");

    @Test
    void theDocumentHasTheTable() throws IOException {
        assertThat(Files.readString(DOCUMENT)).contains(String.join("\n", table()));
    }

    private static List<String> table() {
        List<String> rows = new ArrayList<>(
                List.of("| address | action | arguments | role | reach | also |", "|---|---|---|---|---|---|"));
        Arrays.stream(Operation.values()).map(OperationTest::row).forEach(rows::add);
        return rows;
    }

    private static String row(Operation each) {
        String traits = each.traits().stream().map(Trait::toString).collect(Collectors.joining(", "));
        String role = each.is(Trait.BY_BRIDGE) ? "none" : each.role().toString();
        return String.format(
                "| `%s` | `%s` | %s | %s | %s | %s |",
                each.target(), each.action(), each.arguments(), role, each.reach(), traits);
    }

    @Test
    void anOperationIsFoundByItsAddressAndAction() {
        for (Operation each : Operation.values()) {
            String address = each.target() == Target.SESSION
                    ? Addresses.session("any")
                    : each.target().toString();
            assertThat(Operation.find(address, each.action())).contains(each);
            assertThat(Operation.of(each.target(), each.action())).isEqualTo(each);
            assertThat(Operation.at(each.target())).contains(each);
        }
    }

    @Test
    void whatIsNoOperationIsNotFound() {
        assertThat(Operation.find(Addresses.HUB, "input")).isEmpty();
        assertThat(Operation.find(Addresses.HUB, null)).isEmpty();
        assertThat(Operation.find(Addresses.SHARES, "share")).isEmpty();
        assertThat(Operation.find("termbus.session.", "info")).isEmpty();
        assertThatThrownBy(() -> Operation.of(Target.FLOW, "list"))
                .isInstanceOf(HubException.class)
                .hasMessage("no action 'list' at termbus.flow");
    }

    @Test
    void everyOperationThatAnOwnerServesNeedsAHandler() {
        Map<Operation, String> some = new EnumMap<>(Operation.class);
        Operation.at(Target.HUB).stream()
                .filter(each -> each != Operation.LOGIN)
                .forEach(each -> some.put(each, each.action()));
        Handlers<String> handlers = new Handlers<>(Target.HUB, some);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(Headers.ACTION, "list");
        assertThat(handlers.of(headers)).isEqualTo("list");
        assertThatThrownBy(() -> handlers.of(Operation.LOGIN)).isInstanceOf(HubException.class);
        assertThatThrownBy(() -> handlers.of(MultiMap.caseInsensitiveMultiMap()))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("'action' is missing");

        some.remove(Operation.LIST);
        assertThatThrownBy(() -> new Handlers<>(Target.HUB, some)).isInstanceOf(IllegalArgumentException.class);
        some.put(Operation.LIST, "list");
        some.put(Operation.INPUT, "input");
        assertThatThrownBy(() -> new Handlers<>(Target.HUB, some)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onlyWhatLastsMayTakeLonger() {
        assertThat(Operation.WAIT.answerMs()).isEqualTo(630_000);
        assertThat(Operation.READ.answerMs()).isEqualTo(30_000);
    }
}
