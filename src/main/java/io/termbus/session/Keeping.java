package io.termbus.session;

import io.termbus.protocol.LocalMessage;

/** How the sessions are kept over a change of the hub's program: to the hub's verticle, and from it to each session. */
sealed interface Keeping extends LocalMessage {
    /** Everything stands still, until it goes on; replied to when that is so. */
    record Suspend(boolean on) implements Keeping {}

    /** To the hub's verticle: write down all sessions; replied to with their number. */
    record Keep(StateOutput to) implements Keeping {}

    /** To a session: replied to with the {@link KeptSession}. */
    record KeepOne() implements Keeping {}

    /** To the hub's verticle: go on with the sessions that were kept; replied to with {@code {kept, dropped}}. */
    record Adopt(StateInput from) implements Keeping {}
}
