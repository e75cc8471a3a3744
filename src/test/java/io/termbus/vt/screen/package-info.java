/** Tests that need the inside of the screen. */
@NullMarked
package io.termbus.vt.screen;

import org.jspecify.annotations.NullMarked;
