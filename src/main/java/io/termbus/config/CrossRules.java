package io.termbus.config;

import java.util.ArrayList;
import java.util.List;

/** Rules about more than one setting, checked on the values in force. */
final class CrossRules {
    /** A shorter token can be guessed or was made up by hand. */
    static final int SHORT_TOKEN_CHARS = 16;

    private CrossRules() {}

    static void check(Values values, Problems problems) {
        above(FlowConfig.RED_DELIVERIES, FlowConfig.YELLOW_DELIVERIES, values, problems);
        above(FlowConfig.RED_BYTES, FlowConfig.YELLOW_BYTES, values, problems);
        above(FlowConfig.MAX_UNACKED_DELIVERIES, FlowConfig.RED_DELIVERIES, values, problems);
        above(FlowConfig.MAX_UNACKED_BYTES, FlowConfig.RED_BYTES, values, problems);
        SecurityRules.check(values, problems);
        ClusterConfig.check(values, problems);
        if (!values.isDefault(ConnectionConfig.MAX_UNFLUSHED)) {
            above(ConnectionConfig.MAX_UNFLUSHED, FlowConfig.MAX_UNACKED_BYTES, values, problems);
        }
    }

    /** What is allowed and yet hardly meant. Call where there are no problems. */
    static List<String> warnings(Values values) {
        List<String> warnings = new ArrayList<>();
        if (values.get(FlowConfig.YELLOW_INTERVAL) >= values.get(FlowConfig.RED_INTERVAL)) {
            warnings.add(values.given(FlowConfig.YELLOW_INTERVAL) + " is not less than "
                    + values.given(FlowConfig.RED_INTERVAL) + ": red would not be stricter than yellow");
        }
        if (values.find(AuthConfig.TOKEN)
                .filter(token -> token.length() < SHORT_TOKEN_CHARS)
                .isPresent()) {
            warnings.add(values.given(AuthConfig.TOKEN) + " is shorter than " + SHORT_TOKEN_CHARS + " characters");
        }
        return List.copyOf(warnings);
    }

    /** Says nothing where one of the two is a problem of its own. */
    private static void above(Setting<Integer> upper, Setting<Integer> lower, Values values, Problems problems) {
        if (values.find(upper).isEmpty() || values.find(lower).isEmpty()) {
            return;
        }
        if (values.get(upper) > values.get(lower)) {
            return;
        }
        boolean blameLower = values.isDefault(upper);
        problems.add(
                blameLower
                        ? values.given(lower) + ": allowed is less than " + values.given(upper)
                        : values.given(upper) + ": allowed is more than " + values.given(lower));
    }
}
