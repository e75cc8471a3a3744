# What fish reads in a session of Termbus, which has put its directory into XDG_DATA_DIRS for that: it takes it out again and
# has the shell tell of its prompts and commands by marks in its output (OSC 133 and 633). The marks have the session's nonce,
# which no child gets.
if set -q _TERMBUS_NONCE
    set -g __termbus_nonce $_TERMBUS_NONCE
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

        function __termbus_done --on-event fish_postexec
            set -l code $status
            printf '\e]633;P;Cwd=%s;%s\a\e]133;D;%s;%s\a' (__termbus_escape $PWD) $__termbus_nonce $code $__termbus_nonce
        end

        function __termbus_prompt --on-event fish_prompt
            printf '\e]133;A;%s\a' $__termbus_nonce
        end

        function __termbus_begin --on-event fish_preexec
            printf '\e]633;E;%s;%s\a\e]133;C;%s\a' (__termbus_escape $argv[1]) $__termbus_nonce $__termbus_nonce
        end
    end
end
