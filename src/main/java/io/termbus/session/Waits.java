package io.termbus.session;

import io.termbus.guard.FairShare;
import io.termbus.protocol.HubException;
import io.termbus.session.LineSearch.Found;
import io.termbus.vt.lines.ScreenWatch;
import io.termbus.vt.screen.Terminal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who wait for something to happen in a session. What is looked for on the screen is looked for after output, in the
 * lines that are others than at the look before, where that are many by a worker; each look is followed by a rest, so that looking takes a
 * twentieth of the time, and a fiftieth beside floods, however many wait. Nobody waits: it costs nothing. On the session's
 * event loop.
 */
final class Waits {
    /** Of a session. */
    static final int MAX_WAITS = 256;
    /** A look is followed by so many times its duration without one. */
    static final int REST = 19;
    /** The same where much was to be looked at. */
    static final int LONG_REST = 49;

    /** What is much: a flood leaves 10 ms of it, a screen that is drawn anew some 0.1. */
    static final long LONG_NANOS = 1_000_000;

    /** A wait whose time is over is answered so much later at the most, whatever is still to be looked at. */
    static final long GRACE_MS = 1000;
    /** Characters to look at, each by an instruction of a regex: less than it takes to have a worker do it. */
    private static final long QUICK_UNITS = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(Waits.class);

    /** What it needs of the session. */
    interface Host {
        /** @return what {@link #cancel} takes */
        long after(long ms, Runnable then);

        void cancel(long timer);

        /** Has the terminal looked at, in turn. */
        void change(ScreenGate.Change look);

        Terminal terminal();

        /** Up to where the terminal has taken the output in. */
        long offset();

        /** Whether a prompt is shown, or a command has ended; false for what else is waited for. */
        boolean isTold(WaitCondition condition, Optional<Long> since);

        /** On a worker; done on the event loop. */
        Future<Void> work(Runnable task);

        /**
         * What a blank terminal shows after the output between two offsets, as far as that is held; in turn with all that
         * clients have read.
         *
         * @param wanted false when nobody waits for it any more
         */
        Future<ReplayReading.Shown> replay(long from, long to, BooleanSupplier wanted);
    }

    private final Host host;
    private final FairShare readers;
    private final LongSupplier nanoTime;
    private final LongSupplier workNanos;
    private final List<Wait> all = new ArrayList<>();
    private final ScreenWatch watch = new ScreenWatch();
    /** Those of {@link #all} who look at the screen. */
    private int onScreen;
    /** Looks that are asked for and not done. */
    private int looks;
    /** Looks that were ever asked for. */
    private long asked;
    /** Up to where the output was looked at. */
    private long lookedTo;
    /** A look is under way, or the rest after it. */
    private boolean busy;
    /** Something came since the last look. */
    private boolean wanted;
    /** What the screen was at the look before is not known. */
    private boolean stale = true;

    /** A search is under way, or the rest after it. */
    private boolean searching;
    /** Of those that are searched for in turn: what the last one had taken. */
    private long turn;

    private final FairShare.Member searcher;
    private long lastOutput;
    private boolean ended;
    private boolean closed;

    /** @param workNanos what the calling thread has done: what looking costs is not what it waits for a processor */
    Waits(Host host, FairShare readers, LongSupplier nanoTime, LongSupplier workNanos) {
        this.workNanos = workNanos;
        this.host = host;
        this.readers = readers;
        this.searcher = readers.member();
        this.nanoTime = nanoTime;
        this.lastOutput = nanoTime.getAsLong();
    }

    /** One who waits. */
    private final class Wait {
        private final WaitSpec spec;
        private final String connection;
        private final Promise<JsonObject> answer = Promise.promise();
        private final long began = nanoTime.getAsLong();
        /** The look that it begins with came at once: what that one finds was there before. */
        private final boolean atOnce = !busy;

        /** Only a look that is asked for later is one of its own. */
        private final long lookBefore = asked;

        /** It waits for what a shell tells. */
        private final boolean ofShell;

        private final LineSearch search;
        private boolean begun;
        /** A worker has the search. */
        private boolean lent;
        /** What came before it is being shown. */
        private boolean replaying;

        private boolean expired;
        /** The silence that it ends with, if nothing that came before is found. */
        private Optional<Integer> silent = Optional.empty();
        /** So many looks must have been asked for before it is over: what came before its end counts. */
        private long lastLook;

        private long timer = -1;
        private long gap;

        Wait(WaitSpec spec, String connection) {
            this.spec = spec;
            this.connection = connection;
            this.search = new LineSearch(spec.any());
            this.begun = !spec.looksAtScreen();
            this.ofShell = spec.any().stream().anyMatch(WaitCondition::isOfShell);
        }

        private long left(long sinceNanos, long ms) {
            return TimeUnit.MILLISECONDS.toNanos(ms) - (nanoTime.getAsLong() - sinceNanos);
        }

        /** Ends it where its time has come, else waits for that. */
        private void tick() {
            timer = -1;
            if (answer.future().isComplete()) {
                return;
            }
            long timeout = left(began, spec.timeoutMs());
            Optional<WaitSpec.Idle> idle = spec.idle();
            long silence = idle.map(each -> left(lastOutput - began > 0 ? lastOutput : began, each.ms()))
                    .orElse(Long.MAX_VALUE);
            if (expired) {
                finish(this, silent, Optional.empty());
            } else if (silence <= 0 || timeout <= 0) {
                expired = true;
                silent = silence <= 0 ? idle.map(WaitSpec.Idle::index) : Optional.empty();
                timer = host.after(GRACE_MS, this::tick);
                lastLook = wanted && spec.looksAtScreen() ? asked + 1 : asked;
                settle(this);
            } else {
                long nanos = Math.min(timeout, silence);
                timer = host.after(TimeUnit.NANOSECONDS.toMillis(nanos + 999_999), this::tick);
            }
        }

        /** Nothing that is under way can still find what it waits for. */
        private boolean isSure() {
            return begun && !lent && !replaying && !search.isPending() && !(spec.looksAtScreen() && looks > 0);
        }
    }

    /** @param connection whose it is; empty: nobody's */
    Future<JsonObject> begin(WaitSpec spec, String connection) {
        if (closed) {
            return Future.failedFuture(gone());
        }
        if (all.size() >= MAX_WAITS) {
            throw HubException.limit("waits of a session", all.size() + " wait already");
        }
        Wait wait = new Wait(spec, connection);
        all.add(wait);
        if (spec.looksAtScreen()) {
            onScreen++;
            ask();
        }
        wait.tick();
        settle(wait);
        told(wait);
        return wait.answer.future();
    }

    /** The shell has shown a prompt, or begun or ended a command. */
    void told() {
        all.stream().filter(each -> each.ofShell).toList().forEach(this::told);
    }

    private void told(Wait wait) {
        List<WaitCondition> any = wait.spec.any();
        IntStream.range(0, any.size())
                .filter(i -> host.isTold(any.get(i), wait.spec.since()))
                .boxed()
                .findFirst()
                .ifPresent(i -> finish(wait, Optional.of(i), Optional.empty()));
    }

    /** Ends those of a connection. */
    int cancel(String connection) {
        List<Wait> own =
                all.stream().filter(each -> each.connection.equals(connection)).toList();
        own.forEach(each -> finish(each, Optional.empty(), Optional.empty()));
        return own.size();
    }

    /** Output has come, and the terminal is about to take it in. */
    void printed() {
        if (all.isEmpty()) {
            return;
        }
        lastOutput = nanoTime.getAsLong();
        if (onScreen > 0) {
            ask();
        }
    }

    /** Rows are about to be wrapped anew: what came before is looked at as it is, what comes after in {@link #resized}. */
    void resizes() {
        if (onScreen > 0) {
            look(false, false);
        }
    }

    /** They are. */
    void resized() {
        if (onScreen > 0) {
            look(true, false);
        } else {
            stale = true;
        }
    }

    /** The program has exited, and said its last. */
    void exited() {
        ended = true;
        if (onScreen > 0) {
            ask();
        }
        settleAll();
    }

    /** The session is gone. */
    void close() {
        closed = true;
        if (busy) {
            readers.leave();
        }
        searcher.leave();
        List.copyOf(all).forEach(each -> {
            end(each);
            each.answer.fail(gone());
        });
    }

    private static HubException gone() {
        return HubException.notFound("the session is gone");
    }

    private void ask() {
        if (busy) {
            wanted = true;
            return;
        }
        busy = true;
        wanted = false;
        readers.enter();
        look(stale, true);
    }

    private void look(boolean forgets, boolean rests) {
        looks++;
        asked++;
        stale = false;
        host.change(new Look(forgets, rests));
    }

    /** One look at the terminal. Its steps count as work of the session, which gives way to others of the event loop. */
    private final class Look implements ScreenGate.Change {
        private final boolean forgets;
        private final boolean rests;
        private final LineSearch.Lines lines = new LineSearch.Lines();
        private final long number = asked;
        private boolean begun;
        private boolean over;
        private long took;

        Look(boolean forgets, boolean rests) {
            this.forgets = forgets;
            this.rests = rests;
        }

        @Override
        public int go() {
            long began = workNanos.getAsLong();
            try {
                step();
            } catch (RuntimeException e) {
                LOG.error("a terminal cannot be looked at", e);
                over = true;
            }
            if (over) {
                looked(this);
            }
            took += workNanos.getAsLong() - began;
            if (over) {
                rest(this);
            }
            return 0;
        }

        private void step() {
            if (!begun) {
                begun = true;
                if (forgets) {
                    watch.forget();
                }
                watch.begin(host.terminal());
            }
            over = !watch.step(lines::add);
        }

        @Override
        public boolean isDone() {
            return over;
        }

        @Override
        public boolean isMark() {
            return false;
        }
    }

    private void looked(Look look) {
        looks--;
        long offset = host.offset();
        lookedTo = offset;
        long quick = QUICK_UNITS;
        for (Wait each : List.copyOf(all)) {
            if (each.lookBefore >= look.number || !each.spec.looksAtScreen()) {
                continue;
            }
            boolean newcomer = !each.begun;
            each.begun = true;
            if (newcomer) {
                each.spec.since().filter(since -> since < offset).ifPresent(since -> replay(each, since, offset));
            }
            if (!newcomer || !each.atOnce && each.spec.since().isEmpty()) {
                quick -= search(each, look.lines, quick);
            }
        }
        searchOn();
    }

    /**
     * Here and now where that is little.
     *
     * @return how much it was
     */
    private long search(Wait wait, LineSearch.Lines lines, long quick) {
        LineSearch search = wait.search;
        search.add(lines);
        long units = search.units();
        if (wait.lent || units > quick) {
            return 0;
        }
        while (search.isPending()) {
            search.begin();
            search.go(workNanos);
            search.end();
        }
        searched(wait);
        return units;
    }

    /** One piece of one search at a time; those come first that have taken little and want little. */
    private void searchOn() {
        if (searching || closed) {
            return;
        }
        Optional<Wait> next = all.stream()
                .filter(each -> each.search.isPending())
                .min(Comparator.comparingLong(each -> each.search.nanosAfterPiece()));
        if (next.isEmpty()) {
            searcher.leave();
        }
        next.ifPresent(this::piece);
    }

    private void piece(Wait wait) {
        searching = true;
        wait.lent = true;
        turn = wait.search.nanos(turn);
        wait.search.begin();
        host.work(() -> wait.search.go(workNanos)).onComplete(done -> {
            wait.lent = false;
            if (done.failed()) {
                LOG.error("lines cannot be searched", done.cause());
                wait.search.give();
            }
            wait.search.end();
            long took = wait.search.nanos(0) - turn;
            searched(wait);
            if (!closed) {
                host.after(Math.max(restMs(took), searcher.rest(took)), () -> {
                    searching = false;
                    searchOn();
                });
            }
        });
    }

    private long restMs(long took) {
        int rest = took <= LONG_NANOS ? REST : LONG_REST;
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(Math.max(rest * took, readers.rest(took)) + 999_999));
    }

    private void rest(Look look) {
        if (look.rests) {
            host.after(restMs(look.took), this::rested);
        } else {
            settleAll();
        }
    }

    private void rested() {
        if (closed) {
            return;
        }
        busy = false;
        readers.leave();
        if (onScreen == 0) {
            wanted = false;
            stale = true;
        } else if (wanted) {
            ask();
        }
        settleAll();
    }

    /** What came between {@code since} and the look that it began with, on a terminal of its own. */
    private void replay(Wait wait, long since, long offset) {
        wait.replaying = true;
        host.replay(since, offset, () -> all.contains(wait))
                .onSuccess(shown -> {
                    wait.replaying = false;
                    wait.gap = Math.max(0, shown.from() - since);
                    LineSearch.Lines lines = new LineSearch.Lines();
                    shown.lines().forEach(lines::add);
                    search(wait, lines, QUICK_UNITS);
                    searchOn();
                })
                .onFailure(cause -> {
                    end(wait);
                    wait.answer.tryFail(cause);
                });
    }

    private void searched(Wait wait) {
        Optional<Found> found = wait.search.found();
        if (found.isPresent()) {
            finish(wait, found.map(Found::index), found.map(Found::line));
        } else {
            settle(wait);
        }
    }

    private void settleAll() {
        List.copyOf(all).forEach(this::settle);
    }

    /** Ends it where nothing can come of it any more. */
    private void settle(Wait wait) {
        if (!wait.isSure()) {
            return;
        }
        if (wait.expired && asked >= wait.lastLook) {
            finish(wait, wait.silent, Optional.empty());
        } else if (ended && !(wanted && wait.spec.looksAtScreen())) {
            Optional<Integer> exit = wait.spec.exit();
            if (exit.isPresent() || wait.spec.idle().isEmpty()) {
                finish(wait, exit, Optional.empty());
            }
        }
    }

    private void finish(Wait wait, Optional<Integer> matched, Optional<String> row) {
        if (!end(wait)) {
            return;
        }
        JsonObject answer = new JsonObject()
                .put("matched", matched.orElse(null))
                .put("offset", wait.spec.looksAtScreen() ? lookedTo : host.offset())
                .put("elapsedMs", TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - wait.began))
                .put("state", ended ? "exited" : "running");
        row.ifPresent(text -> answer.put("row", text));
        if (wait.gap > 0) {
            answer.put("gap", wait.gap);
        }
        wait.answer.tryComplete(answer);
    }

    private boolean end(Wait wait) {
        if (!all.remove(wait)) {
            return false;
        }
        if (wait.spec.looksAtScreen()) {
            onScreen--;
            stale |= onScreen == 0 && !busy;
        }
        if (wait.timer >= 0) {
            host.cancel(wait.timer);
        }
        return true;
    }
}
