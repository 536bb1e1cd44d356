#!/bin/sh
# Install the packages named, as root, and leave the machine's services as they are:
# nothing is started now, PostgreSQL gets no cluster of its own, and Redis stays off at boot.
# Usage: install-packages.sh PACKAGE...
set -eu

export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
made_policy= saved_clusters=

restore() {
    if [ -n "$made_policy" ]; then rm -f "$policy"; fi
    if [ -n "$saved_clusters" ]; then cat "$saved_clusters" >"$clusters"; rm -f "$saved_clusters"; fi
}
trap restore EXIT
trap 'exit 130' HUP INT TERM

install() {
    apt-get -y --no-install-recommends -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 install "$@"
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

if [ ! -e "$policy" ]; then # invoke-rc.d asks it; 101 means that nothing may be started
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

had_redis=
if is_installed redis-server; then had_redis=yes; fi

# lists that are absent or old show as a failure to locate or to fetch: update then, and not before
if ! apt-get -qq --no-install-recommends -y --download-only -o DPkg::Lock::Timeout=120 install "$@"; then
    apt-get -o DPkg::Lock::Timeout=120 update
fi

for package in "$@"; do
    if [ "$package" = postgresql ]; then
        install postgresql-common
        saved_clusters=$(mktemp)
        cat "$clusters" >"$saved_clusters"
        printf "\ncreate_main_cluster = false\n" >>"$clusters"
    fi
done

install "$@"

if [ -z "$had_redis" ] && is_installed redis-server; then
    deb-systemd-helper disable redis-server.service >/dev/null 2>&1 || true
    update-rc.d redis-server disable >/dev/null 2>&1 || true
fi
