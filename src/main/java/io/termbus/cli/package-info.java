/**
 * Command line: {@code serve} and its options. Speaks the public contract only.
 */
@NullMarked
package io.termbus.cli;

import org.jspecify.annotations.NullMarked;
