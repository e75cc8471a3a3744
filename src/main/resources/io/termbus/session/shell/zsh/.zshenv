# What zsh reads first in a session of Termbus, which has set ZDOTDIR for that: it hands ZDOTDIR back, reads the user's own
# file, and has the shell tell of its prompts and commands by marks in its output (OSC 133 and 633). The marks have the
# session's nonce, which no child gets.
if (( ${+_TERMBUS_ZDOTDIR} )); then
    export ZDOTDIR=$_TERMBUS_ZDOTDIR
else
    unset ZDOTDIR
fi
unset __termbus_nonce
typeset -g +x __termbus_nonce=${_TERMBUS_NONCE-}
unset _TERMBUS_ZDOTDIR _TERMBUS_NONCE

[[ -r ${ZDOTDIR:-$HOME}/.zshenv ]] && builtin source "${ZDOTDIR:-$HOME}/.zshenv"

if [[ -o interactive ]]; then
    # Text as OSC 633 has it, in __termbus_text.
    __termbus_escape() {
        \builtin emulate -L zsh
        \local text="${1[1,2000]}"
        text=${text//\\/\\\\}
        text=${text//;/\\x3b}
        text=${text//$'\n'/\\x0a}
        \typeset -g +x __termbus_text="${text//[[:cntrl:]]/ }"
    }

    # To the terminal, wherever the output of the shell goes.
    __termbus_tell() {
        \builtin emulate -L zsh
        \builtin printf "$@" 2>/dev/null >/dev/tty
    }

    # A command has ended. The first of precmd_functions.
    __termbus_done() {
        \builtin local code=$?
        \builtin emulate -L zsh
        __termbus_escape "$PWD"
        __termbus_tell '\e]633;P;Cwd=%s;%s\a\e]133;D;%s;%s\a' \
            "$__termbus_text" "$__termbus_nonce" "$code" "$__termbus_nonce"
    }

    # The last of precmd_functions.
    __termbus_prompt() {
        __termbus_tell '\e]133;A;%s\a' "$__termbus_nonce"
    }

    # The last of preexec_functions. It tells no line that the history is not to have.
    __termbus_begin() {
        if [[ ! -o histignorespace || "$1" != ' '* ]]; then
            __termbus_escape "$1"
            __termbus_tell '\e]633;E;%s;%s\a' "$__termbus_text" "$__termbus_nonce"
        fi
        __termbus_tell '\e]133;C;%s\a' "$__termbus_nonce"
    }

    # Before the first prompt, when all of the user's files have been read.
    __termbus_install() {
        \builtin emulate -L zsh
        \typeset -ga precmd_functions preexec_functions
        precmd_functions=(__termbus_done ${precmd_functions:#__termbus_install} __termbus_prompt)
        preexec_functions=($preexec_functions __termbus_begin)
        \builtin unfunction __termbus_install
        __termbus_prompt
    }

    \typeset -ga precmd_functions
    precmd_functions+=(__termbus_install)
fi
