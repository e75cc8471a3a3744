/**
 * Composition root: builds Vert.x, deploys the verticles and bridges in order, and shuts them down in
 * reverse. Owner thread: whoever starts the hub. May use every package but {@code cli}.
 */
@NullMarked
package io.termbus.app;

import org.jspecify.annotations.NullMarked;
