/**
 * SockJS, HTTP and the web app. Owner thread: the event loop of the connection.
 * May use bridge, audit, protocol and config.
 */
@NullMarked
package io.termbus.bridge.web;

import org.jspecify.annotations.NullMarked;
