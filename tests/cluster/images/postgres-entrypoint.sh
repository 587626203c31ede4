#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Does what the official image does for POSTGRES_USER, POSTGRES_PASSWORD(_FILE), POSTGRES_DB,
# POSTGRES_HOST_AUTH_METHOD, PGDATA and /docker-entrypoint-initdb.d.
set -eu
case ${1-} in -*) set -- postgres "$@" ;; esac
[ "${1-}" = postgres ] || exec "$@"
export PGDATA="${PGDATA:-/var/lib/postgresql/data}"
umask 077
mkdir -p "$PGDATA"
if [ "$(id -u)" = 0 ]; then
  chown -R 999:999 "$PGDATA"
  chown 999:999 /run/postgresql
  # the full path: the shell of the image, busybox, would take its own program
  exec /usr/bin/setpriv --reuid=999 --regid=999 --clear-groups -- "$0" "$@"
fi
chmod 700 "$PGDATA" 2>/dev/null || true
if [ -s "$PGDATA/PG_VERSION" ]; then
  echo "PostgreSQL Database directory appears to contain a database; Skipping initialization"
  exec "$@"
fi

[ -z "${POSTGRES_PASSWORD_FILE-}" ] || POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
user=${POSTGRES_USER:-postgres}
db=${POSTGRES_DB:-$user}
method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
if [ -z "${POSTGRES_PASSWORD-}" ] && [ "$method" != trust ]; then
  echo "Error: Database is uninitialized and superuser password is not specified." >&2
  echo "       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser." >&2
  exit 1
fi
printf '%s\n' "${POSTGRES_PASSWORD:-unused}" | initdb --username="$user" --pwfile=/dev/stdin --encoding=UTF8 --locale=C.UTF-8
printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
pg_ctl -D "$PGDATA" -w -o "-c listen_addresses=''" start
sql() { psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc -U "$user" "$@"; }
[ "$db" = postgres ] || echo 'CREATE DATABASE :"db";' | sql -d postgres -v db="$db"
for f in /docker-entrypoint-initdb.d/*; do
  case $f in
    *.sh)
      echo "$0: running $f"
      # shellcheck source=/dev/null
      . "$f"
      ;;
    *.sql) echo "$0: running $f"; sql -d "$db" -f "$f" ;;
    *.sql.gz) echo "$0: running $f"; gunzip -c "$f" | sql -d "$db" ;;
  esac
done
pg_ctl -D "$PGDATA" -m fast -w stop
echo "PostgreSQL init process complete; ready for start up."
exec "$@"
