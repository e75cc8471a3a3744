/** Sessions as a client has them over a connection: finding one, its deliveries, its input, reconnecting. */
@NullMarked
package io.termbus.cli.session;

import org.jspecify.annotations.NullMarked;
