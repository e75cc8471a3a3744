/** Attacks on a hub in this JVM, and what must come of each. Test threads block; the hub has its own event loops. */
@NullMarked
package io.termbus.security;

import org.jspecify.annotations.NullMarked;
