# What bash reads in place of ~/.bashrc in a session of Termbus: it reads that, and then has the shell tell of its prompts
# and commands by marks in its output (OSC 133 and 633). The marks have the session's nonce, which no child gets.
unset __termbus_nonce
__termbus_nonce=${_TERMBUS_NONCE-}
unset _TERMBUS_NONCE
export -n __termbus_nonce

[[ -r ~/.bashrc ]] && . ~/.bashrc

# PS0 came with 4.4. What the user has locked stays, silently. Commands are quoted, as any may be an alias by now.
if [[ $- == *i* ]] && (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404 )) && \shopt -q promptvars \
        && [[ $'\n'$(\declare -pr)$'\n' != *$'\ndeclare -'+([! ])' '@(PROMPT_COMMAND|PS0|PS1)[=$'\n']* ]]; then
    # From 5.1 on PROMPT_COMMAND is an array, each of whose elements finds the last status.
    __termbus_array=
    __termbus_last='__termbus_prompt "$?"'
    if (( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501 )); then
        __termbus_array=1
        __termbus_last='__termbus_prompt "$?" "$(\builtin trap -p DEBUG)"'
    fi

    # Text as OSC 633 has it, in __termbus_text.
    __termbus_escape() {
        \local text="${1:0:2000}"
        text=${text//\\/\\\\}
        text=${text//;/\\x3b}
        text=${text//$'\n'/\\x0a}
        __termbus_text=${text//[[:cntrl:]]/ }
    }

    # The line that is about to be run, where the history has got it. In a subshell.
    __termbus_line() {
        \set +aeuxT
        [[ ${HISTCMD-} != "$__termbus_history" ]] && \local HISTTIMEFORMAT= 2>/dev/null || \return
        \local line
        line=$(\builtin history 1)
        __termbus_escape "${line#*[0-9][* ] }"
        \builtin printf %s "$__termbus_text"
    }

    # A command has ended, with that status, if it is known. To the terminal, wherever the output of the shell goes.
    __termbus_tell() {
        __termbus_escape "$PWD"
        \builtin printf '\e]633;P;Cwd=%s;%s\a\e]133;D;%s;%s\a' \
            "$__termbus_text" "$__termbus_nonce" "$1" "$__termbus_nonce" 2>/dev/null >/dev/tty
    }

    # Whether the prompts were marked already; they are then.
    __termbus_mark() {
        __termbus_history=${HISTCMD-}
        [[ $PS0 == *__termbus_nonce* ]] \
            || PS0+='\e]633;E;$(__termbus_line);${__termbus_nonce-}\a\e]133;C;${__termbus_nonce-}\a'
        [[ $PS1 == *__termbus_nonce* ]] && \return
        PS1='\[\e]133;A;${__termbus_nonce-}\a\]'$PS1'\[\e]133;B;${__termbus_nonce-}\a\]'
        \return 1
    }

    # Whether __termbus_done comes first.
    __termbus_hooked() {
        [[ $PROMPT_COMMAND$'\n' == $'__termbus_done\n'* ]]
    }

    # Whether __termbus_last will come.
    __termbus_lasts() {
        if [[ $__termbus_array ]]; then
            [[ ${PROMPT_COMMAND[*]} == *"$__termbus_last"* ]]
        else
            [[ $PROMPT_COMMAND == *$'\n'"$__termbus_last" ]]
        fi
    }

    # Puts __termbus_done before what the user has in PROMPT_COMMAND, and __termbus_last behind it. bash may be going
    # through the elements: they are changed in place, and none is taken out.
    __termbus_hook() {
        \local hooks each before after other i=0
        hooks=(__termbus_done)
        for each in "${PROMPT_COMMAND[@]}"; do
            each=${each//"$__termbus_last"/__termbus_done}
            while [[ $each == *__termbus_done* ]]; do
                before=${each%%__termbus_done*}
                after=${each#*__termbus_done}
                if [[ ! $before ]]; then
                    while [[ $after == [\;[:space:]]* ]]; do after=${after:1}; done
                    each=$after
                elif [[ ! $after && $before == *[\;$'\n']*([[:space:]]) ]]; then
                    each=$before
                else
                    each=$before:$after
                fi
            done
            for other in "${hooks[@]}" ''; do
                [[ $each == "$other" ]] && \continue 2
            done
            hooks+=("$each")
        done
        hooks+=("$__termbus_last")
        if [[ ! $__termbus_array ]]; then
            \builtin printf -v each '%s\n' "${hooks[@]}"
            PROMPT_COMMAND=${each%?}
            \builtin export -n PROMPT_COMMAND
            \return
        fi
        for each in "${hooks[@]}"; do
            PROMPT_COMMAND[i++]=$each
        done
        for each in "${!PROMPT_COMMAND[@]}"; do
            (( each < i )) || PROMPT_COMMAND[each]=
        done
    }

    # The first of PROMPT_COMMAND; where it is not, it does not know the status, and the last may. Before 5.1 it leaves that to
    # those behind it, too, which with errexit would end the shell.
    __termbus_done() {
        \local status=$? keep=0
        [[ $__termbus_array || $- == *e* ]] || keep=$status
        \local -
        \set +aeuxT
        if __termbus_hooked; then
            __termbus_tell "$status"
        elif [[ ! $__termbus_array ]] || ! __termbus_lasts; then
            __termbus_hook
            __termbus_tell ''
        fi
        __termbus_mark || __termbus_lasts || __termbus_hook
        \return "$keep"
    }

    # The last of PROMPT_COMMAND: others have set their prompts by now. With a trap for DEBUG, which it would run after all
    # that its user has for a prompt, it stays only where the prompt is set each time.
    __termbus_prompt() {
        \local status=$1 keep=0 i
        [[ $__termbus_array || $- == *e* ]] || keep=$status
        \local -
        \set +aeuxT
        if ! __termbus_hooked; then
            __termbus_hook
            [[ $__termbus_array ]] || status=
            __termbus_tell "$status"
        fi
        if __termbus_mark && [[ $2 ]]; then
            for i in "${!PROMPT_COMMAND[@]}"; do
                [[ ${PROMPT_COMMAND[i]} == "$__termbus_last" ]] && PROMPT_COMMAND[i]=
            done
        fi
        \return "$keep"
    }

    __termbus_install() {
        \local -
        \set +aeuxT
        __termbus_hook
        \builtin unset -f __termbus_install
    }
    __termbus_install
    \builtin export -n __termbus_array __termbus_last
    \builtin export -nf __termbus_escape __termbus_line __termbus_tell __termbus_mark __termbus_hooked __termbus_hook \
        __termbus_done __termbus_prompt
fi
