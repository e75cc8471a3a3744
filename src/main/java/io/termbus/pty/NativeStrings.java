package io.termbus.pty;

import com.sun.jna.Memory;
import java.util.List;

/** What C takes for texts. */
final class NativeStrings {
    private NativeStrings() {}

    /** @param bytes without NUL */
    static Memory string(byte[] bytes) {
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    /** A null-terminated array of pointers, followed by the strings they point to. */
    static Memory strings(List<byte[]> texts) {
        long at = 8L * (texts.size() + 1);
        Memory memory = new Memory(
                at + texts.stream().mapToLong(each -> each.length + 1L).sum());
        memory.clear();
        for (int i = 0; i < texts.size(); i++) {
            byte[] bytes = texts.get(i);
            memory.setPointer(8L * i, memory.share(at));
            memory.write(at, bytes, 0, bytes.length);
            at += bytes.length + 1L;
        }
        return memory;
    }
}
