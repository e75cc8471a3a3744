# For scripts that try what was built: prints a line for each thing that holds, and ends the script at the first that does not.

holds() { # WHAT COMMAND...
    local what=$1
    shift
    "$@" >/dev/null || { echo "DOES NOT HOLD: $what: $*" >&2; exit 1; }
    echo "holds: $what"
}
not() { ! "$@"; }
soon() { # until COMMAND holds, 30 s at most
    for _ in $(seq 300); do
        "$@" && return
        sleep 0.1
    done
    return 1
}
prints() { # PATTERN COMMAND...
    local pattern=$1 said
    shift
    said=$("$@" 2>&1)
    grep -qE -- "$pattern" <<< "$said" || { echo "$said" >&2; return 1; }
}
