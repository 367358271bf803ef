import type { Rights } from './database-rights.ts';

/** The private database. A role that may do nothing more than connect elsewhere has only that line. */
export const privateRights: Rights = {
  intake: {
    'database private': 'connect',
    'database public': 'connect',
    doors: 'select',
    heartbeats:
      'insert(clock instance note process version), select(instance process), update(at clock note version)',
    inbox: 'insert(epoch id judge_by lists received_at sealed size_class)',
    'schema public': 'usage',
    schema_version: 'select',
  },
  keyholder: {
    bodies: 'delete, insert, select',
    body_tails: 'insert, select',
    cases: 'insert, select, update(state)',
    'database private': 'connect',
    'database public': 'connect',
    deliveries: 'delete, select',
    details: 'delete, insert, select, update(epoch sealed)',
    doors: 'insert, select, update(epoch kind signature storage_certificate)',
    epochs: 'delete, insert, select, update(epoch)',
    heartbeats:
      'insert(clock instance note process version), select(instance process), update(at clock note version)',
    home_keys: 'insert, select, update(epoch sealed)',
    inbox: 'delete, select, update(epoch judge_by owner sealed state)',
    inbox_attempts: 'delete, insert, select, update(attempts)',
    journal: 'insert, select',
    journal_head: 'select, update(generation head size)',
    key_lookups: 'delete, insert(address asked_at reader_id), select, update(read_at)',
    obligations: 'insert, select, update(ending settled_at)',
    outbox:
      'delete, insert, select, update(acknowledged_at alignment checksum head key_ids next_at parameters permit_id recipient return_path settled_at state template)',
    permits: 'delete, insert, select',
    readers: 'delete, insert, select, update(address encryption_key_ids signature standing)',
    requests: 'select, update(answer state)',
    'schema public': 'usage',
    schema_version: 'select',
  },
  sender: {
    bodies: 'select(envelope_end envelope_head id)',
    body_tails: 'select',
    'database private': 'connect',
    'database public': 'connect',
    deliveries: 'insert(at code kind next_at outbox_id reason), select',
    heartbeats:
      'insert(clock instance note process version), select(at clock instance note process version), update(at clock note version)',
    key_lookups: 'select(address asked_at reader_id), update(answered_at asked_at certificate said)',
    outbox:
      'select(alignment attempts body_id case_number checksum created_at head id key_ids kind list message_id next_at parameters permit_id reader_id recipient return_path sealed settled_at state template), update(attempts next_at settled_at state)',
    permits: 'select',
    readers: 'select',
    'schema public': 'usage',
    schema_version: 'select',
  },
  operator: {
    cases: 'select',
    'database private': 'connect',
    deliveries: 'select',
    inbox: 'select(id judge_by lists owner received_at size_class state)',
    inbox_attempts: 'select',
    journal: 'select',
    journal_head: 'select',
    obligations: 'select',
    outbox:
      'select(attempts case_number created_at id kind list next_at reader_id recipient settled_at state template)',
    requests: 'insert(id sealed), select(answer created_at id state)',
    'schema public': 'usage',
    schema_version: 'select',
  },
  public_keeper: {
    'database public': 'connect',
  },
  public_site: {
    'database public': 'connect',
  },
};

/** The public database. */
export const publicRights: Rights = {
  intake: {
    'database private': 'connect',
    'database public': 'connect',
    inbox: 'insert(envelope id kind lists raw received_at)',
    'schema public': 'usage',
    schema_version: 'select',
  },
  keyholder: {
    'database private': 'connect',
    'database public': 'connect',
    inbox: 'insert(envelope id kind lists raw received_at)',
    lists: 'select',
    'schema public': 'usage',
    schema_version: 'select',
  },
  sender: {
    'database private': 'connect',
    'database public': 'connect',
    heartbeats: 'select(at clock instance note process version)',
    'schema public': 'usage',
    schema_version: 'select',
  },
  operator: {
    'database private': 'connect',
  },
  public_keeper: {
    archive_months: 'insert, select, update(postings)',
    archives: 'insert, select, update(changed_at postings)',
    cve_mentions: 'insert, select',
    'database public': 'connect',
    heartbeats:
      'insert(clock instance note process version), select(instance process), update(at clock note version)',
    inbox: 'select, update(held_for state)',
    lists: 'delete, insert, select, update',
    posting_raws: 'insert, select',
    posting_texts: 'insert, select',
    postings: 'insert, select, update(thread)',
    'schema public': 'usage',
    schema_version: 'select',
    thread_ids: 'insert, select, update(thread)',
    threads: 'delete, insert, select, update(last_at postings started_at subject)',
  },
  public_site: {
    archive_months: 'select',
    archives: 'select',
    cve_mentions: 'select',
    'database public': 'connect',
    heartbeats:
      'insert(clock instance note process version), select(instance process), update(at clock note version)',
    lists: 'select',
    posting_raws: 'select',
    posting_texts: 'select',
    postings: 'select',
    'schema public': 'usage',
    schema_version: 'select',
    threads: 'select',
  },
};
