/** The process that a command is: environment and standard streams, exit status, text for its user. */
@NullMarked
package io.termbus.cli.process;

import org.jspecify.annotations.NullMarked;
