package io.termbus.session;

import io.termbus.config.RecordConfig;
import io.termbus.guard.FairShare;
import io.vertx.core.WorkerExecutor;

/**
 * What the sessions of a node share.
 *
 * @param heavy those that make their event loops work hard
 * @param readers those whose screens clients read
 * @param workers start children and write snapshots
 * @param changers rewrap long scrollbacks
 * @param record what is recorded of them
 * @param meters what they count
 */
record SessionResources(
        FairShare heavy,
        FairShare readers,
        StatePool states,
        WorkerExecutor workers,
        WorkerExecutor changers,
        RecordConfig record,
        SessionMeters meters) {}
