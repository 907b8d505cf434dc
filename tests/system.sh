#!/bin/sh
# Chromium, PostgreSQL's server programs and nginx: installed by apt when root, named otherwise.
# Without Chromium the tests would prove too little, so they fail; without PostgreSQL or nginx those that need them are skipped.
set -eu

chromium() { command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v google-chrome >/dev/null; }
postgresql() { command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }
nginx() { command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; }

missing=""
chromium || missing="$missing chromium-headless-shell"
postgresql || missing="$missing postgresql"
nginx || missing="$missing nginx-light"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null
    chromium && postgresql && nginx && exit 0
fi

echo "Missing for the tests:$missing. On Debian, as root: apt-get install$missing" >&2
chromium
