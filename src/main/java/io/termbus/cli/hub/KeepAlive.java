package io.termbus.cli.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices a hub that has gone without a word: pings it while nothing comes, and ends the connection where
 * nothing comes for {@value #SILENCE_SECONDS} s. While what came is being handled the hub is not to blame.
 */
final class KeepAlive {
    private static final long PING_SECONDS = 10;
    private static final long SILENCE_SECONDS = 35;

    private final HubConnection connection;
    private volatile long heard = System.nanoTime();
    private volatile boolean reading;
    private @Nullable Thread thread;

    KeepAlive(HubConnection connection) {
        this.connection = connection;
    }

    synchronized void start() {
        if (thread == null) {
            Thread started = new Thread(this::run, "termbus-keep-alive");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    synchronized void stop() {
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    /** The same stream, which tells when something came. */
    InputStream hearing(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                heard = System.nanoTime();
                return count;
            }
        };
    }

    /** The reader begins to wait for a frame. */
    void reading() {
        heard = System.nanoTime();
        reading = true;
    }

    /** The reader has a frame. */
    void handling() {
        reading = false;
    }

    private void run() {
        try {
            while (!connection.end().isDone()) {
                TimeUnit.SECONDS.sleep(PING_SECONDS);
                long silence = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - heard);
                if (reading && silence >= SILENCE_SECONDS) {
                    connection.giveUp("the hub has not said a word for " + silence + " s");
                } else if (reading && silence >= PING_SECONDS) {
                    connection.ping();
                }
            }
        } catch (ConnectionLost e) {
            connection.giveUp(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
