package io.termbus.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.termbus.protocol.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ShareFileTest {
    private static final Instant THEN = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    private Path home;

    private ShareFile file() {
        return new ShareFile(home.resolve("shares.json"));
    }

    @Test
    void whatIsWrittenIsReadAndWhereThereIsNoneThereIsNothing() throws Exception {
        JsonObject share = new Share("a", Optional.of("s"), Role.VIEWER, THEN, THEN, "admin").toJson();
        JsonObject revocation = new Revocation("b", THEN).toJson();
        assertThat(file().read()).isEmpty();
        file().write(new JsonArray().add(share).add(revocation));
        assertThat(file().read()).containsExactly(share, revocation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "{}",
                "{\"id\":\"a\"}",
                "[null]",
                "[1]",
                "[[]]",
                "[\"a\"]",
                "[{}]",
                "[{\"id\":null}]",
                "[{\"id\":{},\"role\":[]}]",
                "[{\"id\":\"a\",\"revokedUntil\":null}]",
                "[{\"id\":\"a\",\"revokedUntil\":{}}]",
                "[{\"id\":\"a\",\"role\":\"king\",\"createdAt\":\"2030-01-01T00:00:00Z\","
                        + "\"expiresAt\":\"2030-01-01T00:00:00Z\",\"createdBy\":\"admin\"}]",
                "[{\"id\":\"a\",\"role\":\"viewer\",\"createdAt\":null,"
                        + "\"expiresAt\":\"2030-01-01T00:00:00Z\",\"createdBy\":\"admin\"}]",
                "[",
            })
    void whatIsNoListOfSharesIsNamed(String text) throws Exception {
        Files.writeString(home.resolve("shares.json"), text);
        assertThatThrownBy(() -> file().read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shares.json is damaged; delete it");
    }

    @Test
    void bytesThatAreNoTextAndWhatIsNoFileAreNamedToo() throws Exception {
        Path path = home.resolve("shares.json");
        Files.write(path, new byte[] {(byte) 0xff, '[', ']'});
        assertThatThrownBy(() -> file().read()).hasMessageContaining("shares.json is damaged");
        Files.delete(path);
        Files.createDirectory(path);
        assertThatThrownBy(() -> file().read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shares.json is not a regular file");
    }
}
