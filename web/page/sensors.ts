// The switch for sensors, where there are several. All of them checked is the same as none chosen: the answer is about all.
import type { Context } from './context.ts';
import { choiceGroup, type Parent } from './controls.ts';
import { FRAME_WORDS } from './words/frame.ts';

export function drawSensors(form: Parent, { lang, sensors, choices, change }: Context): void {
  if (choices.sensors.length < 2) return;
  const options = choices.sensors.map((sensor) => ({ value: sensor, label: sensor }));
  const chosen = sensors.length > 0 ? sensors : choices.sensors;
  const legend = FRAME_WORDS[lang].sensors;
  choiceGroup(form, { kind: 'checkbox', name: 'sensor', legend, options, chosen }, (values) =>
    change({ sensor: values.length === choices.sensors.length ? [] : values }),
  );
}
