package io.termbus.session;

import io.termbus.protocol.LocalMessage;

/** To the hub's verticle: create no more sessions, end all; replied to when none is left. */
record Drain() implements LocalMessage {}
