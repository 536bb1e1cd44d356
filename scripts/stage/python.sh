# Sourced by the programs in scripts/: finds a Python new enough to prepare the rest, and runs it from the checkout.
# Debian 12, 13 and Ubuntu 24.04 bring one; where no python3 is installed at all, it is installed here.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
export PYTHONPATH="$root" PYTHONUNBUFFERED=1

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    local candidate
    for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    if command -v python3 >/dev/null || ! command -v apt-get >/dev/null; then
        echo "Python 3.11 or newer is needed, and there is none in PATH ($(python3 --version 2>&1 || true))." >&2
        echo "Debian 12, Debian 13 and Ubuntu 24.04 have it: install python3 and python3-venv." >&2
        exit 1
    fi
    echo "-- packages missing: python3, python3-venv (everything here is written in Python)" >&2
    if [ "$(id -u)" = 0 ]; then
        /bin/sh "$root/scripts/stage/install-packages.sh" python3 python3-venv >&2
    else
        sudo /bin/sh "$root/scripts/stage/install-packages.sh" python3 python3-venv >&2
    fi
    python=$(find_python)
fi
