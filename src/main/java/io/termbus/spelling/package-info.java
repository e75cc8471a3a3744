/**
 * What somebody may have meant by a name that does not exist. Owner thread: none. May use no other package of the hub.
 */
@NullMarked
package io.termbus.spelling;

import org.jspecify.annotations.NullMarked;
