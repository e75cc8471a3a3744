package io.termbus.config;

/**
 * A setting as some source gives it, not yet read.
 *
 * @param source where it is from, in words a user can find it by
 */
record Given(Setting<?> setting, String text, String source) {
    static Given byDefault(Setting<?> setting) {
        return new Given(setting, setting.defaultText(), "default");
    }

    /** Key, value and source for a message; of a secret no value. */
    @Override
    public String toString() {
        String shown = setting.secret() ? Problems.HIDDEN : Problems.show(text);
        return setting.key() + " = " + shown + " (" + source + ")";
    }
}
