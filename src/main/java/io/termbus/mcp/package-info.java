/**
 * What agents see of a hub: the Model Context Protocol, as messages. Knows no transport; any thread. May use protocol, and
 * of Vert.x the JSON alone, as commands start with it.
 */
@NullMarked
package io.termbus.mcp;

import org.jspecify.annotations.NullMarked;
