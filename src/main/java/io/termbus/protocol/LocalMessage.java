package io.termbus.protocol;

/** Marks an immutable message that travels inside one JVM by reference, see {@link LocalCodec}. */
public interface LocalMessage {}
