/**
 * The audit log: who did what, one JSON line each. Owner thread: none, any thread may call. Uses nothing of the hub.
 */
@NullMarked
package io.termbus.audit;

import org.jspecify.annotations.NullMarked;
