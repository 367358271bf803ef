/** Every figure that `/metrics` shows. No name, label or number of a case, list or reader (docs/operation.md). */
import type { Family } from '../../adapters/monitoring/exposition.ts';
import type { Heard } from '../../adapters/postgres/heartbeats.ts';
import type { OutboxFigures } from '../../adapters/postgres/outbox-figures.ts';
import { second } from '../../time/instant.ts';
import type { DeliveryFigures } from './delivery-figures.ts';
import type { ProcessFigures } from './process-figures.ts';
import type { Lasting } from './watch.ts';

export type Figures = Readonly<{
  heartbeats: readonly Heard[];
  outbox: OutboxFigures | undefined;
  deliveries: DeliveryFigures;
  concerns: readonly Lasting[];
  process: ProcessFigures;
}>;

/** All that can wait, so that a state with nothing in it is 0 and not missing. */
const waitingStates = ['queued', 'deferred', 'parked', 'failed', 'held', 'uncertain', 'stopped'];

export function families(figures: Figures): readonly Family[] {
  return [
    ...heartbeatFamilies(figures.heartbeats),
    ...outboxFamilies(figures.outbox),
    ...deliveryFamilies(figures.deliveries),
    one('embargod_concerns', 'gauge', 'What /health complains of.', figures.concerns.length),
    ...processFamilies(figures.process),
  ];
}

function one(name: string, kind: Family['kind'], help: string, value: number): Family {
  return { name, kind, help, samples: [{ value }] };
}

function heartbeatFamilies(heard: readonly Heard[]): readonly Family[] {
  const samples = (value: (one: Heard) => number) =>
    heard.map((beat) => ({
      labels: { process: beat.process, instance: beat.instance },
      value: value(beat),
    }));
  return [
    {
      name: 'embargod_heartbeat_age_seconds',
      kind: 'gauge',
      help: 'Since the process last said that it works.',
      samples: samples(({ age }) => age / second),
    },
    {
      name: 'embargod_clock_ahead_seconds',
      kind: 'gauge',
      help: 'Its clock minus the database’s, when it last spoke.',
      samples: samples(({ clockAhead }) => clockAhead / second),
    },
    {
      name: 'embargod_process_info',
      kind: 'gauge',
      help: 'Always 1; the label says which version runs.',
      samples: heard.map(({ process, instance, version }) => ({
        labels: { process, instance, version },
        value: 1,
      })),
    },
  ];
}

function outboxFamilies(outbox: OutboxFigures | undefined): readonly Family[] {
  if (!outbox) return [];
  return [
    {
      name: 'embargod_outbox_rows',
      kind: 'gauge',
      help: 'Copies and notices that have not left, by state.',
      samples: waitingStates.map((state) => ({ labels: { state }, value: outbox.counts.get(state) ?? 0 })),
    },
    one(
      'embargod_outbox_oldest_seconds',
      'gauge',
      'Age of the oldest that is still to be tried; 0 when none is.',
      (outbox.oldest ?? 0) / second,
    ),
  ];
}

function deliveryFamilies(deliveries: DeliveryFigures): readonly Family[] {
  const relay = deliveries.relay();
  return [
    {
      name: 'embargod_deliveries_total',
      kind: 'counter',
      help: 'Attempts since this sender started, by outcome.',
      samples: [...deliveries.outcomes()].map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    one(
      'embargod_delivery_retries_total',
      'counter',
      'Attempts that were not a row’s first.',
      deliveries.retries(),
    ),
    one(
      'embargod_relay_connection_faults_total',
      'counter',
      'Times that the relay was not reached or hung up.',
      deliveries.connectionFaults(),
    ),
    {
      name: 'embargod_relay_reachable',
      kind: 'gauge',
      help: 'Whether the relay answered when last spoken to.',
      samples: relay.kind === 'unknown' ? [] : [{ value: relay.kind === 'reachable' ? 1 : 0 }],
    },
  ];
}

/** Of sender itself, by the names that every collector knows. */
function processFamilies(process: ProcessFigures): readonly Family[] {
  return [
    one('process_cpu_seconds_total', 'counter', 'CPU of sender.', process.cpuSeconds),
    one('process_resident_memory_bytes', 'gauge', 'Memory of sender.', process.residentBytes),
    one('process_start_time_seconds', 'gauge', 'When sender started.', process.startedAtSeconds),
    {
      name: 'nodejs_eventloop_lag_seconds',
      kind: 'gauge',
      help: 'How late sender’s event loop ran since the last question.',
      samples: [
        { labels: { quantile: '0.5' }, value: process.lagMedianSeconds },
        { labels: { quantile: '0.99' }, value: process.lagHighSeconds },
      ],
    },
  ];
}
