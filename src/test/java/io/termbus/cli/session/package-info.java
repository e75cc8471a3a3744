/** Parts of the command line that need no hub. */
@NullMarked
package io.termbus.cli.session;

import org.jspecify.annotations.NullMarked;
