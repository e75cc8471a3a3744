/** The terminal that the command runs in: raw mode, control sequences, and what a session may do to it. */
@NullMarked
package io.termbus.cli.terminal;

import org.jspecify.annotations.NullMarked;
