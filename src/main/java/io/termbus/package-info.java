/**
 * Termbus as a part of other programs: begin with {@link io.termbus.Termbus}. This package is all that a program may
 * rely on; the packages below it are internal and change with any version. {@link io.termbus.Main} is where a hub that has
 * the process for itself starts.
 */
@NullMarked
package io.termbus;

import org.jspecify.annotations.NullMarked;
