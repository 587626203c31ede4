// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for the Hacky Stack web app: its start, its health routes and its log, without its pages and database schema.
'use strict'
const http = require('node:http')
const net = require('node:net')
const os = require('node:os')

const { env } = process
const version = env.APP_VERSION || 'dev'
const port = Number(env.PORT) || 3000
const log = (level, msg, extra) =>
  process[level === 'error' ? 'stderr' : 'stdout'].write(JSON.stringify({ level, time: new Date().toISOString(), msg, version, pod: os.hostname(), ...extra }) + '\n')

if (!env.NEXTAUTH_SECRET) {
  log('error', 'configuration error', { error: 'NEXTAUTH_SECRET is not set', variable: 'NEXTAUTH_SECRET' })
  process.exitCode = 1
  return
}

// Whether a TCP connection to DATABASE_URL's host comes about; throws its reason, which never holds the URL.
function database () {
  return new Promise((resolve, reject) => {
    let url
    try { url = new URL(env.DATABASE_URL) } catch { return reject(new Error('DATABASE_URL is not a URL')) }
    const where = { host: url.hostname, port: Number(url.port) || 5432 }
    const socket = net.connect(where)
    const timer = setTimeout(() => done(new Error('timed out after 5 s')), 5000)
    const done = error => {
      clearTimeout(timer)
      socket.destroy()
      if (error) reject(new Error(`database ${where.host}:${where.port}: ${error.code || error.message}`))
      else resolve()
    }
    socket.on('connect', () => done())
    socket.on('error', done)
  })
}

async function health () {
  const body = { status: 'healthy', timestamp: new Date().toISOString(), version, checks: { database: 'healthy', server: 'healthy' }, uptime: process.uptime(), environment: env.NODE_ENV || 'development' }
  try {
    if (!env.DATABASE_URL) throw new Error('DATABASE_URL is not set')
    if (version === 'bad') throw new Error('this version is broken on purpose')
    await database()
    return [200, body]
  } catch (e) {
    return [503, { ...body, status: 'unhealthy', checks: { ...body.checks, database: version === 'bad' ? 'healthy' : 'unhealthy' }, error: e.message }]
  }
}

function live () {
  const m = process.memoryUsage()
  return [200, { status: 'alive', timestamp: new Date().toISOString(), uptime: process.uptime(), memory: { used: m.heapUsed, total: m.heapTotal }, pid: process.pid }]
}

async function ready () {
  const timestamp = new Date().toISOString()
  try {
    const missing = ['DATABASE_URL', 'NEXTAUTH_SECRET', 'GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'].filter(v => !env[v])
    if (missing.length) throw new Error('missing environment variables: ' + missing.join(', '))
    if (version === 'bad') throw new Error('this version is broken on purpose')
    await database()
    return [200, { status: 'ready', timestamp, checks: { database: 'ready', environment: 'ready', auth: 'ready' } }]
  } catch (e) {
    return [503, { status: 'not_ready', timestamp, error: e.message }]
  }
}

const page = () => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Hacky Stack</title></head>
<body><h1>Hacky Stack</h1><p>Version ${version}, pod ${os.hostname()}</p></body></html>
`

const routes = { '/api/health': health, '/api/health/live': live, '/api/health/ready': ready, '/': () => [200, page()] }

const server = http.createServer(async (req, res) => {
  const start = process.hrtime.bigint()
  const path = req.url.split('?')[0]
  const route = Object.hasOwn(routes, path) ? routes[path] : () => [404, { error: 'not found' }]
  const [status, body] = req.method === 'GET' || req.method === 'HEAD' ? await route() : [405, { error: 'method not allowed' }]
  const html = typeof body === 'string'
  res.writeHead(status, { 'content-type': html ? 'text/html; charset=utf-8' : 'application/json' })
  res.end(html ? body : JSON.stringify(body) + '\n')
  log(status >= 500 ? 'error' : 'info', 'request', { method: req.method, path, status, ms: Number((process.hrtime.bigint() - start) / 1000000n) })
})
server.listen(port, '0.0.0.0', () => log('info', 'listening', { port }))

if (Number(env.LOG_INTERVAL_MS) > 0) {
  let n = 0
  setInterval(() => log('info', 'tick', { n: ++n }), Number(env.LOG_INTERVAL_MS)).unref()
}

process.on('SIGTERM', () => {
  log('info', 'stopping')
  server.close(() => process.exit(0))
  server.closeIdleConnections()
  setTimeout(() => process.exit(0), 5000).unref()
})
