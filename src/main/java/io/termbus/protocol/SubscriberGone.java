package io.termbus.protocol;

/**
 * At a subscriber's address, for bridges only: the subscriber is gone after its exit was told; nothing
 * more comes and it no longer counts.
 */
public record SubscriberGone() implements LocalMessage {}
