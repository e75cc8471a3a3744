package io.termbus.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/** Loads the hub's classes that a change of its program takes, ahead of their use. */
final class ClassesOfJar {
    private static final String CLASS = ".class";
    /** Of the hub; of libraries all that is needed is in use by any hub that runs. */
    private static final List<String> PACKAGES = List.of("app", "flow", "protocol", "pty", "session", "vt").stream()
            .map(name -> "io/termbus/" + name + "/")
            .toList();

    private ClassesOfJar() {}

    /** Returns how many. Blocks. */
    static int load(Path jar) throws IOException {
        int loaded = 0;
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(CLASS) && PACKAGES.stream().anyMatch(name::startsWith))
                    .map(name ->
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
                    .toList();
            for (String name : names) {
                try {
                    Class.forName(name, false, ClassesOfJar.class.getClassLoader());
                    loaded++;
                } catch (ClassNotFoundException e) {
                    throw new IOException(name + " is not in the class path", e);
                }
            }
        }
        return loaded;
    }
}
