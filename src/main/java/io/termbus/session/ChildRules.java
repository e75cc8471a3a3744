package io.termbus.session;

import io.termbus.config.SessionConfig;
import io.termbus.protocol.ErrorCode;
import io.termbus.protocol.Fields;
import io.termbus.protocol.HubException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which programs sessions may run, and where. Without such settings: all, everywhere. */
final class ChildRules {
    /** With a list of programs, what a client may set: others (PATH, LD_PRELOAD …) would run other programs. */
    private static final Pattern HARMLESS = Pattern.compile("TERM|COLORTERM|TZ|LANG|LC_[A-Z]+|NO_COLOR");

    private final Set<String> programs;
    private final SessionConfig.Child settings;

    ChildRules(SessionConfig.Child settings) {
        this.settings = settings;
        this.programs = Set.copyOf(settings.commands());
    }

    void checkProgram(SessionSpec spec) {
        if (programs.isEmpty()) {
            return;
        }
        if (!programs.contains(spec.command().get(0))) {
            throw refused("'" + spec.command().get(0) + "' is not one of session.commands");
        }
        spec.variables().keySet().stream()
                .filter(name -> !HARMLESS.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw refused("'env." + name + "' cannot be set where session.commands is");
                });
    }

    boolean hasDirectories() {
        return !settings.directories().isEmpty();
    }

    /** Follows links. Blocks. */
    Void checkDirectory(SessionSpec spec) {
        Optional<Path> real = real(spec.directory());
        boolean below = settings.directories().stream()
                .map(Path::of)
                .anyMatch(allowed -> real.isPresent()
                        ? real(allowed).filter(real.get()::startsWith).isPresent()
                        : spec.directory().normalize().startsWith(allowed));
        if (!below) {
            throw refused("'" + spec.directory() + "' is not below one of session.directories");
        }
        if (real.isEmpty()) {
            throw Fields.bad("cwd", "must be a directory that exists", spec.directory());
        }
        return null;
    }

    /** Empty where there is no such directory. */
    private static Optional<Path> real(Path directory) {
        try {
            return Optional.of(directory.toRealPath());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static HubException refused(String message) {
        return new HubException(ErrorCode.NOT_ALLOWED, message);
    }
}
