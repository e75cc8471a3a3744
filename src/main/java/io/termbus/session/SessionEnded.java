package io.termbus.session;

import io.termbus.protocol.LocalMessage;

/** From a session to the hub's verticle: the child has ended and its last output is out. */
record SessionEnded(String session) implements LocalMessage {}
