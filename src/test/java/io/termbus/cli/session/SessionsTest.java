package io.termbus.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private static final String FIRST = "AAAAbbbbccccddddeeee11";
    private static final String SECOND = "AAAAffffgggghhhhiiii22";
    private static final String THIRD = "CCCCjjjjkkkkllllmmmm33";

    private static JsonObject session(String id, String name, String state) {
        return new JsonObject().put("id", id).put("name", name).put("state", state);
    }

    private static String find(String wanted, JsonObject... sessions) throws CliException {
        return Sessions.id(Sessions.find(List.of(sessions), wanted));
    }

    @Test
    void anIdWinsOverAnotherSessionsName() throws CliException {
        assertThat(find(SECOND, session(FIRST, SECOND, "running"), session(SECOND, "x", "exited")))
                .isEqualTo(SECOND);
    }

    @Test
    void aNameWinsOverTheBeginningOfAnId() throws CliException {
        assertThat(find("AAAA", session(FIRST, "x", "running"), session(THIRD, "AAAA", "running")))
                .isEqualTo(THIRD);
    }

    @Test
    void ofOneNameTheRunningSessionIsMeantAndElseTheNewest() throws CliException {
        assertThat(find("x", session(FIRST, "x", "exited"), session(SECOND, "x", "running")))
                .isEqualTo(SECOND);
        assertThat(find("x", session(FIRST, "x", "exited"), session(SECOND, "x", "exited")))
                .isEqualTo(SECOND);
    }

    @Test
    void fourCharactersOfAnIdDoWhereTheyAreEnough() throws CliException {
        assertThat(find("CCCC", session(FIRST, "x", "running"), session(THIRD, "x", "running")))
                .isEqualTo(THIRD);
        assertThatThrownBy(() -> find("CCC", session(THIRD, "x", "running")))
                .hasMessageStartingWith("no session 'CCC'");
    }

    @Test
    void ambiguityNamesTheIds() {
        assertThatThrownBy(() -> find("x", session(FIRST, "x", "running"), session(SECOND, "x", "running")))
                .hasMessage("2 sessions are called 'x'; give the id: " + FIRST + ", " + SECOND)
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.status()).isEqualTo(Status.NO_SESSION));
        assertThatThrownBy(() -> find("AAAA", session(FIRST, "x", "running"), session(SECOND, "y", "running")))
                .hasMessageContaining(FIRST + ", " + SECOND);
    }
}
