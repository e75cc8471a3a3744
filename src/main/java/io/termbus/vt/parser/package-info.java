/**
 * Bytes to control functions: incremental UTF-8 and the DEC VT500 state machine of Paul Williams
 * (https://vt100.net/emu/dec_ansi_parser), with the deviations of xterm.js 6, which is the client.
 * Knows no screen. Owner thread: whoever owns the session. May use only {@code java.*}.
 */
@NullMarked
package io.termbus.vt.parser;

import org.jspecify.annotations.NullMarked;
