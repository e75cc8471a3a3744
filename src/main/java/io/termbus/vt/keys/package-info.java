/** What a terminal sends for a key. May use only {@code java.*}. */
@NullMarked
package io.termbus.vt.keys;

import org.jspecify.annotations.NullMarked;
