package io.termbus.security;

/** The ways to the bus. */
enum Bridge {
    TCP,
    WEBSOCKET
}
