/** Parts of the command line that need no hub. */
@NullMarked
package io.termbus.cli.attach;

import org.jspecify.annotations.NullMarked;
