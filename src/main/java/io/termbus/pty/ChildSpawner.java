package io.termbus.pty;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Starts children by posix_spawn, which costs the same at any heap size. A child leads its own session,
 * has the PTY as its controlling terminal and its descriptors 0 to 2, no other descriptor, no blocked
 * signal and no signal that differs from its default. May be called from any thread; blocks until exec.
 */
final class ChildSpawner {
    /** EAGAIN, ENOMEM, ENFILE, EMFILE: the system is out of something; all else is the command's fault. */
    private static final Set<Integer> EXHAUSTED = Set.of(Libc.EAGAIN, 12, 23, 24);

    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;

    /** Larger than glibc's posix_spawnattr_t (336), posix_spawn_file_actions_t (80) and sigset_t (128). */
    private static final int STRUCT_BYTES = 512;

    private static final Memory ATTRIBUTES = attributes();

    private ChildSpawner() {}

    /**
     * Starts the program (an absolute path) on the device; returns its process id.
     *
     * @param input descriptor of its standard input; -1: the device
     */
    static int spawn(String program, PtySpec spec, String device, int input) throws IOException {
        try (Memory argv = strings(spec.command());
                Memory envp = strings(pairs(spec.environment()));
                Memory directory = string(spec.directory().toAbsolutePath().toString());
                Memory terminal = string(device);
                Memory actions = new Memory(STRUCT_BYTES)) {
            long list = Libc.address(actions);
            check(Libc.posix_spawn_file_actions_init(list), program);
            try {
                fill(list, terminal, directory, input, program);
                return start(program, spec, list, argv, envp);
            } finally {
                Libc.posix_spawn_file_actions_destroy(list);
            }
        }
    }

    private static int start(String program, PtySpec spec, long actions, Memory argv, Memory envp) throws IOException {
        try (Memory pid = new Memory(4)) {
            int errno = start(pid, program, actions, argv, envp);
            if (errno == Libc.ENOEXEC && Script.isText(Path.of(program))) {
                try (Memory script = strings(Script.command(program, spec.command()))) {
                    errno = start(pid, Script.SHELL, actions, script, envp);
                }
            }
            if (errno == Libc.E2BIG) {
                throw tooLong(argv.size() + envp.size());
            }
            check(errno, program);
            return pid.getInt(0);
        }
    }

    private static int start(Memory pid, String program, long actions, Memory argv, Memory envp) throws IOException {
        try (Memory path = string(program)) {
            return Libc.posix_spawn(
                    Libc.address(pid),
                    Libc.address(path),
                    actions,
                    Libc.address(ATTRIBUTES),
                    Libc.address(argv),
                    Libc.address(envp));
        }
    }

    private static CommandException tooLong(long bytes) {
        return new CommandException("arguments and environment are too long together: " + bytes
                + " bytes; the system takes 131072 in one and usually 2 MiB in all");
    }

    /** The first open by a session leader makes the device its controlling terminal. */
    private static void fill(long list, Memory terminal, Memory directory, int input, String program)
            throws IOException {
        check(Libc.posix_spawn_file_actions_addopen(list, 0, Libc.address(terminal), Libc.O_RDWR, 0), program);
        check(Libc.posix_spawn_file_actions_adddup2(list, 0, 1), program);
        check(Libc.posix_spawn_file_actions_adddup2(list, 0, 2), program);
        if (input >= 0) {
            check(Libc.posix_spawn_file_actions_adddup2(list, input, 0), program);
        }
        check(Libc.posix_spawn_file_actions_addchdir_np(list, Libc.address(directory)), program);
        check(Libc.posix_spawn_file_actions_addclosefrom_np(list, 3), program);
    }

    /** These functions return the errno. */
    private static void check(int errno, String program) throws IOException {
        if (errno != 0) {
            IOException failure = Libc.failure("cannot start " + program, errno);
            throw EXHAUSTED.contains(errno) ? failure : new CommandException(failure.getMessage(), failure);
        }
    }

    private static Memory attributes() {
        Memory attributes = new Memory(STRUCT_BYTES);
        long address = Libc.address(attributes);
        Libc.posix_spawnattr_init(address);
        Libc.posix_spawnattr_setflags(address, (short) (SETSIGDEF | SETSIGMASK | SETSID));
        try (Memory signals = new Memory(STRUCT_BYTES)) {
            signals.setMemory(0, STRUCT_BYTES, (byte) 0xFF);
            Libc.posix_spawnattr_setsigdefault(address, Libc.address(signals));
            signals.clear();
            Libc.posix_spawnattr_setsigmask(address, Libc.address(signals));
        }
        return attributes;
    }

    private static List<String> pairs(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private static Memory string(String text) throws IOException {
        return NativeStrings.string(encode(text));
    }

    private static Memory strings(List<String> texts) throws IOException {
        List<byte[]> encoded = new ArrayList<>();
        for (String text : texts) {
            encoded.add(encode(text));
        }
        return NativeStrings.strings(encoded);
    }

    private static byte[] encode(String text) throws IOException {
        if (text.indexOf('\0') >= 0) {
            throw new CommandException("command, environment and directory cannot hold a NUL character");
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
