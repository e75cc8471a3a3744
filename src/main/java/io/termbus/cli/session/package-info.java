/**
 * What a client does with sessions over a connection: finds them, subscribes to them, sends input, reconnects.
 */
@NullMarked
package io.termbus.cli.session;

import org.jspecify.annotations.NullMarked;
