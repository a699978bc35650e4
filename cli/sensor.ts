// `umbrascope sensor`: interfaces heard live, for years; or a capture that flows in.
import { Command, Option } from 'commander';
import { UsageError } from '../store/usage-error.ts';
import { FAILED, run } from './failures.ts';
import { sensorAccountText } from './sensor/account.ts';
import { configText, settleOptions } from './sensor/config.ts';
import { addSensorOptions, type SensorOptions } from './sensor/options.ts';
import { sense } from './sensor/sense.ts';

const MOST_SNAPLEN = 262_144;
const STANDARD_INPUT = '-';

type GivenOptions = Record<string, unknown> & { config?: string; printConfig?: boolean; check?: boolean };

export function sensorCommand(): Command {
  const command = new Command('sensor').argument('[input]', '- reads a capture from standard input instead');
  return addSensorOptions(command)
    .addOption(
      new Option('--config <file>', 'the same options as YAML, for one sensor or several').env('UMBRASCOPE_CONFIG'),
    )
    .option('--print-config', 'print what flags, environment and file give together, and end')
    .option('--check', 'look whether rights, interface, disk, clock, database and darknet are right, and end')
    .action((input: string | undefined, given: GivenOptions) =>
      run(async () => {
        const options = settleOptions(command, given, given.config);
        if (given.printConfig) {
          process.stdout.write(configText(options));
          return;
        }
        checkUse(input, options);
        if (given.check) {
          const { checkSensor } = await import('./sensor/check.ts');
          const { text, ok } = await checkSensor(options);
          process.stdout.write(text);
          process.exitCode = ok ? 0 : FAILED;
          return;
        }
        const { accounts, failure } = await sense(options);
        for (const account of accounts)
          process.stdout.write(options.json ? `${JSON.stringify(account)}\n` : sensorAccountText(account));
        endWith(failure === undefined && accounts.every(({ balanced }) => balanced));
        if (failure) throw failure;
      }),
    );
}

function checkUse(input: string | undefined, { sensors }: SensorOptions): void {
  const names = sensors.flatMap((sensor) => sensor.interface);
  if (input !== undefined && input !== STANDARD_INPUT)
    throw new UsageError(
      `${input}: a sensor hears an interface (-i ${input}) or standard input (-); ingest reads files`,
    );
  if (input !== undefined && names.length > 0) throw new UsageError('either an interface (-i) or standard input (-)');
  if (input === undefined && sensors.some((sensor) => sensor.interface.length === 0))
    throw new UsageError('name an interface with -i, or - for standard input');
  if (sensors.some(({ snaplen }) => snaplen > MOST_SNAPLEN)) throw new UsageError(`--snaplen: at most ${MOST_SNAPLEN}`);
}

/** A database that hangs may leave something open: the account is printed, so nothing is waited for any more. */
function endWith(isWell: boolean): void {
  process.exitCode = isWell ? 0 : FAILED;
  setTimeout(() => process.exit(), 1000).unref();
}
