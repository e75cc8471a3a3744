/**
 * Other nodes: joins them with Hazelcast (only here, and loaded only with {@code --cluster}), routes what concerns all
 * nodes, relays events. Owner thread: the event loop of each verticle; membership comes on Hazelcast's threads and goes
 * to the bus. May use protocol and config.
 */
@NullMarked
package io.termbus.cluster;

import org.jspecify.annotations.NullMarked;
