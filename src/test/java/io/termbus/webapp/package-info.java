/**
 * Runs the web app's own tests, which are written in JavaScript, as part of the build. Owner thread:
 * the test's. May use java.* only.
 */
@NullMarked
package io.termbus.webapp;

import org.jspecify.annotations.NullMarked;
