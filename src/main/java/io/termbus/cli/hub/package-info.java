/** The connection to the hub: sockets, TLS, frames, login, requests and deliveries. */
@NullMarked
package io.termbus.cli.hub;

import org.jspecify.annotations.NullMarked;
