// Plays a map moment by moment: a slider, and a button that moves it.
import type { MapReport } from '../../report/shape-range.ts';
import type { Context } from '../context.ts';
import type { Parent } from '../controls.ts';
import { MAP_WORDS } from '../words/map.ts';

const STEP_MS = 400;

/** @param show a frame, or the whole span */
export function drawPlayer(
  view: Parent,
  report: MapReport,
  { lang, signal }: Context,
  show: (frame: number | undefined) => void,
): void {
  const words = MAP_WORDS[lang];
  const { frames } = report;
  const form = view
    .append('form')
    .attr('class', 'player')
    .on('submit', (event: SubmitEvent) => event.preventDefault());
  const button = form.append('button').attr('type', 'button').attr('id', 'play').text(words.play);
  const label = form.append('label').attr('class', 'list');
  const name = label.append('span').text(`${words.step}: ${words.whole}`);
  const slider = label
    .append('input')
    .attr('type', 'range')
    .attr('name', 'moment')
    .attr('min', -1)
    .attr('max', frames.length - 1);
  slider.property('value', -1);
  let timer: ReturnType<typeof setInterval> | undefined;
  const go = (frame: number) => {
    const at = frames[frame]?.at.replace('T', ' ').replace(':00Z', ' UTC') ?? words.whole;
    slider.property('value', frame).attr('aria-valuetext', at);
    name.text(`${words.step}: ${at}`);
    show(frame < 0 ? undefined : frame);
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    button.text(words.play);
  };
  slider.on('input', () => {
    stop();
    go(Number(slider.property('value')));
  });
  button.on('click', () => {
    if (timer !== undefined) {
      stop();
      return;
    }
    button.text(words.pause);
    let frame = Number(slider.property('value')) + 1;
    if (frame >= frames.length) frame = 0;
    go(frame);
    timer = setInterval(() => {
      frame++;
      if (frame < frames.length) go(frame);
      else stop();
    }, STEP_MS);
  });
  signal.addEventListener('abort', stop);
}
