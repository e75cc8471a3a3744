/**
 * The process that a command is: its environment and standard streams, its exit status, and text for its user.
 */
@NullMarked
package io.termbus.cli.process;

import org.jspecify.annotations.NullMarked;
