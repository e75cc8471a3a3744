/**
 * The commands of the command line but {@code serve}, and their options: a client of the hub that is made to start
 * fast, so without Vert.x but for its JSON. The thread main runs a command; one reader for each connection runs what
 * comes from the hub.
 */
@NullMarked
package io.termbus.cli;

import org.jspecify.annotations.NullMarked;
