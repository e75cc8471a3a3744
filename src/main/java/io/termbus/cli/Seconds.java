package io.termbus.cli;

import io.termbus.cli.process.CliException;
import io.termbus.cli.process.Status;
import io.termbus.cli.process.Text;

/** Numbers of options that have a point. */
final class Seconds {
    private static final double MILLIS = 1000;

    private Seconds() {}

    /** @throws CliException where it is no number from 0 on */
    static double of(String option, String value) throws CliException {
        if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw new CliException(
                    Status.USAGE, option + " " + Text.printable(value) + ": give a number such as 2 or 0.5");
        }
        return Double.parseDouble(value);
    }

    static long millis(String option, String value) throws CliException {
        return Math.round(of(option, value) * MILLIS);
    }
}
