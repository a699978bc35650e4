// `umbrascope engine group`: names for several sensors, listed, made and taken away.
import { Command } from 'commander';
import type { Connection } from '../../store/database.ts';
import { readGroups, type SensorGroup, writeGroup } from '../../store/groups.ts';
import { UsageError } from '../../store/usage-error.ts';
import { run } from '../failures.ts';
import { type StoreOptions, storeOptions } from '../options.ts';
import { withStore } from '../store.ts';
import { tableText } from '../table.ts';

interface GroupOptions extends StoreOptions {
  remove?: boolean;
  json?: boolean;
}

export function groupCommand(): Command {
  const command = new Command('group').description('groups of sensors: a name that may stand wherever a sensor may');
  return storeOptions(command)
    .argument('[name]', 'the group to make or change; without it all are listed')
    .argument('[sensor...]', 'its sensors')
    .option('--remove', 'take the group away; its sensors stay')
    .option('--json', 'print the groups as JSON')
    .action((name: string | undefined, sensors: string[], options: GroupOptions) =>
      run(async () => {
        const groups = await withStore(options, (db) => change(db, name, sensors, options.remove ?? false), {
          readOnly: name === undefined,
        });
        process.stdout.write(options.json ? `${JSON.stringify(groups)}\n` : text(groups));
      }),
    );
}

async function change(
  db: Connection,
  name: string | undefined,
  sensors: string[],
  remove: boolean,
): Promise<SensorGroup[]> {
  if (name !== undefined) {
    if (remove === sensors.length > 0) throw new UsageError(`group ${name}: give its sensors, or --remove`);
    if (remove && !(await readGroups(db)).some((group) => group.name === name))
      throw new UsageError(`no group is named ${name}`);
    await writeGroup(db, { name, sensors });
  } else if (remove) throw new UsageError('--remove: which group?');
  return readGroups(db);
}

function text(groups: readonly SensorGroup[]): string {
  if (groups.length === 0) return 'no groups: umbrascope engine group NAME SENSOR… makes one\n';
  return tableText(
    [
      { title: 'group', cell: ({ name }: SensorGroup) => name },
      { title: 'sensors', cell: ({ sensors }) => sensors.join(', ') },
    ],
    groups,
  );
}
