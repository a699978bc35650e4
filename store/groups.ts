// Groups of sensors: a name for several, which may stand wherever a sensor may be named.
import type { Connection } from './database.ts';
import { readSensors, type Sensor } from './sensors.ts';
import { UsageError } from './usage-error.ts';

export interface SensorGroup {
  name: string;
  sensors: string[];
}

export function readGroups(db: Connection): Promise<SensorGroup[]> {
  return db.query(
    `-- Which sensors belong together?
     SELECT name, sensors FROM sensorGroups FINAL WHERE notEmpty(sensors) ORDER BY name`,
  );
}

/**
 * Makes a group, or gives it other sensors; without sensors it is gone.
 * @throws UsageError for a sensor that is not there, and a name that means something else
 */
export async function writeGroup(db: Connection, { name, sensors }: SensorGroup): Promise<void> {
  const known = (await readSensors(db)).map(({ sensor }) => sensor);
  if (name === '' || known.includes(name))
    throw new UsageError(`a sensor is named ${name}: a group needs another name`);
  const unknown = sensors.find((sensor) => !known.includes(sensor));
  if (unknown !== undefined)
    throw new UsageError(`no sensor is named ${unknown}; there are ${known.join(', ') || 'none yet'}`);
  await db.command(
    'INSERT INTO sensorGroups (name, sensors, changed) SELECT {name:String}, {sensors:Array(String)}, {changed:UInt64}',
    { name, sensors: [...new Set(sensors)].sort(), changed: Date.now() },
  );
}

/**
 * The sensors of these names, which are sensors' or groups'; all where none is named.
 * @throws UsageError for a name that is neither
 */
export async function sensorsNamed(db: Connection, names: readonly string[]): Promise<Sensor[]> {
  const known = await readSensors(db);
  if (names.length === 0) return known;
  const groups = names.some((name) => !known.some(({ sensor }) => sensor === name)) ? await readGroups(db) : [];
  const wanted = new Set<string>();
  for (const name of names) {
    const group = groups.find((one) => one.name === name);
    if (!group && !known.some(({ sensor }) => sensor === name)) {
      const all = known.map(({ sensor }) => sensor).join(', ');
      const others = groups.length > 0 ? `, and the groups ${groups.map((one) => one.name).join(', ')}` : '';
      throw new UsageError(`no sensor is named ${name}; there are ${all || 'none yet'}${others}`);
    }
    for (const sensor of group?.sensors ?? [name]) wanted.add(sensor);
  }
  return known.filter(({ sensor }) => wanted.has(sensor));
}
