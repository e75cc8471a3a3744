/** Tests of the terminal state; xterm.js, in a Node process, is the judge. */
@NullMarked
package io.termbus.vt;

import org.jspecify.annotations.NullMarked;
