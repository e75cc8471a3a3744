package io.termbus.bench;

import io.termbus.bench.BusClient.Transport;
import java.io.IOException;
import java.util.List;

/** A client whose connection is known to be on a certain event loop of the hub. */
final class PlacedClient implements AutoCloseable {
    /** An id ends in the number of the loop that its session is at home on. */
    private static final int LOOP_DIGITS = 2;

    /** What a loop has put out weighs less from second to second; a flood of 100 MB weighs nothing after some ten. */
    private static final int TRIES = 200;

    private static final int PAUSE_MS = 100;

    private final HubProcess hub;
    private final BusClient client;
    private final String loop;

    /** The hub has done nothing yet, so that a session is at home where the connection is that makes it. */
    PlacedClient(HubProcess hub, Transport transport) throws IOException {
        this.hub = hub;
        client = BusClient.connect(hub, transport);
        String session = client.create(List.of("sleep", "100"));
        client.kill(session);
        loop = loopOf(session);
    }

    /** Echo of a session that is at home on the client's own loop. */
    Stats echoHere(int keys) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            String session = client.create(Latency.ECHO);
            if (loopOf(session).equals(loop)) {
                return Latency.echo(client, session, keys);
            }
            client.kill(session);
            Thread.sleep(PAUSE_MS);
        }
        throw new IOException("no session came to loop " + loop);
    }

    /** Echo of a session of somebody else's, at home on another loop. */
    Stats echoElsewhere(int keys) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try (BusClient maker = BusClient.tcp(hub)) {
                String session = maker.create(Latency.ECHO);
                if (!loopOf(session).equals(loop)) {
                    return Latency.echo(client, session, keys);
                }
                maker.kill(session);
            }
        }
        throw new IOException("all sessions came to loop " + loop);
    }

    private static String loopOf(String session) {
        return session.substring(session.length() - LOOP_DIGITS);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
