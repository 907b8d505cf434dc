#!/bin/sh
# Chromium, PostgreSQL's server programs, nginx, Dovecot and a C compiler: installed by apt when root, named otherwise.
# Without Chromium the tests would prove too little, so they fail; without the others those that need them are skipped.
set -eu

has_chromium() { command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v google-chrome >/dev/null; }
has_postgresql() { command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }
has_nginx() { command -v nginx >/dev/null || [ -x /usr/sbin/nginx ]; }
has_dovecot() { [ -x /usr/lib/dovecot/imap ]; }
has_compiler() { command -v cc >/dev/null; }  # tests/days.py moves the clock with it

missing=""
has_chromium || missing="$missing chromium-headless-shell"
has_postgresql || missing="$missing postgresql"
has_nginx || missing="$missing nginx-light"
has_dovecot || missing="$missing dovecot-imapd"
has_compiler || missing="$missing gcc libc6-dev"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null
    has_chromium && has_postgresql && has_nginx && has_dovecot && has_compiler && exit 0
fi

echo "Missing for the tests:$missing. On Debian, as root: apt-get install$missing" >&2
has_chromium
