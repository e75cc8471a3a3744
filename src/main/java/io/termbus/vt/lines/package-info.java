/** What programs printed, as lines of text. May use only {@code java.*} and the terminal's state. */
@NullMarked
package io.termbus.vt.lines;

import org.jspecify.annotations.NullMarked;
