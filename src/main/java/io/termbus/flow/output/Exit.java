package io.termbus.flow.output;

import java.util.Optional;

/** How a session's program ended, as readers are told behind its last byte. */
record Exit(int code, Optional<String> signal) {}
