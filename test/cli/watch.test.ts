// `ingest --watch` follows captures that are being written; `--strict` stops where something is wrong.
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { startCommand, temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { ownSensor } from '../setup/kept.ts';
import { syns } from '../setup/scans.ts';

const HEADER_BYTES = 24;
const RECORD_BYTES = (syns(1).length - HEADER_BYTES) as number;

const started: ReturnType<typeof startCommand>[] = [];
afterEach(async () => {
  for (const { child, outcome } of started.splice(0)) {
    child.kill('SIGKILL');
    await outcome;
  }
});

function watch(args: readonly string[]) {
  const command = startCommand(['ingest', '--watch', '--every', '0.1', '--json', ...args]);
  started.push(command);
  let said = '';
  command.child.stderr?.on('data', (text) => {
    said += text;
  });
  return {
    /** Waits until the command has said so. */
    says: async (text: string) => {
      for (let i = 0; i < 600 && !said.includes(text); i++) await sleep(25);
      expect(said).toContain(text);
    },
    end: async () => {
      command.child.kill('SIGTERM');
      const { code, stdout, stderr } = await command.outcome;
      return { code, stderr, account: JSON.parse(stdout) as RunAccount };
    },
  };
}

describe('a watched directory', () => {
  it('is followed: files that grow, come, are renamed or compressed; each packet is counted once', async () => {
    const sensor = await ownSensor();
    const files = path.join(temporaryDirectory(), 'captures');
    mkdirSync(files);
    const growing = path.join(files, 'growing.pcap');
    const whole = syns(500);
    const cut = HEADER_BYTES + 200 * RECORD_BYTES + 20;
    const watching = watch([...sensor, files]);
    await watching.says('in all 0 of 0 files');
    writeFileSync(growing, whole.subarray(0, 10)); // not even the file's header
    await sleep(250);
    appendFileSync(growing, whole.subarray(10, cut));
    await watching.says('in all 200 of 1 files');
    appendFileSync(growing, whole.subarray(cut));
    await watching.says('in all 500 of 1 files');
    renameSync(growing, path.join(files, 'renamed.pcap'));
    writeFileSync(path.join(files, 'other.pcap.gz'), gzipSync(syns(50, 1_600_100_000)));
    await watching.says('in all 550 of 3 files');
    const { code, account } = await watching.end();
    expect(code).toBe(0);
    expect(account).toMatchObject({ frames: 550, counted: 550, damaged: [], refused: [], balanced: true });
    const [top] = await umbrascopeJson<{ packets: number }[]>(['top', 'ports', ...sensor]);
    expect(top?.packets).toBe(550);
  });

  it('may end while a file still grows; what is damaged is said and makes the exit code 1', async () => {
    const files = temporaryDirectory();
    const growing = path.join(files, 'growing.pcap');
    writeFileSync(growing, syns(100).subarray(0, -7));
    const first = watch([...(await ownSensor()), growing]);
    await first.says('99 frames more');
    const ended = await first.end();
    expect(ended.account).toMatchObject({ frames: 99, damaged: [{ unfinished: true }] });
    expect(ended.code).toBe(0);

    const damaged = Buffer.from(syns(100));
    damaged.fill(0xff, HEADER_BYTES + 50 * RECORD_BYTES);
    writeFileSync(growing, damaged);
    const second = watch([...(await ownSensor()), growing]);
    await second.says(`DAMAGED ${growing}: `);
    const { code, account } = await second.end();
    expect(account).toMatchObject({ frames: 50 });
    expect(code).toBe(1);
  });

  it('takes up a growing file where its last unit began, not at its beginning', async () => {
    const growing = path.join(temporaryDirectory(), 'growing.pcap');
    const whole = syns(200_000); // two units
    const cut = whole.length - 1000 * RECORD_BYTES;
    writeFileSync(growing, whole.subarray(0, cut));
    const watching = watch([...(await ownSensor()), growing]);
    await watching.says('in all 199,000 of 1 files');
    appendFileSync(growing, whole.subarray(cut));
    await watching.says('in all 200,000 of 1 files');
    const { account } = await watching.end();
    expect(account).toMatchObject({ frames: 200_000, balanced: true });
    expect(account.bytes).toBeLessThan(cut + (1 << 23));
  });

  it('cannot be standard input', async () => {
    const { code, stderr } = await umbrascope(['ingest', '--watch', '--data', temporaryDirectory(), '-']);
    expect(code).toBe(2);
    expect(stderr).toContain('--watch');
  });
});

describe('--strict', () => {
  it('stops at the first damaged file; run again without it, the rest is read', async () => {
    const sensor = await ownSensor();
    const files = temporaryDirectory();
    writeFileSync(path.join(files, 'a.pcap'), syns(100));
    writeFileSync(path.join(files, 'b.pcap'), syns(100, 1_600_100_000).subarray(0, -7));
    writeFileSync(path.join(files, 'c.pcap'), syns(100, 1_600_200_000));
    for (const already of [0, 199]) {
      const { code, stdout } = await umbrascope(['ingest', '--strict', ...sensor, '--json', files]);
      expect(code).toBe(1);
      const account = JSON.parse(stdout) as RunAccount;
      expect(account).toMatchObject({ frames: 199 - already, alreadyFrames: already, balanced: true });
      expect(account.stoppedAt).toBe(path.join(files, 'b.pcap'));
    }
    const { code, stdout } = await umbrascope(['ingest', ...sensor, '--json', files]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 100, alreadyFrames: 199, balanced: true });
  });

  it('stops at a file that is no capture, if it was named', async () => {
    const files = temporaryDirectory();
    const named = ['a', 'b'].map((name) => path.join(files, name));
    writeFileSync(named[0] as string, 'these are notes\n');
    writeFileSync(named[1] as string, syns(100));
    const { code, stdout } = await umbrascope(['ingest', '--strict', ...(await ownSensor()), ...named]);
    expect(code).toBe(1);
    expect(stdout).toContain(`STOPPED     at ${named[0]}`);
    expect(stdout).toContain('= counted   0');
  });
});
