/** Parts of the command line that need no hub. The whole of it is tested in {@code e2e}. */
@NullMarked
package io.termbus.cli;

import org.jspecify.annotations.NullMarked;
