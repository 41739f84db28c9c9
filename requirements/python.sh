#!/bin/sh
# Runs a Python script with a Python that is new enough, installing one first where that is
# possible: a bare Debian or Ubuntu has make and git before it has Python.
set -eu

run_if_new_enough() {
    candidate=$(command -v "$1" 2>/dev/null) || return 0
    shift
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$candidate" "$@"
    fi
}

try_all() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        run_if_new_enough "$name" "$@"
    done
}

try_all "$@"

advice="Hereabouts needs Python 3.11 or newer. Install it, or name one with PYTHON=/path/to/python3, and start again."
command -v apt-get >/dev/null 2>&1 || { echo "$advice" >&2; exit 1; }
if [ "$(id -u)" = 0 ]; then
    sudo=""
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    sudo="sudo"
else
    echo "$advice On Debian or Ubuntu: apt-get install python3 python3-venv (as root)" >&2
    exit 1
fi

echo "  Python                installing python3"
log=$(mktemp)
if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends python3 python3-venv; } >"$log" 2>&1 </dev/null; then
    tail -n 12 "$log" >&2
    echo "Python could not be installed; the lines above say why. $advice" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
try_all "$@"
echo "The python3 of this system is too old. $advice" >&2
exit 1
