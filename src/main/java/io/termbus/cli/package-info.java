/**
 * The commands of the command line but {@code serve}: a client of the hub over TCP or a Unix domain
 * socket, made to start fast, so without Vert.x but for its JSON. Owner threads: main runs a command, one
 * reader for each connection runs what comes from the hub. May use {@code protocol}.
 */
@NullMarked
package io.termbus.cli;

import org.jspecify.annotations.NullMarked;
