/** Recordings of sessions: files, their index, who makes them, and what was on the screen at any time. */
@NullMarked
package io.termbus.record;

import org.jspecify.annotations.NullMarked;
