/** Parts of the command line that need no hub. */
@NullMarked
package io.termbus.cli.terminal;

import org.jspecify.annotations.NullMarked;
