// The one script of every page. What a page does not need is not loaded.
import './styles/site.css';

const town = document.querySelector<HTMLElement>('[data-town]');
if (town !== null) {
  const { startTown } = await import('./main/town.ts');
  await startTown(town);
}

const waiting = document.querySelector<HTMLElement>('[data-load]');
if (waiting !== null) {
  const { startWaiting } = await import('./main/waiting.ts');
  await startWaiting(waiting);
}

const layers = document.querySelector<HTMLElement>('[data-layers]');
if (layers !== null) {
  const { startLayers } = await import('./main/layers.ts');
  await startLayers(layers);
}
