/**
 * Immutable, typed settings: loading, validation of every key, redaction of secrets.
 * Owner thread: none, all values are immutable. May use no other package of the hub.
 */
@NullMarked
package io.termbus.config;

import org.jspecify.annotations.NullMarked;
