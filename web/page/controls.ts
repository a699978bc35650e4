// Building blocks of the switches: groups of radio buttons or checkboxes, and drop-down lists, each with a real label.
import { type Selection, select } from 'd3-selection';

export type Parent = Selection<HTMLElement, unknown, null, undefined>;

export interface Option {
  value: string;
  label: string;
}

export const optionsOf = (words: Record<string, string>): Option[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

export interface Choice {
  kind: 'radio' | 'checkbox';
  name: string;
  legend: string;
  options: Option[];
  chosen: string[];
}

/** A row of buttons that are radio buttons or checkboxes underneath, so that the keyboard works as everywhere. */
export function choiceGroup(parent: Parent, choice: Choice, changed: (chosen: string[]) => void): void {
  const fieldset = parent.append('fieldset').attr('class', 'choice');
  fieldset.append('legend').text(choice.legend);
  const row = fieldset.append('div').attr('class', 'options');
  for (const option of choice.options) {
    const label = row.append('label');
    label
      .append('input')
      .attr('type', choice.kind)
      .attr('name', choice.name)
      .attr('value', option.value)
      .property('checked', choice.chosen.includes(option.value))
      .on('change', () => changed(checkedIn(fieldset.node()!)));
    label.append('span').text(option.label);
  }
}

function checkedIn(fieldset: HTMLElement): string[] {
  return [...fieldset.querySelectorAll<HTMLInputElement>('input:checked')].map((input) => input.value);
}

export interface List {
  name: string;
  label: string;
  options: Option[];
  chosen: string;
}

export function dropDown(parent: Parent, list: List, changed: (value: string) => void): void {
  const label = parent.append('label').attr('class', 'list');
  label.append('span').text(list.label);
  const element = label.append('select').attr('name', list.name);
  for (const option of list.options) {
    element
      .append('option')
      .attr('value', option.value)
      .property('selected', option.value === list.chosen)
      .text(option.label);
  }
  element.on('change', () => changed(element.property('value')));
}

/** Two lists that make one range; the other end follows when they would cross. */
export function monthRange(
  parent: Parent,
  words: { legend: string; from: string; to: string; month: (month: number) => string },
  [from, to]: [number, number],
  changed: (months: [number, number]) => void,
): void {
  const fieldset: Parent = parent.append<HTMLElement>('fieldset').attr('class', 'choice months');
  fieldset.append('legend').text(words.legend);
  const row: Parent = fieldset.append<HTMLElement>('div').attr('class', 'range');
  const options = Array.from({ length: 12 }, (_, index) => ({
    value: String(index + 1),
    label: words.month(index + 1),
  }));
  dropDown(row, { name: 'monthsFrom', label: words.from, options, chosen: String(from) }, (value) =>
    changed([Number(value), Math.max(Number(value), to)]),
  );
  dropDown(row, { name: 'monthsTo', label: words.to, options, chosen: String(to) }, (value) =>
    changed([Math.min(from, Number(value)), Number(value)]),
  );
}

export function emptied(id: string): Parent {
  const parent = select<HTMLElement, unknown>(document.getElementById(id)!) as unknown as Parent;
  parent.selectAll('*').remove();
  return parent;
}
