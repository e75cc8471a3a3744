package io.termbus.session;

import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The arguments of {@code wait}.
 *
 * @param any whatever comes first
 * @param since offset in the output that what is looked for comes behind; empty: it comes from now on
 */
record WaitSpec(List<WaitCondition> any, Optional<Long> since, long timeoutMs) {
    static final int MAX_CONDITIONS = 16;
    static final long MAX_TIMEOUT_MS = 600_000;
    private static final long DEFAULT_TIMEOUT_MS = 30_000;

    static WaitSpec of(Fields fields, long outputBytes) {
        List<Object> any = fields.items("any", MAX_CONDITIONS).orElse(List.of());
        if (any.isEmpty()) {
            throw HubException.malformed("field 'any' is missing: must be a list of what to wait for");
        }
        return new WaitSpec(
                IntStream.range(0, any.size())
                        .mapToObj(i -> WaitCondition.of("any[" + i + "]", any.get(i), MAX_TIMEOUT_MS))
                        .toList(),
                HeldOutput.since(fields, outputBytes),
                fields.number("timeoutMs", 0, MAX_TIMEOUT_MS).orElse(DEFAULT_TIMEOUT_MS));
    }

    boolean looksAtScreen() {
        return any.stream().anyMatch(WaitCondition::isOfScreen);
    }

    /** The ids of the commands whose end is waited for. */
    List<Long> commands() {
        return any.stream()
                .filter(WaitCondition.Command.class::isInstance)
                .map(each -> ((WaitCondition.Command) each).id())
                .toList();
    }

    /** The shortest silence that ends it, with its place in the list. */
    Optional<Idle> idle() {
        return IntStream.range(0, any.size())
                .filter(i -> any.get(i) instanceof WaitCondition.Idle)
                .mapToObj(i -> new Idle(i, ((WaitCondition.Idle) any.get(i)).ms()))
                .min(Comparator.comparingLong(Idle::ms));
    }

    /** Where the end of the program is in the list. */
    Optional<Integer> exit() {
        return IntStream.range(0, any.size())
                .filter(i -> any.get(i) instanceof WaitCondition.Exit)
                .boxed()
                .findFirst();
    }

    /** A silence that is waited for. */
    record Idle(int index, long ms) {}
}
