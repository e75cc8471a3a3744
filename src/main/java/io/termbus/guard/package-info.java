/** What keeps the many from suffering by the few: shares of what all need. */
@NullMarked
package io.termbus.guard;

import org.jspecify.annotations.NullMarked;
