/**
 * The packaged hub as its users meet it: a process of its own, real sockets, real terminals. Purpose: the
 * contract, sentence by sentence. May use JSON and clients of Vert.x, never classes of the hub.
 */
@NullMarked
package io.termbus.e2e;

import org.jspecify.annotations.NullMarked;
