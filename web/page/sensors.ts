// The switches for sensors and groups of them, where there are several. All of them checked is the same as none chosen: the answer is about all.
import type { Context } from './context.ts';
import { choiceGroup, dropDown, type Parent } from './controls.ts';
import { FRAME_WORDS } from './words/frame.ts';

export function drawSensors(form: Parent, context: Context): void {
  const { lang, sensors, choices, change } = context;
  if (choices.sensors.length < 2) return;
  const options = choices.sensors.map((sensor) => ({ value: sensor, label: sensor }));
  const chosen = sensors.length > 0 ? sensors : choices.sensors;
  const legend = FRAME_WORDS[lang].sensors;
  choiceGroup(form, { kind: 'checkbox', name: 'sensor', legend, options, chosen }, (values) =>
    change({ sensor: values.length === choices.sensors.length ? [] : values }),
  );
  if (choices.groups.length > 0) drawGroups(form, context);
}

/** The list shows a group as long as just its sensors are chosen. */
function drawGroups(form: Parent, { lang, sensors, choices, change }: Context): void {
  const { group: label, noGroup } = FRAME_WORDS[lang];
  const options = [{ value: '', label: noGroup }, ...choices.groups.map(({ name }) => ({ value: name, label: name }))];
  const same = (names: readonly string[]) =>
    names.length === sensors.length && names.every((one) => sensors.includes(one));
  const chosen = choices.groups.find((group) => same(group.sensors))?.name ?? '';
  dropDown(form, { name: 'group', label, options, chosen }, (name) => change({ sensor: name === '' ? [] : [name] }));
}
