/**
 * The world that copies go out to: an SMTP server in a process of its own, which counts mails and throws them away. It
 * offers PIPELINING and SIZE, as every mail server does, and looks for the end of a mail only at the end of what came:
 * our side waits there for the answer. Told a number over its channel, it says at what time so many mails were in.
 */
import { createServer, type Socket } from 'node:net';

const end = Buffer.from('\r\n.\r\n');
let taken = 0;
let awaited = Number.POSITIVE_INFINITY;

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  serve(socket);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
process.on('message', (message: { awaited: number }) => {
  awaited = message.awaited;
  tell();
});
process.on('disconnect', () => process.exit(0));

function tell(): void {
  if (taken < awaited) return;
  awaited = Number.POSITIVE_INFINITY;
  process.send?.({ taken, at: performance.timeOrigin + performance.now() });
}

function serve(socket: Socket): void {
  let inMail = false;
  let tail = Buffer.alloc(0);
  let line = '';
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    if (inMail) {
      tail =
        chunk.length >= end.length
          ? chunk.subarray(-end.length)
          : Buffer.concat([tail, chunk]).subarray(-end.length);
      if (!tail.equals(end)) return;
      inMail = false;
      taken += 1;
      socket.write('250 taken\r\n');
      tell();
      return;
    }
    const lines = (line + chunk.toString('latin1')).split('\r\n');
    line = lines.pop() ?? '';
    let replies = '';
    for (const one of lines) {
      const verb = one.slice(0, 4).toUpperCase();
      if (verb === 'QUIT') return void socket.end('221 bye\r\n');
      if (verb === 'DATA') {
        inMail = true;
        tail = Buffer.from('\r\n');
      }
      replies +=
        verb === 'EHLO'
          ? '250-sink\r\n250-PIPELINING\r\n250 SIZE\r\n'
          : verb === 'DATA'
            ? '354 go on\r\n'
            : '250 ok\r\n';
    }
    socket.write(replies);
  });
}
