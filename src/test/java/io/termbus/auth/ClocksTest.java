package io.termbus.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Role;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shares of nodes whose clocks differ. */
@Timeout(30)
class ClocksTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path directory;

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    /** @param ahead of the clock by which signatures are checked */
    private Shares node(String name, Duration ahead) throws Exception {
        Path home = Files.createDirectory(directory.resolve(name));
        InstantSource clock = InstantSource.fixed(Instant.now().plus(ahead));
        return Shares.of(vertx, home, Optional.of("a key of at least thirty-two bytes, or so"), clock);
    }

    @Test
    void aTokenOfANodeWhoseClockIsAheadIsTakenByTheOthers() throws Exception {
        Shares issuer = node("issuer", Duration.ofMinutes(10));
        Shares other = node("other", Duration.ZERO);
        Shares.Issued issued = issuer.issue(Optional.of("session"), Role.VIEWER, Duration.ofHours(1), "somebody");

        other.merge(issuer.state());

        assertThat(other.grantOf(issued.token())).isPresent();
    }

    @Test
    void aTokenEndsByTheClockOfTheNodeThatIsAsked() throws Exception {
        Shares issuer = node("issuer", Duration.ZERO);
        Shares ahead = node("ahead", Duration.ofHours(2));
        Shares.Issued issued = issuer.issue(Optional.of("session"), Role.VIEWER, Duration.ofHours(1), "somebody");

        ahead.merge(issuer.state());

        assertThat(ahead.grantOf(issued.token())).isEmpty();
        assertThat(issuer.grantOf(issued.token())).isPresent();
        assertThat(ahead.refusal(issued.token()))
                .matches("the token has expired 3[56]\\d\\d s ago by the clock of this node");
        ahead.clockDiffers(Optional.of("the clock of node-issuer is 7200 s behind this node's"));
        assertThat(ahead.refusal(issued.token()))
                .endsWith("by the clock of this node; the clock of node-issuer is 7200 s behind this node's");
    }

    @Test
    void aTokenThatNoClockIsToBlameForIsJustWrong() throws Exception {
        Shares issuer = node("issuer", Duration.ZERO);
        Shares.Issued issued = issuer.issue(Optional.of("session"), Role.VIEWER, Duration.ofHours(1), "somebody");
        issuer.revoke(issued.share().id());

        assertThat(issuer.refusal(issued.token())).isEqualTo("wrong token");
        assertThat(issuer.refusal(issued.token() + "x")).isEqualTo("wrong token");
        assertThat(issuer.refusal("guessed")).isEqualTo("wrong token");
    }
}
