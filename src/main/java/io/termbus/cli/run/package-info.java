/** A program in a session of its own, whose output, input and status are those of the command {@code run}. */
@NullMarked
package io.termbus.cli.run;

import org.jspecify.annotations.NullMarked;
