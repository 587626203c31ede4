#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Does what the official postgres image's entrypoint does for
# POSTGRES_USER, POSTGRES_PASSWORD(_FILE), POSTGRES_DB, POSTGRES_INITDB_ARGS,
# POSTGRES_HOST_AUTH_METHOD, PGDATA and /docker-entrypoint-initdb.d.
set -e
case "${1:-}" in -*) set -- postgres "$@";; esac
[ "${1:-}" = postgres ] || exec "$@"
export PGDATA="${PGDATA:-/var/lib/postgresql/data}"
umask 077
mkdir -p "$PGDATA"
if [ "$(id -u)" = 0 ]; then
  chown -R 999:999 "$PGDATA"; chmod 700 "$PGDATA"
  mkdir -p /var/run/postgresql; chown 999:999 /var/run/postgresql; chmod 3775 /var/run/postgresql
  exec /usr/bin/setpriv --reuid=999 --regid=999 --clear-groups -- "$0" "$@"
fi
chmod 700 "$PGDATA" 2>/dev/null || true
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
  : "${POSTGRES_USER:=postgres}"; : "${POSTGRES_DB:=$POSTGRES_USER}"
  method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "${POSTGRES_PASSWORD:-}" ] && [ "$method" != trust ]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2
    echo "       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser." >&2
    exit 1
  fi
  pw=$(mktemp); printf '%s\n' "${POSTGRES_PASSWORD:-}" >"$pw"
  if [ -n "${POSTGRES_PASSWORD:-}" ]; then set -- "$@" ; pwarg="--pwfile=$pw"; else pwarg=; fi
  initdb --username="$POSTGRES_USER" $pwarg --encoding=UTF8 --locale=C.UTF-8 ${POSTGRES_INITDB_ARGS:-} 2>&1 ||
  { rm -rf "$PGDATA"/*; initdb --username="$POSTGRES_USER" $pwarg --encoding=UTF8 --locale=C ${POSTGRES_INITDB_ARGS:-}; }
  rm -f "$pw"
  printf "\nhost all all all %s\n" "$method" >>"$PGDATA/pg_hba.conf"
  printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"
  PGPASSWORD=$POSTGRES_PASSWORD; export PGPASSWORD
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses=''" start
  if [ "$POSTGRES_DB" != postgres ]; then
    psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc -U "$POSTGRES_USER" -d postgres -v db="$POSTGRES_DB" <<'SQL'
CREATE DATABASE :"db";
SQL
  fi
  for f in /docker-entrypoint-initdb.d/*; do
    case "$f" in
      *.sh) echo "$0: running $f"; . "$f";;
      *.sql) echo "$0: running $f"; psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc -U "$POSTGRES_USER" -d "$POSTGRES_DB" -f "$f";;
      *.sql.gz) echo "$0: running $f"; gunzip -c "$f" | psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc -U "$POSTGRES_USER" -d "$POSTGRES_DB";;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD
  echo; echo "PostgreSQL init process complete; ready for start up."; echo
else
  echo; echo "PostgreSQL Database directory appears to contain a database; Skipping initialization"; echo
fi
exec "$@"
