/** What a hub counts and measures, in plain Java: who counts knows nothing of who asks for it, nor of how it is told. */
@NullMarked
package io.termbus.metrics;

import org.jspecify.annotations.NullMarked;
