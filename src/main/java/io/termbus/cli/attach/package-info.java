/**
 * A session in the terminal that the command runs in: its screen, its keyboard, and the connection, which is replaced
 * when it breaks.
 */
@NullMarked
package io.termbus.cli.attach;

import org.jspecify.annotations.NullMarked;
