package io.termbus.support;

import java.util.List;
import java.util.Optional;

/** Options of this JVM that the hubs have to have, too, which tests start as processes. */
public final class InheritedOptions {
    /** Netty's: without its native transport, see the profile {@code portable}. */
    private static final String NO_NATIVE = "io.netty.transport.noNative";

    private InheritedOptions() {}

    /** For the command line of {@code java}. */
    public static List<String> all() {
        return Optional.ofNullable(System.getProperty(NO_NATIVE)).map(value -> "-D" + NO_NATIVE + "=" + value).stream()
                .toList();
    }
}
