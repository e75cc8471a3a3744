package io.termbus.pty;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/**
 * Linux system calls by JNA direct mapping. Pointers are passed as addresses, which spares a conversion
 * for each call. Numbers and layouts are those of Linux on x86-64 and AArch64. Loading this class throws
 * a {@link LinkageError} where the C library lacks one of the functions.
 */
final class Libc {
    static final int EINTR = 4;
    static final int ENOEXEC = 8;
    static final int EAGAIN = 11;
    static final int E2BIG = 7;
    static final int ESRCH = 3;

    static final int POLLIN = 0x1;

    static final int EPOLLIN = 0x1;
    static final int EPOLLOUT = 0x4;
    static final int EPOLLERR = 0x8;
    static final int EPOLLHUP = 0x10;
    static final int EPOLLET = 1 << 31;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;

    static final int F_SETFD = 2;
    static final int F_SETFL = 4;
    static final int F_ADD_SEALS = 1033;
    /** Against another seal, shrinking, growing and writing. */
    static final int ALL_SEALS = 0xF;

    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;
    static final int SIG_SETMASK = 2;
    static final int FD_CLOEXEC = 1;
    static final int O_RDWR = 2;
    static final int O_NOCTTY = 0x100;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;

    static final long TCGETS = 0x5401;
    static final long TCSETS = 0x5402;
    static final long TCFLSH = 0x540B;
    static final long TCIFLUSH = 0;
    static final long TIOCGPGRP = 0x540F;
    static final long TIOCSWINSZ = 0x5414;
    static final long FIONREAD = 0x541B;
    /** Number of a master's terminal; of nothing else. */
    static final long TIOCGPTN = 0x80045430L;
    /** Opens the terminal of a master; Linux 4.13. */
    static final long TIOCGPTPEER = 0x5441;

    /** Offsets in struct termios. */
    static final int INPUT_FLAGS = 0;

    static final int OUTPUT_FLAGS = 4;
    static final int LOCAL_FLAGS = 12;
    static final int IUTF8 = 0x4000;
    static final int OPOST = 0x1;
    static final int ISIG = 0x1;
    static final int ICANON = 0x2;
    static final int ECHO = 0x8;
    static final int NOFLSH = 0x80;
    /** The kernel's struct termios: four numbers, the discipline's byte, then the control characters. */
    private static final int CONTROL_CHARACTERS = 17;

    static final int VINTR = CONTROL_CHARACTERS;
    static final int VQUIT = CONTROL_CHARACTERS + 1;
    static final int VEOF = CONTROL_CHARACTERS + 4;
    static final int VSUSP = CONTROL_CHARACTERS + 10;

    static final int WNOHANG = 1;
    private static final long SYS_PIDFD_OPEN = 434;

    static {
        Native.register(Libc.class, "c");
    }

    private Libc() {}

    static native long read(int fd, long buffer, long count);

    static native long write(int fd, byte[] buffer, long count);

    /** @param path ends with a NUL */
    static native int open(byte[] path, int flags);

    static native int pipe2(long ends, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int epoll_wait(int epoll, long events, int count, int timeoutMs);

    static native int poll(long descriptors, long count, int timeoutMs);

    static native int eventfd(int count, int flags);

    static native int umask(int mask);

    static native int close(int fd);

    static native int fcntl(int fd, int command, long argument);

    static native int ioctl(int fd, long request, long argument);

    /** @param name ends with a NUL */
    static native int memfd_create(byte[] name, int flags);

    static native int execve(long path, long argv, long envp);

    /** Of the calling thread. */
    static native int sigprocmask(int how, long set, long before);

    static native int kill(int pid, int signal);

    static native int waitpid(int pid, long status, int options);

    static native long syscall(long number, long first, long second);

    static native String strerror(int errno);

    static native int posix_spawn(long pid, long path, long actions, long attributes, long argv, long envp);

    static native int posix_spawnattr_init(long attributes);

    static native int posix_spawnattr_setflags(long attributes, short flags);

    static native int posix_spawnattr_setsigdefault(long attributes, long signals);

    static native int posix_spawnattr_setsigmask(long attributes, long signals);

    static native int posix_spawn_file_actions_init(long actions);

    static native int posix_spawn_file_actions_destroy(long actions);

    static native int posix_spawn_file_actions_addopen(long actions, int fd, long path, int flags, int mode);

    static native int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    static native int posix_spawn_file_actions_addchdir_np(long actions, long path);

    static native int posix_spawn_file_actions_addclosefrom_np(long actions, int from);

    /** A descriptor, close-on-exec, that becomes readable when the process ends; -1 on failure. */
    static int pidfdOpen(int pid) {
        return (int) syscall(SYS_PIDFD_OPEN, pid, 0);
    }

    /** The errno of this thread's last call. */
    static int errno() {
        return Native.getLastError();
    }

    static IOException failure(String what) {
        return failure(what, errno());
    }

    static IOException failure(String what, int errno) {
        return new IOException(what + ": " + strerror(errno));
    }

    static int check(int result, String what) throws IOException {
        if (result < 0) {
            throw failure(what);
        }
        return result;
    }

    static long address(Memory memory) {
        return Pointer.nativeValue(memory);
    }
}
