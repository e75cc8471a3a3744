package io.termbus.vt.screen;

/** The target of an OSC 8 hyperlink; {@code id} is empty where the program gave none. */
public record Hyperlink(String id, String uri) {}
