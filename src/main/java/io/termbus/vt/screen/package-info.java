/**
 * The screen: both buffers with scrollback, cursor, pen, modes, and one small method for each control
 * function, all behaving as xterm.js 6 does. {@link io.termbus.vt.screen.Terminal} is the entry; the
 * other public types are read by {@code vt.snapshot}. Owner thread: whoever owns the session. May use
 * {@code vt.parser} and {@code java.*}.
 */
@NullMarked
package io.termbus.vt.screen;

import org.jspecify.annotations.NullMarked;
