#!/usr/local/bin/node
// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for npx with the Prisma command line, of which it knows "migrate deploy": it connects to DATABASE_URL, keeps the list
// of what was carried out in _prisma_migrations, and says what Prisma says. psql is its way to the database.
'use strict'
const { spawnSync } = require('node:child_process')

const wanted = ['--no-install', 'prisma', 'migrate', 'deploy']
const NAME = '20250101000000_init'
const MIGRATION = 'CREATE TABLE "User" (id text PRIMARY KEY, name text, email text UNIQUE)'
const say = line => process.stdout.write(line + '\n')
const fail = line => {
  process.stderr.write(line + '\n')
  process.exit(1)
}

if (process.argv.slice(2).join(' ') !== wanted.join(' ')) fail('npm error could not determine executable to run')
let url
try {
  url = new URL(process.env.DATABASE_URL)
} catch {
  fail('Error: Prisma schema validation\nError code: P1012\nerror: Error validating datasource `db`: the URL must start with the protocol `postgresql://` or `postgres://`.')
}
const part = text => decodeURIComponent(text)
const database = part(url.pathname.slice(1))
const where = `${url.hostname}:${url.port || 5432}`
const schema = url.searchParams.get('schema') || 'public'
// No process gets the password as an argument.
const env = {
  ...process.env, DATABASE_URL: '', PGHOST: url.hostname, PGPORT: url.port || '5432', PGUSER: part(url.username), PGPASSWORD: part(url.password),
  PGDATABASE: database, PGCONNECT_TIMEOUT: '5', PGOPTIONS: `-c search_path=${schema} -c client_min_messages=warning`
}
const ask = sql => spawnSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-f', '-'], { env, input: sql, encoding: 'utf8' })

say(`Prisma schema loaded from prisma/schema.prisma\nDatasource "db": PostgreSQL database "${database}", schema "${schema}" at "${where}"\n`)
const list = ask(`CREATE SCHEMA IF NOT EXISTS "${schema}";
CREATE TABLE IF NOT EXISTS _prisma_migrations (migration_name text PRIMARY KEY, finished_at timestamptz DEFAULT now());
SELECT count(*) FROM _prisma_migrations WHERE migration_name = '${NAME}';`)
if (list.status !== 0) {
  if (/password authentication failed/.test(list.stderr)) {
    fail(`Error: P1000: Authentication failed against database server, the provided database credentials for \`${env.PGUSER}\` are not valid.`)
  }
  if (/does not exist/.test(list.stderr)) fail(`Error: P1003: Database \`${database}\` does not exist on the database server at \`${where}\`.`)
  fail(`Error: P1001: Can't reach database server at \`${where}\`\n\nPlease make sure your database server is running at \`${where}\`.`)
}
say('1 migration found in prisma/migrations\n')
if (list.stdout.trim() === '1') {
  say('No pending migrations to apply.')
  process.exit(0)
}
say(`Applying migration \`${NAME}\``)
const done = ask(`BEGIN;\n${MIGRATION};\nINSERT INTO _prisma_migrations (migration_name) VALUES ('${NAME}');\nCOMMIT;`)
if (done.status !== 0) {
  fail(`Error: P3018\n\nA migration failed to apply. New migrations cannot be applied before the error is recovered from.\n\nMigration name: ${NAME}\n\nDatabase error:\n${done.stderr.trim()}`)
}
say(`\nThe following migration(s) have been applied:\n\nmigrations/\n  └─ ${NAME}/\n    └─ migration.sql\n\nAll migrations have been successfully applied.`)
