/**
 * End-to-end benchmarks: a hub in its own process, clients over its two bridges, and a plain reader of a
 * PTY to compare with. Each scenario runs on the main thread; clients that run beside it have a thread
 * each. May use anything; nothing may use it, and no jar holds it.
 */
@NullMarked
package io.termbus.bench;

import org.jspecify.annotations.NullMarked;
