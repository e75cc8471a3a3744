package io.termbus.cli;

import io.termbus.cli.hub.HubConnection;
import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;
import io.termbus.cli.session.Sessions;
import io.termbus.protocol.Addresses;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "share", description = "Make a link that lets somebody else in, to one session or to all.")
final class ShareCommand extends RequestCommand {
    private static final Pattern PERIOD = Pattern.compile("([0-9]{1,8})([smhd])");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));

    @Parameters(arity = "0..1", paramLabel = "ID|NAME", description = "The session; none: all sessions.")
    private @Nullable String wanted;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "viewer (watch, the default), operator (type) or admin (create and kill).")
    private String role = "viewer";

    @Option(names = "--expires", paramLabel = "TIME", description = "Such as 30m, 24h (the default) or 7d.")
    private String expires = "24h";

    @Override
    void ask(HubConnection hub) throws CliException {
        JsonObject body = new JsonObject()
                .put("role", role)
                .put("expiresInSeconds", period(expires).toSeconds());
        if (wanted != null) {
            body.put("session", Sessions.id(Sessions.find(hub, wanted)));
        }
        JsonObject share = hub.request(Addresses.HUB, "share", body);
        if (json) {
            print(Text.json(share));
            return;
        }
        print(share.getString("url"));
        context()
                .err()
                .println("share " + share.getString("id") + ", role " + share.getString("role") + ", until "
                        + share.getString("expiresAt") + "; 'revoke " + share.getString("id") + "' ends it");
    }

    static Duration period(String text) throws CliException {
        Matcher period = PERIOD.matcher(text);
        if (!period.matches()) {
            throw new CliException(
                    Status.USAGE, "--expires " + Text.printable(text) + ": give a number and s, m, h or d, such as 8h");
        }
        return UNITS.get(period.group(2)).multipliedBy(Long.parseLong(period.group(1)));
    }
}
