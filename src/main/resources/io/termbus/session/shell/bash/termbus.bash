# What bash reads in place of ~/.bashrc in a session of Termbus: it reads that, and then has the shell tell of its prompts
# and commands by marks in its output (OSC 133 and 633). The marks have the session's nonce, which no child gets.
unset __termbus_nonce
__termbus_nonce=${_TERMBUS_NONCE-}
unset _TERMBUS_NONCE

[[ -r ~/.bashrc ]] && . ~/.bashrc

# PS0 came with 4.4.
if [[ $- == *i* ]] && (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404 )); then
    # Text as OSC 633 has it, in __termbus_text.
    __termbus_escape() {
        local text=${1:0:2000}
        text=${text//\\/\\\\}
        text=${text//;/\\x3b}
        text=${text//$'\n'/\\x0a}
        __termbus_text=${text//[[:cntrl:]]/ }
    }

    # The line that is about to be run, where the history has got it. In a subshell.
    __termbus_line() {
        [[ ${HISTCMD-} == "${__termbus_history-}" ]] && return
        local HISTTIMEFORMAT= line
        line=$(builtin history 1)
        __termbus_escape "${line#*[0-9][* ] }"
        builtin printf %s "$__termbus_text"
    }

    # A command has ended. The first of PROMPT_COMMAND.
    __termbus_done() {
        local status=${1-$?}
        __termbus_escape "$PWD"
        builtin printf '\e]633;P;Cwd=%s;%s\a\e]133;D;%s;%s\a' \
            "$__termbus_text" "$__termbus_nonce" "$status" "$__termbus_nonce"
        __termbus_told=1
        return "$status"
    }

    # The last of PROMPT_COMMAND: others have set their prompts by now.
    __termbus_prompt() {
        local status=$?
        [[ ${__termbus_told-} ]] || __termbus_done "$status"
        __termbus_told=
        __termbus_history=${HISTCMD-}
        [[ ${PS1-} == *__termbus_nonce* ]] \
            || PS1='\[\e]133;A;${__termbus_nonce-}\a\]'${PS1-}'\[\e]133;B;${__termbus_nonce-}\a\]'
        [[ ${PS0-} == *__termbus_nonce* ]] \
            || PS0=${PS0-}'\e]633;E;$(__termbus_line);${__termbus_nonce-}\a\e]133;C;${__termbus_nonce-}\a'
        return "$status"
    }

    if (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501 )); then
        PROMPT_COMMAND=(__termbus_done "${PROMPT_COMMAND[@]}" __termbus_prompt)
    else
        PROMPT_COMMAND=$'__termbus_done\n'${PROMPT_COMMAND-}$'\n__termbus_prompt'
        export -n PROMPT_COMMAND
    fi
fi
