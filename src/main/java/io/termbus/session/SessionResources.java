package io.termbus.session;

import io.vertx.core.WorkerExecutor;

/**
 * What the sessions of a node share.
 *
 * @param workers start children and write snapshots
 * @param changers rewrap long scrollbacks
 */
record SessionResources(HeavySessions heavy, StatePool states, WorkerExecutor workers, WorkerExecutor changers) {}
