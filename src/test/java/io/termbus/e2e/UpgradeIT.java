package io.termbus.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub that is upgraded while its sessions are at work. */
@Timeout(900)
class UpgradeIT {
    /** In a row: {@code -Dtermbus.upgrades=50} for more. */
    private static final int UPGRADES = Integer.getInteger("termbus.upgrades", 5);

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LINES = 2000;

    @TempDir
    Path directory;

    /** What is the same before and after. */
    private static Map<String, JsonObject> sessions(Client client) throws Exception {
        Map<String, JsonObject> all = new HashMap<>();
        JsonArray list = client.request(Client.HUB, "list", new JsonObject()).getJsonArray("sessions");
        for (int i = 0; i < list.size(); i++) {
            JsonObject info = list.getJsonObject(i);
            info.remove("outputBytes");
            info.remove("subscribers");
            all.put(info.getString("id"), info);
        }
        return all;
    }

    private static TcpClient back(HubProcess hub) {
        return Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptionsMatching(e -> e instanceof IOException || e instanceof AssertionError)
                .until(() -> TcpClient.connect(hub), connected -> true);
    }

    private static String screen(Client client, String session) throws Exception {
        return client.request(Client.session(session), "snapshot", new JsonObject().put("format", "text"))
                .getString("data");
    }

    private static void untilScreen(Client client, String session, String wanted) throws Exception {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> screen(client, session).contains(wanted));
    }

    private static String create(Client client, String... command) throws Exception {
        return client.request(Client.HUB, "create", new JsonObject().put("command", List.of(command)))
                .getString("id");
    }

    @Test
    void anEditorAFloodAShellAndEndsInTheGapGoOnOverUpgradesInARow() throws Exception {
        Path stop = directory.resolve("stop");
        List<Long> gaps = new ArrayList<>();
        try (HubProcess hub = HubProcess.start(directory, "session.exitedRetentionSeconds=3600")) {
            TcpClient client = TcpClient.connect(hub);
            String vim = create(client, "vim", "-u", "NONE", "-N", "-n", "-i", "NONE");
            client.input(vim, "iunsaved text");
            untilScreen(client, vim, "unsaved text");
            String shell = create(client, "sh");
            client.input(shell, "mine=1\r");
            String flood = client.request(
                            Client.HUB,
                            "create",
                            new JsonObject()
                                    .put("rawOutput", true)
                                    .put("waitForSubscriber", true)
                                    .put(
                                            "command",
                                            List.of(
                                                    "sh",
                                                    "-c",
                                                    "while ! [ -e " + stop + " ]; do seq 1 " + LINES
                                                            + "; done; exit 9")))
                    .getString("id");
            CompletableFuture<String> flooded = CompletableFuture.supplyAsync(() -> follow(hub, flood));
            int descriptors = 0;
            String resident = "";
            for (int upgrade = 1; upgrade <= UPGRADES; upgrade++) {
                Path ends = directory.resolve("end" + upgrade);
                String ending =
                        client.shell("echo waits; until [ -e " + ends + " ]; do sleep 0.01; done; exit " + upgrade);
                untilScreen(client, ending, "waits");
                client.input(shell, "mine=$((mine + 1)); echo mine is $mine\r");
                untilScreen(client, shell, "mine is " + (upgrade + 1));
                String vimBefore = screen(client, vim);
                Map<String, JsonObject> before = sessions(client);

                JsonObject answer = client.request(Client.HUB, "upgrade", new JsonObject());
                client.awaitEnd();
                long began = System.nanoTime();
                Files.createFile(ends);
                client.close();
                client = back(hub);
                gaps.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));

                assertThat(answer.getString("version")).matches("\\d+\\.\\d+.*");
                JsonObject exit = ended(client, ending);
                assertThat(exit.getInteger("code")).isEqualTo(upgrade);
                Map<String, JsonObject> after = sessions(client);
                before.remove(ending);
                after.remove(ending);
                assertThat(after).isEqualTo(before);
                assertThat(screen(client, vim)).isEqualTo(vimBefore);
                client.input(vim, " " + upgrade);
                untilScreen(client, vim, "unsaved text" + numbers(upgrade));
                if (upgrade == 1) {
                    descriptors = open(hub);
                    resident = resident(hub);
                }
            }
            Files.createFile(stop);
            assertThat(flooded.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("whole, 9");
            assertThat(open(hub)).isLessThanOrEqualTo(descriptors + 3);
            Collections.sort(gaps);
            System.out.println("upgrades " + UPGRADES + ", gap median " + gaps.get(gaps.size() / 2) + " ms, most "
                    + gaps.get(gaps.size() - 1) + " ms, descriptors " + descriptors + " then " + open(hub)
                    + ", resident after the first " + resident + ", now " + resident(hub));
            client.close();
            hub.signal("TERM");
            assertThat(hub.exitStatus()).isZero();
        }
    }

    private static String numbers(int last) {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= last; i++) {
            all.append(' ').append(i);
        }
        return all.toString();
    }

    private static JsonObject ended(Client client, String session) throws Exception {
        client.request(
                Client.session(session),
                "wait",
                new JsonObject()
                        .put("any", new JsonArray().add(new JsonObject().put("exit", true)))
                        .put("timeoutMs", 30_000));
        return client.request(Client.session(session), "info", new JsonObject()).getJsonObject("exit");
    }

    private static int open(HubProcess hub) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", String.valueOf(hub.pid()), "fd"))) {
            return (int) all.count();
        }
    }

    private static String resident(HubProcess hub) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(hub.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("");
    }

    /** Reads all of a session without skipping, over connections that end; whether each byte was there once, and the exit. */
    private static String follow(HubProcess hub, String session) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long offset = 0;
            JsonObject exit = null;
            while (exit == null) {
                try (TcpClient client = back(hub)) {
                    Subscription subscription = client.attach(
                                    session,
                                    new JsonObject().put("lag", "block").put("from", offset))
                            .digestedInto(digest)
                            .startingAt(offset);
                    try {
                        exit = untilExitOrEnd(subscription);
                    } finally {
                        assertThat(subscription.snapshots()).isZero();
                        offset = subscription.offset();
                    }
                } catch (IOException | ConnectionEnded e) {
                    // the hub changes its program
                } catch (AssertionError e) {
                    if (!String.valueOf(e.getMessage()).startsWith("closed")) {
                        throw e;
                    }
                }
            }
            return (MessageDigest.isEqual(digest.digest(), expected(offset)) ? "whole, " : "other bytes, ")
                    + exit.getInteger("code");
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static final class ConnectionEnded extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static JsonObject untilExitOrEnd(Subscription subscription) throws Exception {
        while (true) {
            JsonObject delivery = subscription.take();
            String kind = delivery.getJsonObject("headers").getString("kind");
            if (kind.equals("exit")) {
                return delivery.getJsonObject("body");
            } else if (kind.equals("disconnected")) {
                assertThat(delivery.getJsonObject("body").getString("reason")).isEqualTo("restarting");
                assertThat(delivery.getJsonObject("body").getInteger("retryMs")).isPositive();
                throw new ConnectionEnded();
            }
        }
    }

    private static byte[] expected(long bytes) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int line = 1; line <= LINES; line++) {
            lines.append(line).append('\n');
        }
        byte[] once = lines.toString().getBytes(StandardCharsets.US_ASCII);
        assertThat(bytes % once.length).isZero();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (long done = 0; done < bytes; done += once.length) {
            digest.update(once);
        }
        return digest.digest();
    }

    /** As a package manager does it under the hub that runs. */
    @Test
    void aJarThatWasReplacedUnderTheRunningHubIsUpgradedTo() throws Exception {
        Path jar = directory.resolve("termbus.jar");
        Files.copy(HubProcess.JAR, jar);
        try (HubProcess hub = HubProcess.start(jar, directory, List.of(), List.of())) {
            TcpClient client = TcpClient.connect(hub);
            String shell = create(client, "sh");
            Path next = Files.copy(HubProcess.JAR, directory.resolve("next.jar"));
            Files.move(next, jar, StandardCopyOption.REPLACE_EXISTING);

            client.request(Client.HUB, "upgrade", new JsonObject());
            client.awaitEnd();
            try (TcpClient after = back(hub)) {
                after.input(shell, "echo here again\r");
                untilScreen(after, shell, "here again");
            }
        }
    }

    @Test
    void aJarThatWasWrittenOverEndsNothing() throws Exception {
        Path jar = Files.copy(HubProcess.JAR, directory.resolve("termbus.jar"));
        try (HubProcess hub = HubProcess.start(jar, directory, List.of(), List.of());
                TcpClient client = TcpClient.connect(hub)) {
            String shell = create(client, "sh");
            Files.setLastModifiedTime(jar, FileTime.fromMillis(0)); // all that the hub can know of it

            refused(client, jar, "was written over");
            refused(client, HubProcess.JAR, "was written over");
            client.input(shell, "echo still here\r");
            untilScreen(client, shell, "still here");
        }
    }

    /** HotSpot would end at a signal that it suspends threads by. */
    @Test
    void signalsBetweenTheTwoProgramsDoNoHarm() throws Exception {
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(hub)) {
            String shell = create(client, "sh");
            hub.signal("USR2");
            client.awaitEnd();
            Awaitility.await()
                    .atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> {
                        hub.signal("USR2");
                        TcpClient.connect(hub).close();
                        return true;
                    });
            Awaitility.await() // such a signal may begin another upgrade
                    .atMost(LIMIT)
                    .ignoreExceptionsMatching(e -> e instanceof IOException || e instanceof AssertionError)
                    .until(() -> {
                        try (TcpClient after = TcpClient.connect(hub)) {
                            after.input(shell, "echo here again\r");
                            return screen(after, shell).contains("here again");
                        }
                    });
        }
    }

    @Test
    void whatCannotGoOnIsRefusedAndChangesNothing() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.jar"), "no jar");
        Path open = Files.writeString(directory.resolve("open.jar"), "no jar");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));
        try (HubProcess hub = HubProcess.start(directory);
                TcpClient client = TcpClient.connect(hub)) {
            String shell = create(client, "sh");
            refused(client, broken, "the new program cannot go on");
            refused(client, directory.resolve("missing.jar"), "there is no file that can be read");
            refused(client, directory, "there is no file that can be read");
            refused(client, open, "every user may write to it");
            CommandLineProcess.Result result =
                    CommandLineProcess.run(directory, hub, "upgrade", "--jar", broken.toString());
            assertThat(result.status()).isEqualTo(65);
            assertThat(result.err()).contains("the new program cannot go on");

            client.input(shell, "echo still here\r");
            untilScreen(client, shell, "still here");
        }
    }

    private static void refused(Client client, Path jar, String why) {
        assertThatThrownBy(() -> client.request(Client.HUB, "upgrade", new JsonObject().put("jar", jar.toString())))
                .isInstanceOfSatisfying(
                        Client.Refused.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(409))
                .hasMessageContaining(why);
    }

    @Test
    void theCommandAndTheSignalDoIt() throws Exception {
        try (HubProcess hub = HubProcess.start(directory)) {
            CommandLineProcess.Result result = CommandLineProcess.run(directory, hub, "upgrade");
            assertThat(result.err()).isEmpty();
            assertThat(result.status()).isZero();
            assertThat(result.out()).matches("upgraded to version \\S+; the hub was away for \\d+ ms\n");

            try (TcpClient client = back(hub)) {
                hub.signal("USR2");
                client.awaitEnd();
            }
            back(hub).close();
            assertThat(hub.log().lines().filter(line -> line.contains("upgraded from version")))
                    .hasSize(2);
        }
    }
}
