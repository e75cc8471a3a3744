/**
 * What holds for every test, registered by files below {@code META-INF/services}: nothing of a test outlives it, what
 * fails in another thread fails the test whose thread it is, and the hub's log is printed where a test fails only.
 */
package io.termbus.support;
