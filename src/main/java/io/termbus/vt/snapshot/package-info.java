/**
 * A terminal's state as bytes: what a freshly reset xterm.js of the same size must be fed to be in the
 * same state. Owner thread: whoever owns the session. May use {@code vt.screen} and {@code java.*}.
 */
@NullMarked
package io.termbus.vt.snapshot;

import org.jspecify.annotations.NullMarked;
