package io.termbus.config;

import java.util.List;

/**
 * Settings that passed every check.
 *
 * @param warnings what is allowed and yet hardly meant, one line each, without secrets; for the log
 */
public record LoadedConfig(HubConfig config, List<String> warnings) {}
