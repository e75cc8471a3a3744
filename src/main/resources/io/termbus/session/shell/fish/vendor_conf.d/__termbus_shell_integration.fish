# What fish reads in a session of Termbus, which has put its directory into XDG_DATA_DIRS for that: it takes it out again and
# has the shell tell of its prompts and commands by marks in its output (OSC 133 and 633). The marks have the session's nonce,
# which no child gets that is started later than this is read: behind the user's own conf.d, before config.fish. One of that
# name in there would be read in its stead.
if set -q _TERMBUS_NONCE
    set -gu __termbus_nonce $_TERMBUS_NONCE
    set -e _TERMBUS_NONCE
    if set -q _TERMBUS_XDG_DATA_DIRS
        set -gx XDG_DATA_DIRS $_TERMBUS_XDG_DATA_DIRS
        set -e _TERMBUS_XDG_DATA_DIRS
    else
        set -e XDG_DATA_DIRS
    end

    if status is-interactive
        # Text as OSC 633 has it.
        function __termbus_escape
            string sub -l 2000 -- (string join \n -- $argv | string collect) | string collect \
                | string replace -a '\\' '\\\\' | string replace -a ';' '\x3b' \
                | string join '\x0a' | string replace -ar '[[:cntrl:]]' ' '
        end

        # A command has ended, or what was typed came to none.
        function __termbus_end
            printf '\e]633;P;Cwd=%s;%s\a\e]133;D;%s;%s\a' (__termbus_escape $PWD) $__termbus_nonce "$argv" $__termbus_nonce
            set -gu __termbus_ended 1
        end

        function __termbus_done --on-event fish_postexec
            __termbus_end $status
        end

        function __termbus_prompt --on-event fish_prompt
            set -q __termbus_ended; or __termbus_end
            set -e __termbus_ended
            printf '\e]133;A;%s\a' $__termbus_nonce
        end

        # The prompt is shown again, without that event.
        function __termbus_cancel --on-event fish_cancel
            __termbus_end 130
            __termbus_prompt
        end

        # It tells no line that the history is not to have.
        function __termbus_begin --on-event fish_preexec
            string match -q ' *' -- $argv[1]
            or printf '\e]633;E;%s;%s\a' (__termbus_escape $argv[1]) $__termbus_nonce
            printf '\e]133;C;%s\a' $__termbus_nonce
        end
    end
end
