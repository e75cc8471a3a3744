/**
 * The packages of the clients outside Java, in {@code clients/}: their own tests, and what is packed. That they work with a
 * hub is for {@code io.termbus.e2e.ClientsIT}. Owner thread: the test's.
 */
@NullMarked
package io.termbus.clients;

import org.jspecify.annotations.NullMarked;
