/** Recordings as files that others play too: asciicast, written and read. May use only {@code java.*} and Vert.x' JSON. */
@NullMarked
package io.termbus.record.cast;

import org.jspecify.annotations.NullMarked;
