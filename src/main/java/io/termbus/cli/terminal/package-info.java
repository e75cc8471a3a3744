/**
 * The terminal that the command runs in: raw mode, the control sequences that set it up and put it back, and the
 * filter for what a session writes to it.
 */
@NullMarked
package io.termbus.cli.terminal;

import org.jspecify.annotations.NullMarked;
