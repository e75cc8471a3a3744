package io.termbus.flow;

import java.util.Optional;

/** How a session ended, as other nodes are told behind its last byte. */
record FeedEnd(int code, Optional<String> signal) {}
