/** A session in the terminal that the command runs in: its screen, its keyboard, and its connection. */
@NullMarked
package io.termbus.cli.attach;

import org.jspecify.annotations.NullMarked;
