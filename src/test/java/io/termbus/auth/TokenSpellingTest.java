package io.termbus.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.termbus.protocol.Role;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A share's token opens in the one spelling that was handed out. */
@Timeout(30)
class TokenSpellingTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path home;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void otherSpellingsOfTheSameBytesOpenNothing() throws Exception {
        Shares shares = Shares.of(vertx, home);
        for (int i = 0; i < 20; i++) {
            String token = shares.issue(Optional.empty(), Role.VIEWER, Duration.ofHours(1), "x")
                    .token();
            assertThat(shares.grantOf(token)).isPresent();
            for (int part = 0; part < 3; part++) {
                for (String other : spellings(token, part)) {
                    assertThat(shares.grantOf(other)).as(other).isEmpty();
                }
            }
        }
    }

    @Test
    void onlyThreePartsOfPlainBase64UrlAreATokenAtAll() {
        assertThat(TokenSpelling.isExact("YQ.YQ.YQ")).isTrue();
        for (String none :
                List.of("", ".", "..", "YQ", "YQ.YQ", "YQ.YQ.", "YQ..YQ", "YQ.YQ.YQ.YQ", "YQ.YQ.Y", "YQ.YQ.YR")) {
            assertThat(TokenSpelling.isExact(none)).as(none).isFalse();
        }
    }

    /** Of one part: with padding, white space, in the standard alphabet, with other bits that are not part of the bytes. */
    private static List<String> spellings(String token, int which) {
        String part = token.split("\\.")[which];
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        List<String> others = new ArrayList<>(List.of(
                part + "=",
                part + "==",
                " " + part,
                part + "\n",
                part + "\r\n",
                part.substring(0, 4) + "\n" + part.substring(4)));
        others.add(Base64.getUrlEncoder().encodeToString(bytes));
        others.add(Base64.getEncoder().encodeToString(bytes));
        others.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        int last = ALPHABET.indexOf(part.charAt(part.length() - 1));
        for (int bit = 1; bit < 4; bit++) {
            others.add(part.substring(0, part.length() - 1) + ALPHABET.charAt(last ^ bit));
        }
        return others.stream()
                .filter(other -> !other.equals(part))
                .map(other -> with(token, which, other))
                .toList();
    }

    private static String with(String token, int which, String part) {
        String[] parts = token.split("\\.");
        parts[which] = part;
        return String.join(".", parts);
    }
}
