package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.hub.HubEndpoint;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Reconnector;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "upgrade",
        description = "Have a hub run another termbus.jar; its sessions, their programs and screens go on.")
final class UpgradeCommand extends HubCommand {
    /** The hub gives the new program 20 s to say whether it could go on. */
    private static final Duration CHECK = Duration.ofSeconds(30);
    /** Sessions are written down first, many long ones for some seconds. */
    private static final int END_SECONDS = 60;

    private static final int BACK_SECONDS = 60;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "Path on the hub's machine; without it the file that the hub was started from, as it is now.")
    private @Nullable Path jar;

    @Override
    int run(HubEndpoint hub) throws CliException {
        JsonObject checked;
        long began;
        try (HubConnection connection = hub.connect()) {
            CompletableFuture<CliException> ended = new CompletableFuture<>();
            connection.watch(ended::complete);
            JsonObject body = new JsonObject();
            if (jar != null) {
                body.put("jar", jar.toAbsolutePath().toString());
            }
            checked = connection.request(Addresses.HUB, "upgrade", body, CHECK);
            awaitEnd(ended);
            began = System.nanoTime();
        }
        awaitHub(hub);
        long gone = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        print(
                json
                        ? Text.json(checked.put("goneMs", gone))
                        : "upgraded to version " + Text.printable(checked.getString("version"))
                                + "; the hub was away for " + gone + " ms");
        return Status.OK;
    }

    private static void awaitEnd(CompletableFuture<CliException> ended) throws CliException {
        try {
            ended.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CliException(
                    Status.SOFTWARE, "the hub goes on as it was: the change failed at its end; its log says why");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw CliException.interrupted();
        }
    }

    private static void awaitHub(HubEndpoint hub) throws CliException {
        CliException gone = new CliException(
                Status.UNAVAILABLE, "the hub did not come back within " + BACK_SECONDS + " s; its log says why");
        new Reconnector(new LinkedBlockingQueue<>(), event -> false, () -> {})
                .run(BACK_SECONDS, gone, () -> hub.connect().close());
    }
}
