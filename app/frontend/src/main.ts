// The one script of every page. What a page does not need is not loaded.
import './styles/govuk.scss';
import './styles/site.css';

// What the components of govuk-frontend wait for before they act.
document.body.classList.add('js-enabled', 'govuk-frontend-supported');
if (document.querySelector('[data-module^="govuk-"]') !== null) {
  const { startComponents } = await import('./main/components.ts');
  startComponents();
}

const town = document.querySelector<HTMLElement>('[data-town]');
if (town !== null) {
  const { startTown } = await import('./main/town.ts');
  await startTown(town);
}

if (document.querySelector('[data-where]') !== null) {
  const { startWhere } = await import('./main/where.ts');
  startWhere(document);
}

const near = document.querySelector<HTMLElement>('[data-near]');
if (near !== null) {
  const { startNear } = await import('./main/near.ts');
  startNear(near);
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

const gaps = document.querySelector<HTMLElement>('[data-gaps]');
if (gaps !== null) {
  const { startGaps } = await import('./main/gaps.ts');
  await startGaps(gaps);
}

const spot = document.querySelector<HTMLElement>('[data-spot-map]');
if (spot !== null) {
  const { startSpot } = await import('./main/spot.ts');
  startSpot(spot);
}

const adding = document.querySelector<HTMLFormElement>('form[data-adding]');
if (adding !== null) {
  const { startAdding } = await import('./main/adding.ts');
  startAdding(adding);
}

const keeping = document.querySelector<HTMLFormElement>('form[data-keeping]');
if (keeping !== null) {
  const { startPointing } = await import('./main/pointing.ts');
  startPointing(keeping);
}
