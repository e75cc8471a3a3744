package io.termbus.cli.process;

import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

/**
 * Machine code that is a handler for SIGQUIT: it hands the signal to the JVM's own handler, which only counts it, under
 * the number of a {@link #STAND_IN} that {@code sun.misc.Signal} may have. A handler in Java would not do: on the thread
 * that a signal interrupts no Java can run.
 */
final class QuitThunk {
    /** A signal of Linux that nothing sends. */
    static final String STAND_IN = "STKFLT";

    static final boolean AVAILABLE = System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");

    private static final int STAND_IN_NUMBER = 16;

    private static final long PAGE_BYTES = 4096;
    private static final int READ_WRITE = 0x1 | 0x2;
    private static final int READ_EXECUTE = 0x1 | 0x4;
    private static final int PRIVATE_ANONYMOUS = 0x2 | 0x20;
    private static final Pointer FAILED = new Pointer(-1);

    private QuitThunk() {}

    /**
     * Returns a new handler, which is never freed.
     *
     * @param handler of signals, in C
     * @throws UnsatisfiedLinkError where the system does not let a process make code
     */
    static Pointer calling(Pointer handler) {
        Pointer code = NativeLibrary.getInstance("c").getFunction("mmap").invokePointer(new Object[] {
            null, new NativeLong(PAGE_BYTES), READ_WRITE, PRIVATE_ANONYMOUS, -1, new NativeLong(0)
        });
        if (FAILED.equals(code)) {
            throw new UnsatisfiedLinkError("no memory for code");
        }
        code.setByte(0, (byte) 0xBF); // mov edi, STAND_IN_NUMBER
        code.setInt(1, STAND_IN_NUMBER);
        code.setShort(5, (short) 0xB848); // mov rax, handler
        code.setPointer(7, handler);
        code.setShort(15, (short) 0xE0FF); // jmp rax
        int refused = NativeLibrary.getInstance("c")
                .getFunction("mprotect")
                .invokeInt(new Object[] {code, new NativeLong(PAGE_BYTES), READ_EXECUTE});
        if (refused != 0) {
            throw new UnsatisfiedLinkError("no memory for code");
        }
        return code;
    }
}
